package calendar

import (
	"context"
	"fmt"
	"time"

	"convene/digest/letter"
	"convene/list"
)

// takeComing takes what somebody answers to an invitation, a reminder or their tables. Only the answer of whom it was sent to counts.
func (k *Keeper) takeComing(_ context.Context, h *list.Handed, what about) (done string, err error) {
	var m *list.Member
	err = k.Engine.Store.View(func(r list.Reader) (err error) { m, err = member(r, h.Record, h.Secret.Address); return err })
	if err != nil {
		return "", err
	}
	if !list.SameAddress(h.From.Addr, h.Secret.Address) && (m == nil || !m.Has(h.From.Addr)) {
		return "", list.Refuse(list.NotAllowed, "That invitation is somebody else's; to come, write \"yes %s\" to %s", what.Event, h.List.Word("events"))
	}
	if object, method := objectOf(h.Message); object != "" {
		if all, ok := k.objectAnswers(h, object); ok {
			if err := oneMethod(method); err != nil {
				return "", err
			}
			return k.takeObject(h, all)
		}
	}
	a := list.ReadAnswer(h.Message)
	if subject := h.Message.Subject(); a.Verb == "" && isAnswer(subject) { // some write it there, and no more
		a = list.AnswerIn(subject)
	}
	if done, taken, err := k.takeOffer(h, what, m, a); taken || err != nil {
		return done, err
	}
	s, ok := readAnswer(a)
	if !ok {
		return "passed on", k.change(h.List, what.Event, func(tx list.Tx, _ *occasion) error { return k.House.PassOn(tx, h, k.Engine.Now()) })
	}
	if s.of.IsZero() && !s.all && len(s.also) == 0 { // what is said to the reminder of a date is said of that date
		s.of = what.Of
	}
	return k.hear(h.List, what.Event, h.Secret.Address, h.From.Name, s, h.Message.MessageID())
}

func notMember(l *list.List) *list.Refusal {
	return list.Refuse(list.NotMember, "Only members of the list come to its events; to join, write to %s", l.Word("subscribe"))
}

// hear takes an answer down, and tells who wrote it what became of it, unless their calendar program did and it is as they have it there.
func (k *Keeper) hear(l *list.List, id, address, name string, s said, answers string) (done string, err error) {
	result, err := k.heard(l, id, address, name, s, answers)
	return "answer: " + string(result), err
}

func (k *Keeper) heard(l *list.List, id, address, name string, s said, answers string) (outcome, error) {
	all, err := k.heardAll(l, id, address, name, []said{s}, answers)
	if err != nil {
		return "", err
	}
	return all[0], nil
}

// heardAll takes down all that one mail answers to an event, in one transaction.
func (k *Keeper) heardAll(l *list.List, id, address, name string, all []said, answers string) (results []outcome, err error) {
	now := k.Engine.Now()
	err = k.change(l, id, func(tx list.Tx, o *occasion) error {
		if o.undisclosed() {
			return fmt.Errorf("calendar: event %s: %w", id, list.ErrNotFound)
		}
		m, err := member(tx, o.rec, address)
		if err != nil {
			return err
		}
		if m != nil {
			address, name = m.Address, m.Name
		}
		zone := zoneFor(o.list, m)
		if len(all) == 1 && (all[0].unclear || all[0].vague && o.series() || len(all[0].also) > 0) {
			if m == nil {
				return notMember(l)
			}
			result, err := k.hearDates(tx, o, m, all[0], zone, answers, now)
			if err != nil {
				return err
			}
			results = append(results, result)
			return k.oweMoved(tx, o, now)
		}
		taken := false
		for _, s := range all {
			s.zone = zone
			if m == nil && (s.answer == Yes || s.answer == Maybe) {
				return notMember(l)
			}
			result, err := k.hearOne(tx, o, m, address, name, s, answers, now)
			if err != nil {
				return err
			}
			results, taken = append(results, result), taken || result != old && result != again
		}
		if !taken {
			return nil
		}
		return k.oweMoved(tx, o, now)
	})
	return results, err
}

// hearOne takes one answer down, of m; nil: of somebody who is no member any more.
func (k *Keeper) hearOne(tx list.Tx, o *occasion, m *list.Member, address, name string, s said, answers string, now time.Time) (result outcome, err error) {
	if g := o.reg.Guests[guestKey(address)]; g != nil && answers != "" && g.MessageID == answers && !s.object {
		return again, nil
	}
	if result = o.note(address, name, s, now); result == old || result == again {
		return result, nil
	}
	if g := o.reg.Guests[guestKey(address)]; g != nil {
		g.MessageID = answers
		o.forget(g, now)
	}
	if s.page || s.object && (result == Yes || result == No || result == Maybe) || result == Yes && o.comesLate(address, now) {
		return result, nil
	}
	if d, ok := o.dateSaid(s); ok && !s.of.IsZero() {
		o = o.on(d)
	}
	return result, k.oweHeard(tx, o, address, m, result, answers, now)
}

// oweHeard tells somebody what became of their answer.
func (k *Keeper) oweHeard(tx list.Tx, o *occasion, to string, m *list.Member, result outcome, answers string, now time.Time) error {
	who := o.readerOf(m, to)
	mail, err := k.House.Book().Write("rsvp", o.languagesOf(who.language), letter.RSVP{Event: o.coming(who), Said: string(result), Place: k.House.Place(o.list)})
	if err != nil {
		return fmt.Errorf("calendar: event %s: %w", o.ID, err)
	}
	return o.owe(tx, owed{to: to, mail: mail, kind: kindNotice, purpose: list.ForRSVP, about: about{What: aboutComing, Of: o.of}, answers: answers}, now)
}

// oweMoved gives free places to who waits, and tells them.
func (k *Keeper) oweMoved(tx list.Tx, o *occasion, now time.Time) error {
	o.taken(now)
	for _, up := range o.moveUp(now) {
		m, err := member(tx, o.rec, up.address)
		if err != nil {
			return err
		}
		if err := k.oweHeard(tx, up.on, up.address, m, placed, "", now); err != nil {
			return err
		}
	}
	return nil
}
