package digest

import (
	"strings"
	"testing"
)

// Events that members mailed and nobody decided on are in the morning note: new ones by name, the others in a line that is no reason for a note.
func TestMorningNoteHasProposedEvents(t *testing.T) {
	s := newStage(t, open)
	s.advance("2026-02-23 09:00")
	before := len(s.mails(luis, "morning_note"))
	propose := func(n int, title, when string) {
		t.Helper()
		if err := s.mailTo(member(n), "events", title, "Title: "+title+"\nWhen: "+when+"\nWhere: https://meet.example.org/"); err != nil {
			t.Fatal(err)
		}
	}
	propose(1, "Seed fair", "2026-03-25 15:00")
	s.advance("2026-02-24 09:00")
	note := s.last(luis, "morning_note")
	contains(t, "the note", note.Subject+"\n"+note.text(), []string{"1 event proposed", "Events that members propose", "“Seed fair”, Wednesday 25 March, 15:00", memberName(1) + ", since Monday 23 February", "Answer the mail about each with approve"})
	if got := len(s.mails(luis, "morning_note")) - before; got != 1 {
		t.Fatalf("%d notes", got)
	}
	s.advance("2026-02-25 07:00")
	propose(2, "Radio day", "2026-03-26 15:00")
	s.advance("2026-02-25 09:00")
	note = s.last(luis, "morning_note")
	contains(t, "the second note", flat(note), []string{"“Radio day”, Thursday 26 March", "Still waiting: “Seed fair”."})
	for _, m := range s.mails(luis, "draft") {
		if strings.Contains(m.Subject, "Seed fair") || strings.Contains(m.Subject, "Radio day") {
			s.say(m, luis, "approve")
		}
	}
	notes := len(s.mails(luis, "morning_note"))
	s.advance("2026-02-27 12:00")
	for _, m := range s.mails(luis, "morning_note")[notes:] {
		if strings.Contains(m.text(), "Events that members propose") {
			t.Errorf("behind the decision:\n%s", m.text())
		}
	}
}
