package digest

import (
	"strings"
	"testing"
	"time"
)

// What a facilitator says in their own words is the text that a mail behind an event waits for, also where it is said together with when it goes.
func TestWhatIsSaidIsTheTextBehindAnEvent(t *testing.T) {
	s := newStage(t, nil)
	s.advance("2026-03-18 16:00")
	d := s.last(luis, "draft")
	if text := flat(d); !strings.Contains(text, "attach the slides") {
		t.Errorf("the draft of what is left asks\n%s", text)
	}
	s.say(d, luis, "skip")
	s.advance("2026-03-23 16:00")
	d = s.last(luis, "draft")
	if text := flat(d); !strings.Contains(text, "Reply with a few sentences: what was said there") || strings.Contains(text, "slides") {
		t.Errorf("the draft of the summary asks\n%s", text)
	}
	s.say(d, luis, "say We met, 31 of us, and the tea was hot.\nnow")
	s.advance("2026-03-23 17:00")
	if got := s.mails(member(1), "event_summary"); len(got) != 1 || strings.Count(flat(got[0]), "We met, 31 of us") != 1 || strings.Contains(flat(got[0]), "Your words") {
		t.Errorf("it was not sent, but\n%s", s.last(luis, "draft_answer").text())
	}
}

// The text is asked for again on the first and on the third working day behind the draft, at its hour.
func TestTextIsAskedForOnWorkingDays(t *testing.T) {
	s := newStage(t, nil)
	hours := s.discussion.Calendar
	for drafted, want := range map[string]string{"2026-03-18 15:00": "Thu 19 15:00, Mon 23 15:00", "2026-03-20 15:00": "Mon 23 15:00, Wed 25 15:00"} {
		var got []string
		for n := range 3 {
			if at, ok := textAt(hours, s.clock(drafted).In(time.UTC), n); ok {
				got = append(got, at.In(s.zone).Format("Mon 02 15:04"))
			}
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("drafted %s it is asked for at %s, want %s", drafted, strings.Join(got, ", "), want)
		}
	}
}
