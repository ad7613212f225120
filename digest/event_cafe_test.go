package digest

import (
	"strings"
	"testing"
)

// TestEventCafeAgain: a World Café that takes place again is not taken, and its sender told why.
func TestEventCafeAgain(t *testing.T) {
	s := newStage(t, alone)
	if _, err := s.mail(amina, eventsAddress, "x", "Title: Monthly cafe\nWhen: 2026-02-20 15:00-16:30\nWhere: here\nFormat: world_cafe\nRepeat: FREQ=WEEKLY;COUNT=3"); err != nil {
		t.Fatal(err)
	}
	if text := s.last(amina, "notice").flat(); !strings.Contains(text, "a World Café takes place once") {
		t.Errorf("she is told\n%s", text)
	}
	if got := s.mails("", "invitation"); len(got) != 0 {
		t.Errorf("%d were invited to it", len(got))
	}
}
