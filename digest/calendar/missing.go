package calendar

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/digest/letter"
	"convene/list"
)

// An event of the config or of a plan that they have no longer, to which people were invited, is missing: a slip of the editor takes one out as easily as an intention does.
// So nothing goes out of it any more, to nobody; answers to it are taken as ever; and who decides on events is asked once whether it is off. Put back it goes on as if
// nothing had been. With another id it is the same event, as heir has it.

// missingAfter is how long an event is missing when somebody is asked about it: a slip that is seen at once is nobody's business.
const missingAfter = 15 * time.Minute

// askedMissing is under what a register has that who decides was asked whether a missing event is off.
const askedMissing = "missing"

// vanished is an event as people were told of it last, which the config and the plans have no longer; nil: nobody was told of it.
func vanished(l *list.List, rec list.Record, reg *Register) *occasion {
	if reg.Submission != nil || reg.Last == nil {
		return nil
	}
	o := newOccasion(inOwnZone(*reg.Last, zoneOf(l).String(), l), l, rec, reg)
	o.missing = true
	return o
}

// missed has it noted that an event is missing, and that it is back; and asks who decides on events about one that is still to come.
func (k *Keeper) missed(_ list.Reader, o *occasion, now time.Time) ([]Duty, error) {
	at, name, do := now, "", func(_ list.Tx, o *occasion, _ time.Time) error { return nil }
	switch since := o.reg.Missing; {
	case !o.missing && !since.IsZero():
		name, do = "is back", func(_ list.Tx, o *occasion, _ time.Time) error {
			o.reg.Missing = time.Time{}
			delete(o.reg.Done, askedMissing)
			return nil
		}
	case !o.missing || o.Cancelled || o.over(now) || o.heir() != nil:
		return nil, nil
	case since.IsZero():
		name, do = "is missing", func(_ list.Tx, o *occasion, now time.Time) error { o.reg.Missing = now; return nil }
	case !o.reg.did(askedMissing):
		at, name, do = later(now, since.Add(missingAfter)), "is missing, and whether it is off", k.askMissing
	default:
		return nil, nil
	}
	missing, since := o.missing, o.reg.Missing
	return []Duty{{At: at, Kind: kindNotice, Name: o.ID + " of " + o.list.Address + " " + name, Do: func(_ context.Context, now time.Time) error {
		return k.change(o.list, o.ID, func(tx list.Tx, o *occasion) error {
			if o.missing != missing || !o.reg.Missing.Equal(since) {
				return ErrDone
			}
			return do(tx, o, now)
		})
	}}}, nil
}

// askMissing asks everybody who decides on events whether one is off.
func (k *Keeper) askMissing(tx list.Tx, o *occasion, now time.Time) error {
	all, err := k.deciders(tx, o.list)
	if err != nil {
		return err
	}
	o.reg.do(askedMissing, now)
	for _, address := range all {
		if err := k.oweMissing(tx, o, address, "", "", now); err != nil {
			return err
		}
	}
	return nil
}

// oweMissing asks one of them.
func (k *Keeper) oweMissing(tx list.Tx, o *occasion, to, remark, answers string, now time.Time) error {
	m, err := member(tx, o.rec, to)
	if err != nil {
		return err
	}
	who := o.readerOf(m, to)
	d := letter.EventMissing{Event: o.coming(who), Remark: remark, Place: k.House.Place(o.list)}
	if d.Invited, err = o.invitedNumber(tx); err != nil {
		return err
	}
	if d.Yes, err = o.comingMembers(tx); err != nil {
		return err
	}
	mail, err := k.House.Book().Write("event-missing", o.languagesOf(who.language), d)
	if err != nil {
		return fmt.Errorf("calendar: event %s: %w", o.ID, err)
	}
	return o.owe(tx, owed{to: to, mail: mail, kind: kindNotice, purpose: list.ForDraft, about: about{What: aboutMissing}, answers: answers}, now)
}

// invitedNumber counts the members who were told of an event.
func (o *occasion) invitedNumber(r list.Reader) (n int, err error) {
	for number := uint32(1); number <= max(o.reg.Invited, o.reg.Known); number++ {
		if _, passed := slices.BinarySearch(o.reg.Passed, number); passed {
			continue
		}
		if _, err := r.MemberByNumber(o.rec.ID, number); err == nil {
			n++
		} else if !errors.Is(err, list.ErrNotFound) {
			return 0, err
		}
	}
	return n, nil
}

// comingMembers counts the members who said yes, to all of it or to a date.
func (o *occasion) comingMembers(r list.Reader) (n int, err error) {
	for address, g := range o.reg.Guests {
		dated := false
		for _, answer := range g.Dates {
			dated = dated || answer == Yes
		}
		if g.Answer != Yes && !dated {
			continue
		}
		m, err := member(r, o.rec, address)
		if err != nil {
			return 0, err
		}
		if m != nil {
			n++
		}
	}
	return n, nil
}

// takeMissing takes the answer: "cancel" has everybody told who was invited. Of an event that is back by then it cancels nothing.
func (k *Keeper) takeMissing(_ context.Context, h *list.Handed, what about) (done string, err error) {
	a := list.ReadAnswer(h.Message)
	words := strings.Fields(strings.ToLower(a.Verb + " " + a.Rest))
	off := len(words) > 0 && len(words) <= politely && slices.Contains(cancelWords, strings.Trim(words[0], ".,;:!\"'“”«»<>"))
	err = k.change(h.List, what.Event, func(tx list.Tx, o *occasion) error {
		d := &decision{h: h, tx: tx, to: h.Secret.Address, now: k.Engine.Now()}
		if err := k.mayDecide(d); err != nil {
			return err
		}
		tell := func(what string) error {
			done = "event: " + what
			return k.oweTold(tx, o.list, o.rec, d.to, h.Message.MessageID(), []letter.ToldEvent{k.toldOf(o, d.m, what, d.now)}, d.now)
		}
		switch {
		case !off:
			done = "event: unread"
			return k.oweMissing(tx, o, d.to, "unread", h.Message.MessageID(), d.now)
		case o.Cancelled:
			return tell("cancelled")
		case o.over(d.now):
			return tell("over")
		case !o.missing:
			return tell("back")
		}
		o.reg.Cancelled, o.reg.CancelledOf = d.now, o.Start
		done = "event: cancelled"
		return k.tellAll(d, o, "cancelled", "")
	})
	return done, err
}

// Stranded are the events of a list that are missing and to come, the earliest first.
func (k *Keeper) Stranded(r list.Reader, l *list.List, now time.Time) (all []Shown, err error) {
	shown, err := k.Shown(r, l, now)
	for _, s := range shown {
		if s.State == stateMissing {
			all = append(all, s)
		}
	}
	return all, err
}
