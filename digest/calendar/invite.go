package calendar

import (
	"errors"
	"slices"
	"time"

	"convene/list"
)

// waveSize is how many members are told of an event in one transaction, so that nobody's post waits long for it.
const waveSize = 100

// The kinds of what an event sends, as the index of a rehearsal has them.
const (
	kindInvitation = "invitation"
	kindReminder   = "event_reminder"
	kindNotice     = "notice"
)

// over reports whether the last date of an event has begun: nobody is told of it any more.
func (o *occasion) over(now time.Time) bool {
	e := *o.Event
	e.Cancelled = false
	_, ok := e.Next(now)
	return !ok
}

// invitations tells members of an event: when it is time, of each change of it, of its end, and who joins of what is to come.
func (k *Keeper) invitations(r list.Reader, o *occasion, now time.Time) ([]Duty, error) {
	if o.waits() || o.over(now) || o.Cancelled && o.reg.Told == "" {
		return nil, nil
	}
	at := now
	if o.reg.Told == "" {
		day, err := k.inviteAt(r, o, now, k.takenOrRounded)
		if err != nil {
			return nil, err
		}
		at = day
	} else if o.reg.Told == o.print() {
		if due := k.rewording(o, now); len(due) > 0 {
			return due, nil
		}
		joined, ok, err := o.joined(r)
		if err == nil && (!ok || o.Cancelled && o.reg.Known <= o.reg.Invited) {
			return k.tellsBack(r, o, now)
		}
		if err != nil {
			return nil, err
		}
		at = later(nextMorning(joined, zoneOf(o.list)), nextMorning(now.Add(-aDay), zoneOf(o.list)))
		if next, ok := o.next(); o.reg.Known > o.reg.Invited || !joined.After(o.reg.First) || !ok || at.Add(12*time.Hour).After(next.Start) {
			at = now
		} else if at, err = k.turn(r, o, at, next.Start); err != nil {
			return nil, err
		}
		at = later(now, at)
	}
	return []Duty{k.inviting(o, at)}, nil
}

// joined is when the first member joined whom nobody told of the event yet; false: everybody was told.
func (o *occasion) joined(r list.Reader) (at time.Time, ok bool, err error) {
	for n := o.reg.Invited + 1; n <= o.rec.LastMember; n++ {
		m, err := r.MemberByNumber(o.rec.ID, n)
		if err == nil {
			return m.Joined, true, nil
		} else if !errors.Is(err, list.ErrNotFound) {
			return at, false, err
		}
	}
	return at, false, nil
}

// nextMorning is the first nine o'clock behind an instant: who has just joined has mail enough.
func nextMorning(t time.Time, zone *time.Location) time.Time {
	t = t.In(zone)
	at := time.Date(t.Year(), t.Month(), t.Day(), 9, 0, 0, 0, zone)
	if !at.After(t) {
		at = time.Date(t.Year(), t.Month(), t.Day()+1, 9, 0, 0, 0, zone)
	}
	return at
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// waits reports whether nobody is to be told of an event: it is undisclosed, or it is missing and nobody has cancelled it.
func (o *occasion) waits() bool { return o.undisclosed() || o.missing && !o.Cancelled }

// undisclosed reports whether members do not know of an event that came by mail: nobody has decided on it, or somebody has against it before it was told.
func (o *occasion) undisclosed() bool {
	s := o.reg.Submission
	return s != nil && (s.Standing == Proposed || s.Standing == Declined && o.reg.Told == "")
}

// invite tells the next members of an event. Their mails are written outside of the transaction that notes it.
func (k *Keeper) invite(l *list.List, id string, now time.Time) error {
	var o *occasion
	var wave []told
	var before Register
	err := k.Engine.Store.View(func(r list.Reader) (err error) {
		if o, err = k.find(r, l, id); err != nil {
			return err
		}
		before = *o.reg
		wave, _, _, err = o.wave(r)
		return err
	})
	if err != nil {
		return err
	}
	mails, err := k.writeInvitations(o, wave, before, now)
	if err != nil {
		return err
	}
	return k.change(l, id, func(tx list.Tx, o *occasion) error {
		if o.reg.Told != before.Told || o.reg.Invited != before.Invited || o.waits() {
			return ErrDone
		}
		if o.reg.Told == "" { // another event may have been told of meanwhile, whose day this is now
			if at, err := k.inviteAt(tx, o, now, k.takenOrRounded); err != nil {
				return err
			} else if at.After(now) {
				return ErrDone
			}
			o.reg.First = now
		}
		again, last, away, err := o.wave(tx)
		if err != nil {
			return err
		}
		if !slices.EqualFunc(again, wave, func(a, b told) bool { return a.Number == b.Number && a.state == b.state }) {
			return nil // somebody joined or left meanwhile: the next look does it, with the register as it is
		}
		if o.catchesUp(again, before) {
			o.reg.CaughtUp = now
		}
		var invited []string
		for i, w := range mails {
			w.to = again[i].Address
			if err := o.owe(tx, w, now); err != nil {
				return err
			}
			invited = append(invited, w.to)
		}
		o.reg.Invited, o.reg.Passed, o.reg.Missed = last, away.passed, away.missed
		o.reg.tellLast(o.Event)
		if !o.Cancelled { // should it get the time again that it was cancelled of, it stays
			o.reg.Cancelled, o.reg.CancelledOf = time.Time{}, time.Time{}
		}
		return k.House.MailedAll(tx, l, invited, now)
	})
}
