package list

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"
)

// Engine is the shell around the decisions: it gathers facts, asks the rules, and writes what they say in one transaction. All its methods
// may be called at the same time.
type Engine struct {
	Store Store
	Now   func() time.Time
	Log   *slog.Logger
	// NewID makes a message id of ours: unique, of lower-case letters and digits.
	NewID func() string

	site  atomic.Pointer[Site]
	rules []Rule
}

// NewEngine makes an engine for a site and gives each of its lists a record in the store.
func NewEngine(store Store, site *Site, now func() time.Time, newID func() string, log *slog.Logger) (*Engine, error) {
	e := &Engine{Store: store, Now: now, NewID: newID, Log: log, rules: Rules()}
	return e, e.Configure(site)
}

// Configure swaps the whole site for what comes from now on. Posts already accepted keep the settings they were accepted with.
func (e *Engine) Configure(site *Site) error {
	err := e.Store.Update(func(tx Tx) error {
		for _, l := range site.Lists {
			if _, err := tx.EnsureList(l.Address, l.Was); err != nil {
				return fmt.Errorf("list: %s: %w", l.Address, err)
			}
		}
		return nil
	})
	if err == nil {
		e.site.Store(site)
	}
	return err
}

// Site is the site as it is configured now.
func (e *Engine) Site() *Site { return e.site.Load() }

// Route says what a recipient address is for; the error is a *Refusal.
func (e *Engine) Route(rcpt string) (Target, error) {
	t, err := e.Site().Route(rcpt)
	if err == nil && len(e.people(t)) == 0 && t.Kind != KindPost {
		return Target{}, Refuse(NoSuchAddress, "Nobody reads mail to that address here")
	}
	return t, err
}

// Room reports whether a message of so many octets can be taken now.
func (e *Engine) Room(size int64) error { return e.Store.Room(size) }

// find gives the config and the record of a list. ErrNotFound: there is none of that name in the config.
func (e *Engine) find(r Reader, address string) (*List, Record, error) {
	l, ok := e.Site().List(address)
	if !ok {
		return nil, Record{}, fmt.Errorf("list %s: %w", address, ErrNotFound)
	}
	rec, err := r.List(l.Address)
	return l, rec, err
}

// Summary is one list as list ls shows it.
type Summary struct {
	Address     string `json:"address"`
	Name        string `json:"name"`
	Description string `json:"description"`
	Members     uint32 `json:"members"`
	Posts       uint32 `json:"posts"`
	Held        int    `json:"held"`
	State       string `json:"state"` // open, closed, retired
}

// Lists tells of every list of the config, and of those that are gone from it and still have a record.
func (e *Engine) Lists() ([]Summary, error) {
	var all []Summary
	err := e.Store.View(func(r Reader) error {
		return r.Lists(func(rec Record) error {
			s := Summary{Address: rec.Address, Members: rec.Members, Posts: rec.Posts, State: "retired"}
			if l, ok := e.Site().List(rec.Address); ok {
				s.Name, s.Description, s.State = l.Title(), l.Description, "open"
				if l.Closed || rec.Closed {
					s.State = "closed"
				}
			}
			all = append(all, s)
			return r.HeldPosts(rec.ID, func(Held) error { all[len(all)-1].Held++; return nil })
		})
	})
	return all, err
}

// CloseList refuses posts to a list from now on, whatever the config says.
func (e *Engine) CloseList(address string) error {
	err := e.Store.Update(func(tx Tx) error {
		_, rec, err := e.find(tx, address)
		if err != nil {
			return err
		}
		rec.Closed = true
		return tx.PutList(rec)
	})
	if err == nil {
		e.Log.Info("list closed", "list", address)
	}
	return err
}

// Tick does what is due at now: held posts that nobody decided expire.
func (e *Engine) Tick(ctx context.Context, now time.Time) error {
	for ctx.Err() == nil {
		var due []Held
		err := e.Store.View(func(r Reader) error {
			return r.HeldExpiring(now, func(h Held) error {
				due = append(due, h)
				if len(due) == 100 {
					return ErrStop
				}
				return nil
			})
		})
		if err != nil || len(due) == 0 {
			return err
		}
		for _, h := range due {
			err := e.Store.Update(func(tx Tx) error { return tx.DeleteHeld(h.ID) })
			if err != nil && !errors.Is(err, ErrNotFound) {
				return err
			}
			e.Log.Info("held post expired", "id", h.Post.Envelope.ID, "held", h.ID, "from", h.Post.From, "message_id", h.Post.MessageID)
		}
	}
	return ctx.Err()
}

// NextDue is when Tick has something to do; false: never, as things are.
func (e *Engine) NextDue() (time.Time, bool) {
	var at time.Time
	var ok bool
	if err := e.Store.View(func(r Reader) error { at, ok = r.NextHeldExpiry(); return nil }); err != nil {
		return time.Time{}, false
	}
	return at, ok
}
