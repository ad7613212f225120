package digest

import (
	"testing"

	"convene/digest/facts"
	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
)

// whatWasSaid is what a weekly was written from: members 1 to 5 can be thanked, 3 for nothing that anything came of.
func whatWasSaid() *facts.Facts {
	quote := func(n int, text string) facts.Thank {
		return facts.Thank{Name: memberName(n), Address: member(n), Quote: facts.Quote{Text: text, Address: member(n)}}
	}
	f := &facts.Facts{Thanks: []facts.Thank{quote(1, "We called one person before we wrote to forty."), quote(2, "Qui parle en premier ?"), quote(3, "I agree with all of that."),
		quote(4, "A voice message helps those who do not write."), quote(5, "The radio.")}}
	f.Thanks[0].TakenUpBy = []string{"Tomás Quispe", "Grace Wanjiru"}
	f.Thanks[1].Open = true
	f.Thanks[3].TakenUpBy = []string{"Awa Diallo"}
	f.Thanks[4].TakenUpBy = []string{"Awa Diallo"}
	return f
}

func TestThanks(t *testing.T) {
	s := newStage(t, nil)
	s.change(member(4), func(m *list.Member) { m.Timezone = "America/La_Paz" })
	s.change(member(5), func(m *list.Member) { m.PrivateThanks = true })
	s.advance("2026-03-06 11:00")
	s.remember("remote/weekly/1", whatWasSaid(), letter.Edits{DropThanks: []int{5}, Thanks: map[int]string{3: "You **listened** to everybody."}})
	s.advance("2026-03-09 23:59") // Saturday, Sunday; on Monday the second round goes out
	s.count("", "thanks", 0)
	s.advance("2026-03-10 08:00")
	s.count("", "thanks", 3)
	first := s.last(member(1), "thanks")
	contains(t, "a thank-you", first.Subject+first.text(), []string{"We called one person", "Tomás Quispe and Grace Wanjiru took it up", "Your reply goes only to Luis Prieto"}, "worth your time")
	if from := first.message().Mailboxes("From")[0]; from.Name != "Luis Prieto via Peer Learning" || first.replyTo() != s.list.Word("facilitator") {
		t.Errorf("from %+v, answered to %s", from, first.replyTo())
	}
	contains(t, "one for an open question, in French", s.last(member(2), "thanks").text(), []string{"Qui parle en premier ?", "vendredi 13 mars"})
	contains(t, "one that the facilitator wrote", s.last(member(3), "thanks").text(), []string{"You *listened* to everybody."}, "I agree")
	s.count(member(4), "thanks", 0)
	s.advance("2026-03-10 15:00") // eight in the morning in La Paz
	s.count(member(4), "thanks", 1)
	s.advance("2026-03-13 11:00")
	s.remember("remote/closing/1", whatWasSaid(), letter.Edits{})
	s.advance("2026-03-31 00:00") // Monday has the tables, Tuesday the event
	contains(t, "the last", s.last(member(1), "thanks").text(), []string{"was it worth your time?"})
	if at := s.last(member(1), "thanks").At; !at.Equal(s.clock("2026-03-18 08:00")) {
		t.Errorf("the last left at %s", at.In(s.zone))
	}
	s.count(member(1), "thanks", 2)
	s.count(member(3), "thanks", 1) // nothing specific, no mail
	s.count(member(5), "thanks", 1) // dropped once; who wants no thanks before all gets them in person
	s.count("", "thanks", 8)
}

