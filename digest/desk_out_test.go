package digest

import (
	"testing"

	"convene/digest/plan"
)

// TestASummaryThatIsOut: behind the discussion a preview has what went out, and at a moment before that what it would have been then.
func TestASummaryThatIsOut(t *testing.T) {
	s := newStage(t, nil)
	s.advance("2026-03-02 10:00")
	kickoff := s.last(member(1), "kickoff")
	s.reply(kickoff, member(1), "We call one person before we write to forty of them.")
	s.advance("2026-03-03 10:00")
	s.reply(kickoff, member(2), "People answer when somebody whom they know has answered.")
	s.advance("2026-03-10 10:00")
	s.reply(kickoff, member(3), "A week later we were still talking of the first question.")
	s.advance("2026-03-25 10:00")
	for at, want := range map[string]int{"2026-03-02 12:00": 1, "2026-03-06 10:00": 2, "2026-03-25 10:00": 2} {
		_, f, err := s.editor.Digest(s.list, plan.Weekly, "", s.clock(at))
		if err != nil || f.Counts.Posts != want || f.Until.Before(f.From) {
			t.Errorf("at %s: %v, %+v from %s until %s; want %d posts", at, err, f.Counts, f.From, f.Until, want)
		}
	}
}
