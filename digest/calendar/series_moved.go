package calendar

import (
	"maps"
	"slices"
	"time"

	"convene/list/event"
)

// Course is when a series takes place, as far as its single dates are known by that.
type Course struct {
	Start time.Time   `json:"start"`
	Rule  string      `json:"rule,omitempty"`
	Extra []time.Time `json:"extra,omitempty"`
}

// keptMoved is how many earlier courses of a series are remembered.
const keptMoved = 6

// dateOf is the date of a series that is known by an instant, or was before the series was moved: then it is the one of the same day, or else, where that day has none
// any more, the one that is as much later, on the clock, as the series starts later. False: it is none.
func (o *occasion) dateOf(of time.Time) (event.Date, bool) {
	d, ok := o.DateOf(of)
	if ok || o.dropped(of) {
		return d, ok
	}
	for _, old := range o.earlier() {
		was, ok := old.DateOf(of)
		if !ok {
			continue
		}
		moved := moveClock(was.Of, old.Start, o.Start)
		if d, ok := o.DateOf(moved); ok && dayOf(moved).Equal(dayOf(was.Of)) {
			return d, true
		}
		if d, ok := o.DateOf(dayOf(was.Of)); ok {
			return d, true
		}
		if _, ok := old.DateOf(moved); !ok { // that would be another date, which had answers of its own
			return o.DateOf(moved)
		}
	}
	return event.Date{}, false
}

// earlier is a series as it took place by the courses that it had, the last one first.
func (o *occasion) earlier() (all []*event.Event) {
	for _, c := range slices.Backward(o.reg.Moved) {
		all = append(all, &event.Event{Start: c.Start.In(o.Start.Location()), Rule: c.Rule, Extra: c.Extra, AllDay: o.AllDay, Floating: o.Floating})
	}
	return all
}

// dropped reports whether an instant is that of a date that was taken off: no other one is meant then.
func (o *occasion) dropped(of time.Time) bool {
	return slices.ContainsFunc(o.Except, of.Equal) || slices.ContainsFunc(o.Changed, func(c event.Instance) bool { return c.Of.Equal(of) })
}

// dayOf is the midnight that the day of an instant begins with.
func dayOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// moveClock is an instant moved by as much as lies between two others on the clock of its zone, whose changes make no difference to that.
func moveClock(t, from, to time.Time) time.Time {
	wall := func(t time.Time) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
	}
	w := wall(t).Add(wall(to).Sub(wall(from)))
	return time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), w.Second(), 0, t.Location())
}

// follow has what was said of single dates move along with them where the start of a series was moved since members were told of it.
func (o *occasion) follow() {
	last := o.reg.Last
	if last == nil || !o.series() || last.Start.Equal(o.Start) {
		return
	}
	if !slices.ContainsFunc(o.reg.Moved, func(c Course) bool { return c.Start.Equal(last.Start) && c.Rule == last.Rule }) {
		o.reg.Moved = append(o.reg.Moved, Course{last.Start, last.Rule, last.Extra})
		o.reg.Moved = o.reg.Moved[max(0, len(o.reg.Moved)-keptMoved):]
	}
	whole := *o.Event
	whole.Cancelled = false // what was said stays said, should it take place after all
	live := *o
	live.Event = &whole
	for _, g := range o.reg.Guests {
		move(g.Dates, live.movedKey)
		move(g.Waits, live.movedKey)
		move(g.Words, live.movedKey)
	}
	move(o.reg.Presenters, live.movedDay)
}

// movedKey is the key of an answer to a date by what the date is known by now.
func (o *occasion) movedKey(key string) string {
	of, err := time.Parse(dateForm, key)
	if d, ok := o.dateOf(of); err == nil && ok {
		return dateKey(d.Of)
	}
	return key
}

// movedDay is the day of a presenter likewise.
func (o *occasion) movedDay(day string) string {
	of, err := time.ParseInLocation(time.DateOnly, day, o.Start.Location())
	if d, ok := o.dateOf(of); err == nil && ok {
		return o.dayKey(d)
	}
	return day
}

// move gives what is in a map other keys. What has its key already keeps it.
func move[V any](all map[string]V, to func(string) string) {
	for _, key := range slices.Sorted(maps.Keys(all)) {
		next := to(key)
		if _, taken := all[next]; next == key || taken {
			continue
		}
		all[next] = all[key]
		delete(all, key)
	}
}
