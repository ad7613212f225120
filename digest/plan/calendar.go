package plan

import "time"

// Calendar is the working time of a list: when drafts, alarms and nudges go to people. The hours are in the addressee's own zone where that is known.
type Calendar struct {
	Location *time.Location
	Days     [7]bool // by time.Weekday
	From, To int     // minutes from midnight
	Skip     map[Date]bool
}

// patience is how many days are looked through for a working one. A calendar without any counts every day.
const patience = 2 * 366

// In is the same days and hours in another zone; nil leaves it as it is.
func (c Calendar) In(zone *time.Location) Calendar {
	if zone != nil {
		c.Location = zone
	}
	return c
}

// WorkingDay reports whether people work on a day.
func (c Calendar) WorkingDay(d Date) bool { return c.Days[d.Weekday()] && !c.Skip[d] }

// WorkingDayAfter is the nth working day after a day, WorkingDayBefore the nth before it. For n = 0 it is the day itself.
func (c Calendar) WorkingDayAfter(d Date, n int) Date { return c.step(d, n, 1) }

// WorkingDayBefore is the nth working day before a day.
func (c Calendar) WorkingDayBefore(d Date, n int) Date { return c.step(d, n, -1) }

func (c Calendar) step(d Date, n, by int) Date {
	for ; n > 0; n-- {
		next := d.AddDays(by)
		for i := 0; i < patience && !c.WorkingDay(next); i++ {
			next = next.AddDays(by)
		}
		if !c.WorkingDay(next) {
			next = d.AddDays(by)
		}
		d = next
	}
	return d
}

// lastOpenDay is the last working day of so many days; the last of them where there is none.
func (c Calendar) lastOpenDay(first Date, days int) Date {
	for n := days - 1; n >= 0; n-- {
		if day := first.AddDays(n); c.WorkingDay(day) {
			return day
		}
	}
	return first.AddDays(days - 1)
}
