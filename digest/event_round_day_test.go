package digest

import (
	"testing"

	"convene/digest/calendar"
	"convene/list/event"
)

// A round-up never comes on the day of an event, or on that of its reminder: it waits for the next working day, and for none when nothing is to come any more.
func TestRoundupWaitsForEvents(t *testing.T) {
	for name, c := range map[string]struct{ cron, want string }{
		"on the day of the reminder": {"0 8 * * MON", "16 Mar 08:00 roundup: 1 event until 15 April, 1 new: Reading circle 24 March"},
		"on the day of the event":    {"0 8 * * TUE", "17 Mar 08:00 roundup: 1 event until 16 April, 1 new: Reading circle 24 March"},
		"two days before":            {"0 8 * * SUN", "15 Mar 08:00 roundup: 1 event until 14 April, 1 new: Reading circle 24 March\n22 Mar 08:00 roundup: 1 event until 21 April: Reading circle 24 March"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, func(up *setUp) {
				up.Discussion.Event, up.Discussion.Start, up.Now = nil, up.Discussion.Start.AddDays(200), "2026-03-12 12:00"
				up.Programme.Events = []*event.Event{circle(up)}
				up.Programme.Roundups = map[string]calendar.Roundup{stageList: {Cron: c.cron, EveryWeeks: 1, Ahead: 30 * 24 * 3600e9}}
			})
			s.advance("2026-03-29 12:00")
			if got := s.kindsTo(member(1), "roundup"); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}
