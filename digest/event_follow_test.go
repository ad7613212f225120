package digest

import (
	"strings"
	"testing"
	"time"

	"convene/list/event"
)

// Answers to single dates stay with their dates where the whole series is moved on the clock, also behind a change of clocks, and so do answers to what was told before.
func TestEventAnswersMoveWithTheirDates(t *testing.T) {
	s, e := weeklyStage(t)
	zone := e.Start.Location()
	first := s.last(member(1), "invitation")
	s.say(first, member(1), "yes 2026-03-24")
	s.say(first, member(1), "maybe 2026-04-07")
	s.advance("2026-03-23 18:00")
	reminder := s.last(member(1), "event_reminder")
	move := func(to *event.Event) {
		s.reconfigure(to)
		s.advance(s.now.In(s.zone).Add(time.Hour).Format("2006-01-02 15:04"))
	}
	answers := func() string {
		var all []string
		g := s.register("circle").Guests[member(1)]
		for _, day := range []int{24, 25, 31, 38, 39, 45} {
			for hour := 14; hour < 18; hour++ {
				at := time.Date(2026, 3, day, hour, 0, 0, 0, zone)
				if said := g.Dates[at.UTC().Format("20060102T150405Z")]; said != "" {
					all = append(all, at.Format("2 Jan 15:04 ")+said)
				}
			}
		}
		return strings.Join(all, ", ")
	}
	later := *e
	later.Start = e.Start.Add(time.Hour)
	move(&later)
	if got, want := answers(), "24 Mar 16:00 yes, 7 Apr 16:00 maybe"; got != want {
		t.Errorf("an hour later: %s, not %s", got, want)
	}
	s.say(reminder, member(1), "no")
	if got, want := answers(), "24 Mar 16:00 no, 7 Apr 16:00 maybe"; got != want {
		t.Errorf("an answer to the reminder of the time before: %s, not %s", got, want)
	}
	other := later
	other.Start = later.Start.AddDate(0, 0, 1)
	move(&other)
	if got, want := answers(), "25 Mar 16:00 no, 8 Apr 16:00 maybe"; got != want {
		t.Errorf("a day later: %s, not %s", got, want)
	}
	move(&later)
	short := later
	short.Start = later.Start.AddDate(0, 0, 7)
	move(&short)
	if got, want := answers(), "24 Mar 16:00 no, 7 Apr 16:00 maybe"; got != want {
		t.Errorf("without its first date: %s, not %s", got, want)
	}
	s.advance("2026-04-06 18:00")
	if got := s.last(member(1), "event_reminder").Subject; !strings.Contains(got, "7 April, 17:00 Nairobi") {
		t.Errorf("the reminder is %q", got)
	}
}

// Who offered to present on a date presents on it as well when the whole series is moved to another day of the week.
func TestLunchPresentersMoveWithTheirDates(t *testing.T) {
	s, ev := lunchStage(t, nil)
	s.advance("2026-03-10 13:00")
	if err := s.mailTo(member(3), "events", "present lunch 2026-04-07", ""); err != nil {
		t.Fatal(err)
	}
	if s.register("lunch").Presenters["2026-04-07"].Address != member(3) {
		t.Fatalf("the offer was not taken: %+v", s.register("lunch").Presenters)
	}
	moved := *ev
	moved.Start = ev.Start.AddDate(0, 0, 1)
	s.reconfigure(&moved)
	s.advance("2026-03-11 13:00")
	if got := s.register("lunch").Presenters; got["2026-04-08"].Address != member(3) || len(got) != 1 {
		t.Errorf("the presenters are %+v", got)
	}
}
