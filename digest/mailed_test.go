package digest

import (
	"context"
	"errors"
	"strings"
	"testing"

	"convene/digest/plan"
	"convene/list"
	"convene/list/message"
)

// mailedStage is a stage that takes plans by mail, in January, with the discussion of the config beside.
func mailedStage(t *testing.T) *stage {
	t.Helper()
	return newStage(t, func(up *setUp) {
		base := *up.Discussion
		base.Event, base.Hashtag = nil, ""
		up.Programme.Read = func(_ *list.List, id, text string) (*plan.Discussion, error) {
			d := base
			d.ID = id
			return plan.ReadMail(&d, text)
		}
	})
}

const mailedPlanText = `Dear robot, here is my plan.

Title: Seeds that travel
Start: 2026-04-06
Weeks: 1
Question: Which seed did your grandmother keep?
Question: Who has it now?`

// mailPlan mails a text to +plan@ and gives what came back.
func (s *stage) mailPlan(from, text string) sentMail {
	s.t.Helper()
	if _, err := s.hand(from, "peers+plan@lists.example.org", rawMail("", from, text, "Message-ID: <plan."+s.id()+"@example.org>", "Subject: A plan")); err != nil {
		s.t.Fatal(err)
	}
	s.tick()
	return s.last(from, "plan")
}

