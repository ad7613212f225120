package digest

import (
	"context"
	"errors"
	"testing"

	"convene/digest/plan"
	"convene/list"
	"convene/list/message"
)

// withResponders is the stage with first responders for question 1: the members 1 and 2, and 3 and 4 behind them.
func withResponders(up *setUp) {
	up.Discussion.Responders = []plan.Responders{{Question: 1, Members: []plan.Responder{{Address: member(1), Why: plan.Texts{"": "the phone call in Tamale"}}, {Address: member(2)}},
		Backup: []string{member(3), member(4)}}}
}

func TestFirstRespondersAreAsked(t *testing.T) {
	s := newStage(t, withResponders)
	s.advance("2026-02-16 09:59")
	s.count("", "responder_ask", 0)
	s.advance("2026-02-16 10:00")
	s.count("", "responder_ask", 2)
	ask := s.last(member(1), "responder_ask")
	contains(t, "the question whether they would", ask.Subject+"\n"+ask.text(), []string{"Would you be among the first to answer on Monday 2 March?", "Dear Dede Mensah,",
		"Think of a time when a quiet group began to talk.", "the phone call in Tamale", "Reply with one word: yes, no", "after Wednesday 25 February", "only to Luis Prieto"}, member(2))
	if from := ask.message().Mailboxes("From")[0]; from.Name != "Luis Prieto via Peer Learning" || from.Addr != ask.replyTo() {
		t.Errorf("it is from %+v, and answered to %s", from, ask.replyTo())
	}
	contains(t, "what a French reader gets", s.last(member(2), "responder_ask").Subject, []string{"Répondre parmi les premiers le lundi 2 mars ?"})
	s.advance("2026-02-25 09:59")
	s.count("", "responder_ask", 2)
	s.advance("2026-02-25 10:00") // nobody has answered: the backups are asked, silently
	s.count(member(3), "responder_ask", 1)
	s.count(member(4), "responder_ask", 1)
	s.count(member(1), "responder_ask", 1)
}

func TestWhatFirstRespondersAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		text         string
		said         string
		backup       bool   // the backup is asked at once
		told, passed string // what the writer reads, and Luis
	}{
		"yes":                             {"yes", saidYes, false, "You get the question on Friday 27 February", ""},
		"yes, gladly":                     {"Yes, gladly", saidYes, false, "You get the question on Friday 27 February", ""},
		"oui":                             {"Oui !", saidYes, false, "Thank you", ""},
		"ndiyo":                           {"Ndiyo", saidYes, false, "Thank you", ""},
		"a yes with more to say":          {"Yes. Could I send it the evening before, since I fly on that day?", saidYes, false, "What else you wrote I read myself", "since I fly on that day"},
		"no":                              {"no", saidNo, true, "Thank you for telling me", ""},
		"no problem":                      {"No problem!\n\nDede", saidYes, false, "You get the question on Friday 27 February", ""},
		"no problem, with more to say":    {"No problem for me, I think.", saidWords, false, "I passed this on to Luis Prieto", "No problem for me"},
		"no idea":                         {"No idea yet", saidWords, false, "I passed this on to Luis Prieto", "No idea yet"},
		"a yes with a condition":          {"yes but not on Monday", saidYes, false, "What else you wrote I read myself", "but not on Monday"},
		"of course":                       {"Of course, thank you!", saidYes, false, "You get the question on Friday 27 February", ""},
		"con gusto":                       {"¡Con mucho gusto!", saidYes, false, "You get the question on Friday 27 February", ""},
		"sorry, no":                       {"Sorry, no.", saidNo, true, "Thank you for telling me", ""},
		"no, unfortunately":               {"No unfortunately", saidNo, true, "Thank you for telling me", ""},
		"no thank you":                    {"No, thank you.", saidNo, true, "Thank you for telling me", ""},
		"other day":                       {"other day", saidOther, true, "write whenever it suits you", ""},
		"another day, in French":          {"un autre jour", saidOther, true, "write whenever it suits you", ""},
		"pass":                            {"pass", saidNo, true, "Thank you for telling me", ""},
		"words":                           {"Dear Luis, travelling until Tuesday, can I do it then?", saidWords, false, "I passed this on to Luis Prieto", "travelling until Tuesday"},
		"tomorrow before there is a mail": {"tomorrow", saidWords, false, "I passed this on to Luis Prieto", "tomorrow"},
		"a French if":                     {"Si je peux, je le ferai avec plaisir.", saidWords, false, "I passed this on to Luis Prieto", "avec plaisir"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, withResponders)
			s.advance("2026-02-16 10:00")
			s.say(s.last(member(1), "responder_ask"), member(1), c.text)
			state := s.course().Responders[responderKey("remote/kickoff/1", member(1))]
			if state.Said != c.said {
				t.Errorf("they said %q, not %q", state.Said, c.said)
			}
			if asked := len(s.mails(member(3), "responder_ask")) == 1; asked != c.backup {
				t.Errorf("the backup is asked: %t\n%s", asked, s.outline())
			}
			s.count(member(2), "responder_ask", 1)
			s.count(member(1), "notice", 1) // one answer, one mail
			contains(t, "what the writer reads", s.last(member(1), "notice").text(), []string{c.told})
			if got := len(s.mails(luis, "notice")); got != 0 != (c.passed != "") {
				t.Errorf("%d notices to Luis", got)
			} else if got > 0 {
				contains(t, "what Luis reads", s.last(luis, "notice").text(), []string{c.passed})
			}
		})
	}
}

