package digest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"convene/list"
)

// rowsText is the plan as it is: number, kind, time, and whether a row is left out.
func (s *stage) rowsText() string {
	s.t.Helper()
	var b strings.Builder
	err := s.Store.View(func(r list.Reader) error {
		a, err := s.editor.find(r, s.discussion.ID)
		if err != nil {
			return err
		}
		for i := range a.rows {
			fmt.Fprintf(&b, "%d %s %s %s\n", a.rows[i].N, a.rows[i].Kind, a.rows[i].At.Format("Mon 02 Jan 15:04"), a.shownState(&a.rows[i]))
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return b.String()
}

func saysAll(t *testing.T, where, text string, wants ...string) {
	t.Helper()
	flat := strings.Join(strings.Fields(text), " ")
	for _, want := range wants {
		if !strings.Contains(flat, strings.Join(strings.Fields(want), " ")) {
			t.Errorf("%s does not say %q:\n%s", where, want, text)
		}
	}
}

// TestPlanIsTold: who facilitates and the core group get the plan once when it is known, and again when it is another.
func TestPlanIsTold(t *testing.T) {
	s := newStage(t, nil)
	s.tick()
	s.tick()
	for _, to := range []string{luis, noor, korede} {
		all := s.mails(to, "plan")
		if len(all) != 1 {
			t.Fatalf("%s got %d plans: %s", to, len(all), s.outline())
		}
		saysAll(t, "the plan", all[0].text(), "*1. Announcement*", "*2. Kick-off* (week 1)", "1. Think of a time", "Monday 2 March, 09:00 Nairobi (06:00 GMT), Luis Prieto",
			"World Café: what we learned*, is on Tuesday 17 March", "postpone +2d", "Mails to one member: 8 to 15")
		if !strings.HasPrefix(all[0].replyTo(), "peers+plan-") {
			t.Errorf("an answer goes to %s", all[0].replyTo())
		}
	}
	if all := s.mails(amina, "plan"); len(all) > 0 {
		t.Error("an owner who does not facilitate got it")
	}
	changed := *s.discussion
	changed.Questions = changed.Questions[:2]
	p := *s.editor.programme.Load()
	p.Discussions = append(p.Discussions[:0:0], &changed)
	s.editor.Configure(&p)
	s.tick()
	if got := s.last(luis, "plan"); got.Subject != "The plan has changed: Facilitating at a distance" || len(s.mails(luis, "plan")) != 2 {
		t.Errorf("after a change of the config: %q, %d mails", got.Subject, len(s.mails(luis, "plan")))
	}
}

// TestPlanIsChangedByMail: what each order does, and what is answered.
func TestPlanIsChangedByMail(t *testing.T) {
	for name, c := range map[string]struct {
		says  string
		rows  []string // that the plan has then
		reads []string // in the answer
	}{
		"two days later": {"postpone +2d", []string{"2 kickoff Wed 04 Mar 09:00", "8 event_content Thu 19 Mar 09:00"},
			[]string{"Announcement was Monday 23 February, 09:00", "it is now *Wednesday 25 February, 09:00"}},
		"to a weekday, and a day that nobody works on": {"postpone saturday", []string{"1 announcement Sat 28 Feb 09:00", "2 kickoff Sat 07 Mar 09:00"},
			[]string{"Please look at this", "falls on Saturday 7 March, which is no working day"}},
		"so that the next is on a date, behind the event": {"postpone 2026-03-09", []string{"2 kickoff Mon 16 Mar 09:00", "8 event_content Thu 19 Mar 09:00"},
			[]string{"and the event is before that. The event stays where it is."}},
		"one mail":         {"Move 4 to monday", []string{"4 weekly Mon 09 Mar 11:00"}, []string{"4, Weekly summary, moves from Friday 6 March, 11:00"}},
		"one, to a moment": {"move 4 2026-03-07 10:00", []string{"4 weekly Sat 07 Mar 10:00"}, []string{"no working day"}},
		"several, with words": {"Dear robot,\n\nskip 4\nunskip 4\nskip 3.\n\nThanks, Luis", []string{"4 weekly Fri 06 Mar 11:00 \n", "3 midweek Wed 04 Mar 12:00 skipped"},
			[]string{"4, Weekly summary, is left out", "4, Weekly summary, goes out again", "3, Midweek, is left out", "left out"}},
		"a question over two lines": {"add question What did your grandmother do\nwhen nobody spoke?", nil,
			[]string{`"What did your grandmother do when nobody spoke?" is asked in 5`, "4. What did your grandmother do when nobody spoke?"}},
		"another voice":           {"handover noor@example.org", nil, []string{"Noor Rahman speaks from now on", "Monday 2 March, 09:00 Nairobi (06:00 GMT), Noor Rahman"}},
		"another voice by name":   {"handover Noor", nil, []string{"Noor Rahman speaks from now on"}},
		"another voice, to":       {"Hand over to Noor Rahman", nil, []string{"Noor Rahman speaks from now on"}},
		"cancel one thing":        {"Cancel the second question please", []string{"4 weekly Fri 06 Mar 11:00 \n"}, []string{"did nothing about it", "- Cancel the second question please"}},
		"several of them":         {"skip 4, 5 and 6", []string{"4 weekly Fri 06 Mar 11:00 skipped", "5 questions Mon 09 Mar 09:00 skipped", "6 midweek Wed 11 Mar 12:00 skipped"}, []string{"5, Next questions, is left out"}},
		"by days, in words":       {"Please postpone by 2 days, thanks", []string{"2 kickoff Wed 04 Mar 09:00"}, []string{"it is now *Wednesday 25 February, 09:00"}},
		"in weeks":                {"postpone 1 week", []string{"2 kickoff Mon 09 Mar 09:00"}, nil},
		"in quotes":               {"\"move 4 to monday\"", []string{"4 weekly Mon 09 Mar 11:00"}, nil},
		"to another hour":         {"move 4 14:30", []string{"4 weekly Fri 06 Mar 14:30"}, nil},
		"in French":               {"Reporter de 2 jours", []string{"2 kickoff Wed 04 Mar 09:00"}, nil},
		"in Spanish":              {"aplazar hasta lunes", []string{"1 announcement Mon 02 Mar 09:00"}, nil},
		"a stranger's voice":      {"handover mallory@evil.example", nil, []string{"is nobody here", "Luis Prieto"}},
		"a number that is none":   {"skip 40", nil, []string{`"40": there is no mail with that number`}},
		"a time that is none":     {"postpone soon", []string{"2 kickoff Mon 02 Mar 09:00"}, []string{`"soon" is not a time that I know`}},
		"a time that is over":     {"move 2 2026-01-02", []string{"2 kickoff Mon 02 Mar 09:00"}, []string{"is over already"}},
		"what is no order":        {"skip 3\nWhat about Easter?\nskip 4", []string{"4 weekly Fri 06 Mar 11:00 \n", "3 midweek Wed 04 Mar 12:00 skipped"}, []string{"- What about Easter?\n- skip 4", "did nothing about it"}},
		"nothing but a question":  {"When does it begin, please?", nil, []string{"I did not understand this"}},
		"an order that is quoted": {"> skip 4\n> skip 5", []string{"4 weekly Fri 06 Mar 11:00 \n"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, nil)
			s.tick()
			s.say(s.last(luis, "plan"), luis, c.says)
			rows := s.rowsText()
			for _, want := range c.rows {
				if !strings.Contains(rows, want) {
					t.Errorf("the plan has no %q:\n%s", want, rows)
				}
			}
			answer := s.last(luis, "plan")
			if len(s.mails(luis, "plan")) != 2 || !strings.HasPrefix(answer.Subject, "Re: the plan") {
				t.Fatalf("what was answered is %q", answer.Subject)
			}
			saysAll(t, "the answer", answer.text(), c.reads...)
			s.tick()
			told := 1
			if got := s.course(); len(got.Changes.Moved)+len(got.Changes.Skipped)+len(got.Changes.Added) > 0 || got.Changes.Voice.Name != "" {
				told = 2
			}
			if n := len(s.mails(noor, "plan")); n != told {
				t.Errorf("the other facilitator got %d plans, not %d", n, told)
			}
		})
	}
}

// TestPlanIsChangedOnce: the same mail twice moves everything once, and an answer to the answer counts again.
func TestPlanIsChangedOnce(t *testing.T) {
	s := newStage(t, nil)
	s.tick()
	raw := rawMail("Luis", luis, "postpone +2d", "Message-ID: <once@example.org>", "Subject: Re: plan")
	to := s.last(luis, "plan").replyTo()
	for range 2 {
		if _, err := s.hand(luis, to, raw); err != nil {
			t.Fatal(err)
		}
	}
	s.tick()
	if rows := s.rowsText(); !strings.Contains(rows, "2 kickoff Wed 04 Mar 09:00") {
		t.Errorf("after one mail that came twice:\n%s", rows)
	}
	if n := len(s.mails(luis, "plan")); n != 2 {
		t.Errorf("it was answered so that there are %d plans", n)
	}
	s.say(s.last(luis, "plan"), luis, "postpone +2d")
	if rows := s.rowsText(); !strings.Contains(rows, "2 kickoff Fri 06 Mar 09:00") {
		t.Errorf("after another:\n%s", rows)
	}
}

// TestWhoChangesThePlan: who got it, owners and other facilitators in a mail that is theirs; nobody else, whatever address they know.
func TestWhoChangesThePlan(t *testing.T) {
	for name, c := range map[string]struct {
		from string
		may  bool
	}{
		"another facilitator": {noor, true}, "an owner": {amina, true}, "the core group": {korede, true}, "a member": {member(1), false}, "a stranger": {"eve@evil.example", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, nil)
			s.tick()
			_, err := s.answer(s.last(luis, "plan"), c.from, "skip 4")
			if refusal, refused := errors.AsType[*list.Refusal](err); refused == c.may || refused && refusal.Reason != list.NotAllowed {
				t.Fatalf("%v", err)
			}
			if got := len(s.course().Changes.Skipped) == 1; got != c.may {
				t.Errorf("it was changed: %v", got)
			}
		})
	}
}

