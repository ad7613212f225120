package digest

import (
	"strings"
	"testing"
	"time"

	"convene/list/event"
)

// Who presents has a place on their own date, however full it is: whether they said so before they said yes, or while they waited.
func TestPresentersHaveAPlace(t *testing.T) {
	s, _ := lunchStage(t, func(_ *setUp, ev *event.Event) { ev.Places = 1 }) // member 2 presents on 24 March
	s.advance("2026-03-10 13:00")
	for _, n := range []int{1, 2, 4} {
		s.set(s.time().Add(time.Minute))
		s.say(s.last(member(n), "invitation"), member(n), map[bool]string{true: "oui 2026-03-24", false: "yes"}[n == 2])
	}
	if m := s.last(member(2), "notice"); !strings.HasPrefix(m.Subject, "Vous venez") {
		t.Errorf("who presents is told %q", m.Subject)
	}
	if err := s.mailTo(member(4), "events", "present 2026-04-07", ""); err != nil {
		t.Fatal(err)
	}
	waits := map[string]bool{}
	for key, at := range s.register("lunch").Guests[member(4)].Waits {
		waits[key[:8]] = !at.IsZero()
	}
	g := s.register("lunch").Guests[member(4)]
	if g.Waiting.IsZero() || g.Dates["20260407T090000Z"] != "yes" || waits["20260407"] {
		t.Errorf("who offered to present while they waited has %+v", g)
	}
}