func TestAFirstResponderIsTrusted(t *testing.T) {
	s := newStage(t, func(up *setUp) {
		withResponders(up)
		up.List.NewMembersModeratedFor = 1
	})
	if _, err := s.SetMember(stageList, member(1), []string{"trusted=no"}); err != nil {
		t.Fatal(err)
	}
	s.advance("2026-02-16 10:00")
	s.say(s.last(member(1), "responder_ask"), member(1), "yes")
	if m, err := s.Member(stageList, member(1)); err != nil || !m.Trusted {
		t.Errorf("%+v, %v", m, err)
	}
	s.post(member(1), "Hello #remote", "My first.", "")
}

// TestAskedOnce holds of a person in two rows, or as a member and a backup, that only one question is asked of them; of who gets no mail, that nobody waits for
// them; and that nobody is asked who is no member.
func TestAskedOnce(t *testing.T) {
	s := newStage(t, func(up *setUp) {
		up.Discussion.Responders = []plan.Responders{
			{Question: 1, Members: []plan.Responder{{Address: member(1)}, {Address: "stranger@example.net"}}, Backup: []string{member(2), member(5)}},
			{Question: 2, Members: []plan.Responder{{Address: member(1)}, {Address: member(2)}}, Backup: []string{member(6)}},
			{Question: 3, Members: []plan.Responder{{Address: member(7)}}, Backup: []string{member(8)}}}
	})
	if _, err := s.SetMember(stageList, member(7), []string{"mode=nomail"}); err != nil {
		t.Fatal(err)
	}
	s.advance("2026-02-16 10:00")
	for n, want := range map[int]int{1: 1, 2: 1, 5: 1, 6: 0, 7: 0, 8: 1} {
		s.count(member(n), "responder_ask", want)
	}
	s.count("stranger@example.net", "", 0)
	for _, n := range []int{1, 2, 5, 8} {
		s.say(s.last(member(n), "responder_ask"), member(n), "yes")
	}
	s.advance("2026-03-08 00:00")
	s.count("", "responder_ask", 4)
}

