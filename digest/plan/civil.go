package plan

import (
	"cmp"
	"fmt"
	"time"
)

// DateOf is the day that an instant is in, in its own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads 2006-01-02.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a date, such as 2026-03-02", s)
	}
	return DateOf(t), nil
}

// String is the date as 2006-01-02.
func (d Date) String() string { return d.noon().Format(time.DateOnly) }

// MarshalText writes the date as 2006-01-02.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads it.
func (d *Date) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDate(string(b))
	return err
}

// noon stands for the day in arithmetic: UTC has no change of clocks.
func (d Date) noon() time.Time { return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC) }

// AddDays is so many days later, or earlier.
func (d Date) AddDays(n int) Date { return DateOf(d.noon().AddDate(0, 0, n)) }

// Weekday is its day of the week.
func (d Date) Weekday() time.Weekday { return d.noon().Weekday() }

// Compare is -1, 0 or 1 as d is before, equal to or after e.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// Sub is how many days d is after e.
func (d Date) Sub(e Date) int { return int(d.noon().Sub(e.noon()) / (24 * time.Hour)) }

// At is the instant at which clocks of a place show so many minutes past midnight (at most 24 hours) on that day: the first of the two where they are put
// back over it, and the first instant after the gap where they are put forward over it. time.Date promises neither.
func (d Date) At(minutes int, loc *time.Location) time.Time {
	wall := time.Date(d.Year, d.Month, d.Day, 0, minutes, 0, 0, time.UTC)
	guess := time.Date(d.Year, d.Month, d.Day, 0, minutes, 0, 0, loc)
	// The guess is right, or on the wrong side of one change. So the times between two changes are tried in turn, from those before the guess's own.
	period := guess
	if start, _ := guess.ZoneBounds(); !start.IsZero() {
		period = start.Add(-1)
	}
	for range 3 {
		_, offset := period.Zone()
		start, end := period.ZoneBounds()
		at := wall.Add(-time.Duration(offset) * time.Second).In(loc)
		switch {
		case !start.IsZero() && at.Before(start):
			return start.In(loc) // the clocks jumped over it
		case end.IsZero() || at.Before(end):
			return at
		}
		period = end
	}
	return guess
}

// clock is the minutes past midnight that clocks show at an instant, in its own location.
func clock(t time.Time) int { return t.Hour()*60 + t.Minute() }
