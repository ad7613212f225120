package digest

import (
	"errors"
	"time"

	"convene/digest/calendar"
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

// WarnStranded logs the events that people were invited to and that the config has no longer: nobody tells them anything about these any more.
func (e *Editor) WarnStranded() {
	err := e.Engine.Store.View(func(r list.Reader) error {
		for _, l := range e.Engine.Site().Lists {
			gone, err := e.calendar.Stranded(r, l, e.Engine.Now())
			if errors.Is(err, list.ErrNotFound) {
				continue // a list that nothing has come to yet
			} else if err != nil {
				return err
			}
			for _, s := range gone {
				e.Log.Warn("event gone from the config", "list", l.Address, "event", s.ID, "title", s.Title.In(l.Language), "start", s.Start, "yes", s.Count(calendar.Yes),
					"hint", "who was invited is told nothing; who decides on events is asked whether it is off")
			}
		}
		return nil
	})
	if err != nil {
		e.Log.Error("events that are gone from the config could not be looked for", "error", err)
	}
}