func TestTheQuestionAheadAndTheNudge(t *testing.T) {
	const kickoff = "remote/kickoff/1"
	began := map[string]*scene{} // by zone
	for name, c := range map[string]struct {
		zone   string
		before func(s *stage) // after the kick-off is out
		nudged string         // when; empty: never
		came   string
	}{
		"at three in the afternoon of the list":                   {"", nil, "2026-03-02 15:00", nudgeSent},
		"at three in their own zone":                              {"America/La_Paz", nil, "2026-03-02 22:00", nudgeSent},
		"the next morning where three is too soon after the mail": {"Australia/Sydney", nil, "2026-03-03 01:00", nudgeSent},
		"not when they wrote in the topic":                        {"", func(s *stage) { s.reply(s.last(member(1), "kickoff"), member(1), "We called one person.") }, "", nudgeWrote},
		"not when they wrote under the hashtag":                   {"", func(s *stage) { s.post(member(1), "One call #remote", "We called one person.", "") }, "", nudgeWrote},
		"though they wrote of something else":                     {"", func(s *stage) { s.post(member(1), "Bread", "How do you bake it?", "") }, "2026-03-02 15:00", nudgeSent},
		"not when a post of theirs is held":                       {"", func(s *stage) { s.held(member(1), "One call #remote") }, "", nudgeHeld},
		"not when they have said that they pass":                  {"", func(s *stage) { s.say(s.last(member(1), "responder_question"), member(1), "pass") }, "", ""},
		"not when they get no mail any more": {"", func(s *stage) {
			if _, err := s.SetMember(stageList, member(1), []string{"state=paused"}); err != nil {
				s.t.Fatal(err)
			}
		}, "", nudgeMissing},
	} {
		t.Run(name, func(t *testing.T) {
			if began[c.zone] == nil {
				s := newStage(t, withResponders)
				if c.zone != "" {
					if _, err := s.SetMember(stageList, member(1), []string{"timezone=" + c.zone}); err != nil {
						t.Fatal(err)
					}
				}
				s.advance("2026-02-16 10:00")
				s.say(s.last(member(1), "responder_ask"), member(1), "yes")
				s.advance("2026-03-02 09:00")
				began[c.zone] = s.scene()
			}
			s := newStage(t, func(up *setUp) { withResponders(up); up.From = began[c.zone] })
			question := s.last(member(1), "responder_question")
			contains(t, "the question ahead", question.text(), []string{"Think of a time", "Please answer *that* mail", "reply pass"})
			if zone := question.At.In(s.editor.zone(&affair{Discussion: s.discussion}, &list.Member{Timezone: c.zone})); zone.Format("Mon 15:04") != "Fri 14:00" {
				t.Errorf("it went out at %s", zone)
			}
			if c.before != nil {
				s.advance("2026-03-02 11:00")
				c.before(s)
			}
			s.advance("2026-03-05 12:00")
			nudges := s.mails(member(1), "responder_nudge")
			switch {
			case c.nudged == "" && len(nudges) > 0, len(nudges) > 1:
				t.Errorf("%s", s.outline())
			case c.nudged != "" && (len(nudges) == 0 || !nudges[0].At.Equal(s.clock(c.nudged))):
				t.Errorf("not at %s:\n%s", c.nudged, s.outline())
			case c.nudged != "":
				contains(t, "the nudge", nudges[0].text(), []string{"Answer the mail “Question 1: What had somebody just done? #remote”; it goes to everyone. Two lines are enough", "tomorrow or pass"})
			}
			if got := s.course().Responders[responderKey(kickoff, member(1))].Nudge; got != c.came {
				t.Errorf("noted is %q, not %q", got, c.came)
			}
			s.count(member(2), "responder_nudge", 0) // who has not agreed is not reminded
			s.count(member(2), "responder_question", 0)
		})
	}
}

// held has a post of somebody's held.
func (s *stage) held(from, subject string) {
	s.t.Helper()
	if _, err := s.SetMember(stageList, from, []string{"moderated=yes"}); err != nil {
		s.t.Fatal(err)
	}
	receipt, err := s.hand(from, stageList, rawMail(s.nameOf(from), from, "Hello.", "To: "+stageList, "Subject: "+subject, "Message-ID: <held."+s.id()+"@example.org>"))
	if err != nil || receipt.Action != "hold" {
		s.t.Fatalf("%+v, %v", receipt, err)
	}
}

func TestAnswersToTheNudge(t *testing.T) {
	s := newStage(t, withResponders)
	s.advance("2026-02-16 10:00")
	s.say(s.last(member(2), "responder_ask"), member(2), "oui")
	s.advance("2026-03-02 09:00")
	s.advance("2026-03-02 15:00")
	s.say(s.last(member(2), "responder_nudge"), member(2), "demain")
	contains(t, "the answer", s.last(member(2), "notice").text(), []string{"Demain, c’est très bien."})
	if got := s.course().Responders[responderKey("remote/kickoff/1", member(2))].Way; got != saidTomorrow {
		t.Errorf("they said %q", got)
	}
	s.advance("2026-03-06 00:00")
	s.count(member(2), "responder_nudge", 1)
	s.count(member(3), "responder_ask", 1) // at day -5, instead of the silent one
}

