package list

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// BanRow is a ban as ban ls tells it.
type BanRow struct {
	List    string    `json:"list"` // empty: all lists
	Pattern string    `json:"pattern"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
}

// banScope is the number of the list that a ban is for; an empty address means all lists.
func (e *Engine) banScope(r Reader, address string) (uint32, error) {
	if address == "" {
		return 0, nil
	}
	_, rec, err := e.find(r, address)
	return rec.ID, err
}

// Bans tells who is kept out of a list, or (address empty) of any of them.
func (e *Engine) Bans(address string) ([]BanRow, error) {
	rows := []BanRow{}
	err := e.Store.View(func(r Reader) error {
		id, err := e.banScope(r, address)
		if err != nil {
			return err
		}
		if err := r.Bans(id, func(b Ban) error { rows = append(rows, banRow(b, address)); return nil }); err != nil || id != 0 {
			return err
		}
		return r.Lists(func(rec Record) error {
			return r.Bans(rec.ID, func(b Ban) error {
				if b.List != 0 {
					rows = append(rows, banRow(b, rec.Address))
				}
				return nil
			})
		})
	})
	return rows, err
}

func banRow(b Ban, list string) BanRow {
	row := BanRow{Pattern: b.Pattern, By: b.By, At: b.At}
	if b.List != 0 {
		row.List = list
	}
	return row
}

// Ban refuses posts whose From or return path matches a pattern: an address in which * stands for any run.
func (e *Engine) Ban(address, pattern, by string) error {
	pattern = FoldAddress(strings.TrimSpace(pattern))
	if !strings.Contains(pattern, "@") && !strings.Contains(pattern, "*") || strings.ContainsAny(pattern, " \t\r\n") {
		return fmt.Errorf("%q is neither an address nor a pattern such as *@example.org", pattern)
	}
	err := e.Store.Update(func(tx Tx) error {
		id, err := e.banScope(tx, address)
		if err != nil {
			return err
		}
		return e.ban(tx, Ban{List: id, Pattern: pattern, By: by, At: e.Now()})
	})
	if err == nil {
		e.Log.Info("ban added", "list", address, "pattern", pattern, "by", by)
	}
	return err
}

// Unban lets a pattern post again.
func (e *Engine) Unban(address, pattern string) error {
	pattern = FoldAddress(strings.TrimSpace(pattern))
	err := e.Store.Update(func(tx Tx) error {
		id, err := e.banScope(tx, address)
		if err != nil {
			return err
		}
		if err = tx.DeleteBan(id, pattern); errors.Is(err, ErrNotFound) {
			return fmt.Errorf("there is no ban on %s: %w", pattern, err)
		}
		return err
	})
	if err == nil {
		e.Log.Info("ban removed", "list", address, "pattern", pattern)
	}
	return err
}
