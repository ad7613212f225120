package digest

import (
	"strings"
	"testing"

	"convene/list/event"
)

// Who gets what fits no verb is said by name, or by what they are here: their address is not for others.
func TestPassedOnToSomebodyWithoutAName(t *testing.T) {
	s := newStage(t, func(up *setUp) {
		alone(up)
		up.Programme.Events = []*event.Event{circle(up)}
	})
	s.advance("2026-03-11 10:00")
	for n, want := range map[int]string{1: "a person who looks after this list", 2: "une personne qui s’occupe de cette liste", 3: "una persona que lleva esta lista"} {
		s.say(s.last(member(n), "invitation"), member(n), "Is there a ramp for my chair at the door, and who has the key?")
		if text := flat(s.last(member(n), "notice")); !strings.Contains(text, want) || strings.Contains(text, amina) {
			t.Errorf("member %d is told\n%s", n, text)
		}
	}
}