// TestAYesOnTheLastDay holds of who says yes when the question has gone to the others that it comes at once, and is the only answer.
func TestAYesOnTheLastDay(t *testing.T) {
	s := newStage(t, withResponders)
	s.advance("2026-03-01 12:00")
	s.say(s.last(member(1), "responder_ask"), member(1), "yes")
	s.count(member(1), "responder_question", 1)
	s.count(member(1), "notice", 0)
	s.say(s.last(member(1), "responder_question"), member(1), "pass")
	contains(t, "the answer to pass", s.last(member(1), "notice").text(), []string{"nothing more for you to do"})
}

// TestAMovedMailMovesItsQuestion holds that who had the question before the mail was postponed hears of the new date at once, and gets the question again
// on the day before it, unless that is only days behind.
func TestAMovedMailMovesItsQuestion(t *testing.T) {
	s := newStage(t, withResponders)
	s.advance("2026-02-16 10:00")
	s.say(s.last(member(1), "responder_ask"), member(1), "yes")
	s.advance("2026-02-27 14:00")
	s.count(member(1), "responder_question", 1)
	postpone := func(days int) {
		t.Helper()
		err := s.editor.change("remote", func(tx list.Tx, a *affair) error {
			ch, _, err := a.Postpone(a.course.Changes, plan.Shift{Days: days}, func(string) bool { return false })
			a.course.Changes = ch
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	postpone(7)
	s.advance("2026-02-27 14:30")
	s.count(member(1), "responder_question", 2)
	moved := s.last(member(1), "responder_question")
	contains(t, "what tells of the new date", moved.Subject+" "+moved.text(), []string{"Moved to Monday 9 March: the question that you have", "It now goes out on Monday 9 March, 09:00"},
		"for you today")
	s.advance("2026-03-06 14:00")
	s.count(member(1), "responder_question", 3)
	contains(t, "the third", s.last(member(1), "responder_question").Subject, []string{"The question of Monday 9 March, for you today"})
	s.advance("2026-03-06 16:00")
	postpone(1)
	s.advance("2026-03-10 08:59")
	s.count(member(1), "responder_question", 4)
	contains(t, "the fourth", s.last(member(1), "responder_question").Subject, []string{"Moved to Tuesday 10 March"})
}

// TestAnAnswerFromSomebodyElse holds that nobody answers for who was asked, and that their words are heard all the same.
func TestAnAnswerFromSomebodyElse(t *testing.T) {
	s := newStage(t, withResponders)
	s.advance("2026-02-16 10:00")
	s.say(s.last(member(1), "responder_ask"), member(9), "yes")
	if got := s.course().Responders[responderKey("remote/kickoff/1", member(1))].Said; got != "" && got != saidWords {
		t.Errorf("they are taken to have said %q", got)
	}
	contains(t, "what Luis reads", s.last(luis, "notice").text(), []string{"yes"})
	if m, err := s.Member(stageList, member(9)); err != nil || m.Address != member(9) {
		t.Error(m, err)
	}
	forged := rawMail("Dede", member(1), "yes", "Subject: Re", "To: x@example.org", "Message-ID: <forged@example.org>")
	target, err := s.Route(s.last(member(1), "responder_ask").replyTo())
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Receive(t.Context(), &list.Incoming{Raw: forged, Targets: []list.Target{target}, Envelope: list.Envelope{ID: "f", From: member(1), Received: s.time()},
		Auth: func(context.Context, *message.Message) list.Authentication {
			return list.Authentication{DMARC: list.Fail}
		}})
	if refusal, ok := errors.AsType[*list.Refusal](err); !ok || refusal.Reason != list.ForgedSender {
		t.Errorf("a forged answer: %v", err)
	}
}

// TestAskedAfterADowntime holds that a late start asks whom the plan names, and gives them a day before anybody else is asked.
func TestAskedAfterADowntime(t *testing.T) {
	s := newStage(t, func(up *setUp) {
		withResponders(up)
		up.Now = "2026-02-26 11:00"
	})
	s.tick()
	s.count("", "responder_ask", 2)
	contains(t, "the question", s.last(member(1), "responder_ask").text(), []string{"after Friday 27 February I ask somebody else"})
	s.advance("2026-02-27 10:59")
	s.count("", "responder_ask", 2)
	s.advance("2026-02-27 11:00")
	s.count("", "responder_ask", 4)
	s.advance("2026-03-02 12:00")
	s.count("", "responder_ask", 4)
}
