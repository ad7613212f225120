package calendar

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"convene/list"
	"convene/list/event"
	"convene/list/message"
)

// readObject takes what a calendar program asks: to add an event, to change it, to take it back, or to have it sent again. Answers were taken before.
func (k *Keeper) readObject(_ context.Context, h *list.Handed) (done string, taken bool, err error) {
	if !hasObject(h.Message) {
		return "", false, nil
	}
	all, faults := readObjects(h.Message, zoneOf(h.List))
	if len(all) > 0 {
		switch all[0].method {
		case event.Refresh:
			done, err = k.sendAgain(h, all[0].item.Event.UID)
			return done, true, err
		case event.Counter, event.DeclineCounter:
			return "passed on", true, k.passCounter(h)
		}
	}
	done, err = k.takeIn(h, func(t *intake) error {
		t.faults = faults
		for _, a := range all {
			if err := t.take(a); err != nil {
				return err
			}
		}
		return nil
	})
	return done, true, err
}

// passCounter passes on what somebody would have otherwise (RFC 5546 §3.2.7). It is a mail to who facilitates and one to who wrote, so that it has to be a member, beyond
// doubt: an object costs nothing to make in anybody's name.
func (k *Keeper) passCounter(h *list.Handed) error {
	return k.Engine.Store.Update(func(tx list.Tx) error {
		m, err := member(tx, h.Record, h.From.Addr)
		switch {
		case err != nil:
			return err
		case m == nil:
			return notMember(h.List)
		case !h.Proven:
			return list.Refuse(list.NotAllowed, "Nothing shows that this mail is yours, so that it is not passed on; write to %s", h.List.Word("owner"))
		}
		return k.House.PassOn(tx, h, k.Engine.Now())
	})
}

// Meeting says whose the event is that a calendar program's mail is about: ours, or that of an organiser, whose address may be empty.
func (k *Keeper) Meeting(r list.Reader, l *list.List, m *message.Message) (ours bool, organiser string, err error) {
	object, _ := objectOf(m)
	o, unread := event.Read([]byte(object), zoneOf(l))
	if object == "" || unread != nil {
		return false, "", nil
	}
	rec, err := r.List(l.Address)
	if err != nil {
		return false, "", err
	}
	all, err := k.recent(r, l, rec)
	if err != nil {
		return false, "", err
	}
	first := o.Items[0].Event
	return known(all, first.UID) != nil, first.Organiser.Address, nil
}

// known is the event that calendar programs know by a UID: ours, or that of who submitted it; nil: there is none.
func known(all []*occasion, uid string) *occasion {
	i := slices.IndexFunc(all, func(o *occasion) bool {
		return uid != "" && (strings.EqualFold(o.UID, uid) || o.mailed && o.reg.Submission.Event.UID == uid)
	})
	if i < 0 {
		return nil
	}
	return all[i]
}

// sendAgain sends a member the invitation that their calendar program asks for once more (RFC 5546 §3.2.6).
func (k *Keeper) sendAgain(h *list.Handed, uid string) (done string, err error) {
	var o *occasion
	var m *list.Member
	err = k.Engine.Store.View(func(r list.Reader) error {
		all, err := k.recent(r, h.List, h.Record)
		if err != nil {
			return err
		}
		o = known(all, uid)
		m, err = member(r, h.Record, h.From.Addr)
		return err
	})
	switch {
	case err != nil:
		return "", err
	case m == nil || o == nil || o.waits() || o.reg.Told == "" || o.Cancelled:
		return "no guest", nil
	}
	return k.inviteAgain(h, o.ID, m)
}

// take takes one event of a calendar object. An event of a list is one moment for all: a time that is meant wherever one is (RFC 5545 §3.3.5) is on the clock that the calendar names, else on that
// of who sent it, else on the list's; and they hear of that.
func (t *intake) take(a arrived) error {
	if !a.item.Event.Floating {
		return t.takeOne(a)
	}
	zone, before := cmp.Or(a.zone, zoneFor(t.h.List, t.who)), len(t.told)
	a.item.Event = a.item.Event.Anchored(zone)
	a.item.Doubts = append(a.item.Doubts, event.Doubt{Kind: event.NoZone, Text: zoneName(zone)})
	err := t.takeOne(a)
	for i := before; i < len(t.told); i++ {
		if slices.Contains([]string{"waits", "announced", "change waits", "changed"}, t.told[i].What) {
			t.told[i].Clock = zoneName(zone)
		}
	}
	return err
}

