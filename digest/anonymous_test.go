package digest

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"convene/list"
	"convene/list/message"
)

const anonymousWord = "peers+anonymous@lists.example.org"

// ask has somebody ask without their name.
func (s *stage) ask(from, text string) error {
	s.t.Helper()
	_, err := s.hand(from, anonymousWord, rawMail(s.nameOf(from), from, text, "Message-ID: <ask."+s.id()+"@example.org>", "Subject: From "+from))
	s.tick()
	return err
}

// TestAnonymousQuestion: the words alone reach who facilitates, and go out once, in nobody's name, in a topic of their own.
func TestAnonymousQuestion(t *testing.T) {
	s := newStage(t, func(up *setUp) { up.Now = "2026-03-03 10:00" })
	s.tick()
	if err := s.ask(member(1), "What does one do when the minister's own man is on the call?\n\nThank you,\nDede Mensah\nTamale, +233 24 555 0100"); err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{luis, noor} {
		m := s.last(who, "notice")
		saysAll(t, "what "+who+" gets", m.text(), "> What does one do when the minister's own man is on the call?", "does not want to be named")
		for _, word := range []string{"Dede", "Mensah", member(1), "555", "ask."} {
			if strings.Contains(string(m.Raw), word) {
				t.Errorf("%q is in what %s gets:\n%s", word, who, m.Raw)
			}
		}
	}
	if n := len(s.mails(member(1), "")); n > 0 {
		t.Errorf("the member got %d mails", n)
	}
	his, hers := s.last(luis, "notice"), s.last(noor, "notice")
	s.say(his, luis, "edit\nWhat does one do when somebody of the ministry is on the call?")
	saysAll(t, "the answer to edit", s.last(luis, "notice").text(), "These are its words now. It has not gone out.", "> What does one do when somebody of the ministry is on the call?")
	s.say(his, luis, "Post, please.")
	post := s.last(member(1), "message")
	if post.Subject != "[peers] A member asks: What does one do when somebody… #remote" || len(s.mails("", "message")) != 14 {
		t.Errorf("%q went out %d times", post.Subject, len(s.mails("", "message")))
	}
	saysAll(t, "the post", post.text(), "A member asks, and would rather not be named:", "> What does one do when somebody of the ministry is on the call?", "Your reply goes to everyone")
	if from := post.message().Mailboxes("From")[0]; from.Name != "A member asks via Peer Learning" || from.Addr != stageList {
		t.Errorf("it is from %v", from)
	}
	if fr := s.last(member(2), "message"); !strings.Contains(fr.text(), "Un membre demande") {
		t.Errorf("in French it says\n%s", fr.text())
	}
	s.say(hers, noor, "post")
	saysAll(t, "the answer to a second word", s.last(noor, "notice").text(), "That was decided before")
	if n := len(s.mails("", "message")); n != 14 {
		t.Errorf("it went out again: %d copies", n)
	}
}

// TestAnonymousQuestionIsDropped, and what is no word of a facilitator's changes nothing.
func TestAnonymousQuestionIsDropped(t *testing.T) {
	s := newStage(t, func(up *setUp) { up.Now = "2026-01-03 10:00"; up.Discussion.Start.Year = 2027 })
	s.tick()
	if err := s.ask(member(1), "Who pays for this?"); err != nil {
		t.Fatal(err)
	}
	m := s.last(luis, "notice")
	s.say(m, luis, "Let me think about it.")
	saysAll(t, "the answer to other words", s.last(luis, "notice").text(), "I know post, edit and drop here")
	s.say(m, luis, "edit")
	saysAll(t, "the answer to no text", s.last(luis, "notice").text(), "I could not read the new words")
	s.say(m, luis, "drop")
	saysAll(t, "the answer", s.last(luis, "notice").text(), "It is dropped, and forgotten.")
	if n := len(s.mails("", "message")); n > 0 {
		t.Errorf("it went out to %d", n)
	}
	if _, err := s.answer(m, member(3), "post"); err == nil {
		t.Error("a member decided")
	}
}

