package digest

import (
	"strings"
	"testing"

	"convene/list"
)

// TestSynthesis: the paper is of all that was written between the first day and its end, with promises of those alone who may be quoted and thanks to who wants them, and the public one
// names nobody.
func TestSynthesis(t *testing.T) {
	s := newStage(t, func(up *setUp) { up.Now = "2026-03-02 08:00"; up.Discussion.Review = 0 })
	s.advance("2026-03-02 09:30")
	s.post(member(1), "Tea #remote", "They began to talk when the tea came. Tea is slow, and so are good answers.", "")
	s.post(member(4), "Songs #remote", "Ours sang first. A song makes the quiet ones begin. Where do you find songs that everybody knows?", "")
	s.post(member(7), "Private #remote", "When the tea came they began to talk with us, too.", "")
	if _, err := s.SetMember(stageList, member(4), []string{"thanks=private"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SetMember(stageList, member(7), []string{"quote=no"}); err != nil {
		t.Fatal(err)
	}
	err := s.editor.change(s.discussion.ID, func(_ list.Tx, a *affair) error {
		a.course.Commitments = []Commitment{{Address: member(1), Name: "Dede Mensah", Text: "I will serve tea first."}, {Address: member(7), Name: "Nguyen Thi Lan", Text: "I will listen longer."}}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s.advance("2026-03-20 09:00")
	paper, err := s.editor.Synthesis("remote", "", false, s.time())
	if err != nil {
		t.Fatal(err)
	}
	saysAll(t, "the paper", paper.Text, "Facilitating at a distance", "I will serve tea first. — Dede Mensah", "Who took part ------------- Dede Mensah and Nguyen Thi Lan How this was made")
	if not := "I will listen longer."; strings.Contains(paper.Text, not) {
		t.Errorf("the paper says %q:\n%s", not, paper.Text)
	}
	public, err := s.editor.Synthesis("remote", "fr", true, s.time())
	if err != nil || public.Language != "fr" {
		t.Fatalf("%q, %v", public.Language, err)
	}
	for _, not := range []string{"Dede", "Mensah", "Wanjiru", "Luis"} {
		if strings.Contains(public.Markdown+public.HTML+public.Short, not) {
			t.Errorf("the public one names %s:\n%s", not, public.Markdown)
		}
	}
	if _, err := s.editor.Synthesis("nothing", "", false, s.time()); err == nil {
		t.Error("there is one of what there is not")
	}
}

// TestWhatItMeans: a facilitator writes by mail what it all means, and gets the paper by mail; with that it is a synthesis, and the public one leaves it out where it
// names somebody.
func TestWhatItMeans(t *testing.T) {
	s := newStage(t, func(up *setUp) { up.Now = "2026-03-02 08:00"; up.Discussion.Review = 0 })
	s.advance("2026-03-20 09:00")
	plan := s.last(luis, "plan")
	s.say(plan, luis, "synthesis")
	paper := s.last(luis, "plan")
	saysAll(t, "the paper", paper.Subject+" "+paper.text(), "Record: Facilitating at a distance")
	s.say(paper, luis, "Meaning:\n\nWe learned to wait.\n\nSkip nothing: Luis was patient.\n\nsynthesis")
	saysAll(t, "the answer", s.last(luis, "plan").text(), "stand at the head of the synthesis")
	s.say(s.last(luis, "plan"), luis, "Synthesis, please")
	paper = s.last(luis, "plan")
	saysAll(t, "the paper then", paper.Subject+" "+paper.text(), "Synthesis: Facilitating at a distance", "We learned to wait.", "Skip nothing: Luis was patient.")
	public, err := s.editor.Synthesis("remote", "", true, s.time())
	if err != nil || strings.Contains(public.Markdown, "Luis") || !strings.HasPrefix(public.Title, "Record") {
		t.Errorf("the public one is %q, %v:\n%s", public.Title, err, public.Markdown)
	}
	told := len(s.mails(luis, "plan"))
	s.say(paper, luis, "Thank you!\n\nLuis")
	s.count(luis, "plan", told)
}
