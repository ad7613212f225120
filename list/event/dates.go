package event

import (
	"iter"
	"slices"
	"time"
)

// Date is one date on which an event takes place.
type Date struct {
	// Of is when it starts by the rule, whatever was changed of it: by that it is known (RECURRENCE-ID).
	Of         time.Time
	Start, End time.Time
	Change     *Instance // what of it is otherwise; nil: nothing
}

// Dates are the dates that start from from (included) until until (not included; zero: without end), in order, at most most of them. more says that there are
// further ones. Dates that were taken off or cancelled are left out; of an event that is cancelled altogether there are none. An event in a zone whose clocks
// change keeps its time of day. The work is bounded, whatever the rule; a rule is followed for 360 years at least, and through 100,000 dates.
//
// The event's start always is a date, and the first one that COUNT counts, even where the rule does not say so: that is how calendar programs take it.
func (e *Event) Dates(from, until time.Time, most int) (dates []Date, more bool) {
	if e.Cancelled || e.Start.IsZero() {
		return nil, false
	}
	within := func(t time.Time) bool { return !t.Before(from) && (until.IsZero() || t.Before(until)) }
	off := e.off()
	for i, c := range e.Changed {
		if d := e.date(c.Of, &e.Changed[i]); !c.Cancelled && within(d.Start) {
			dates = append(dates, d)
		}
	}
	for _, t := range e.Extra {
		if !off[t.Unix()] && within(t) {
			dates = append(dates, e.date(t, nil))
		}
		off[t.Unix()] = true
	}
	plain := 0
	for t := range e.starts() {
		if !until.IsZero() && !t.Before(until) || plain > most {
			break // there are enough, in order
		}
		if !off[t.Unix()] && within(t) {
			dates = append(dates, e.date(t, nil))
			plain++
		}
	}
	slices.SortFunc(dates, func(a, b Date) int { return a.Start.Compare(b.Start) })
	if most = max(0, most); len(dates) > most {
		return dates[:most], true
	}
	return dates, false
}

// date is that of a start, changed or not.
func (e *Event) date(of time.Time, c *Instance) Date {
	of = of.In(e.Start.Location())
	d, length := Date{Of: of, Start: of, Change: c}, e.Length
	if c != nil {
		if !c.Start.IsZero() {
			d.Start = c.Start
		}
		if c.Length > 0 {
			length = c.Length
		}
	}
	d.End = d.Start.Add(length)
	if e.AllDay {
		d.End = atWall(wallOf(d.Start).Add(length), d.Start.Location())
	}
	return d
}

// starts are the dates of the rule alone, in order.
func (e *Event) starts() iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		if !yield(e.Start) || e.Rule == "" {
			return
		}
		r, f := readRule(e.Rule)
		if f != nil {
			return
		}
		wall, zone, until := wallOf(e.Start), e.Start.Location(), r.ends(e)
		count := 1
		for w := range r.walls(wall) {
			if w.Equal(wall) {
				continue // it was the first
			}
			if count++; r.option.Count > 0 && count > r.option.Count {
				return
			}
			t := atWall(w, zone)
			if !until.IsZero() && w.After(until) || !yield(t) {
				return
			}
		}
	}
}

// ends is the last wall-clock time that a rule allows; zero: it goes on. A day alone allows all of it, as programs that write one mean.
func (r *rule) ends(e *Event) time.Time {
	switch u := r.until; {
	case u == (moment{}):
		return time.Time{}
	case u.day:
		return u.wall.Add(24*time.Hour - time.Second)
	case u.utc && !e.AllDay && !e.Floating:
		return wallOf(u.wall.In(e.Start.Location()))
	default:
		return u.wall
	}
}

// Next is the first date that starts after now; false: there is none.
func (e *Event) Next(now time.Time) (Date, bool) {
	dates, _ := e.Dates(now.Add(1), time.Time{}, 1)
	if len(dates) == 0 {
		return Date{}, false
	}
	return dates[0], true
}

// Ends is when the last date is over, changed ones included. False: there is no last one within the dates that a rule is followed for, or there is none at all.
func (e *Event) Ends() (time.Time, bool) {
	var last time.Time
	see := func(t time.Time, c *Instance) {
		if d := e.date(t, c); d.End.After(last) {
			last = d.End
		}
	}
	if r, f := readRule(e.Rule); e.Cancelled || e.Rule != "" && f == nil && (r.until == (moment{}) && (r.option.Count == 0 || r.option.Count > maxWork)) {
		return last, false
	}
	off := e.off()
	for t := range e.starts() {
		if !off[t.Unix()] {
			see(t, nil)
		}
	}
	for _, t := range e.Extra {
		if !off[t.Unix()] {
			see(t, nil)
		}
	}
	for i, c := range e.Changed {
		if !c.Cancelled {
			see(c.Of, &e.Changed[i])
		}
	}
	return last, !last.IsZero()
}

// off are the dates that are not as the rule has them: those that were taken off, and those that were changed.
func (e *Event) off() map[int64]bool {
	off := map[int64]bool{}
	for _, t := range e.Except {
		off[t.Unix()] = true
	}
	for _, c := range e.Changed {
		off[c.Of.Unix()] = true
	}
	return off
}
