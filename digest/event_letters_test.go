package digest

import (
	"slices"
	"strings"
	"testing"

	"convene/list"
)

// lettersTo are the mails that somebody got of their table by mail, the questions aside.
func (s *stage) lettersTo(n int) (all []sentMail) {
	for _, m := range s.mails(member(n), "notice") {
		if slices.ContainsFunc([]string{"From your table by mail", "The last from your table", "De votre table", "Derniers mots de", "De su mesa", "Lo último de su"}, func(p string) bool {
			return strings.HasPrefix(m.Subject, p)
		}) {
			all = append(all, m)
		}
	}
	return all
}

// withLetters has people 9 to 11 at the table by mail, which has begun, and 1 to 6 at tables.
func withLetters(t *testing.T) *stage {
	t.Helper()
	s := newStage(t, withCafe(12, nil))
	s.advance("2026-03-03 15:01")
	s.rsvp("yes", upTo(6)...)
	s.rsvp("mail", 9, 10, 11)
	s.advance("2026-03-17 15:01")
	return s
}

// TestLetters: who takes part by mail reads once a day what the others of that table wrote, by name and never their own, without an address, and nothing when nobody wrote.
func TestLetters(t *testing.T) {
	s := withLetters(t)
	questions := s.begins(member(10), "The table by mail")
	saysAll(t, "the questions", questions.flat(), memberName(9), memberName(11), "with your name", "Not this time? Answer no.")
	before := len(s.mails("", ""))
	s.say(questions, member(10), "A phone call made them talk.\nWrite to "+questions.replyTo()+" about it.")
	s.say(s.begins(member(11), "La table par courriel"), member(11), "La radio d’abord.")
	if heard := s.last(member(10), "notice"); !strings.Contains(heard.flat(), "The others at your table read it in their next mail") {
		t.Errorf("who wrote is told\n%s", heard.text())
	}
	if got := len(s.mails("", "")) - before; got != 2 {
		t.Errorf("%d mails went out upon two answers", got)
	}
	s.advance("2026-03-18 14:59")
	if got := len(s.lettersTo(9)) + len(s.lettersTo(10)); got != 0 {
		t.Errorf("%d were sent on before the day was over", got)
	}
	s.advance("2026-03-18 16:00")
	first := s.lettersTo(9)
	if len(first) != 1 || len(s.lettersTo(10)) != 1 || len(s.lettersTo(11)) != 1 || len(s.lettersTo(1)) != 0 {
		t.Fatalf("after a day it stands like this:\n%s", s.outline())
	}
	saysAll(t, "the first letters", first[0].flat(), memberName(10)+":", "A phone call made them talk.", memberName(11)+":", "La radio d’abord.", "hasta el jueves 19 de marzo, 15:00")
	if text := string(first[0].Raw); strings.Contains(text, member(10)) || strings.Contains(text, strings.SplitN(questions.replyTo(), "@", 2)[0]) {
		t.Errorf("they have an address of the writer's, or the way in of theirs:\n%s", text)
	}
	if text := s.lettersTo(10)[0].flat(); strings.Contains(text, "A phone call") || !strings.Contains(text, "La radio") {
		t.Errorf("who wrote reads\n%s", text)
	}
	s.say(s.last(member(12), "invitation"), member(12), "correo")
	s.say(first[0], member(9), "Y yo digo: paciencia.")
	s.advance("2026-03-19 16:00")
	if got := s.lettersTo(9); len(got) != 1 {
		t.Errorf("who has read all got %d", len(got))
	}
	last := s.lettersTo(10)
	if len(last) != 2 || strings.Contains(last[1].flat(), "La radio") {
		t.Fatalf("there are %d, or what was read is there again:\n%s", len(last), s.outline())
	}
	saysAll(t, "the last letters", last[1].flat(), "is closed", memberName(9)+":", "paciencia")
	late := s.lettersTo(12)
	if len(late) != 1 {
		t.Fatalf("who came late got %d", len(late))
	}
	saysAll(t, "what who came late reads", late[0].flat(), "A phone call", "La radio", "paciencia")
	s.advance("2026-03-25 16:00")
	if got := len(s.lettersTo(9)) + len(s.lettersTo(10)) + len(s.lettersTo(11)) + len(s.lettersTo(12)); got != 6 {
		t.Errorf("%d went out in all", got)
	}
	s.say(last[1], member(10), "One word more.")
	if m := s.last(amina, ""); !strings.Contains(m.text(), "One word more.") {
		t.Errorf("what comes when it is closed went nowhere:\n%s", m.text())
	}
}

// TestLettersKept: what the list would hold, what a machine sends, and what somebody writes who may not, goes to nobody at the table.
func TestLettersKept(t *testing.T) {
	s := withLetters(t)
	s.changeMember(member(11), func(m *list.Member) { m.Moderated = true })
	ask := map[int]sentMail{9: s.begins(member(9), "La mesa por correo"), 10: s.begins(member(10), "The table by mail"), 11: s.begins(member(11), "La table par courriel")}
	s.say(ask[11], member(11), "Achetez mes montres.")
	if text := s.last(member(11), "notice").flat(); !strings.Contains(text, "C’est gardé") {
		t.Errorf("who is moderated is told\n%s", text)
	}
	if _, err := s.answer(ask[10], member(9), "I say this as somebody else."); err == nil {
		t.Error("an answer of somebody else is taken")
	}
	away := rawMail("Away", member(10), "I am away until Monday.", "To: "+ask[10].replyTo(), "Subject: Re: "+ask[10].Subject, "Message-ID: <away@example.org>", "Auto-Submitted: auto-replied")
	if _, err := s.hand(member(10), ask[10].replyTo(), away); err != nil {
		t.Fatal(err)
	}
	s.say(ask[9], member(9), "No, gracias")
	if text := s.last(member(9), "notice").flat(); !strings.Contains(text, "Ya no está en la mesa por correo") {
		t.Errorf("who leaves the table is told\n%s", text)
	}
	s.advance("2026-03-18 16:00")
	for _, n := range []int{9, 10, 11} {
		if got := s.lettersTo(n); len(got) != 0 {
			t.Errorf("member %d got\n%s", n, got[0].text())
		}
	}
	s.say(s.last(member(9), "notice"), member(9), "Vuelvo, y digo: radio.")
	s.say(ask[10], member(10), strings.Repeat("Many words, and no end of them. ", 200))
	s.advance("2026-03-19 16:00")
	if got := s.lettersTo(10); len(got) != 1 || !strings.Contains(got[0].flat(), "radio") || strings.Contains(got[0].flat(), "montres") {
		t.Errorf("the others read %d", len(got))
	}
	if got := s.lettersTo(9); len(got) != 1 || len(strings.Fields(got[0].text())) > 700 || !strings.Contains(got[0].text(), "…") {
		t.Errorf("who came back reads %d", len(got))
	}
	if all := s.notesOf(); len(all) != 3 {
		t.Errorf("kept are %+v", all)
	}
}