// TestHumanAnswerToThePlan: what the core group writes in whole sentences reaches the facilitator, who can answer it, and the writer knows.
func TestHumanAnswerToThePlan(t *testing.T) {
	s := newStage(t, nil)
	s.tick()
	m := s.last(korede, "plan")
	token := strings.TrimSuffix(strings.TrimPrefix(m.replyTo(), "peers+plan-"), "@lists.example.org")
	s.say(m, korede, "Dear Luis, this looks fine to me.\nThe address was "+strings.ToUpper(token)+".")
	passed := s.last(luis, "notice")
	saysAll(t, "what was passed on", passed.text(), "Dear Luis, this looks fine to me.", "It is not one of the words I know")
	if passed.replyTo() != korede || strings.Contains(strings.ToLower(string(passed.Raw)), token) {
		t.Errorf("an answer goes to %s; the token is in it: %v", passed.replyTo(), strings.Contains(strings.ToLower(string(passed.Raw)), token))
	}
	saysAll(t, "what the writer was told", s.last(korede, "notice").text(), "I passed this on to Luis Prieto")
	if n := len(s.mails(noor, "notice")); n != 0 {
		t.Errorf("%d others got it", n)
	}
}

// TestMachinesChangeNoPlan: an automatic answer is discarded, whatever it says.
func TestMachinesChangeNoPlan(t *testing.T) {
	s := newStage(t, nil)
	s.tick()
	receipt, err := s.hand(luis, s.last(luis, "plan").replyTo(), rawMail("Luis", luis, "skip 4", "Auto-Submitted: auto-replied", "Subject: Away"))
	if err != nil || receipt.Action != "discard" {
		t.Errorf("%+v, %v", receipt, err)
	}
	if len(s.course().Changes.Skipped) > 0 || len(s.mails(noor, "notice")) > 0 {
		t.Error("it was read")
	}
}

