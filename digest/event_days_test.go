package digest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/list/event"
)

// nightly is a stage with a series at night in Nairobi, on the evening before for member 1 in La Paz, who was just invited.
func nightly(t *testing.T, rule string, change func(*event.Event)) *stage {
	t.Helper()
	s, _ := lunchStage(t, func(up *setUp, ev *event.Event) {
		*ev = *circle(up)
		ev.Start = time.Date(2026, 3, 2, 2, 0, 0, 0, ev.Start.Location())
		ev.Rule = rule
		if change != nil {
			change(ev)
		}
	})
	s.changeMember(member(1), func(m *list.Member) { m.Timezone = "America/La_Paz" })
	s.advance("2026-02-20 10:00")
	return s
}

// The day that an invitation offers to answer with is the reader's, and so is the one that they write: the date that they read there is the one that is taken down.
func TestAnswerNamesTheReadersDay(t *testing.T) {
	for name, c := range map[string]struct {
		rule   string
		change func(*event.Event)
		from   int
		answer string
		want   string
	}{
		"the day that is offered":                          {"FREQ=WEEKLY;COUNT=6", nil, 1, "no 2026-03-01", "20260301T230000Z no"},
		"each day has a date":                              {"FREQ=DAILY;COUNT=6", nil, 1, "no 2026-03-03", "20260303T230000Z no"},
		"each day has a date, for who is in Nairobi":       {"FREQ=DAILY;COUNT=6", nil, 4, "no 2026-03-03", "20260302T230000Z no"},
		"the event's own day, where the reader's has none": {"FREQ=WEEKLY;COUNT=6", nil, 1, "no 2026-03-09", "20260308T230000Z no"},
		"a moved date, by the day to which it was moved": {"FREQ=WEEKLY;COUNT=6", func(e *event.Event) {
			e.Changed = []event.Instance{{Of: e.Start.AddDate(0, 0, 7), Start: e.Start.AddDate(0, 0, 9)}}
		}, 1, "no 2026-03-10", "20260308T230000Z no"},
		"a date that was taken off is no other one": {"FREQ=DAILY;COUNT=6", func(e *event.Event) { e.Except = []time.Time{e.Start.AddDate(0, 0, 3)} }, 1, "no 2026-03-04", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := nightly(t, c.rule, c.change)
			m := s.last(member(c.from), "invitation")
			if offered := map[int]string{1: "no 2026-03-01", 4: "no 2026-03-02"}[c.from]; !strings.Contains(m.text(), offered) {
				t.Errorf("there is no %q in\n%s", offered, m.text())
			}
			s.say(m, member(c.from), c.answer)
			got := strings.TrimSpace(strings.TrimPrefix(s.guestsOf(len(s.mails("", ""))), fmt.Sprintf("circle member%d", c.from)))
			if got != c.want {
				t.Errorf("%q is %q, want %q", c.answer, got, c.want)
			}
		})
	}
}

// Who answers a mail of before a series was moved means the date that was on that day.
func TestAnswerNamesADayOfBeforeAMove(t *testing.T) {
	berlin := loadZone(t, "Europe/Berlin")
	s, ev := lunchStage(t, func(up *setUp, ev *event.Event) {
		*ev = *circle(up)
		ev.Start, ev.Rule, ev.Invite = time.Date(2026, 3, 13, 23, 0, 0, 0, berlin), "FREQ=WEEKLY;COUNT=5", 60*24*time.Hour
	})
	s.advance("2026-02-12 10:00")
	old := s.last(member(4), "invitation")
	moved := *ev
	moved.Start = moved.Start.Add(-2 * time.Hour) // from Saturday to Friday, in Nairobi
	s.reconfigure(&moved)
	s.advance("2026-02-13 10:00")
	s.say(old, member(4), "no 2026-03-21")
	if got := s.guestsOf(len(s.mails("", ""))); got != "circle member4 20260320T200000Z no" {
		t.Errorf("there is %q", got)
	}
}

// What is said of presenting names the reader's day too, in both directions.
func TestPresentersNameTheReadersDay(t *testing.T) {
	s := nightly(t, "FREQ=WEEKLY;COUNT=6", func(e *event.Event) { e.Format = event.LunchAndLearn })
	if m := s.last(member(1), "invitation"); !strings.Contains(flat(m), "present 2026-03-01") {
		t.Errorf("the invitation offers\n%s", m.text())
	}
	if err := s.mailTo(member(1), "events", "present 2026-03-08", ""); err != nil {
		t.Fatal(err)
	}
	m := s.last(member(1), "notice")
	for range 2 { // it may be asked back first
		if strings.Contains(m.text(), "Sunday 8 March, 19:00") {
			break
		}
		s.say(m, member(1), "present 2026-03-08")
		m = s.last(member(1), "notice")
	}
	if !strings.Contains(m.text(), "Sunday 8 March, 19:00") || !strings.Contains(m.text(), "present 2026-03-08") {
		t.Errorf("what became of it is\n%s", m.text())
	}
}

func loadZone(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}
