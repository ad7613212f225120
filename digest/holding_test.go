package digest

import (
	"fmt"
	"strings"
	"testing"

	"convene/list"
)

// heldStage is a stage on which every post waits, in the first week of the discussion.
func heldStage(t *testing.T) *stage {
	t.Helper()
	s := newStage(t, func(up *setUp) {
		up.List.HoldAll, up.List.Moderators = true, []string{amina}
		up.Now = "2026-03-02 09:10"
	})
	s.tick()
	return s
}

// hold hands in a post that must be held.
func (s *stage) hold(from, subject string) {
	s.t.Helper()
	receipt, err := s.hand(from, stageList, rawMail("", from, "What "+from+" says of "+subject, "To: "+stageList, "Subject: "+subject, "Message-ID: <held."+s.id()+"@example.org>"))
	if err != nil || receipt.Action != "hold" {
		s.t.Fatalf("%+v, %v", receipt, err)
	}
	s.tick()
}

// asked are the subjects of what asks somebody to decide on held posts.
func (s *stage) asked(to string) (subjects []string) {
	for _, m := range s.mails(to, "") {
		if strings.HasPrefix(m.replyTo(), "peers+held-") {
			subjects = append(subjects, m.Subject)
		}
	}
	return subjects
}

// TestHeldPostsOfADiscussion: what is held of its topics comes once an hour, to moderators and to who facilitates, who decides by number.
func TestHeldPostsOfADiscussion(t *testing.T) {
	s := heldStage(t)
	s.hold(member(1), "My group #remote")
	s.hold(member(2), "Mine, too #remote")
	s.hold(member(3), "For sale: a bicycle")
	if got := fmt.Sprint(s.asked(luis), s.asked(amina)); got != "[] [To decide: For sale: a bicycle]" {
		t.Fatalf("within the hour they were asked %s", got)
	}
	s.advance("2026-03-02 10:00")
	for _, who := range []string{luis, noor, amina} {
		m := s.last(who, "")
		saysAll(t, "the bundle to "+who, m.text(), "who facilitates", "1. My group #remote", "2. Mine, too #remote", `"approve all"`)
		if strings.Contains(m.text(), "bicycle") {
			t.Errorf("the bundle to %s has what is of no discussion:\n%s", who, m.text())
		}
	}
	his, hers := s.last(luis, ""), s.last(noor, "")
	s.say(his, luis, "approve 2")
	s.say(hers, noor, "approve all")
	posts := 0
	for _, m := range s.mails(member(5), "") {
		if m.Out.Post > 0 && strings.Contains(m.Subject, "#remote") {
			posts++
		}
	}
	if posts != 2 {
		t.Errorf("%d posts went out: %s", posts, s.outline())
	}
	before := len(s.asked(luis))
	s.advance("2026-03-02 13:00")
	if n := len(s.asked(luis)); n != before {
		t.Errorf("%d bundles more, of nothing", n-before)
	}
	s.hold(member(4), "Re: My group #remote")
	s.advance("2026-03-02 14:00")
	if n := len(s.asked(luis)); n != before+1 {
		t.Errorf("%d bundles more, of one post", n-before)
	}
}

// TestHeldPostOfAFirstResponder comes at once, to both.
func TestHeldPostOfAFirstResponder(t *testing.T) {
	s := heldStage(t)
	err := s.editor.change(s.discussion.ID, func(_ list.Tx, a *affair) error {
		a.course.Responders = map[string]*ResponderState{"remote/kickoff/1 " + member(1): {Said: "yes"}, "remote/kickoff/1 " + member(2): {Said: "no"}}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s.hold(member(1), "The phone call")
	s.hold(member(2), "Mine #remote")
	if got := fmt.Sprint(s.asked(luis), s.asked(amina)); got != "[To decide: The phone call] [To decide: The phone call]" {
		t.Errorf("they were asked %s", got)
	}
}

// TestFacilitatorsDecideWhileItRuns: not before, not long behind it, and not for members whom nobody made one.
func TestFacilitatorsDecideWhileItRuns(t *testing.T) {
	for now, want := range map[string]list.Holding{"2026-02-01 09:00": list.HoldingAsEver, "2026-02-20 09:00": list.HoldingBundled, "2026-03-20 09:00": list.HoldingBundled,
		"2026-05-01 09:00": list.HoldingAsEver} {
		s := newStage(t, func(up *setUp) { up.Now = now })
		err := s.Store.View(func(r list.Reader) error {
			how, err := s.editor.Holding(r, s.list, member(1), 0, "Mine #remote", s.time())
			if how != want {
				t.Errorf("at %s: %v, want %v", now, how, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
