package digest

import (
	"testing"

	"convene/list"
)

func TestCommitmentsComeBack(t *testing.T) {
	s := newStage(t, nil)
	s.advance("2026-03-13 12:00")
	closing := s.last(member(1), "closing")
	s.reply(closing, member(1), "Dear all,\n\nI will call one person before I write to forty. I begin on Monday.\n\nWho else?")
	s.reply(closing, member(2), "Quelle bonne idée ! Est-ce que quelqu’un d’autre le fait ?\n\nJe vais enregistrer un message vocal chaque semaine.")
	s.reply(closing, member(4), "Thanks!")
	s.reply(closing, luis, "I will write less and listen more, I hope.")
	s.reply(closing, member(6), "We try the radio with two villages.")
	s.tick()
	s.reply(closing, member(1), "And also something else that I thought of later today.")
	s.tick()
	got := map[string]string{}
	for _, c := range s.course().Commitments {
		got[c.Address] = c.Text
	}
	want := map[string]string{member(1): "I will call one person before I write to forty. I begin on Monday.", member(2): "Je vais enregistrer un message vocal chaque semaine.",
		member(6): "We try the radio with two villages."}
	if len(got) != len(want) {
		t.Errorf("noted are %q", got)
	}
	for who, text := range want {
		if got[who] != text {
			t.Errorf("%s said %q, not %q", who, got[who], text)
		}
	}
	s.change(member(6), func(m *list.Member) { m.State = list.Paused })
	s.advance("2026-04-12 23:00") // thirty days later is a Sunday
	s.count("", "commitment", 0)
	s.advance("2026-04-13 08:00")
	s.count("", "commitment", 2)
	back := s.last(member(1), "commitment")
	contains(t, "what comes back", back.Subject+"\n"+back.text(), []string{"A month ago you wrote: “I will call one person", "Dear " + memberName(1), "I will call one person before I write to forty. I begin on Monday.",
		"on Friday 13 March", "How did it go?", "only to Luis Prieto"})
	if back.replyTo() != s.list.Word("facilitator") {
		t.Errorf("a reply goes to %s", back.replyTo())
	}
	contains(t, "the French one", s.last(member(2), "commitment").text(), []string{"Qu’en est-il ?"})
	s.advance("2026-06-30 00:00")
	s.count("", "commitment", 2)
}