// TestWhoAsksWithoutAName: members, in a mail that is theirs; what nothing proves is refused, and kept nowhere.
func TestWhoAsksWithoutAName(t *testing.T) {
	s := newStage(t, func(up *setUp) { up.Now = "2026-03-03 10:00" })
	s.tick()
	for name, c := range map[string]struct {
		from, text string
		auth       list.Result
		want       string
	}{
		"a stranger":          {"eve@evil.example", "Why?", list.Pass, "Only members ask"},
		"a member unproven":   {member(1), "Why?", list.None, "Nothing shows that this mail is a member's"},
		"a stranger unproven": {"eve@evil.example", "Why?", list.None, "Nothing shows that this mail is a member's"},
		"a forger":            {member(1), "Why?", list.Fail, "fails the DMARC check"},
		"nothing but a name":  {member(1), "\n\n-- \nDede", list.Pass, "There is no question"},
		"far too many words":  {member(1), strings.Repeat("why oh why\n", 1000) + "?", list.Pass, "at most 4000"},
	} {
		target, err := s.Route(anonymousWord)
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Receive(context.Background(), &list.Incoming{Raw: rawMail("Dede Mensah", c.from, c.text, "Message-ID: <"+s.id()+"@example.org>"), Targets: []list.Target{target},
			Envelope: list.Envelope{ID: s.id(), From: c.from, Received: s.time()},
			Auth:     func(context.Context, *message.Message) list.Authentication { return list.Authentication{DMARC: c.auth} }})
		if refusal, ok := errors.AsType[*list.Refusal](err); !ok || !strings.Contains(refusal.Text, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.tick()
	if n := len(s.mails(luis, "notice")); n > 0 {
		t.Errorf("%d of them reached the facilitator", n)
	}
}

// TestNothingNamesWhoAsked: not the log, no paper, no secret, no mail that went out.
func TestNothingNamesWhoAsked(t *testing.T) {
	var log bytes.Buffer
	s := newStage(t, func(up *setUp) { up.Now = "2026-03-03 10:00" })
	s.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s.editor.Log = s.Log
	s.tick()
	who := "zebedee.unmistakable@example.org"
	if err := s.AddMembers(stageList, []list.Member{{Address: who, Name: "Zebedee Unmistakable", Trusted: true}}); err != nil {
		t.Fatal(err)
	}
	log.Reset()
	before := len(s.mails("", ""))
	if err := s.ask(who, "Is it safe to say so here? I am Zebedee Unmistakable ("+who+").\n\nZebedee"); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(strings.ToLower(log.String()), "zebedee") || strings.Contains(log.String(), "ask.") {
		t.Errorf("the log says\n%s", log.String())
	}
	for _, m := range s.mails("", "")[before:] {
		if strings.Contains(strings.ToLower(m.To+string(m.Raw)), "zebedee") {
			t.Errorf("a mail to %s:\n%s", m.To, m.Raw)
		}
	}
	err := s.Store.View(func(r list.Reader) error {
		rec, err := r.List(stageList)
		if err != nil {
			return err
		}
		return errors.Join(r.Papers(rec.ID, "", func(name string, content []byte) error {
			if strings.Contains(strings.ToLower(name+string(content)), "zebedee") {
				t.Errorf("paper %s: %s", name, content)
			}
			return nil
		}), r.SecretsFor(rec.ID, list.ForDraft, func(sec list.Secret) error {
			if strings.Contains(strings.ToLower(string(sec.Data)+sec.Address), "zebedee") {
				t.Errorf("a secret: %+v", sec)
			}
			return nil
		}))
	})
	if err != nil {
		t.Fatal(err)
	}
	saysAll(t, "what the facilitator gets", s.last(luis, "notice").text(), "Is it safe to say so here? I am […] ([…]).")
}

func TestWithoutWriter(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"a greeting and a name":  {"Is it allowed?\n\nBest regards,\nDede", "Is it allowed?"},
		"an office and a number": {"Is it allowed?\nDede Mensah, Tamale\nTel. +233 24 555 0100\nhttps://dede.example", "Is it allowed?"},
		"a telephone's line":     {"Is it allowed?\nSent from my phone", "Is it allowed?"},
		"the name within":        {"My name is dede  mensah. Is it allowed?", "My name is […]. Is it allowed?"},
		"others stay":            {"Ask amina@example.org.\nIs it allowed?", "Ask amina@example.org.\nIs it allowed?"},
		"a last line that asks":  {"I am new.\nMay Dede ask?", "I am new.\nMay Dede ask?"},
		"only a line":            {"Thanks for what?", "Thanks for what?"},
		"nothing":                {"\n\n", ""},
	} {
		if got := withoutWriter(c.text, []string{"dede@example.org"}, "Dede Mensah"); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
