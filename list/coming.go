package list

import (
	"cmp"
	"errors"
	"fmt"
)

// TokenPlace stands in a Letter for the token of its secret, behind the address of the page where it is answered: private characters that nobody writes.
const TokenPlace = "\uE000token\uE001"

// PageAnswer is what stands before TokenPlace, behind the base URL of a site.
const PageAnswer = pathConfirm

// Guests is who knows what an invitation is about: package digest. It opens transactions of its own.
type Guests interface {
	// Invited tells of what a secret of ForRSVP invites to; an answer that is not empty is taken first: "yes", "no" or "maybe". ErrNotFound: it invites to nothing, or to
	// nothing any more, or whose it is, is no member.
	Invited(l *List, s *Secret, answer string) (Invited, error)
}

// Invited is an invitation as a page tells of it.
type Invited struct {
	Question string // what it is to, as a heading
	Text     string // the rest, with what became of the answer; several lines
	Answer   string // what they answered so far; empty: nothing
	Over     bool   // there is nothing left to answer
}

// Answer takes an answer to an invitation, from a page: "yes", "no" or "maybe"; empty takes none, and changes nothing. ErrNotFound: the token is of no invitation.
func (e *Engine) Answer(token, answer string) (Confirmation, error) {
	now, missing := e.Now(), fmt.Errorf("list: invitation: %w", ErrNotFound)
	guests, ok := e.Schedule.(Guests)
	if !ok {
		return Confirmation{}, missing
	}
	var s Secret
	var l *List
	var p person
	err := e.Store.View(func(r Reader) (err error) {
		if s, err = e.secret(r, ForRSVP, token, now); err != nil {
			return err
		}
		rec, err := r.ListByID(s.List)
		if err != nil {
			return err
		}
		if l, ok = e.Site().List(rec.Address); !ok {
			return missing
		}
		p, err = personOf(r, s.List, s.Address)
		return err
	})
	if err != nil {
		return Confirmation{}, err
	}
	told, err := guests.Invited(l, &s, answer)
	if refusal := (*Refusal)(nil); errors.As(err, &refusal) {
		return Confirmation{}, missing
	} else if err != nil {
		return Confirmation{}, err
	}
	if answer != "" {
		e.Log.Info("invitation answered", "list", l.Address, "answer", answer, "by", "page")
	}
	return Confirmation{List: l.Address, Title: l.Title(), Address: s.Address, Language: cmp.Or(p.Language, l.Language), Question: told.Question, Text: told.Text, Invites: true,
		Answer: told.Answer, Late: told.Over}, nil
}
