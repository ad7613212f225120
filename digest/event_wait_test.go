package digest

import (
	"fmt"
	"strings"
	"testing"
)

// Nobody decides: those who do are asked once more, and who mailed it is told when it is too late.
func TestSubmitNobodyDecides(t *testing.T) {
	s := newStage(t, alone)
	if _, err := s.mail(member(3), eventsAddress, "x", "Título: Círculo\nCuándo: 2026-02-14 15:00"); err != nil {
		t.Fatal(err)
	}
	s.advance("2026-02-11 08:59")
	if got := len(s.mails(amina, "draft")); got != 1 {
		t.Fatalf("the owner was asked %d times before the morning", got)
	}
	s.advance("2026-02-14 14:59")
	all := s.mails(amina, "draft")
	if len(all) != 2 || all[1].At.In(s.zone).Format("02 15:04") != "11 09:00" || !strings.Contains(all[1].flat(), "still waits for one of you") {
		t.Fatalf("the owner was asked %d times", len(all))
	}
	s.advance("2026-02-14 15:01")
	m := s.last(member(3), "notice")
	if m.Subject != "Nadie decidió a tiempo: Círculo" || !strings.Contains(m.flat(), "peers+facilitator@") {
		t.Errorf("who mailed it got %q\n%s", m.Subject, m.flat())
	}
	s.say(all[0], amina, "approve")
	if m := s.last(amina, "notice"); !strings.HasPrefix(m.Subject, "It is over") || len(s.mails("", "invitation")) != 0 {
		t.Errorf("who answered too late got %q\n%s", m.Subject, m.flat())
	}
	// One of ours is enough to tell a flood.
	for i := range 21 {
		_, err := s.mail(member(1), eventsAddress, "x", fmt.Sprintf("Title: Talk %d\nWhen: 2026-03-14 15:00", i))
		if i < 20 && err != nil || i == 20 && (err == nil || !strings.Contains(err.Error(), "20 events of yours wait")) {
			t.Fatalf("event %d: %v", i, err)
		}
	}
}
