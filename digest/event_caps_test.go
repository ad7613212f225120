package digest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/digest/calendar"
	"convene/list/event"
)

// circles are events of one list, so far apart as step says.
func circles(up *setUp, n int, start time.Time, step time.Duration) {
	for i := range n {
		e := circle(up)
		e.ID = fmt.Sprint("circle-", i)
		if !start.IsZero() {
			e.Start = start
		}
		e.Start = e.Start.Add(time.Duration(i) * step)
		up.Programme.Events = append(up.Programme.Events, e)
	}
}

// days are when mails of some kinds came to the first member.
func (s *stage) days(kinds ...string) string {
	var all []string
	for _, line := range strings.Split(s.kindsTo(member(1), kinds...), "\n") {
		when, _, _ := strings.Cut(line, ":")
		if len(line) > 12 {
			when = line[:12]
		}
		all = append(all, when)
	}
	return strings.Join(all, ", ")
}

// The invitations to several events of a list go out on one day each, while there is time.
func TestEventInvitationsAreOneADay(t *testing.T) {
	s := newStage(t, func(up *setUp) { alone(up); circles(up, 5, time.Time{}, 0) })
	s.advance("2026-03-20 12:00")
	if got, want := s.days("invitation"), "10 Mar 15:00, 11 Mar 15:00, 12 Mar 15:00, 13 Mar 15:00, 14 Mar 15:00"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Where no more than a week is left before an event nothing waits.
func TestEventInvitationsOfAWeekGoAtOnce(t *testing.T) {
	s := newStage(t, func(up *setUp) {
		alone(up)
		up.Now = "2026-03-18 12:00"
		circles(up, 3, time.Time{}, 0)
	})
	s.advance("2026-03-18 12:01")
	if got := len(s.mails(member(1), "invitation")); got != 3 {
		t.Errorf("%d invitations:\n%s", got, s.kindsTo(member(1), "invitation"))
	}
}

// A round-up and an invitation do not come on one day.
func TestEventInvitationAndRoundupAreOnTwoDays(t *testing.T) {
	s := newStage(t, func(up *setUp) {
		alone(up)
		monday := time.Date(2026, 3, 23, 15, 0, 0, 0, up.Discussion.Calendar.Location)
		circles(up, 2, monday, -12*24*time.Hour)
		up.Programme.Roundups = map[string]calendar.Roundup{stageList: {Cron: "0 8 * * MON", EveryWeeks: 1, Ahead: 30 * 24 * time.Hour}}
	})
	s.advance("2026-03-13 12:00")
	seen := map[string]bool{}
	for _, m := range append(s.mails(member(1), "invitation"), s.mails(member(1), "roundup")...) {
		day := m.At.In(s.zone).Format(time.DateOnly)
		if seen[day] {
			t.Errorf("two mails on %s", day)
		}
		seen[day] = true
	}
	if t.Failed() || len(seen) < 3 {
		t.Error("\n" + s.kindsTo(member(1), "invitation", "roundup"))
	}
	if hours := s.kindsTo(member(1), "roundup"); !strings.Contains(hours, "08:00") {
		t.Error("the round-up does not keep its time of day:\n" + hours)
	}
}

// All who were invited read what has changed, also where they are too many for one wave.
func TestEventChangeIsToldToAllTheSame(t *testing.T) {
	var e *event.Event
	s := newStage(t, func(up *setUp) {
		alone(up)
		up.Members = 130
		e = circle(up)
		up.Programme.Events = []*event.Event{e}
	})
	s.advance("2026-03-11 12:00")
	moved := *e
	moved.Start = e.Start.Add(time.Hour)
	s.reconfigure(&moved)
	s.advance("2026-03-11 13:00")
	for _, n := range []int{1, 130} {
		if m := s.last(member(n), "invitation"); !strings.Contains(m.text(), "24 March, 15:00") || !strings.Contains(m.text(), "24 March, 16:00") {
			t.Errorf("member %d reads\n%s", n, m.text())
		}
	}
}
