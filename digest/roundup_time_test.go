package digest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/digest/calendar"
	"convene/list"
	"convene/list/event"
)

// TestRoundupsOverClockChanges: through a year each slot has one round-up, at its time of day where the list is, weekly and in every second week, and over a restart in each.
// In the hour that spring leaves out it goes out behind the gap, and in the one that autumn has twice in the first.
func TestRoundupsOverClockChanges(t *testing.T) {
	for _, c := range []struct {
		zone, cron, at string
		weeks, sent    int
		odd            map[string]string // days on which it is another time
		rule           string            // of the event that there is always one more of; on each day, or on none that a round-up goes out on
	}{
		{"Europe/Paris", "0 8 * * MON", "Mon 08:00", 1, 52, nil, "FREQ=DAILY"},
		{"Europe/Paris", "30 2 * * SUN", "Sun 02:30", 1, 52, map[string]string{"2026-03-29": "Sun 03:00"}, "FREQ=WEEKLY"},
		{"America/New_York", "30 1 * * SUN", "Sun 01:30", 2, 26, nil, "FREQ=WEEKLY"},
		{"Australia/Sydney", "0 8 * * MON", "Mon 08:00", 2, 26, nil, "FREQ=WEEKLY"},
		{"Africa/Nairobi", "0 8 * * MON", "Mon 08:00", 2, 26, nil, "FREQ=WEEKLY"},
	} {
		t.Run(c.zone+" "+c.cron, func(t *testing.T) {
			zone, err := time.LoadLocation(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			s := roundStage(t, c.cron, c.weeks, 7, func(up *setUp) {
				up.Members, up.Now, up.List.Location, up.Discussion.Calendar.Location = 1, "2026-01-07 09:00", zone, zone
				again := dated(up, "again", "Again", "2026-01-01 12:00")
				again.Rule = c.rule
				up.Programme.Events = []*event.Event{again}
			})
			for week := range 52 {
				s.advance(s.clock("2026-01-07 09:00").AddDate(0, 0, 7*(week+1)).Format("2006-01-02 15:04"))
				p := *s.editor.programme.Load()
				s.editor = NewEditor(s.Engine, &p, s.editor.Log) // as after a restart
			}
			var last time.Time
			all := s.mails(member(1), "roundup")
			for _, m := range all {
				at := m.At.In(zone)
				want := c.at
				if odd, ok := c.odd[at.Format(time.DateOnly)]; ok {
					want = odd
				}
				if got := at.Format("Mon 15:04"); got != want {
					t.Errorf("one went out on %s, want %s", at, want)
				}
				day := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
				if gap := day.Sub(last); !last.IsZero() && gap != time.Duration(7*c.weeks)*24*time.Hour {
					t.Errorf("%s is %s behind the one before", at, gap)
				}
				last = day
				_, offset := at.Zone()
				if c.zone == "America/New_York" && at.Month() == time.November && at.Day() == 1 && offset != -4*3600 {
					t.Errorf("of the hour that there is twice it went out in the second: %s", at)
				}
			}
			if len(all) != c.sent {
				t.Errorf("%d went out, want %d", len(all), c.sent)
			}
		})
	}
}

// TestRoundupWaitsForPlannedMail: on a day on which a planned mail goes to all the planned mail goes alone, and the round-up on the next working day without one, at its time.
func TestRoundupWaitsForPlannedMail(t *testing.T) {
	var s *stage
	on := func(weeks int, cron string) string {
		s = newStage(t, func(up *setUp) {
			up.Now = "2026-02-26 09:00"
			up.Programme.Roundups = map[string]calendar.Roundup{stageList: {Cron: cron, EveryWeeks: weeks, Ahead: 30 * 24 * time.Hour}}
		})
		s.advance("2026-03-16 12:00")
		var at []string
		for _, m := range s.mails(member(1), "roundup") {
			at = append(at, m.At.In(s.zone).Format("Mon 2 15:04"))
		}
		return strings.Join(at, ", ")
	}
	if got, want := on(1, "0 8 * * MON"), "Tue 3 08:00, Tue 10 08:00, Mon 16 08:00"; got != want {
		t.Errorf("they went out on %s, want %s:\n%s", got, want, s.outline())
	}
	for _, c := range []struct {
		at   string
		free bool
	}{{"2026-03-16 13:00", false}, {"2026-03-18 13:00", true}} {
		err := s.Store.View(func(r list.Reader) error {
			free, err := (house{s.editor}).Free(r, s.list, member(1), s.clock(c.at))
			if free != c.free {
				t.Errorf("at %s one more mail may go: %t", c.at, free)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	days := map[string]int{}
	for _, m := range s.mails(member(1), "") {
		for _, kind := range []string{"roundup", "kickoff", "questions", "weekly", "midweek", "closing"} {
			if m.Kind == kind {
				days[m.At.In(s.zone).Format(time.DateOnly)]++
			}
		}
	}
	for day, n := range days {
		if n > 1 {
			t.Errorf("on %s %d went to all:\n%s", day, n, s.outline())
		}
	}
	if got := on(1, "0 8 * * FRI"); strings.Contains(got, "Sat") || strings.Contains(got, "Sun") {
		t.Errorf("one waited for a day on which nobody works: %s\n%s", got, s.outline())
	}
	if got := fmt.Sprint(strings.Count(on(1, "0 8 * * *"), ",") + 1); got == "19" {
		t.Errorf("a daily one went out on each day:\n%s", s.outline())
	}
}
