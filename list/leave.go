package list

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
)

// Leaving is what a link or an address that ends a membership is about.
type Leaving struct {
	List   string // address of the list
	Title  string // its name
	Member string // address of the member; empty when Gone: it is forgotten
	Gone   bool   // they were no member any more
	// Language is the member's, or the list's; BCP 47, empty: neither has one.
	Language string
}

// Leaving tells what the token of an unsubscribe link is about. It changes nothing. ErrNotFound: it is no link of ours, or counts no longer.
func (e *Engine) Leaving(token string) (Leaving, error) {
	var found openMark
	err := e.Store.View(func(r Reader) (err error) {
		found, err = e.marks.Load().open(r, forLeave, token, Record{})
		return err
	})
	if err != nil {
		return Leaving{}, leavingError(err)
	}
	return e.leaving(found), nil
}

// Leave ends the membership that a token names, at once and whoever asks, and tells the member so; how says by which way: "page" or "mail".
// It may be called again: Gone says that there was nothing left to do. The errors are those of Leaving.
func (e *Engine) Leave(token, how string) (Leaving, error) {
	found, err := e.leave(token, how, Record{})
	if err != nil {
		return Leaving{}, leavingError(err)
	}
	return e.leaving(found), nil
}

func leavingError(err error) error {
	if errors.Is(err, errNoMark) {
		return fmt.Errorf("list: %w: %w", err, ErrNotFound)
	}
	return err
}

func (e *Engine) leaving(found openMark) Leaving {
	l := Leaving{List: found.record.Address, Member: found.member.Address, Gone: found.gone, Language: found.member.Language}
	if conf, ok := e.Site().List(l.List); ok {
		l.Title, l.Language = conf.Title(), cmp.Or(l.Language, conf.Language)
	} else {
		l.Title, _, _ = strings.Cut(l.List, "@")
	}
	return l
}

// leave ends the membership that a token of the list says; the zero Record: of any list.
func (e *Engine) leave(token, how string, of Record) (found openMark, err error) {
	open := func(r Reader) (err error) {
		found, err = e.marks.Load().open(r, forLeave, token, of)
		return err
	}
	if err := e.Store.View(open); err != nil || found.gone {
		return found, err
	}
	_, configured := e.Site().List(found.record.Address)
	err = e.Store.Update(func(tx Tx) error {
		// Read again: they may have left, or their marks been revoked, since.
		if err := open(tx); err != nil {
			return err
		}
		if found.gone {
			return errNothingToKeep
		}
		if err := tx.DeleteMember(found.record.ID, found.member.Address); err != nil {
			return err
		}
		m := found.member
		if !configured || m.State != Active && m.State != Paused { // nobody would hear their answer, or mail to them fails
			return nil
		}
		_, err := tx.PutNote(Note{List: found.record.ID, Text: "goodbye", To: m.Address, ToName: m.Name, Language: m.Language, Created: e.Now()})
		return err
	})
	if errors.Is(err, errNothingToKeep) {
		return found, nil
	}
	if err == nil {
		e.Log.Info("member left", "list", found.record.Address, "number", found.member.Number, "by", how)
	}
	return found, err
}

// leaveByMail does what mail to an address with a leave token asks. Nothing in the mail is looked at, and nobody is answered.
func (e *Engine) leaveByMail(t Target) error {
	var rec Record
	err := e.Store.View(func(r Reader) (err error) { rec, err = r.List(t.List.Address); return err })
	if err == nil {
		_, err = e.leave(t.Token, "mail", rec)
	}
	if errors.Is(err, errNoMark) { // revoked since RCPT
		return noSuchWord(t.List)
	}
	return err
}
