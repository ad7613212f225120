package digest

import (
	"testing"

	"convene/digest/facts"
	"convene/digest/letter"
	"convene/list"
)

// open lets anybody join by a mail.
func open(up *setUp) {
	up.List.Join = list.JoinOpen
	up.List.NewMembersModeratedFor = 1
	up.List.Charter = list.Charter{Domain: "Learning over long distances", Community: "Practitioners in 40 countries", Practice: "One question at a time"}
}

// joins has somebody join by mail.
func (s *stage) joins(address, text string) {
	s.t.Helper()
	to := s.list.Word("subscribe")
	if _, err := s.hand(address, to, rawMail("Zawadi Omondi", address, text, "To: "+to, "Subject: hello", "Message-ID: <join."+s.id()+"@example.org>")); err != nil {
		s.t.Fatal(err)
	}
	s.tick()
}

func TestANewcomerGetsOneMail(t *testing.T) {
	s := newStage(t, open)
	s.advance("2026-02-16 09:00")
	s.joins("early@example.org", "")
	s.count("early@example.org", "newcomer", 0)
	contains(t, "the welcome before anything was announced", s.last("early@example.org", "").Subject, []string{"Welcome to Peer Learning"})

	s.advance("2026-02-23 09:00")
	s.joins("before@example.org", "")
	s.count("before@example.org", "newcomer", 1)
	contains(t, "before the kick-off", s.last("before@example.org", "newcomer").Subject+s.last("before@example.org", "newcomer").text(),
		[]string{"#remote begins on Monday 2 March", "The first question", "Think of a time"}, "To answer")

	s.advance("2026-03-02 09:00")
	s.advance("2026-03-06 12:00")
	s.remember("remote/weekly/1", &facts.Facts{Themes: []facts.Theme{{Phrase: "Call one person", People: 9}, {Phrase: "not this one", People: 3}, {Phrase: "the radio", People: 2}}},
		letter.Edits{Drop: []int{2}, Rename: map[int]string{3: "Radio helps"}})
	s.joins("zawadi@example.org", "")
	mail := s.last("zawadi@example.org", "newcomer")
	if got := len(s.mails("zawadi@example.org", "")); got != 1 {
		t.Errorf("they got %d mails:\n%s", got, s.outline())
	}
	contains(t, "the welcome", mail.Subject+"\n"+mail.text(), []string{"Welcome to Peer Learning; we are in week 1 of #remote", "Dear Zawadi Omondi,", "- Learning over long distances",
		"- One question at a time", "The question now", "Think of a time", "To answer, write to peers@lists.example.org with the subject “Re: Question 1: What had somebody just done? #remote”; it goes to everyone.", "“Call one person” (9 people)", "“Radio helps”", "Monday 9 March: the next questions",
		"World Café: what we learned: Tuesday 17 March, 15:00 Nairobi", "Your first message is read by a moderator first", "only to Luis Prieto", "peers+settings@"}, "not this one")
	if mail.replyTo() != s.list.Word("facilitator") {
		t.Errorf("a reply goes to %s", mail.replyTo())
	}
	if at, ok := s.course().Newcomers["zawadi@example.org"]; !ok || !at.Equal(mail.At) {
		t.Errorf("noted are %v", s.course().Newcomers)
	}
}

// TestANewcomerWhoAsksForMore holds that an answer to what else somebody asked for is not lost.
func TestANewcomerWhoAsksForMore(t *testing.T) {
	s := newStage(t, open)
	s.advance("2026-03-02 09:00")
	to := "peers-request@lists.example.org"
	if _, err := s.hand("z@example.org", to, rawMail("Zawadi", "z@example.org", "subscribe\nset language fr", "To: "+to, "Message-ID: <join@example.org>")); err != nil {
		t.Fatal(err)
	}
	s.tick()
	s.count("z@example.org", "newcomer", 0)
	contains(t, "the welcome", s.last("z@example.org", "").text(), []string{"set language fr"})
}

// remember sets what a summary that is out was written from.
func (s *stage) remember(key string, f *facts.Facts, edits letter.Edits) {
	s.t.Helper()
	err := s.editor.change(s.discussion.ID, func(_ list.Tx, a *affair) error {
		row := a.course.row(key)
		row.Facts, row.Edits, row.Plain, row.By = f, edits, false, luis
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
}
