package digest

import (
	"strings"
	"testing"
)

// Who mailed an event and has left the list is not told who comes to it, by itself or when they ask: who runs the list is.
func TestEventSubmitterWhoLeft(t *testing.T) {
	s := newStage(t, alone)
	if _, err := s.mail(member(1), eventsAddress, "x", "Title: Coffee hour\nWhen: 2026-02-20 15:00\nWhere: here"); err != nil {
		t.Fatal(err)
	}
	s.say(s.last(amina, "draft"), amina, "approve")
	s.say(s.last(member(4), "invitation"), member(4), "yes")
	if err := s.RemoveMembers(stageList, []string{member(1)}); err != nil {
		t.Fatal(err)
	}
	before := len(s.mails(member(1), ""))
	s.advance("2026-02-19 16:00")
	if _, err := s.mail(member(1), eventsAddress, "who coffee-hour.1", "who coffee-hour.1"); err == nil || !strings.Contains(err.Error(), "is for who is on the list") {
		t.Errorf("asked, they are told %v", err)
	}
	if got := s.mails(member(1), ""); len(got) != before {
		t.Errorf("they get %q:\n%s", got[len(got)-1].Subject, got[len(got)-1].text())
	}
	if m := s.last(luis, "notice"); !strings.Contains(m.Subject, "Coffee hour") {
		t.Errorf("who runs the list gets %q", m.Subject)
	}
}
