package digest

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"convene/digest/letter"
)

// thanksLine is what thanks hosts and note takers by name.
var thanksLine = regexp.MustCompile(`Thank you for hosting: [^.]*\. Thank you for taking notes: [^.]*\.`)

// withDiscussion has the café at the end of its discussion, which nobody drafts for but behind the event.
func withDiscussion(up *setUp) {
	up.Now, up.Members = "2026-03-07 07:00", 10
	up.Discussion.Event.Rounds, up.Discussion.Event.Invite = 3, 14*24*time.Hour
}

// TestNotesFeedTheSummary: what note takers wrote stands in the drafts of what follows an event, in what goes out, and in the paper, without their names; and it waits
// for the facilitator's own words.
func TestNotesFeedTheSummary(t *testing.T) {
	s := newStage(t, withDiscussion)
	s.advance("2026-03-10 09:00")
	s.rsvp("yes", upTo(9)...)
	s.rsvp("mail", 10)
	s.advance("2026-03-17 16:31")
	if got := s.course().Mailed["2026-03-16"][member(1)]; got != 1 {
		t.Errorf("their tables count as %d mails of the day", got)
	}
	var takers []sentMail
	for _, m := range s.mails("", "notice") {
		if m.At.Equal(s.clock("2026-03-17 16:30")) {
			takers = append(takers, m)
		}
	}
	if len(takers) < 3 {
		t.Fatalf("%d were asked for notes:\n%s", len(takers), s.outline())
	}
	s.say(takers[0], takers[0].To, "A phone call made the quiet ones talk.")
	s.say(s.last(member(10), "notice"), member(10), "By mail I say: patience.")
	s.advance("2026-03-19 09:30")
	draft := s.last(luis, "draft")
	saysAll(t, "the draft of what is left of it", draft.text(), "In short, for whoever cannot open any of it", "A phone call made the quiet ones talk.", "patience")
	s.say(takers[1], takers[1].To, "Radio first, then the phone.")
	s.advance("2026-03-19 12:00")
	if _, err := s.editor.Preview("remote", s.numberOf("event_content"), "", s.time()); !errors.Is(err, letter.ErrUnwritten) {
		t.Errorf("without a text of the facilitator's there is a mail: %v", err)
	}
	s.say(draft, luis, "edit\nThe recording is at https://meet.example.org/r/1. Thank you all.")
	s.say(s.last(luis, "draft_answer"), luis, "now")
	content := s.last(member(1), "event_content")
	saysAll(t, "what is left of it", content.text(), "The recording is at", "A phone call made", "Radio first, then the phone.")
	s.advance("2026-03-23 15:30")
	draft = s.last(luis, "draft")
	if !strings.Contains(draft.Subject, "Summary") {
		t.Fatalf("the draft is %q", draft.Subject)
	}
	s.say(takers[2], takers[2].To, "Late, but here: nobody pays for credit.")
	s.say(draft, luis, "edit\nWe met, and it was good.")
	answer := s.last(luis, "draft_answer")
	saysAll(t, "the answer to the draft", answer.text(), "We met, and it was good.", "nobody pays for credit")
	s.say(answer, luis, "send")
	s.advance("2026-03-23 16:00")
	s.say(takers[0], takers[0].To, "This is too late for the summary.")
	s.advance("2026-03-24 09:30")
	summary := s.last(member(1), "event_summary")
	saysAll(t, "the summary", summary.text(), "We met, and it was good.", "From the notes", "Radio first, then the phone.", "nobody pays for credit", "By mail I say: patience.")
	paper, err := s.editor.Synthesis("remote", "", false, s.time())
	if err != nil {
		t.Fatal(err)
	}
	saysAll(t, "the paper", paper.Text, "By mail > By mail I say: patience.", "This is too late for the summary.")
	unnamed := thanksLine.ReplaceAllString(summary.flat(), "")
	if unnamed == summary.flat() {
		t.Errorf("nobody is thanked in\n%s", summary.text())
	}
	for _, text := range []string{content.text(), unnamed, paper.Text} {
		for _, m := range takers[:3] {
			if name := s.nameOf(m.To); strings.Contains(text, name) {
				t.Errorf("%s is named in\n%s", name, text)
			}
		}
		if text != paper.Text && strings.Contains(text, "too late for the summary") {
			t.Errorf("what no draft showed went out:\n%s", text)
		}
	}
}

// numberOf is the number of a planned mail.
func (s *stage) numberOf(kind string) int {
	s.t.Helper()
	a, err := s.affair()
	if err != nil {
		s.t.Fatal(err)
	}
	for _, row := range a.rows {
		if string(row.Kind) == kind {
			return row.N
		}
	}
	s.t.Fatalf("there is no %s", kind)
	return 0
}
