package digest

import (
	"testing"
	"time"

	"convene/list/event"
)

// weekly is a meeting of the stage's list each Tuesday at 15:00 in Berlin, from 24 March 2026: the clocks change behind the first.
func weekly(t *testing.T, up *setUp) *event.Event {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	e := circle(up)
	e.Start, e.Rule, e.Reminders = time.Date(2026, 3, 24, 15, 0, 0, 0, zone), "FREQ=WEEKLY;COUNT=5", []time.Duration{24 * time.Hour}
	return e
}

// weeklyStage is a list with that meeting alone.
func weeklyStage(t *testing.T) (s *stage, e *event.Event) {
	t.Helper()
	s = newStage(t, func(up *setUp) {
		alone(up)
		e = weekly(t, up)
		up.Programme.Events = []*event.Event{e}
	})
	s.advance("2026-03-11 12:00")
	return s, e
}

// A date of a series that is moved behind its reminder is reminded of again, once; where its place alone changes it is not.
func TestEventDateMovedBehindItsReminder(t *testing.T) {
	for name, c := range map[string]struct {
		change event.Instance
		want   string
	}{
		"to the next day":         {event.Instance{Start: time.Date(2026, 4, 1, 13, 0, 0, 0, time.UTC)}, "30 Mar 16:00, 31 Mar 16:00, 06 Apr 16:00"},
		"to another place":        {event.Instance{Where: "https://meet.example.org/other"}, "30 Mar 16:00, 06 Apr 16:00"},
		"to the time that it had": {event.Instance{Start: time.Date(2026, 3, 31, 13, 0, 0, 0, time.UTC), Where: "Room 2"}, "30 Mar 16:00, 06 Apr 16:00"},
	} {
		t.Run(name, func(t *testing.T) {
			s, e := weeklyStage(t)
			s.advance("2026-03-25 12:00")
			s.say(s.last(member(1), "invitation"), member(1), "yes")
			s.advance("2026-03-30 18:00")
			changed, of := *e, e.Start.AddDate(0, 0, 7)
			c.change.Of = of
			changed.Changed = []event.Instance{c.change}
			s.reconfigure(&changed)
			s.advance("2026-04-07 12:00")
			if got := s.days("event_reminder"); got != c.want {
				t.Errorf("reminded\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}
