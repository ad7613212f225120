package calendar

import (
	"encoding/json"
	"fmt"
	"strings"

	"convene/digest/letter"
	"convene/list"
)

// Invited implements list.Guests: an invitation, a reminder or an answer as a page tells of it, with three buttons. What is pressed there is taken as a reply is, and told
// on the page instead of by mail.
func (k *Keeper) Invited(l *list.List, secret *list.Secret, answer string) (told list.Invited, err error) {
	var what about
	if err := json.Unmarshal(secret.Data, &what); err != nil || what.What != aboutComing {
		return told, fmt.Errorf("calendar: an invitation: %w", list.ErrNotFound)
	}
	result := outcome("")
	if answer == Yes || answer == No || answer == Maybe {
		if result, err = k.heard(l, what.Event, secret.Address, "", said{answer: answer, of: what.Of, page: true}, ""); err != nil {
			return told, err
		}
	}
	var o *occasion
	var m *list.Member
	err = k.Engine.Store.View(func(r list.Reader) (err error) {
		if o, err = k.find(r, l, what.Event); err != nil {
			return err
		}
		m, err = member(r, o.rec, secret.Address)
		return err
	})
	if err == nil && (m == nil || o.undisclosed()) {
		err = fmt.Errorf("calendar: an invitation to %s: %w", what.Event, list.ErrNotFound)
	}
	if err != nil {
		return told, err
	}
	if d, ok := o.dateOf(what.Of); ok && !what.Of.IsZero() {
		o = o.on(d)
	}
	who, now := o.readerOf(m, m.Address), k.Engine.Now()
	switch {
	case result != "":
	case o.Cancelled:
		result = called
	case o.over(now):
		result = over
	}
	mail, err := k.House.Book().Write("event-page", o.languagesOf(who.language), letter.RSVP{Event: o.coming(who), Said: string(result), Place: k.House.Place(l)})
	if err != nil {
		return told, fmt.Errorf("calendar: event %s: %w", o.ID, err)
	}
	return list.Invited{Question: mail.Subject, Text: strings.TrimSpace(mail.Text), Answer: who.answer, Over: o.Cancelled || o.over(now)}, nil
}

// answerPage is what the page of an invitation begins with, before its token; empty: there is none.
func (k *Keeper) answerPage() string {
	if base := k.Engine.Site().BaseURL; strings.HasPrefix(base, "https://") {
		return base + list.PageAnswer
	}
	return ""
}
