package digest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/list/event"
)

// TestRecord: what a member did comes to them alone, and to nobody who is none.
func TestRecord(t *testing.T) {
	s := newStage(t, func(up *setUp) { up.Now = "2026-03-03 10:00" })
	s.tick()
	s.post(member(1), "My group #remote", "They began to talk when the tea came.", "")
	s.post(member(1), "Bread", "How do you bake it?", "")
	s.post(member(4), "Mine #remote", "Ours sang first.", "")
	err := s.editor.change(s.discussion.ID, func(_ list.Tx, a *affair) error {
		a.course.Responders = map[string]*ResponderState{"remote/kickoff/1 " + member(1): {Said: "yes"}}
		a.course.Commitments = []Commitment{{Address: member(1), Text: "Serve tea first."}}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s.tick()
	record := func(from string) string {
		t.Helper()
		before := len(s.mails("", ""))
		if _, err := s.hand(from, "peers+record@lists.example.org", rawMail("", from, "", "Message-ID: <record."+s.id()+"@example.org>")); err != nil {
			t.Fatal(err)
		}
		s.tick()
		var text strings.Builder
		for _, m := range s.mails("", "")[before:] {
			if m.To != from {
				t.Errorf("a mail to %s: %s", m.To, m.Subject)
			}
			if strings.Contains(m.Subject, "record") || strings.Contains(m.Subject, "traces") {
				text.WriteString(m.text())
			}
		}
		return text.String()
	}
	text := record(member(1))
	saysAll(t, "the record", text, "It goes to you alone", "2 posts", "*Facilitating at a distance*, Monday 2 March – Friday 13 March 2026, 1 post of yours; you were one of those who answer first",
		`you said you would try: "Serve tea first."`, "My group #remote", "Bread")
	if strings.Contains(text, "Mine #remote") {
		t.Errorf("it has the posts of others:\n%s", text)
	}
	saysAll(t, "the record of who facilitates", record(luis), "You have not written yet", "you facilitated it", "You are a facilitator of this list")
	saysAll(t, "the record of one who only reads, in French", record(member(2)), "Lire, c’est participer.")
	if text := record("eve@evil.example"); text != "" {
		t.Errorf("a stranger got\n%s", text)
	}
}

// TestRecordOfEvents: what a member said yes to and has a place at, sat at, presents at or offered is in their record; what others did, and what is off, is not.
func TestRecordOfEvents(t *testing.T) {
	s := newStage(t, withCafe(8, func(up *setUp, e *event.Event) {
		l := lunch(up)
		l.Places = 1
		up.Programme.Events = append(up.Programme.Events, l)
	}))
	s.advance("2026-03-05 10:00")
	invited := func(n int, title string) sentMail {
		all := s.mails(member(n), "invitation")
		return all[slices.IndexFunc(all, func(m sentMail) bool { return strings.Contains(m.Subject, title) })]
	}
	for n := 1; n <= 6; n++ {
		s.say(invited(n, "World Café"), member(n), map[bool]string{true: "yes notes", false: "yes"}[n == 1])
	}
	s.say(invited(7, "World Café"), member(7), "no")
	s.advance("2026-03-12 13:00")
	s.set(s.time().Add(time.Minute))
	s.say(invited(1, "Lunch"), member(1), "yes 2026-03-31")
	s.say(invited(4, "Lunch"), member(4), "yes")
	s.say(invited(7, "Lunch"), member(7), "yes") // waits
	if err := s.mailTo(member(1), "events", "present 2026-04-07", ""); err != nil {
		t.Fatal(err)
	}
	s.advance("2026-04-02 13:00")
	record := func(n int) string {
		s.order(member(n), "record")
		return flat(s.last(member(n), "notice"))
	}
	for n, want := range map[int][]string{
		1: {"World Café: what we learned, Tuesday 17 March 2026; you said yes; you have a seat at the tables", "; you take notes", "Lunch and learn, Tuesday 31 March 2026; you said yes",
			"Lunch and learn, Tuesday 7 April 2026; you present"},
		2: {"World Café", "mardi 17 mars 2026 ; vous avez dit oui ; vous avez une place aux tables", "Lunch and learn, mardi 24 mars 2026 ; vous présentez"},
		3: {"World Café", "martes 17 de marzo de 2026; dijo que sí; tiene un sitio en las mesas"},
		4: {"Lunch and learn, Tuesday 7 April 2026; you said yes"},
	} {
		saysAll(t, "the record of "+member(n), record(n), want...)
	}
	if text := record(7); strings.Contains(text, "Café") || strings.Contains(text, "Lunch") {
		t.Errorf("who comes to nothing has\n%s", text)
	}
}
