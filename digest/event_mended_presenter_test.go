package digest

import (
	"strings"
	"testing"
	"time"

	"convene/list/event"
)

// A member names who presents: the moderators read whose address that is, only who is on the list is asked, and reminded where they agree.
func TestEventPresenterIsOnTheList(t *testing.T) {
	for name, c := range map[string]struct {
		address   string
		reminders int
	}{
		"a stranger":                      {"victim@elsewhere.example", 0},
		"a member":                        {member(4), 2},
		"who facilitates, and is no more": {luis, 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, alone)
			if _, err := s.mail(member(1), eventsAddress, "x", "Title: Talk\nWhen: 2026-02-26 15:00\nWhere: here\nFormat: lunch_and_learn\nPresenter: Ann Ng <"+c.address+">"); err != nil {
				t.Fatal(err)
			}
			d := s.last(amina, "draft")
			if !strings.Contains(d.flat(), "Ann Ng ("+c.address+")") {
				t.Errorf("the moderator reads\n%s", d.text())
			}
			s.say(d, amina, "approve")
			if c.reminders > 0 {
				m := s.last(c.address, "notice")
				if !strings.HasPrefix(m.Subject, "Would you present on Thursday 26 February?") {
					t.Errorf("they are asked %q:\n%s", m.Subject, m.text())
				}
				s.say(m, c.address, "yes")
			}
			s.advance("2026-02-27 12:00")
			if got := len(s.mails(c.address, "event_reminder")); got != c.reminders {
				t.Errorf("they get %d reminders, want %d:\n%s", got, c.reminders, s.outline())
			}
		})
	}
}

// Who is named by somebody else, and says no or nothing, is not reminded; after a no the event is without them, and who offers it and whoever was invited hear so.
func TestEventPresenterIsAsked(t *testing.T) {
	for name, c := range map[string]struct {
		says, repeat string
		reminders    int
		with         bool // the event is
	}{
		"yes":                  {"yes", "", 2, true},
		"nothing":              {"", "", 0, true},
		"no":                   {"no, sorry", "", 0, false},
		"yes, to a series":     {"yes", "\nRepeat: FREQ=WEEKLY;COUNT=2", 2, true},
		"nothing, to a series": {"", "\nRepeat: FREQ=WEEKLY;COUNT=2", 0, true},
		"no, to a series":      {"no", "\nRepeat: FREQ=WEEKLY;COUNT=2", 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, alone)
			if _, err := s.mail(member(1), eventsAddress, "x", "Title: Talk\nWhen: 2026-02-26 15:00\nFormat: lunch_and_learn\nPresenter: Ann Ng <"+member(4)+">"+c.repeat); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(s.kindsTo(member(4), "notice"), "Would you present") {
				t.Error("they are asked before anybody approved it")
			}
			s.say(s.last(amina, "draft"), amina, "approve")
			asked := s.last(member(4), "notice")
			if c.says != "" {
				s.say(asked, member(4), c.says)
			}
			s.advance("2026-02-12 12:00")
			if got := strings.Count(s.kindsTo(member(4), "notice"), "Would you present"); got != 1 {
				t.Errorf("they are asked %d times", got)
			}
			if got := strings.Contains(s.kindsTo(member(1), "notice"), "is free again"); got == c.with {
				t.Errorf("who offers it reads\n%s", s.kindsTo(member(1), "notice"))
			}
			if _, err := s.mail(member(2), eventsAddress, "events", ""); err != nil {
				t.Fatal(err)
			}
			if got := s.last(member(2), "notice").flat(); strings.Contains(got, "Ann Ng") != c.with {
				t.Errorf("members read\n%s", got)
			}
			s.advance("2026-02-27 12:00")
			if got := len(s.mails(member(4), "event_reminder")); got != c.reminders {
				t.Errorf("they get %d reminders, want %d:\n%s", got, c.reminders, s.kindsTo(member(4), "event_reminder"))
			}
		})
	}
}

// Who presents and said that they come is reminded by one mail a day before, which has the link to it; on the day itself like everybody.
func TestLunchPresenterIsRemindedOnce(t *testing.T) {
	s, _ := lunchStage(t, func(_ *setUp, ev *event.Event) {
		ev.Where, ev.About = "", event.Texts{"": "Join: https://meet.example.org/lunch"}
		ev.Reminders = []time.Duration{24 * time.Hour, time.Hour}
	})
	s.advance("2026-03-10 13:00")
	for _, n := range []int{1, 2} {
		s.say(s.last(member(n), "invitation"), member(n), "yes")
	}
	s.advance("2026-03-24 12:30")
	if got := s.kindsTo(member(2), "event_reminder"); strings.Count(got, "23 Mar 12:00") != 1 || !strings.Contains(got, "23 Mar 12:00 event_reminder: Vous présentez demain") || strings.Count(got, "24 Mar 11:00") != 1 {
		t.Errorf("who presents was reminded\n%s", got)
	}
	if got := s.kindsTo(member(1), "event_reminder"); strings.Count(got, "23 Mar 12:00") != 1 || strings.Count(got, "24 Mar 11:00") != 1 {
		t.Errorf("who comes was reminded\n%s", got)
	}
	for _, m := range s.mails(member(2), "event_reminder") {
		if strings.Contains(m.Subject, "présentez") && !strings.Contains(m.text(), "https://meet.example.org/lunch") {
			t.Errorf("the link is not in\n%s", m.text())
		}
	}
}
