package digest

import (
	"time"

	"convene/list"
)

// Calendar implements list.Calendars.
func (e *Editor) Calendar(r list.Reader, l *list.List, zone *time.Location, languages []string, now time.Time) ([]list.CalendarRow, error) {
	return e.calendar.Calendar(r, l, zone, languages, now)
}

// Feed implements list.Calendars.
func (e *Editor) Feed(r list.Reader, l *list.List, now time.Time) (list.Feed, error) {
	return e.calendar.Feed(r, l, now)
}
