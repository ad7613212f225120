package digest

import (
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/list/event"
)

// A reminder says "today" where it is the reader's own day as it is sent, however few hours are left.
func TestReminderSaysToday(t *testing.T) {
	for name, c := range map[string]struct {
		zone, start string
		reminders   []time.Duration
		want        string
	}{
		"the evening before":            {"", "2026-03-24 08:00", []time.Duration{12 * time.Hour, time.Hour}, "Tuesday 24 March, 08:00 Nairobi|Today, 08:00 Nairobi"},
		"an hour before, over midnight": {"Pacific/Auckland", "2026-03-24 14:30", []time.Duration{24 * time.Hour, time.Hour}, "Wednesday 25 March, 00:30 Auckland|Wednesday 25 March, 00:30 Auckland"},
		"in the morning, far ahead":     {"", "2026-03-24 23:30", []time.Duration{23 * time.Hour}, "Today, 23:30 Nairobi"},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := lunchStage(t, func(up *setUp, ev *event.Event) {
				*ev = *circle(up)
				ev.Start, _ = time.ParseInLocation("2006-01-02 15:04", c.start, ev.Start.Location())
				ev.Reminders = c.reminders
			})
			s.changeMember(member(1), func(m *list.Member) { m.Timezone = c.zone })
			s.advance("2026-03-12 10:00")
			s.say(s.last(member(1), "invitation"), member(1), "yes")
			s.advance("2026-03-25 10:00")
			var got []string
			for _, m := range s.mails(member(1), "event_reminder") {
				got = append(got, strings.TrimSuffix(m.Subject, ": Reading circle"))
			}
			if strings.Join(got, "|") != c.want {
				t.Errorf("the reminders are %q, want %q", got, c.want)
			}
		})
	}
}
