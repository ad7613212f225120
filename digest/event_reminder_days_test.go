package digest

import (
	"strings"
	"testing"
	"time"

	"convene/list/event"
)

// Whole days are reminded of once, in the morning of the day before, and it is then that their organiser hears who is coming.
func TestWholeDaysAreRemindedOfInTheMorning(t *testing.T) {
	for name, c := range map[string]struct {
		reminders []time.Duration
		want      string
	}{
		"a day and an hour before": {[]time.Duration{24 * time.Hour, time.Hour}, "25 Feb 09:00"},
		"an hour before alone":     {[]time.Duration{time.Hour}, "25 Feb 09:00"},
		"a week and a day before":  {[]time.Duration{7 * 24 * time.Hour, 24 * time.Hour}, "19 Feb 09:00|25 Feb 09:00"},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := lunchStage(t, func(up *setUp, ev *event.Event) {
				*ev = *circle(up)
				ev.Start = time.Date(2026, 2, 26, 0, 0, 0, 0, ev.Start.Location())
				ev.Length, ev.AllDay, ev.Reminders = 48*time.Hour, true, c.reminders
			})
			s.advance("2026-02-13 10:00")
			s.say(s.last(member(1), "invitation"), member(1), "yes")
			s.advance("2026-02-27 10:00")
			var got []string
			for _, m := range s.mails(member(1), "event_reminder") {
				got = append(got, m.At.In(s.zone).Format("02 Jan 15:04"))
			}
			if strings.Join(got, "|") != c.want {
				t.Errorf("there were reminders at %q, want %q", got, c.want)
			}
			for _, m := range s.mails(luis, "notice") {
				if strings.Contains(m.Subject, "coming") && m.At.In(s.zone).Format("02 Jan 15:04") != "25 Feb 09:00" {
					t.Errorf("who is coming was told at %s", m.At.In(s.zone))
				}
			}
		})
	}
}

// Days before an event are days of the calendar: at its own time of day, over both changes of clocks.
func TestRemindersKeepTheTimeOfDay(t *testing.T) {
	berlin := loadZone(t, "Europe/Berlin")
	for _, day := range []time.Time{time.Date(2026, 3, 29, 15, 0, 0, 0, berlin), time.Date(2026, 10, 25, 15, 0, 0, 0, berlin)} {
		s, _ := lunchStage(t, func(up *setUp, ev *event.Event) {
			*ev = *circle(up)
			ev.Start, ev.Reminders = day, []time.Duration{7 * 24 * time.Hour, 24 * time.Hour, time.Hour}
			up.List.Location = berlin
		})
		for s.time().Before(day) {
			s.advance(s.time().AddDate(0, 0, 1).In(s.zone).Format("2006-01-02") + " 17:00")
			for _, m := range s.mails(member(1), "invitation") {
				if len(s.mails(member(1), "notice")) == 0 {
					s.say(m, member(1), "yes")
				}
			}
		}
		var got []string
		for _, m := range append(s.mails(member(1), "invitation"), s.mails(member(1), "event_reminder")...) {
			got = append(got, m.At.In(berlin).Format("02 15:04"))
		}
		if want := day.AddDate(0, 0, -14).Format("02 15:04|") + day.AddDate(0, 0, -7).Format("02 15:04|") + day.AddDate(0, 0, -1).Format("02 15:04|") + day.Add(-time.Hour).Format("02 15:04"); strings.Join(got, "|") != want {
			t.Errorf("it went out at %q, want %q", got, want)
		}
	}
}
