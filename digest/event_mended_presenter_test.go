package digest

import (
	"strings"
	"testing"
)

// A member names who presents: the moderators read whose address that is, and only who is on the list is reminded.
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
			s.advance("2026-02-27 12:00")
			if got := len(s.mails(c.address, "event_reminder")); got != c.reminders {
				t.Errorf("they get %d reminders, want %d:\n%s", got, c.reminders, s.outline())
			}
		})
	}
}
