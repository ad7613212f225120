package plan

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Cron is a cron line: minutes, hours and days, without a zone. The zero Cron never fires.
//
// Of the cron package only the parser is used: asked for the next time in a zone, it leaves out what falls into the spring's gap and does twice what
// autumn has twice (robfig/cron v3.0.1). Here a line names days and times of day, and Date.At says which instants they are.
type Cron struct {
	minute, hour, dom, month, dow uint64
}

// anyValue marks a field of the cron package that was written as *.
const anyValue = 1 << 63

// cronYears is how far is looked for a day that a line fires on: leap days come every four years, but for 2100, when it takes eight.
const cronYears = 8

// ParseCron reads the five fields of a cron line: minute, hour, day, month, weekday. It refuses a line that names a zone or never fires.
func ParseCron(s string) (Cron, error) {
	if strings.HasPrefix(s, "TZ=") || strings.HasPrefix(s, "CRON_TZ=") {
		return Cron{}, fmt.Errorf("%q names a time zone: cron lines are in the time zone of their list", s)
	}
	schedule, err := parseCron(s)
	if err != nil {
		return Cron{}, fmt.Errorf("%q is not a cron line (minute hour day month weekday): %w", s, err)
	}
	c := Cron{minute: schedule.Minute, hour: schedule.Hour, dom: schedule.Dom, month: schedule.Month, dow: schedule.Dow}
	// The day is fixed, so that a config does not become wrong by waiting.
	for day, n := (Date{2026, time.January, 1}), 0; n < cronYears*366; day, n = day.AddDays(1), n+1 {
		if c.fires(day) {
			return c, nil
		}
	}
	return Cron{}, fmt.Errorf("%q never fires: there is no such day", s)
}

// parseCron wraps the parser, which panics on some lines (robfig/cron v3.0.1, "TZ=0").
func parseCron(s string) (schedule *cron.SpecSchedule, err error) {
	defer func() {
		if recover() != nil {
			schedule, err = nil, errors.New("it cannot be read")
		}
	}()
	parts := strings.Fields(s)
	if len(parts) != 5 {
		return nil, fmt.Errorf("it has %d parts, not 5", len(parts))
	}
	parsed, err := cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow).Parse(s)
	if err != nil {
		if strings.Contains(parts[4], "7") {
			err = errors.New("weekdays are 0 to 6 or SUN to SAT, Sunday is 0 or SUN")
		}
		return nil, err
	}
	schedule, ok := parsed.(*cron.SpecSchedule)
	if !ok {
		return nil, errors.New("it names no times of day")
	}
	return schedule, nil
}

// DailyAt is the line that fires once a day, so many minutes past midnight.
func DailyAt(minutes int) Cron {
	return Cron{minute: 1 << (minutes % 60), hour: 1 << (minutes / 60), dom: anyValue | 0xffffffff, month: 0x1fff, dow: anyValue | 0x7f}
}

// fires reports whether it fires on a day. As cron has it, a day of the month and a weekday that are both given are an "or".
func (c Cron) fires(day Date) bool {
	if c.month&(1<<day.Month) == 0 {
		return false
	}
	dom, dow := c.dom&(1<<day.Day) != 0, c.dow&(1<<day.Weekday()) != 0
	if c.dom&anyValue != 0 || c.dow&anyValue != 0 {
		return dom && dow
	}
	return dom || dow
}

// on is when it fires on a day, in minutes past midnight, in order.
func (c Cron) on(day Date) []int {
	if !c.fires(day) {
		return nil
	}
	var minutes []int
	for h := range 24 {
		for m := 0; m < 60 && c.hour&(1<<h) != 0; m++ {
			if c.minute&(1<<m) != 0 {
				minutes = append(minutes, h*60+m)
			}
		}
	}
	return minutes
}

// last is the last firing in so many days from first whose instant is before a bound; a zero bound is none.
func (c Cron) last(first Date, days int, loc *time.Location, before time.Time) (time.Time, bool) {
	for n := days - 1; n >= 0; n-- {
		day := first.AddDays(n)
		minutes := c.on(day)
		for i := len(minutes) - 1; i >= 0; i-- {
			if at := day.At(minutes[i], loc); before.IsZero() || at.Before(before) {
				return at, true
			}
		}
	}
	return time.Time{}, false
}