// TestPlanBehindTheEnd: nobody is told of a plan that is over.
func TestPlanBehindTheEnd(t *testing.T) {
	s := newStage(t, func(up *setUp) { up.Now = "2026-06-01 09:00" })
	if _, ok := s.editor.NextDue(); ok {
		t.Error("something is due")
	}
	s.tick()
	if n := len(s.mails("", "plan")); n > 0 {
		t.Errorf("%d plans went out", n)
	}
}

// TestATestMailBeforeTheAnnouncement: the draft of the announcement says whether anybody of the core group has answered a test mail.
func TestATestMailBeforeTheAnnouncement(t *testing.T) {
	s := newStage(t, nil)
	s.advance("2026-02-20 15:00")
	draft := s.last(luis, "draft")
	saysAll(t, "the draft", draft.text(), "Not tested yet", "preview core")
	s.say(s.last(luis, "plan"), luis, "preview core")
	s.say(draft, luis, "say Welcome.")
	saysAll(t, "the answer then", s.last(luis, "draft_answer").text(), "the core group has a test mail, and nobody has answered it")
	test := s.last(korede, "plan")
	saysAll(t, "the test mail", test.text(), "Please answer this mail,", "one word will do")
	s.say(test, korede, "Arrived")
	s.say(draft, luis, "say Welcome all.")
	if text := s.last(luis, "draft_answer").text(); strings.Contains(text, "Not tested") {
		t.Errorf("after the answer the draft still says\n%s", text)
	}
	s.advance("2026-02-23 09:00")
	s.count(luis, "announcement", 1)
	s.advance("2026-02-27 15:00")
	if text := s.last(luis, "draft").text(); strings.Contains(text, "Not tested") {
		t.Error("the draft of the kick-off speaks of the test")
	}
}
