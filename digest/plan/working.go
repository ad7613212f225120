package plan

import "time"

// The times of day that drafts fall back to, and what must remain of the day then.
const (
	afternoon  = 15 * 60 // minutes from midnight
	draftLeast = 4 * time.Hour
)

// hours are the first instant of a day's working hours and the first behind them; false: nobody works on that day.
func (c Calendar) hours(d Date) (from, to time.Time, open bool) {
	if !c.WorkingDay(d) {
		return from, to, false
	}
	return d.At(c.From, c.Location), d.At(c.To, c.Location), true
}

// Open reports whether an instant is within working hours: the first minute is, the last (18:00) is not.
func (c Calendar) Open(t time.Time) bool {
	from, to, open := c.hours(DateOf(t.In(c.Location)))
	return open && !t.Before(from) && t.Before(to)
}

// NextOpen is the first instant within working hours at or after t, in the calendar's zone. A calendar that is never open gives t back.
func (c Calendar) NextOpen(t time.Time) time.Time {
	t = t.In(c.Location)
	day := DateOf(t)
	for n := range patience {
		from, to, open := c.hours(day.AddDays(n))
		switch {
		case !open || !t.Before(to):
		case t.Before(from):
			return from
		default:
			return t
		}
	}
	return t
}

// Add is the first instant by which so much working time has passed since t; no time or less gives t back.
func (c Calendar) Add(t time.Time, working time.Duration) time.Time {
	t = t.In(c.Location)
	for working > 0 {
		t = c.NextOpen(t)
		_, to, open := c.hours(DateOf(t))
		rest := to.Sub(t)
		if !open || rest >= working {
			return t.Add(working)
		}
		t, working = to, working-rest
	}
	return t
}

// Between is how much working time there is from a to b; none where b is not after a.
func (c Calendar) Between(a, b time.Time) time.Duration {
	var sum time.Duration
	last := DateOf(b.In(c.Location))
	for day := DateOf(a.In(c.Location)); day.Compare(last) <= 0; day = day.AddDays(1) {
		from, to, open := c.hours(day)
		if !open {
			continue
		}
		if from.Before(a) {
			from = a
		}
		if to.After(b) {
			to = b
		}
		sum += max(0, to.Sub(from))
	}
	return sum
}

// DraftAt is when the draft of a mail that goes out at a time is sent to who signs it: review ahead. Where that is outside of working hours it is the
// beginning of the working hours of the mail's own day, if four hours remain then, else three in the afternoon of the working day before (or three hours before
// the end of it, where people are not there at three). The zero time: there is no draft, since review is zero.
func (c Calendar) DraftAt(at time.Time, review time.Duration) time.Time {
	if review <= 0 {
		return time.Time{}
	}
	at = at.In(c.Location)
	if t := at.Add(-review); c.Open(t) {
		return t
	}
	day := DateOf(at)
	if from, _, open := c.hours(day); open && at.Sub(from) >= draftLeast {
		return from
	}
	minutes := afternoon
	if minutes < c.From || minutes >= c.To {
		minutes = max(c.From, c.To-3*60)
	}
	return c.WorkingDayBefore(day, 1).At(minutes, c.Location)
}
