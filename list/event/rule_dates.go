package event

import (
	"iter"
	"slices"
	"time"

	"github.com/teambition/rrule-go"
)

// days are the days of the week in the form that rrule-go takes together: of every Tuesday and the second Monday of a month it finds no day, and of the first to
// fifth Tuesdays and the second Monday all.
func (r *rule) days() []rrule.Weekday {
	all := r.option.Byweekday
	numbered := slices.ContainsFunc(all, func(d rrule.Weekday) bool { return d.N() != 0 })
	if !numbered || r.option.Freq != rrule.MONTHLY && r.option.Freq != rrule.YEARLY {
		return all
	}
	most := 53
	if r.option.Freq == rrule.MONTHLY || len(r.option.Bymonth) > 0 {
		most = 5
	}
	var days []rrule.Weekday
	for _, d := range all {
		if d.N() != 0 {
			days = append(days, d)
			continue
		}
		for n := 1; n <= most; n++ {
			days = append(days, d.Nth(n))
		}
	}
	return days
}

// years is after how many the calendar is the same again, days of the week and leap years.
const years = 400

// walls are the dates of the rule in order, as wall-clock times written in UTC, for an event that starts at such a time. They end after some centuries, and after
// maxWork of them.
//
// rrule-go cannot be stopped while it looks for the next date, and looks up to the year 9999: the thirtieth of February took it most of a second. So it is
// asked about the same days of a cycle of the calendar that ends there, at most 440 years on.
func (r *rule) walls(start time.Time) iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		shift := (9959 - start.Year()) / years * years
		if start.Year() > 9959 {
			shift = -years
		}
		o := r.option
		o.Byweekday = r.days()
		o.Dtstart = start.AddDate(shift, 0, 0)
		o.Until = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
		set, err := rrule.NewRRule(o)
		if err != nil {
			return
		}
		next := set.Iterator()
		for range maxWork {
			w, ok := next()
			if !ok {
				return
			}
			if w = w.AddDate(-shift, 0, 0); w.Year() > 9999 || !yield(w) {
				return
			}
		}
	}
}

// matches reports whether there is a date by the rule alone.
func (r *rule) matches(start time.Time) bool {
	for range r.walls(start) {
		return true
	}
	return false
}
