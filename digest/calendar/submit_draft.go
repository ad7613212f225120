package calendar

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"convene/digest/letter"
	"convene/list"
	"convene/list/event"
)

// kindDraft is the kind of a mail to who decides on an event, as the index of a rehearsal has it.
const kindDraft = "draft"

// draftDates is how many dates of a series who decides on it is shown.
const draftDates = 5

// anew is a mailed event once its register has changed.
func (o *occasion) anew() *occasion {
	again := newOccasion(o.reg.Submission.event(o.list), o.list, o.rec, o.reg)
	again.mailed = true
	return again
}

// proposal is what of a mailed event waits for a decision: a change of it, or itself.
func (o *occasion) proposal() *occasion {
	s := o.reg.Submission
	if s.Next == nil {
		return o
	}
	next := newOccasion(inOwnZone(*s.Next, s.NextZone, o.list), o.list, o.rec, o.reg)
	next.Cancelled, next.mailed = false, true
	return next
}

// undecided reports whether something of a mailed event waits for a decision.
func (o *occasion) undecided() bool {
	s := o.reg.Submission
	return s.Standing == Proposed || s.Next != nil
}

// approve makes what waits the event as it is, by somebody's word.
func (o *occasion) approve(by string, now time.Time) *occasion {
	s := o.reg.Submission
	if s.Next != nil {
		s.Event, s.Zone, s.Next, s.NextZone = *s.Next, s.NextZone, nil, ""
		s.Event.Cancelled, o.reg.Cancelled = false, time.Time{}
	}
	s.Standing, s.Last, s.Decided, s.DecidedAt = Approved, Approved, by, now
	return o.anew()
}

// decline leaves an event as it was before what waits, by somebody's word.
func (o *occasion) decline(by, reason string, now time.Time) *occasion {
	s := o.reg.Submission
	if s.Next != nil {
		s.Next, s.NextZone = nil, ""
	} else {
		s.Standing, s.Reason = Declined, reason
	}
	s.Decided, s.DecidedAt, s.Last = by, now, Declined
	return o.anew()
}

// deciders are who are asked about events: the moderators, and while a discussion runs who facilitates it.
func (k *Keeper) deciders(r list.Reader, l *list.List) ([]string, error) {
	all, err := k.Engine.Reached(r, l, list.KindModerators)
	if err != nil || k.Engine.Schedule == nil {
		return all, err
	}
	facilitators, err := k.Engine.Schedule.Facilitators(r, l, k.Engine.Now())
	for _, f := range facilitators {
		if !slices.ContainsFunc(all, func(o string) bool { return list.SameAddress(o, f) }) {
			all = append(all, f)
		}
	}
	return all, err
}

// approves reports whether somebody approves events: who is asked about them, and who owns the list or facilitates it.
func (k *Keeper) approves(r list.Reader, l *list.List, m *list.Member, address string) (bool, error) {
	all, err := k.deciders(r, l)
	if err != nil {
		return false, err
	}
	for _, role := range []list.Kind{list.KindOwner, list.KindFacilitator} {
		some, err := k.Engine.Reached(r, l, role)
		if err != nil {
			return false, err
		}
		all = append(all, some...)
	}
	return slices.ContainsFunc(all, func(o string) bool {
		return list.SameAddress(o, address) || m != nil && (list.SameAddress(o, m.Address) || m.Has(o))
	}), nil
}

// oweDrafts asks everybody who decides on events about one. A mail of a change that was not answered yet decides nothing any more.
func (k *Keeper) oweDrafts(tx list.Tx, o *occasion, now time.Time) error {
	return k.askAll(tx, o, "", now)
}

// askAll asks them, with a remark before.
func (k *Keeper) askAll(tx list.Tx, o *occasion, remark string, now time.Time) error {
	all, err := k.deciders(tx, o.list)
	if err != nil {
		return err
	}
	o.reg.Submission.Asked, o.reg.Submission.Unasked = now, false
	for _, address := range all {
		if err := k.oweDraft(tx, o, address, remark, "", now); err != nil {
			return err
		}
	}
	return nil
}

// oweUpdates asks them about an event that its submitter has changed, or leaves that to a duty where they were asked about another change just now.
func (k *Keeper) oweUpdates(tx list.Tx, o *occasion, now time.Time) error {
	s := o.reg.Submission
	if ago := now.Sub(s.Updated); ago >= 0 && ago < askNextAfter {
		s.Unasked = true
		return nil
	}
	s.Updated = now
	return k.askAll(tx, o, "", now)
}

