package digest

import (
	"strings"
	"testing"
)

// What an event is about keeps its paragraphs and lines, for who decides on it and for who is invited, in text and in HTML.
func TestEventKeepsParagraphs(t *testing.T) {
	s := newStage(t, alone)
	about := `We read the first two chapters\, and everybody brings one sentence that they would hang on the wall of their own classroom.\n\nBring:\n- a pen\n- paper\n\nPasscode: 12`
	if _, err := s.object(member(1), eventsAddress, "REQUEST", vevent("REQUEST", "UID:about@example.org", "DTSTAMP:20260210T040000Z", "DTSTART;TZID=Africa/Nairobi:20260220T150000", "DURATION:PT1H",
		"SUMMARY:Reading circle", "DESCRIPTION:"+about)); err != nil {
		t.Fatal(err)
	}
	draft := s.last(amina, "draft")
	s.say(draft, amina, "approve")
	for _, m := range []sentMail{draft, s.last(member(4), "invitation")} {
		if text := m.text(); !strings.Contains(text, "\nWe read the first two chapters, and everybody brings one sentence that\nthey would hang on the wall of their own classroom.\n\nBring:\n- a pen\n- paper\n\nPasscode: 12\n") {
			t.Errorf("%s reads\n%s", m.Kind, text)
		}
		if html := strings.ReplaceAll(m.html(), "\r\n", "\n"); !strings.Contains(html, "<p>Bring:<br>\n- a pen<br>\n- paper</p>\n<p>Passcode: 12</p>") {
			t.Errorf("%s is\n%s", m.Kind, html)
		}
	}
}
