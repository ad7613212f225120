package digest

import (
	"testing"
	"time"

	"convene/digest/calendar"
	"convene/list/event"
)

// A round-up that nobody was there to send goes out in the list's next working hour, and at its own time where its slot is on that day.
func TestRoundupLateInWorkingHours(t *testing.T) {
	s := roundStage(t, "0 8 * * MON", 1, 100, func(up *setUp) {
		up.Programme.Events = []*event.Event{dated(up, "far", "Far", "2026-05-20 15:00")}
	})
	for _, x := range [][2]string{ // until when it runs, and when it does again
		{"2026-03-01 09:00", "2026-03-04 02:00"}, {"2026-03-07 09:00", "2026-03-15 02:10"}, {"2026-03-15 23:00", "2026-03-16 07:30"},
		{"2026-03-22 12:00", "2026-03-23 23:40"}, {"2026-03-29 12:00", "2026-03-31 15:20"}, {"2026-04-05 12:00", "2026-04-06 08:10"},
	} {
		s.advance(x[0])
		s.set(s.clock(x[1]))
		s.tick()
	}
	s.advance("2026-04-08 12:00")
	got := ""
	for _, m := range s.mails(member(1), "roundup") {
		if at := m.At.In(s.zone); at.Month() >= time.March {
			got += at.Format("Mon 2 Jan 15:04\n")
		}
	}
	if want := "Wed 4 Mar 08:00\nMon 16 Mar 08:00\nTue 24 Mar 08:00\nTue 31 Mar 15:20\nMon 6 Apr 08:10\n"; got != want {
		t.Errorf("they went out at\n%swant\n%s", got, want)
	}
}

// A round-up that waits does so for a day on which people of its list work, whether or not the list has a discussion.
func TestRoundupWaitsForWorkingDays(t *testing.T) {
	for name, c := range map[string]struct {
		off  []time.Weekday
		want string
	}{
		"from Monday to Friday":   {[]time.Weekday{time.Saturday, time.Sunday}, "Mon 16 Mar 08:00"},
		"from Sunday to Thursday": {[]time.Weekday{time.Friday, time.Saturday}, "Sun 15 Mar 08:00"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, func(up *setUp) {
				working := up.Discussion.Calendar
				working.Days = [7]bool{true, true, true, true, true, true, true}
				for _, day := range c.off {
					working.Days[day] = false
				}
				up.Discussion.List, up.Discussion.Event, up.Now = "others@lists.example.org", nil, "2026-03-04 12:00"
				up.Programme.Roundups = map[string]calendar.Roundup{stageList: {Cron: "0 8 * * THU", EveryWeeks: 1, Ahead: 30 * 24 * time.Hour, Working: working}}
				today := dated(up, "today", "Today", "2026-03-12 15:00")
				today.Invite, today.Rule = 24*time.Hour, "FREQ=DAILY;COUNT=2"
				up.Programme.Events = []*event.Event{today, dated(up, "far", "Far", "2026-04-08 15:00")}
				up.Programme.Events[1].Invite = time.Hour
			})
			s.advance("2026-03-18 12:00")
			if all := s.mails(member(1), "roundup"); len(all) != 2 || all[1].At.In(s.zone).Format("Mon 2 Jan 15:04") != c.want {
				t.Errorf("out went %s, want it on %s", s.rounds(member(1)), c.want)
			}
		})
	}
}

// A round-up that waits for the day of an event to pass does so, also where nobody is invited to it before it begins.
func TestRoundupWaitsOutTheDay(t *testing.T) {
	s := roundStage(t, "0 8 * * MON", 1, 100, func(up *setUp) {
		up.Programme.Events = []*event.Event{dated(up, "talk", "Talk", "2026-03-02 15:00"), dated(up, "far", "Far", "2026-05-20 15:00")}
	})
	s.advance("2026-03-05 12:00")
	got := ""
	for _, m := range s.mails(member(1), "roundup") {
		got += m.At.In(s.zone).Format("Mon 2 Jan 15:04\n")
	}
	if want := "Mon 16 Feb 08:00\nMon 23 Feb 08:00\nTue 3 Mar 08:00\n"; got != want {
		t.Errorf("they went out at\n%swant\n%s", got, want)
	}
}
