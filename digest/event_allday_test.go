package digest

import (
	"strings"
	"testing"
	"time"

	"convene/list/event"
)

// A day is a day, also when it has 23 hours or 25.
func TestWholeDaysOverAChangeOfClocks(t *testing.T) {
	for day, want := range map[string]string{"2026-03-29": "Sunday 29 March", "2026-10-25": "Sunday 25 October", "2026-03-30": "Monday 30 March"} {
		for n, more := range map[int]string{1: "", 2: " – "} {
			s, _ := lunchStage(t, func(up *setUp, ev *event.Event) {
				*ev = *circle(up)
				ev.Start, _ = time.ParseInLocation(time.DateOnly, day, loadZone(t, "Europe/Berlin"))
				ev.Length, ev.AllDay, ev.Invite = time.Duration(n)*24*time.Hour, true, 300*24*time.Hour
			})
			s.advance("2026-02-12 10:00")
			got := flat(s.last(member(1), "invitation"))
			if line, _, _ := strings.Cut(got, " https"); !strings.Contains(line, want+more) || strings.Contains(line, " – ") != (n == 2) {
				t.Errorf("%d days from %s are %q", n, day, line)
			}
		}
	}
}

// Of a series of whole days a date that is moved, or is one more, is told of as a day.
func TestWholeDaysThatAreMoved(t *testing.T) {
	berlin := loadZone(t, "Europe/Berlin")
	s, ev := lunchStage(t, func(up *setUp, ev *event.Event) {
		*ev = *circle(up)
		ev.Start = time.Date(2026, 3, 13, 0, 0, 0, 0, berlin)
		ev.Length, ev.AllDay, ev.Rule, ev.Invite = 24*time.Hour, true, "FREQ=WEEKLY;COUNT=5", 60*24*time.Hour
	})
	s.advance("2026-02-12 10:00")
	e := *ev
	e.Changed = []event.Instance{{Of: e.Start.AddDate(0, 0, 7), Start: e.Start.AddDate(0, 0, 8)}}
	e.Extra = []time.Time{e.Start.AddDate(0, 0, 3)}
	s.reconfigure(&e)
	s.advance("2026-02-13 10:00")
	for n, want := range map[int][]string{1: {"Friday 20 March: it takes place on Saturday 21 March instead", "Monday 16 March: one more date"},
		2: {"il a lieu le samedi 21 mars à la place", "Lundi 16 mars : une date de plus"}, 3: {"es el sábado 21 de marzo en su lugar", "Lunes 16 de marzo: una fecha más"}} {
		got := flat(s.last(member(n), "invitation"))
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%q is not in %s", w, got)
			}
		}
	}
}
