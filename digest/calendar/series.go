package calendar

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"convene/digest/letter"
	"convene/list/event"
)

// series reports whether an event takes place more than once.
func (o *occasion) series() bool { return o.Rule != "" || len(o.Extra) > 0 }

// on is one date of an event as an event by itself: what is told of it is of that date alone, and what is answered to that is, too.
func (o *occasion) on(d event.Date) *occasion {
	one, whole := *o.Event, *o
	one.Start, one.Length = d.Start, d.End.Sub(d.Start)
	one.Rule, one.Except, one.Extra, one.Changed = "", nil, nil, nil
	one.Presenters = o.presentersOn(d)
	if !o.RegisterBy.IsZero() { // as long before each date as before the first
		one.RegisterBy = d.Start.Add(-o.Start.Sub(o.RegisterBy))
	}
	if c := d.Change; c != nil {
		one.Where = cmp.Or(c.Where, one.Where)
		if c.Title != nil {
			one.Title = c.Title
		}
		if c.About != nil {
			one.About = c.About
		}
	}
	whole.Event = &one
	if o.series() {
		whole.of = d.Of
	}
	return &whole
}

// next is the first date that has not begun; false: there is none.
func (o *occasion) next() (event.Date, bool) {
	e := *o.Event
	e.Cancelled = false // one that does not take place is told of as well
	return e.Next(o.now)
}

// dateSaid is the date of a series that an answer is about; false: it is about none of it. A day is first of all one of the clock of who wrote it, on which our mails
// have told them of the dates; one that has none there is a day of the event's own clock, by the rule.
func (o *occasion) dateSaid(s said) (event.Date, bool) {
	if !s.day {
		return o.dateOf(s.of)
	}
	if s.of.Year() == 0 { // a day of no year is the next one
		today := o.clockOf(o.now, cmp.Or(s.zone, o.Start.Location()))
		s.of = time.Date(today.Year(), s.of.Month(), s.of.Day(), 0, 0, 0, 0, time.UTC)
		if s.of.Format(time.DateOnly) < today.Format(time.DateOnly) {
			s.of = s.of.AddDate(1, 0, 0)
		}
	}
	day := s.of.Format(time.DateOnly)
	if s.zone != nil && o.series() {
		from := time.Date(s.of.Year(), s.of.Month(), s.of.Day()-1, 0, 0, 0, 0, s.zone)
		dates, _ := o.Dates(from, from.AddDate(0, 0, 3), mostAround)
		for _, d := range dates {
			if o.shownDay(d.Start, s.zone) == day {
				return d, true
			}
		}
		if o.droppedOn(day, s.zone) {
			return event.Date{}, false
		}
		for _, old := range o.earlier() { // they may answer a mail of before the series was moved
			dates, _ := old.Dates(from, from.AddDate(0, 0, 3), mostAround)
			for _, d := range dates {
				if o.shownDay(d.Start, s.zone) == day {
					return o.dateOf(d.Of)
				}
			}
		}
	}
	return o.dateOf(time.Date(s.of.Year(), s.of.Month(), s.of.Day(), 0, 0, 0, 0, o.Start.Location()))
}

// mostAround is how many dates of a series are looked at around a day.
const mostAround = 100

// shownDay is the day of an instant of an event as mails for somebody's clock show it, and as an answer names it.
func (o *occasion) shownDay(t time.Time, zone *time.Location) string {
	return o.clockOf(t, zone).Format(time.DateOnly)
}

// droppedOn reports whether a date was taken off that was on a day of somebody's clock: then they mean no other.
func (o *occasion) droppedOn(day string, zone *time.Location) bool {
	return slices.ContainsFunc(o.Except, func(t time.Time) bool { return o.shownDay(t, zone) == day }) ||
		slices.ContainsFunc(o.Changed, func(c event.Instance) bool { return c.Cancelled && o.shownDay(c.Of, zone) == day })
}

// datesTold is how many dates of a series an invitation names.
const datesTold = 6