func (t *intake) takeOne(a arrived) error {
	e := *a.item.Event
	o := known(t.occasions, e.UID)
	switch {
	case o == nil && (a.method == event.Cancel || e.Cancelled):
		t.tell(nil, "gone")
		return nil
	case o == nil:
		if a.item.Partial { // one date of a series that we do not know is an event by itself
			e.Changed, e.Rule = nil, ""
		}
		return t.propose(&e, a.item.Stamp, a.item.Doubts)
	case !o.mailed || !strings.EqualFold(o.reg.Submission.Event.UID, e.UID):
		t.tell(o, "ours")
		return nil
	case !t.theirs(o):
		t.tell(o, "taken")
		return nil
	}
	return t.change(o, a)
}

// change takes what the submitter's calendar program says anew of their event. What is older than what is known is not heard (RFC 5546 §2.1.5).
func (t *intake) change(o *occasion, a arrived) error {
	s := o.reg.Submission
	base := inOwnZone(s.Event, s.Zone, t.h.List)
	base.Sequence = s.Event.Sequence
	if s.Next != nil {
		base = inOwnZone(*s.Next, s.NextZone, t.h.List)
		base.Sequence = s.Next.Sequence
	}
	base.Cancelled = base.Cancelled || o.Cancelled
	item := a.item
	item.Event.Organiser, item.Event.Title = base.Organiser, oneLineTexts(item.Event.Title)
	method := a.method
	if method == "" {
		method = event.Publish // a file says how it is
	}
	if item.Event.Sequence == base.Sequence && item.Stamp.Before(s.Stamp) {
		t.tell(o, "same")
		return nil
	}
	if method == event.Cancel && !item.Partial && o.Cancelled && s.Standing == Approved {
		return t.cancel(o) // which says that it is cancelled already
	}
	changed, taken := base.Take(method, &item)
	if !taken {
		t.tell(o, "same")
		return nil
	}
	s.Stamp, s.MessageID = item.Stamp, t.h.Message.MessageID()
	if s.Next == nil && s.Standing == Approved && saysTheSame(base, changed) { // programs send it again for their own reasons
		s.Event.Sequence = max(s.Event.Sequence, item.Event.Sequence)
		t.tell(o, "same")
		return o.reg.write(t.tx, o.rec)
	}
	if method == event.Cancel || changed.Cancelled {
		s.Event.Sequence = max(s.Event.Sequence, item.Event.Sequence)
		return t.takenBack(o, &item)
	}
	if f := faultOf(changed, t.now); f != nil {
		t.faults = append(t.faults, f)
		return nil
	}
	s.Doubts = item.Doubts
	return t.changed(o, changed)
}

// changed takes an event as its submitter has it now. What was never announced is changed at once, and looked at anew; what was waits as it is.
func (t *intake) changed(o *occasion, e *event.Event) error {
	s := o.reg.Submission
	fresh := s.Standing == Proposed || s.Standing == Declined && o.reg.Told == ""
	if fresh {
		s.Event, s.Zone, s.Standing, s.Reason, s.Decided, s.DecidedAt = *e, e.Start.Location().String(), Proposed, "", "", time.Time{}
		o.reg.Cancelled = time.Time{}
	} else {
		s.Next, s.NextZone = e, e.Start.Location().String()
	}
	switch {
	case t.may && fresh:
		o = o.approve(t.name, t.now)
		t.tell(o, "announced")
	case t.may:
		o = o.approve(t.name, t.now)
		t.tell(o, "changed")
	default:
		o = o.anew()
		if fresh {
			t.tell(o, "waits")
		} else {
			t.tell(o.proposal(), "change waits")
		}
		if err := t.oweUpdates(t.tx, o, t.now); err != nil {
			return err
		}
	}
	return o.reg.write(t.tx, o.rec)
}