func (s *stage) discussionIDs() (ids []string) {
	s.t.Helper()
	err := s.Store.View(func(r list.Reader) error {
		all, err := s.editor.discussions(r)
		for _, d := range all {
			ids = append(ids, d.ID)
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return ids
}

func TestMailedPlanIsStarted(t *testing.T) {
	s := mailedStage(t)
	s.tick()
	m := s.mailPlan(luis, mailedPlanText)
	saysAll(t, "the answer", m.text(), "Nothing is started yet.", "2. Kick-off", "1. Which seed did your grandmother keep?", "Monday 6 April, 09:00 Nairobi", "2. Who has it now?")
	if len(s.discussionIDs()) != 1 {
		t.Fatalf("before start there are %q", s.discussionIDs())
	}
	s.say(m, luis, "start")
	if got := strings.Join(s.discussionIDs(), " "); got != "remote seeds-that-travel" {
		t.Fatalf("after start there are %s", got)
	}
	saysAll(t, "the answer to start", s.last(luis, "plan").text(), "Started. These are the dates.")
	saysAll(t, "what the other facilitator gets", s.last(noor, "plan").text(), "This is the plan for *Seeds that travel*")
	before := len(s.mails("", "plan"))
	s.say(m, luis, "start")
	if got := strings.Join(s.discussionIDs(), " "); got != "remote seeds-that-travel" || len(s.mails("", "plan")) != before+1 {
		t.Errorf("started twice: %s, %d mails more", got, len(s.mails("", "plan"))-before)
	}
	saysAll(t, "the answer to a second start", s.last(luis, "plan").text(), "It is started already.")

	p := *s.editor.programme.Load() // a reload, and a restart
	s.editor.Configure(&p)
	if got := strings.Join(s.discussionIDs(), " "); got != "remote seeds-that-travel" {
		t.Errorf("after a reload there are %s", got)
	}
	s.say(s.last(luis, "plan"), luis, "move 2 2026-04-07\nadd question Who else?")
	saysAll(t, "the answer to a change", s.last(luis, "plan").text(), "2, Kick-off, moves from Monday 6 April", `"Who else?" is asked in 3`)
	m = s.mailPlan(noor, mailedPlanText+"\nQuestion: And then?")
	s.say(m, noor, "start please")
	if got := strings.Join(s.discussionIDs(), " "); got != "remote seeds-that-travel seeds-that-travel-2" {
		t.Errorf("after another of the same title there are %s", got)
	}
}

// TestMailedPlanIsCancelled: before start nothing is kept; behind it nothing stays of a plan of which nothing is out, so that it can be mailed again.
func TestMailedPlanIsCancelled(t *testing.T) {
	s := mailedStage(t)
	s.tick()
	m := s.mailPlan(luis, mailedPlanText)
	s.say(m, luis, "cancel")
	saysAll(t, "the answer", s.last(luis, "plan").text(), "Cancelled. Nothing of it goes out.")
	s.say(m, luis, "start")
	s.say(s.last(luis, "plan"), luis, "skip 4")
	s.say(s.last(luis, "plan"), luis, "cancel")
	saysAll(t, "the answer", s.last(luis, "plan").text(), "Cancelled. Nothing of it goes out.")
	saysAll(t, "what the other facilitator gets", s.last(noor, "plan").text(), "Cancelled. Nothing of it goes out.")
	if got := strings.Join(s.discussionIDs(), " "); got != "remote" {
		t.Errorf("there are %s", got)
	}
	if _, err := s.answer(s.last(noor, "plan"), noor, "skip 2"); err == nil {
		t.Error("a plan that is cancelled was changed")
	}
	s.say(s.mailPlan(luis, mailedPlanText), luis, "start")
	if text := s.last(luis, "plan").text(); strings.Contains(text, "left out") {
		t.Errorf("the changes of the one before are in it:\n%s", text)
	}
}

func TestMailedPlanWithFaults(t *testing.T) {
	s := mailedStage(t)
	s.tick()
	for name, c := range map[string]struct{ text, want string }{
		"no title":           {"Start: 2026-04-06\nQuestion: Why?", "there is no line “Title:”"},
		"no date":            {"Title: x\nStart: soon\nQuestion: Why?", "Line 2: “soon” is not a date"},
		"a day that is over": {"Title: x\nStart: 2025-04-07\nQuestion: Why?", "“2025-04-07” is over already"},
	} {
		m := s.mailPlan(luis, c.text)
		saysAll(t, name, m.text(), "Nothing is planned yet", c.want, "This is what you wrote")
		if m.replyTo() != "peers+plan@lists.example.org" {
			t.Errorf("%s: an answer goes to %s", name, m.replyTo())
		}
	}
	good := s.mailPlan(luis, mailedPlanText)
	s.say(good, luis, strings.Replace(mailedPlanText, "2026-04-06", "2026-04-13", 1))
	saysAll(t, "the plan mailed again to its answer", s.last(luis, "plan").text(), "Monday 13 April, 09:00 Nairobi")
	s.say(s.last(luis, "plan"), luis, "Looks good to me, what do you think?")
	saysAll(t, "an answer that is none", s.last(luis, "plan").text(), "I did not understand this", "Looks good to me", "Monday 13 April, 09:00 Nairobi")
}

func TestWhoMailsPlans(t *testing.T) {
	s := mailedStage(t)
	if _, err := s.SetMember(stageList, member(2), []string{"role=facilitator"}); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		from   string
		proven bool
		want   string
	}{
		"a facilitator of the config": {luis, true, ""}, "one of the store": {member(2), true, ""}, "an owner": {amina, true, ""},
		"a facilitator whom nothing proves": {luis, false, "Nothing shows that this mail is yours"},
		"a member":                          {member(1), true, "Only who facilitates or owns this list may mail a plan"},
		"a stranger":                        {"eve@evil.example", true, "Only who facilitates or owns this list may mail a plan"},
	} {
		target, err := s.Route("peers+plan@lists.example.org")
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Receive(context.Background(), &list.Incoming{Raw: rawMail("", c.from, mailedPlanText, "Message-ID: <"+s.id()+"@example.org>"), Targets: []list.Target{target},
			Envelope: list.Envelope{ID: s.id(), From: c.from, Received: s.time()},
			Auth: func(context.Context, *message.Message) list.Authentication {
				if c.proven {
					return list.Authentication{DMARC: list.Pass}
				}
				return list.Authentication{DMARC: list.None}
			}})
		refusal, refused := errors.AsType[*list.Refusal](err)
		if refused != (c.want != "") || refused && !strings.Contains(refusal.Text, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPreviews: everything that is not out comes to who asked, in their language, marked so that nobody takes it for what went out; and to the core group.
func TestPreviews(t *testing.T) {
	s := mailedStage(t)
	s.tick()
	s.say(s.last(luis, "plan"), luis, "skip 3\npreview")
	var subjects []string
	for _, m := range s.mails(luis, "plan")[1:] {
		if rest, ok := strings.CutPrefix(m.Subject, "Preview "); ok {
			subjects = append(subjects, rest)
			saysAll(t, m.Subject, m.text(), "This is a preview, and goes to you alone.")
			if !strings.HasPrefix(m.replyTo(), "peers+plan-") {
				t.Errorf("%s: an answer goes to %s", m.Subject, m.replyTo())
			}
		}
	}
	if len(subjects) != 8 {
		t.Fatalf("there were %d previews: %q", len(subjects), subjects)
	}
	if len(s.course().Previews) != 0 || len(s.mails(noor, "plan")) != 2 {
		t.Errorf("left %v; the other facilitator got %d", s.course().Previews, len(s.mails(noor, "plan")))
	}
	s.say(s.last(luis, "plan"), luis, "preview core")
	if n := len(s.mails(korede, "plan")); n != 2+8 {
		t.Errorf("the core group got %d", n)
	}
	french := s.mailPlan(amina, strings.Replace(mailedPlanText, "Title", "Titre", 1))
	s.say(french, amina, "preview")
	saysAll(t, "a preview of what is not started", s.last(amina, "plan").text(), "This is a preview", "Friday 10 April")
	if len(s.discussionIDs()) != 1 {
		t.Errorf("a preview started it: %q", s.discussionIDs())
	}
}
