package digest

import (
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/list/event"
)

// circle is a meeting of the stage's list, on 24 March at 15:00 in Nairobi.
func circle(s *setUp) *event.Event {
	zone := s.Discussion.Calendar.Location
	return &event.Event{ID: "circle", List: stageList, Title: event.Texts{"": "Reading circle", "fr": "Cercle de lecture"}, Format: event.Meeting, Where: "https://meet.example.org/circle",
		Start: time.Date(2026, 3, 24, 15, 0, 0, 0, zone), Length: time.Hour, Invite: 14 * 24 * time.Hour, Reminders: []time.Duration{24 * time.Hour, time.Hour}}
}

// objectOf is the calendar object of a mail, as a program reads it.
func objectOf(t *testing.T, m sentMail) *event.Object {
	t.Helper()
	for _, p := range m.message().Parts() {
		if p.Media == "text/calendar" {
			o, err := event.Read([]byte(p.Markup(1<<20)), time.UTC)
			if err != nil {
				t.Fatalf("%v in\n%s", err, p.Markup(1<<20))
			}
			return o
		}
	}
	t.Fatalf("there is no calendar object in\n%s", m.Raw)
	return nil
}

// kindsTo are the kinds and subjects of what somebody got of events, with the time, a line each.
func (s *stage) kindsTo(address string, kinds ...string) string {
	var lines []string
	for _, m := range s.mails(address, "") {
		for _, kind := range kinds {
			if m.Kind == kind {
				lines = append(lines, m.At.In(s.zone).Format("02 Jan 15:04 ")+m.Kind+": "+m.Subject)
			}
		}
	}
	return strings.Join(lines, "\n")
}

// An event of the config: everybody is invited once, each with their own line, who said yes or maybe is reminded, a change is told, and who joins hears of it.
func TestEventInvites(t *testing.T) {
	var ev *event.Event
	s := newStage(t, func(up *setUp) {
		up.Discussion.Event = nil
		up.Discussion.Start = up.Discussion.Start.AddDays(200)
		ev = circle(up)
		up.Programme.Events = []*event.Event{ev}
	})
	s.advance("2026-03-10 14:59")
	if got := s.mails("", "invitation"); len(got) != 0 {
		t.Fatalf("%d were invited before it was time", len(got))
	}
	s.advance("2026-03-10 15:01")
	if got := s.mails("", "invitation"); len(got) != 14 {
		t.Fatalf("%d were invited:\n%s", len(got), s.outline())
	}
	m := s.last(member(2), "invitation")
	o := objectOf(t, m)
	item := o.Items[0]
	if o.Method != event.Request || len(item.Guests) != 1 || item.Guests[0].Address != member(2) || item.Event.Organiser.Address != "peers+events@lists.example.org" || !item.Event.Start.Equal(ev.Start) {
		t.Errorf("the invitation is %+v", item)
	}
	if from := m.message().Get("From"); !strings.Contains(from, "peers+events@") {
		t.Errorf("the invitation is from %s", from)
	}
	if !strings.Contains(m.Subject, "Cercle de lecture") || !strings.HasPrefix(m.replyTo(), "peers+rsvp-") {
		t.Errorf("the invitation is %q, answered to %s", m.Subject, m.replyTo())
	}
	s.say(m, member(2), "Oui, avec plaisir")
	s.say(s.last(member(1), "invitation"), member(1), "maybe")
	s.say(s.last(member(3), "invitation"), member(3), "no, gracias")
	if _, err := s.answer(s.last(member(4), "invitation"), member(5), "yes"); err == nil {
		t.Error("an answer of somebody else counted")
	}
	s.advance("2026-03-12 10:00")
	moved := *ev
	moved.Start = moved.Start.Add(24 * time.Hour)
	p := *s.editor.programme.Load()
	p.Events = []*event.Event{&moved}
	s.editor.Configure(&p)
	s.tick()
	m = s.last(member(2), "invitation")
	if o := objectOf(t, m); o.Items[0].Event.Sequence != 1 || !o.Items[0].Event.Start.Equal(moved.Start) || !strings.HasPrefix(m.Subject, "Modifié") {
		t.Errorf("the change is %q: %+v", m.Subject, o.Items[0].Event)
	}
	if err := s.AddMembers(stageList, []list.Member{{Address: "late@example.org", Name: "Late"}}); err != nil {
		t.Fatal(err)
	}
	s.advance("2026-03-13 09:01")
	if o := objectOf(t, s.last("late@example.org", "invitation")); o.Items[0].Event.Sequence != 1 {
		t.Errorf("who joined got %+v", o.Items[0].Event)
	}
	s.advance("2026-03-26 12:00")
	for who, want := range map[string]string{
		member(2): "10 Mar 15:00 invitation: Invitation : Cercle de lecture, mardi 24 mars, 15 h 00\n12 Mar 10:00 invitation: Modifié : Cercle de lecture, mercredi 25 mars, 15 h 00\n" +
			"24 Mar 15:00 event_reminder: Mercredi 25 mars, 15 h 00 Nairobi : Cercle de lecture\n25 Mar 14:00 event_reminder: Aujourd’hui, 15 h 00 Nairobi : Cercle de lecture",
		member(3): "10 Mar 15:00 invitation: Invitación: Reading circle, martes 24 de marzo, 15:00\n12 Mar 10:00 invitation: Cambio: Reading circle, miércoles 25 de marzo, 15:00",
	} {
		if got := s.kindsTo(who, "invitation", "event_reminder"); got != want {
			t.Errorf("%s got\n%s\nwant\n%s", who, got, want)
		}
	}
	if got := s.kindsTo(member(1), "event_reminder"); strings.Count(got, "\n") != 1 {
		t.Errorf("who said maybe got %s", got)
	}
}
