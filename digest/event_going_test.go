package digest

import (
	"testing"
	"time"

	"convene/list/event"
)

// Who offers an event learns who is coming once more where people could register for longer than it was said.
func TestEventGoingIsToldAgain(t *testing.T) {
	var e *event.Event
	s := newStage(t, func(up *setUp) {
		alone(up)
		e = circle(up)
		e.RegisterBy = e.Start.AddDate(0, 0, -4)
		up.Programme.Events = []*event.Event{e}
	})
	s.advance("2026-03-21 12:00")
	longer, shorter, elsewhere := *e, *e, *e
	longer.RegisterBy = e.Start.AddDate(0, 0, -2)
	shorter.RegisterBy = e.Start.AddDate(0, 0, -3)
	elsewhere.RegisterBy, elsewhere.Where = longer.RegisterBy, "Room 2"
	s.reconfigure(&longer)
	s.advance("2026-03-23 12:00")
	s.reconfigure(&shorter)
	s.reconfigure(&elsewhere)
	s.advance("2026-03-25 12:00")
	var got []string
	for _, m := range s.mails(luis, "notice") {
		got = append(got, m.At.In(s.zone).Format("02 15:04"))
	}
	if len(got) != 2 || got[0] != "20 15:01" || got[1] != "22 15:01" {
		t.Errorf("who is coming was told on %q:\n%s", got, s.kindsTo(luis, "notice"))
	}
}

// The same holds of a date of a series that is put off.
func TestEventGoingOfADateThatIsPutOff(t *testing.T) {
	s, e := weeklyStage(t)
	s.advance("2026-03-30 20:00")
	off := *e
	of := e.Start.AddDate(0, 0, 7)
	off.Changed = []event.Instance{{Of: of, Start: of.Add(48 * time.Hour)}}
	s.reconfigure(&off)
	s.advance("2026-04-03 12:00")
	if got, want := s.kindsTo(luis, "notice"), "23 Mar 17:00"; len(s.mails(luis, "notice")) != 3 || got[:12] != want {
		t.Errorf("who is coming was told so:\n%s", got)
	}
}
