package digest

import (
	"strings"
	"testing"
	"time"

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

// Where only the end of an event is another, that is what is said.
func TestEventEndsLater(t *testing.T) {
	e := &event.Event{}
	s := newStage(t, func(up *setUp) { alone(up); e = circle(up); up.Programme.Events = []*event.Event{e} })
	s.advance("2026-03-11 10:00")
	for _, c := range []struct {
		length time.Duration
		want   map[int]string
	}{
		{90 * time.Minute, map[int]string{1: "Something is new about this event: it ends at 16:30 instead of 16:00.", 2: "il se termine à 16 h 30 au lieu de 16 h 00.", 3: "termina a las 16:30 en vez de a las 16:00."}},
		{30 * time.Hour, map[int]string{1: "it ends on Wednesday 25 March, 21:00.", 2: "il se termine le mercredi 25 mars, 21 h 00.", 3: "termina el miércoles 25 de marzo, 21:00."}},
	} {
		next := *e
		next.Length = c.length
		s.reconfigure(&next)
		for n, want := range c.want {
			if m := s.last(member(n), "invitation"); !strings.Contains(m.flat(), want) {
				t.Errorf("a member reads of it\n%s", m.flat())
			}
		}
	}
}

// Who decides on such a change reads the same.
func TestSubmitAnotherEnd(t *testing.T) {
	s := newStage(t, alone)
	if _, err := s.mail(member(1), eventsAddress, "x", "Title: Talk\nWhen: 2026-02-20 15:00"); err != nil {
		t.Fatal(err)
	}
	s.say(s.last(amina, "draft"), amina, "approve")
	s.advance("2026-02-10 08:00")
	s.say(s.last(member(1), "notice"), member(1), "Minutes: 45")
	if m := s.last(amina, "draft"); !strings.Contains(m.flat(), "changes an event of the list: it would end at 15:45 instead of 16:00. Until one of you decides") {
		t.Errorf("who decides reads\n%s", m.flat())
	}
}
