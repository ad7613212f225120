package digest

import (
	"testing"

	"convene/list"
	"convene/list/event"
)

// What calendar programs answer to the list's posting address never goes to the list: an answer to an event of ours counts, one to a member's goes on to that member, and
// the rest waits for a moderator.
func TestCalendarAnswerToTheList(t *testing.T) {
	var ev *event.Event
	s := newStage(t, func(up *setUp) {
		alone(up)
		ev = circle(up)
		up.Programme.Events = []*event.Event{ev}
	})
	s.advance("2026-03-10 15:01")
	invitation := objectOf(t, s.last(member(1), "invitation")).Items[0]
	reply := func(method, uid, organiser, guest string) string {
		return vevent(method, "UID:"+uid, "DTSTAMP:20260310T130000Z", "DTSTART:20260324T120000Z", "ORGANIZER:mailto:"+organiser, "ATTENDEE;PARTSTAT=ACCEPTED:mailto:"+guest)
	}
	posts := func() (n uint32) {
		err := s.Store.View(func(r list.Reader) error {
			rec, err := r.List(stageList)
			n = rec.Posts
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	register := func(address string) string {
		all, err := s.editor.Events(stageList)
		if err != nil {
			t.Fatal(err)
		}
		return all[0].Answers[address]
	}
	if _, err := s.object(member(1), stageList, "REPLY", reply("REPLY", invitation.Event.UID, eventsAddress, member(1))); err != nil {
		t.Fatal(err)
	}
	if got := register(member(1)); got != "yes" {
		t.Errorf("who answered to the list comes: %q", got)
	}
	// Somebody answers for another (V04): nobody's answer is changed.
	if _, err := s.object(member(2), stageList, "REPLY", reply("REPLY", invitation.Event.UID, eventsAddress, member(3))); err != nil {
		t.Fatal(err)
	}
	if got := register(member(3)); got != "" {
		t.Errorf("member 3 said %q by member 2's mail", got)
	}
	for _, method := range []string{"REPLY", "COUNTER", "REFRESH", "DECLINECOUNTER"} {
		before := len(s.mails(member(5), ""))
		receipt, err := s.object(member(1), stageList, method, reply(method, "theirs@example.org", member(5), member(1)))
		if err != nil || receipt.Action != "forward" {
			t.Errorf("a %s to a member: %+v, %v", method, receipt, err)
		}
		all := s.mails(member(5), "")
		if len(all) != before+1 || objectOf(t, all[len(all)-1]).Items[0].Event.UID != "theirs@example.org" {
			t.Errorf("the member got %d mails of a %s", len(all)-before, method)
		}
		receipt, err = s.object(member(1), stageList, method, reply(method, "strange@example.com", "victim@example.com", member(1)))
		if err != nil || receipt.Action != "hold" {
			t.Errorf("a %s to a stranger: %+v, %v", method, receipt, err)
		}
	}
	if got := s.mails("victim@example.com", ""); len(got) != 0 {
		t.Errorf("a stranger got %d mails", len(got))
	}
	// A stranger's mail does not reach a member by way of the list.
	before := len(s.mails(member(5), ""))
	if receipt, err := s.object("stranger@example.com", stageList, "REPLY", reply("REPLY", "theirs@example.org", member(5), "stranger@example.com")); err == nil && receipt.Action != "hold" {
		t.Errorf("a stranger's answer: %+v", receipt)
	}
	if len(s.mails(member(5), "")) != before || posts() != 0 {
		t.Errorf("%d posts are on the list", posts())
	}
	// What people send one another by the list is a post as ever, and to the owner it is mail.
	if receipt, err := s.object(member(1), stageList, "REQUEST", vevent("REQUEST", "UID:a", "DTSTART:20260320T100000Z", "SUMMARY:x")); err != nil || receipt.Action != "accept" && receipt.Action != "hold" {
		t.Errorf("an invitation to the list: %+v, %v", receipt, err)
	}
	if receipt, err := s.object(member(1), "peers+owner@lists.example.org", "REPLY", reply("REPLY", "x", member(5), member(1))); err != nil || receipt.Action != "forward" {
		t.Errorf("an answer to the owner: %+v, %v", receipt, err)
	}
}
