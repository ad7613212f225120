package digest

import (
	"errors"
	"slices"
	"strings"
	"time"

	"convene/digest/calendar"
	"convene/digest/plan"
	"convene/list"
)

// room is what goes to one member in a day, over all discussions of a list. Planned mails count for everybody, whether they are out or still to come, and so
// does what goes to one person of our own accord. What is an answer to them, and what a first responder agreed to get at its hour (the question ahead of the
// others, and the nudge), is never kept back, but takes the room of what can wait. Drafts and notes to facilitators are not for members, and count as nothing.
type room struct {
	affairs []*affair
	rounded time.Time // when the last round-up of the list's events went out; zero: none did
}

// room reads all discussions of the list that this one is on.
func (e *Editor) room(r list.Reader, a *affair) (room, error) {
	rounded, err := calendar.LastRoundup(r, a.rec)
	if err != nil {
		return room{}, err
	}
	all := room{affairs: []*affair{a}, rounded: rounded}
	for _, d := range e.programme.Load().Discussions {
		if d.ID == a.ID || d.List != a.Discussion.List {
			continue
		}
		other, err := e.affair(r, d)
		if errors.Is(err, list.ErrNotFound) {
			continue
		} else if err != nil {
			return all, err
		}
		all.affairs = append(all.affairs, other)
	}
	return all, nil
}

// free reports whether one more mail may go to somebody on the day of an instant.
func (r room) free(address string, at time.Time) bool {
	n, most := 0, 1
	for i, a := range r.affairs {
		day := plan.DateOf(at.In(a.Calendar.Location))
		if i == 0 && !r.rounded.IsZero() && plan.DateOf(r.rounded.In(a.Calendar.Location)) == day {
			n++
		}
		most = max(most, a.EngineMailsPerDay)
		if a.Event != nil && plan.DateOf(a.Event.Start.In(a.Calendar.Location)) == day {
			most = max(most, 2)
		}
		n += a.plannedOn(day) + a.course.Mailed[day.String()][strings.ToLower(address)]
	}
	return n < most
}

// quiet reports whether nothing planned goes to all on the day of an instant, and nothing of an event does.
func (r room) quiet(at time.Time) bool {
	return !slices.ContainsFunc(r.affairs, func(a *affair) bool {
		day := plan.DateOf(at.In(a.Calendar.Location))
		return a.plannedOn(day) > 0 || a.eventOn(day)
	})
}

// freeFrom is the first instant from one on, at its time of day, on whose day one more mail may go to somebody, and which is before a last one; false: there is none.
func (r room) freeFrom(address string, from, before time.Time) (time.Time, bool) {
	loc := r.affairs[0].Calendar.Location
	minutes := from.In(loc).Hour()*60 + from.In(loc).Minute()
	for at, day := from, plan.DateOf(from.In(loc)); at.Before(before); at = day.At(minutes, loc) {
		if r.free(address, at) {
			return at, true
		}
		day = day.AddDays(1)
	}
	return time.Time{}, false
}

// goesOut is when a planned mail went out, or will.
func (a *affair) goesOut(row plan.Row) time.Time {
	if s := a.course.Rows[row.Key]; s != nil {
		if !s.Sent.IsZero() {
			return s.Sent
		}
		if !s.Due.IsZero() {
			return s.Due
		}
	}
	return row.At
}

// out reports whether a planned mail is no longer to come: it was sent, or is left out.
func (a *affair) out(row plan.Row) bool {
	stage := a.course.stage(row.Key)
	return row.Skipped || stage == Sent || stage == Skipped || stage == Quiet
}

// plannedOn is how many mails to all there are on a day: those of the plan, and what a facilitator had sent to revive it.
func (a *affair) plannedOn(day plan.Date) (n int) {
	on := func(t time.Time) bool { return plan.DateOf(t.In(a.Calendar.Location)) == day }
	planned := map[string]bool{}
	for _, row := range a.rows {
		planned[row.Key] = true
		if (!a.out(row) || a.course.stage(row.Key) == Sent) && on(a.goesOut(row)) {
			n++
		}
	}
	for key, s := range a.course.Rows {
		if !planned[key] && s.Stage == Sent && on(s.Sent) {
			n++
		}
	}
	for _, f := range a.course.Revivals {
		if f.Done.IsZero() && on(f.At) {
			n++
		}
	}
	return n
}

// eventOn reports whether an event's own mails go out on a day: the invitation, its reminders, and the tables where people meet at tables.
func (a *affair) eventOn(day plan.Date) bool {
	ev := a.Event
	if ev == nil {
		return false
	}
	times := []time.Time{ev.Start, ev.RegisterBy, ev.Start.Add(-ev.Invite)}
	for _, before := range ev.Reminders {
		times = append(times, ev.Start.Add(-before))
	}
	return slices.ContainsFunc(times, func(t time.Time) bool { return !t.IsZero() && plan.DateOf(t.In(a.Calendar.Location)) == day })
}

// mailedKept is for how many days is remembered who got what.
const mailedKept = 8

// mailed notes that a mail of ours went to one member.
func (a *affair) mailed(address string, now time.Time) {
	c, today := a.course, plan.DateOf(now.In(a.Calendar.Location))
	if c.Mailed == nil {
		c.Mailed = map[string]map[string]int{}
	}
	for day := range c.Mailed {
		if d, err := plan.ParseDate(day); err != nil || today.Sub(d) > mailedKept {
			delete(c.Mailed, day)
		}
	}
	if c.Mailed[today.String()] == nil {
		c.Mailed[today.String()] = map[string]int{}
	}
	c.Mailed[today.String()][strings.ToLower(address)]++
}
