package calendar

import (
	"maps"
	"slices"
	"time"

	"convene/list/event"
)

// takenOff is the date to come that a series does not have any more since members were told of it last, where that is all that has changed; false: more has, or less.
//
// Calendar programs are told of one date by a cancellation of that alone (RFC 5546 §3.2.5): Outlook and Google send that themselves, and take it out of a calendar whatever
// they make of an EXDATE. Of several dates, of which some programs read the first alone, and of any other change the whole series tells, which has those dates as EXDATE.
func (o *occasion) takenOff(last *event.Event) (of time.Time, alone bool) {
	if last == nil || !o.series() || o.Cancelled || last.Cancelled {
		return of, false
	}
	was := *last
	was.Start = last.Start.In(o.Start.Location())
	rest := was
	rest.Except, rest.Changed = o.Except, o.Changed
	if (&occasion{Event: &rest}).print() != o.print() || len(o.wordChanges(last)) > 0 {
		return of, false
	}
	before, now := offDates(&was), offDates(o.Event)
	for _, t := range before {
		if !slices.ContainsFunc(now, t.Equal) {
			return of, false
		}
	}
	now = slices.DeleteFunc(now, func(t time.Time) bool { return slices.ContainsFunc(before, t.Equal) })
	if len(now) != 1 || !sameChanges(was.Changed, o.Changed, now[0]) {
		return of, false
	}
	d, ok := was.DateOf(now[0])
	return d.Of, ok && d.Of.Equal(now[0]) && d.Start.After(o.now)
}

// offDates are the dates that an event does not take place on, whichever way it says so.
func offDates(e *event.Event) []time.Time {
	all := slices.Clone(e.Except)
	for _, c := range e.Changed {
		if c.Cancelled {
			all = append(all, c.Of)
		}
	}
	slices.SortFunc(all, time.Time.Compare)
	return slices.CompactFunc(all, time.Time.Equal)
}

// sameChanges reports whether dates that take place are otherwise than the rest in the same way before and now, but for one.
func sameChanges(before, now []event.Instance, but time.Time) bool {
	held := func(all []event.Instance) []event.Instance {
		return slices.DeleteFunc(slices.Clone(all), func(c event.Instance) bool { return c.Cancelled || c.Of.Equal(but) })
	}
	return slices.EqualFunc(held(before), held(now), func(a, b event.Instance) bool {
		return a.Of.Equal(b.Of) && a.Start.Equal(b.Start) && a.Length == b.Length && a.Where == b.Where && maps.Equal(a.Title, b.Title) && maps.Equal(a.About, b.About) &&
			slices.Equal(a.Presenters, b.Presenters)
	})
}
