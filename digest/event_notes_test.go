package digest

import (
	"slices"
	"strings"
	"testing"

	"convene/digest/calendar"
	"convene/list"
)

// notesOf are what was written of the café, as it is told.
func (s *stage) notesOf() (all []calendar.TableNotes) {
	s.t.Helper()
	err := s.Store.View(func(r list.Reader) (err error) {
		all, err = s.editor.calendar.Notes(r, s.list, "cafe-1")
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

// subjects are who got mail whose subject begins with one of these.
func (s *stage) subjects(prefixes ...string) (all []string) {
	for _, m := range s.mails("", "") {
		if slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(m.Subject, p) }) {
			all = append(all, m.To)
		}
	}
	return all
}

// TestNotes asks who took notes for them, once, keeps what they and those at the table by mail write, and nothing of what they quote or sign with.
func TestNotes(t *testing.T) {
	s := newStage(t, withCafe(12, nil))
	s.advance("2026-03-03 15:01")
	s.rsvp("yes", upTo(10)...)
	s.rsvp("mail", 11)
	s.rsvp("yes", 12)
	s.advance("2026-03-16 19:00")
	s.say(s.last(member(12), "tables"), member(12), "mail")
	s.advance("2026-03-17 14:59")
	if reminded := len(s.mails("", "event_reminder")); reminded != 10 {
		t.Errorf("%d were reminded, and two take part by mail", reminded)
	}
	s.advance("2026-03-17 15:20")
	if got := s.subjects("The table by mail", "La table par courriel", "La mesa por correo"); !slices.Equal(got, []string{member(11), member(12)}) {
		t.Fatalf("the questions went to %v", got)
	}
	s.say(s.last(member(1), "tables"), member(1), "mail") // their line failed
	questions := s.last(member(1), "notice")
	if !strings.HasPrefix(questions.Subject, "The table by mail, until Thursday: ") || !strings.Contains(questions.text(), "What worked?") || !strings.Contains(questions.flat(), "until Thursday 19 March, 15:00 Nairobi") {
		t.Errorf("the questions are %q\n%s", questions.Subject, questions.text())
	}
	s.advance("2026-03-17 16:31")
	takers := map[string]int{}
	for _, round := range s.seating().Rounds {
		for _, table := range round {
			takers[table.Notes]++
		}
	}
	once, twice := "", ""
	for n := range 12 {
		asked := strings.Count(s.kindsTo(member(n+1), "notice"), " 16:30 notice: ")
		if want := min(1, takers[member(n+1)]); n > 0 && asked != want {
			t.Errorf("%s took notes at %d tables, and was asked %d times", member(n+1), takers[member(n+1)], asked)
		}
		if takers[member(n+1)] == 1 {
			once = member(n + 1)
		} else if takers[member(n+1)] > 1 {
			twice = member(n + 1)
		}
	}
	if once == "" || twice == "" {
		t.Fatalf("nobody took notes once, or twice: %v", takers)
	}
	ask := s.last(once, "notice")
	s.say(ask, once, "They talked when the first one laughed.\nStill open: who pays.\n\n-- \nMy Name\nMy Ministry")
	s.say(ask, once, "They talked when the first one laughed.\nStill open: who pays.\n\n-- \nMy Name") // a mail program sends twice
	s.say(s.last(twice, "notice"), twice, "Both tables spoke of radio.")
	s.say(s.last(member(11), "notice"), member(11), "By letter, too.")
	if _, err := s.answer(ask, member(11), "I was not asked."); err == nil {
		t.Error("notes of somebody who was not asked are taken")
	}
	s.advance("2026-03-19 14:00")
	s.say(s.last(once, "notice"), once, "One more thing: they want to meet again.")
	s.say(questions, member(1), "It worked to call.")
	s.advance("2026-03-19 15:01")
	s.say(s.last(member(12), "notice"), member(12), "I am too late for the table by mail.")
	if m := s.last(amina, ""); !strings.Contains(m.text(), "I am too late for the table by mail.") {
		t.Errorf("who facilitates has %q", m.text())
	}
	var texts []string
	for _, n := range s.notesOf() {
		texts = append(texts, n.Text)
		if (n.By == once) != (n.Round > 0) || n.Mail != (n.By == member(11) || n.By == member(1)) {
			t.Errorf("the notes are %+v", n)
		}
	}
	want := []string{"They talked when the first one laughed.\nStill open: who pays.", "One more thing: they want to meet again.", "Both tables spoke of radio.", "By letter, too.", "It worked to call."}
	if !slices.Equal(texts, want) {
		t.Errorf("the notes are %q, not %q", texts, want)
	}
}

// TestNoNotes takes "no" for an answer, and asks nobody where there were no tables.
func TestNoNotes(t *testing.T) {
	s := newStage(t, withCafe(4, nil))
	s.advance("2026-03-03 15:01")
	s.rsvp("yes", 1, 4)
	s.advance("2026-03-17 16:31")
	asked := 0
	for _, n := range []int{1, 4} {
		if m := s.last(member(n), "notice"); strings.HasPrefix(m.Subject, "Your notes") {
			asked++
			s.say(m, member(n), "No, sorry")
			if got := s.last(member(n), "notice"); got.Subject != "Noted: World Café: what we learned" {
				t.Errorf("who has none is answered %q", got.Subject)
			}
		}
	}
	if notes := s.notesOf(); asked == 0 || len(notes) > 0 {
		t.Errorf("%d were asked, the notes are %v", asked, notes)
	}
}
