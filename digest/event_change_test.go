package digest

import (
	"strings"
	"testing"

	"convene/list/event"
)

// A new config is looked at when it is there: what has changed is told at once, each change once, and who has answered is asked whether that holds.
func TestEventChanges(t *testing.T) {
	s := answering(t)
	for n := 1; n <= 3; n++ {
		s.say(s.circleOf(member(n)), member(n), "yes")
	}
	for len(s.editor.Changed()) > 0 {
		<-s.editor.Changed()
	}
	p := *s.editor.programme.Load()
	moved := *p.Events[0]
	moved.Title = event.Texts{"": "A reading circle at the well of the old school"}
	moved.Start, moved.Where = moved.Start.AddDate(0, 0, 1), "At the well"
	p.Events = append([]*event.Event{&moved}, p.Events[1:]...)
	s.editor.Configure(&p)
	select {
	case <-s.editor.Changed():
	default:
		t.Error("nobody looks at the new config")
	}
	s.tick()
	for n, want := range map[int][3]string{
		1: {"Changed: A reading circle at…, Wednesday 25 March, 15:00",
			"Something is new about this event: it takes place at another time, and no longer on Tuesday 24 March, 15:00; it takes place somewhere else; it has another title.",
			"You said yes before this change. If that still holds, there is nothing to do; if you cannot come now, answer no."},
		2: {"Modifié : A reading circle at…, mercredi 25 mars, 15 h 00",
			"Il y a du nouveau pour cet événement : il a lieu à un autre moment, et non plus le mardi 24 mars, 15 h 00 ; il a lieu ailleurs ; il a un autre titre.",
			"Vous avez dit oui avant ce changement. Si cela tient toujours, vous n’avez rien à faire ; si vous ne pouvez plus venir, répondez non."},
		3: {"Cambio: A reading circle at…, miércoles 25 de marzo, 15:00",
			"Hay novedades sobre este evento: es en otro momento, y ya no el martes 24 de marzo, 15:00; es en otro lugar; tiene otro título.",
			"Usted dijo que sí antes de este cambio. Si sigue en pie, no hace falta nada; si ya no puede venir, responda no."},
	} {
		m := s.last(member(n), "invitation")
		text := strings.Join(strings.Fields(m.text()), " ")
		if m.Subject != want[0] || !strings.Contains(text, want[1]) || !strings.Contains(text, want[2]) {
			t.Errorf("%q\n%s", m.Subject, text)
		}
	}
}
