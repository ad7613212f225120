package plan

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Clash is something about a row's time that a person should know.
type Clash struct {
	Row  Row
	What ClashKind
}

// ClashKind says what is the matter with a time.
type ClashKind string

// What can be the matter.
const (
	OffDay      ClashKind = "no_working_day" // it falls on no working day
	AfterEvent  ClashKind = "after_event"    // it should go out before the event, and the event begins first
	BeforeEvent ClashKind = "before_event"   // it is about what happened at the event, which is not over by then
	OutOfOrder  ClashKind = "out_of_order"   // a summary or round that goes out before the mail it builds on, or after the closing
)

// Clashes are what is odd about the times of rows, in their order. Rows that are skipped or for which done is true are not looked at.
func (d *Discussion) Clashes(rows []Row, done func(key string) bool) []Clash {
	var all []Clash
	var kickoff, closing time.Time
	for _, r := range rows {
		switch {
		case r.Skipped:
		case r.Kind == Kickoff:
			kickoff = r.At
		case r.Kind == Closing:
			closing = r.At
		}
	}
	for _, r := range rows {
		if r.Skipped || done != nil && done(r.Key) {
			continue
		}
		if !d.Calendar.WorkingDay(DateOf(r.At)) {
			all = append(all, Clash{r, OffDay})
		}
		if d.disordered(r, kickoff, closing) {
			all = append(all, Clash{r, OutOfOrder})
		}
		if e := d.Event; e != nil {
			switch {
			case r.Fixed && r.At.Before(e.End()):
				all = append(all, Clash{r, BeforeEvent})
			case !r.Fixed && r.Kind != FollowUp && r.Kind != Message && !r.At.Before(e.Start):
				all = append(all, Clash{r, AfterEvent})
			}
		}
	}
	return all
}

// disordered reports whether a row stands outside of the course from kick-off to closing that it is part of.
func (d *Discussion) disordered(r Row, kickoff, closing time.Time) bool {
	switch {
	case r.Kind == Announcement:
		return !kickoff.IsZero() && !r.At.Before(kickoff)
	case r.Kind == Closing:
		return !kickoff.IsZero() && !r.At.After(kickoff)
	case r.Kind.weekly():
		return !kickoff.IsZero() && !r.At.After(kickoff) || !closing.IsZero() && !r.At.Before(closing)
	}
	return false
}

// Postpone moves every row that was not sent, but for those that are counted from the event. A weekday moves the next of them to that day, and the others as
// far. It gives the changes as they are then, and what is odd about the new times; nothing is refused for being odd.
func (d *Discussion) Postpone(ch Changes, by Shift, sent func(key string) bool) (Changes, []Clash, error) {
	rows, err := d.Rows(ch)
	if err != nil {
		return ch, nil, err
	}
	left := slices.DeleteFunc(slices.Clone(rows), func(r Row) bool { return r.Fixed || sent(r.Key) })
	if len(left) == 0 {
		return ch, nil, fmt.Errorf("plan: %s: nothing is left to postpone", d.ID)
	}
	if by.Named {
		first := left[max(0, slices.IndexFunc(left, func(r Row) bool { return !r.Skipped }))].At
		by = Shift{Days: DateOf(by.From(first)).Sub(DateOf(first))}
	}
	ch.Moved = maps.Clone(ch.Moved)
	if ch.Moved == nil {
		ch.Moved = map[string]time.Time{}
	}
	for _, r := range left {
		ch.Moved[r.Key] = by.From(r.At)
	}
	if rows, err = d.Rows(ch); err != nil {
		return ch, nil, err
	}
	return ch, d.Clashes(rows, sent), nil
}