// seriesComing is a series as somebody is told of it: its next date, by which rule there are others, and the first of them.
func (o *occasion) seriesComing(who eventReader, next event.Date) letter.Coming {
	c := o.on(next).coming(who)
	c.Again = o.Repeats(o.languagesOf(who.language)...)
	c.AgainIn = o.daysIn(who.zone)
	c.RegisterBy = time.Time{} // each date has its own
	dates, _ := o.Dates(next.Start, time.Time{}, datesTold)
	c.More = o.further(o.now)
	if free := o.FreeDates(o.now, time.Time{}); len(free) > 0 {
		c.Offer = o.shownDay(free[0].Start, who.zone)
	}
	c.Lunch = o.Format == event.LunchAndLearn
	for _, d := range dates {
		if len(dates) > 1 {
			c.Dates = append(c.Dates, letter.ComingDate{At: o.clockOf(d.Start, who.zone), Presenters: namesOf(o.presentersOn(d))})
		}
	}
	return c
}

// daysIn is the place on whose clock the words of its rule name days, where a date to come is on another day for somebody; empty: the days are theirs too.
func (o *occasion) daysIn(zone *time.Location) string {
	dates, _ := o.Dates(o.now, time.Time{}, datesTold)
	if slices.ContainsFunc(dates, func(d event.Date) bool { return o.shownDay(d.Start, zone) != o.shownDay(d.Start, o.Start.Location()) }) {
		return zoneName(o.Start.Location())
	}
	return ""
}

// clockOf is an instant of an event on somebody's clock: a day is the same for everybody.
func (o *occasion) clockOf(t time.Time, zone *time.Location) time.Time {
	if o.AllDay {
		return t.In(o.Start.Location())
	}
	return t.In(zone)
}

// namesOf are people as a text names them: who has no name is an empty one, which says that it is a member.
func namesOf(all []event.Person) (names []string) {
	for _, p := range all {
		names = append(names, shownName(p.Name))
	}
	return names
}

// shownName is a name as all may read it: some programs have the address for a name, and that is not for all.
func shownName(name string) string {
	if strings.Contains(name, "@") {
		return ""
	}
	return name
}

// tellable is how many changes of single dates are told one by one.
const tellable = 6

// changedDates are what became of single dates of a series that members knew, as far as they are still to come: false where there is more to say than that.
func (o *occasion) changedDates(last *event.Event, who eventReader) (all []letter.ChangedDate, ok bool) {
	if !o.series() || last.Rule != o.Rule || !last.Start.Equal(o.Start) {
		return nil, false
	}
	until, before := o.now.AddDate(2, 0, 0), *last
	before.Start = last.Start.In(o.Start.Location()) // what was kept has an offset alone, which knows of no change of clocks
	was, _ := before.Dates(o.now, until, 200)
	is, _ := o.Dates(o.now, until, 200)
	find := func(in []event.Date, d event.Date) (event.Date, bool) {
		i := slices.IndexFunc(in, func(x event.Date) bool { return x.Of.Equal(d.Of) })
		if i < 0 {
			return event.Date{}, false
		}
		return in[i], true
	}
	for _, d := range was {
		now, there := find(is, d)
		change := letter.ChangedDate{Was: o.clockOf(d.Start, who.zone)}
		if there {
			change.At = o.clockOf(now.Start, who.zone)
			change.Moved = !now.Start.Equal(d.Start) || now.End.Sub(now.Start) != d.End.Sub(d.Start)
			change.Where = map[bool]string{true: whereOn(o.Event, now)}[whereOn(o.Event, now) != whereOn(last, d)]
		}
		if !there || change.Moved || change.Where != "" {
			all = append(all, change)
		}
	}
	for _, d := range is {
		if _, there := find(was, d); !there {
			all = append(all, letter.ChangedDate{At: o.clockOf(d.Start, who.zone)})
		}
	}
	return all, len(all) > 0 && len(all) <= tellable
}

func whereOn(e *event.Event, d event.Date) string {
	if d.Change != nil && d.Change.Where != "" {
		return d.Change.Where
	}
	return e.Where
}