func TestThanksThatStayBehind(t *testing.T) {
	said := newStage(t, nil)
	said.advance("2026-03-06 11:00")
	said.remember("remote/weekly/1", whatWasSaid(), letter.Edits{})
	begin := said.scene()
	for name, c := range map[string]struct {
		up   func(*setUp)
		then func(s *stage)
		want int
	}{
		"the plan has them in the summary alone": {func(up *setUp) { up.Discussion.Thanks = plan.ThanksSummary }, nil, 0},
		"they are on a break": {nil, func(s *stage) {
			for n := 1; n <= 5; n++ {
				if _, err := s.SetMember(stageList, member(n), []string{"state=paused"}); err != nil {
					s.t.Fatal(err)
				}
			}
		}, 0},
		"they have left": {nil, func(s *stage) {
			if err := s.RemoveMembers(stageList, []string{member(1), member(2), member(4), member(5)}); err != nil {
				s.t.Fatal(err)
			}
		}, 0},
		"nothing of it": {nil, nil, 4},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, func(up *setUp) {
				if up.From = begin; c.up != nil {
					c.up(up)
				}
			})
			if c.then != nil {
				c.then(s)
			}
			s.advance("2026-03-31 00:00")
			s.count("", "thanks", c.want)
		})
	}
}

// TestNobodyIsThankedTwiceForTheSame holds of the closing, which looks back on everything: who was thanked after the weekly and has said nothing since is not
// thanked again, but where the facilitator wrote a line for it.
func TestNobodyIsThankedTwiceForTheSame(t *testing.T) {
	s := newStage(t, nil)
	s.advance("2026-03-03 10:00")
	early := s.post(member(1), "One call #remote", "We called one person.", "")
	s.advance("2026-03-06 12:00")
	was := whatWasSaid()
	was.Until = s.clock("2026-03-06 11:00")
	s.remember("remote/weekly/1", was, letter.Edits{})
	s.advance("2026-03-12 12:00")
	late := s.post(member(2), "Who begins? #remote", "Who speaks first?", "")
	s.advance("2026-03-13 12:00")
	all := whatWasSaid()
	for i, n := range []uint32{early.Number, late.Number, early.Number, early.Number, early.Number} {
		all.Thanks[i].Quote.Post = n
	}
	s.remember("remote/closing/1", all, letter.Edits{Thanks: map[int]string{4: "Thank you for the voice message."}})
	s.advance("2026-03-31 00:00")
	for n, want := range map[int]int{1: 1, 2: 2, 3: 0, 4: 2, 5: 1} {
		s.count(member(n), "thanks", want)
	}
}

// TestThanksOfAnUnreadSummary holds that what left without that anybody had read it is in nobody's name.
func TestThanksOfAnUnreadSummary(t *testing.T) {
	s := newStage(t, nil)
	s.advance("2026-03-06 11:00")
	s.remember("remote/weekly/1", whatWasSaid(), letter.Edits{})
	if err := s.editor.change("remote", func(_ list.Tx, a *affair) error { a.course.row("remote/weekly/1").Plain = true; return nil }); err != nil {
		t.Fatal(err)
	}
	s.advance("2026-03-10 08:00")
	mail := s.last(member(1), "thanks")
	contains(t, "the thank-you", mail.message().Mailboxes("From")[0].Name+" "+mail.text(), []string{"Peer Learning", "Your reply goes only to the facilitator"}, "Luis")
}

// TestThanksWithoutADraft holds that what people can be thanked for is found when nobody was shown a draft.
func TestThanksWithoutADraft(t *testing.T) {
	s := newStage(t, nil)
	s.advance("2026-03-02 09:00")
	s.advance("2026-03-03 10:00")
	p := s.reply(s.last(member(1), "kickoff"), member(1), "We called one person on the telephone before we wrote to all forty of them, and then everybody wrote.")
	s.tick()
	s.post(member(4), "Re: "+p.Subject, "With us it was the same: one call to the oldest, and the others followed the next day.", p.MessageID)
	s.post(member(7), "Re: "+p.Subject, "One call helped us, too, when the floods came.", p.MessageID)
	s.advance("2026-03-06 11:00")
	s.advance("2026-03-10 08:00")
	contains(t, "the thank-you", s.last(member(1), "thanks").text(), []string{"We called one person", memberName(4)})
}