// oweDraft asks one of them.
func (k *Keeper) oweDraft(tx list.Tx, o *occasion, to, remark, answers string, now time.Time) error {
	m, err := member(tx, o.rec, to)
	if err != nil {
		return err
	}
	p, s := o.proposal(), o.reg.Submission
	who := eventReader{zone: zoneFor(o.list, m)}
	if m != nil {
		who.language = m.Language
	}
	d := letter.EventDraft{Event: p.coming(who), By: cmp.Or(s.By.Name, s.By.Address), Address: s.By.Address, Remark: remark, Place: k.House.Place(o.list)}
	d.Event.State, d.When, d.Event.Presenters = "new", p.When(), addressesOf(p.Presenters)
	if s.Next != nil {
		d.Event.State = "changed"
		d.Changes, d.Was = p.changes(o.Event)
		if slices.Contains(d.Changes, "end") {
			d.Ends, d.Ended = p.endOf(d.Event, o.Event)
		}
		if d.Was = inZone(d.Was, who.zone); o.Cancelled {
			d.Changes = append(d.Changes, "cancelled")
		}
	}
	if p.Rule != "" || len(p.Extra) > 0 {
		dates, more := p.Dates(now, time.Time{}, draftDates)
		for _, one := range dates {
			d.Dates = append(d.Dates, one.Start.In(d.Event.At.Location()))
		}
		d.More = more
	}
	for _, doubt := range s.Doubts {
		d.Doubts = append(d.Doubts, letter.EventDoubt{Kind: string(doubt.Kind), Text: doubt.Text})
	}
	mail, err := k.House.Book().Write("event-draft", o.languagesOf(who.language), d)
	if err != nil {
		return fmt.Errorf("calendar: event %s: %w", o.ID, err)
	}
	return p.owe(tx, owed{to: to, mail: mail, kind: kindDraft, purpose: list.ForDraft, about: about{What: aboutSubmission, Text: p.shown()}, answers: answers}, now)
}

// addressesOf are people as who decides on an event reads of them, who is to see whose address it has.
func addressesOf(all []event.Person) (names []string) {
	for _, p := range all {
		switch {
		case p.Name == "" || p.Address == "":
			names = append(names, cmp.Or(p.Name, p.Address))
		default:
			names = append(names, p.Name+" ("+p.Address+")")
		}
	}
	return names
}

// shown is what somebody decides on who answers a draft: where it is another by then they have not seen it.
func (o *occasion) shown() string {
	return o.print() + "/" + wordingOf(o.Event) + "/" + string(o.Format)
}

// oweTold tells somebody what became of events.
func (k *Keeper) oweTold(tx list.Tx, l *list.List, rec list.Record, to, answers string, told []letter.ToldEvent, now time.Time) error {
	o := &occasion{Event: &event.Event{}, list: l, rec: rec, reg: &Register{}}
	return k.oweWhat(tx, o, owed{to: to, answers: answers}, told, now)
}

// oweOwn tells whose event it is what became of it, in a mail whose answer changes it, as long as it may.
func (k *Keeper) oweOwn(tx list.Tx, o *occasion, w owed, one letter.ToldEvent, now time.Time) error {
	if slices.Contains([]string{"waits", "announced", "declined", "change waits", "changed", "change declined", "date cancelled", "same", "twice"}, one.What) && o.mailed && !o.Event.Cancelled || one.What == "declined" {
		w.purpose, w.about = list.ForDraft, about{What: aboutOwn}
		one.Change, one.When = "lines", o.When()
		if o.reg.Submission.Event.UID != "" {
			one.Change = "calendar"
		}
	}
	return k.oweWhat(tx, o, w, []letter.ToldEvent{one}, now)
}

func (k *Keeper) oweWhat(tx list.Tx, o *occasion, w owed, told []letter.ToldEvent, now time.Time) error {
	m, err := member(tx, o.rec, w.to)
	if err != nil {
		return err
	}
	language := ""
	if m != nil {
		language = m.Language
	}
	if w.mail, err = k.House.Book().Write("event-told", o.languagesOf(language), letter.EventTold{Events: told, Place: k.House.Place(o.list)}); err != nil {
		return fmt.Errorf("calendar: what became of an event: %w", err)
	}
	w.kind = kindNotice
	return o.owe(tx, w, now)
}

// oweFaults tells somebody why their mail is no event. w says where to, and which address takes the answer where it was to change one that waits.
func (k *Keeper) oweFaults(tx list.Tx, o *occasion, m *list.Member, faults event.Faults, w owed, now time.Time) (err error) {
	language := ""
	if m != nil {
		language = m.Language
	}
	day := now.In(zoneFor(o.list, m)).AddDate(0, 0, 14)
	f := letter.EventFaults{Example: time.Date(day.Year(), day.Month(), day.Day(), 15, 0, 0, 0, day.Location()), Edit: w.about.What == aboutSubmission, Change: w.about.What == aboutOwn, Place: k.House.Place(o.list)}
	for _, one := range faults {
		f.Faults = append(f.Faults, one.In(o.languagesOf(language)...))
	}
	if w.mail, err = k.House.Book().Write("event-faults", o.languagesOf(language), f); err != nil {
		return fmt.Errorf("calendar: what is the matter with an event: %w", err)
	}
	w.kind = kindNotice
	return o.owe(tx, w, now)
}
