package digest

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"convene/list"
)

// A reply to all of an invitation, or of a draft, brings the address that answers it to everybody: it is overwritten in the post and worth nothing any more, and whose it
// was gets the mail again with another.
func TestTokensOfScheduledMailsAreScrubbed(t *testing.T) {
	s := answering(t)
	invitation := s.last(member(1), "invitation")
	old := invitation.replyTo()
	token := old[strings.Index(old, "-")+1 : strings.Index(old, "@")]
	if !strings.Contains(old, "+rsvp-") || len(token) != 26 {
		t.Fatalf("the invitation is answered to %s", old)
	}
	before := len(s.mails(member(1), "invitation"))
	p := s.post(member(2), "I am coming", "> Reply-To: "+old+"\n\nSee you there, all.", "")
	raw, err := s.Store.Raw(p.Ref)
	if err != nil || bytes.Contains(raw, []byte(token)) {
		t.Errorf("the token stands in the post: %v\n%s", err, raw)
	}
	s.tick()
	for _, m := range s.mails("", "") {
		if m.Out.Post == p.Number && strings.Contains(string(m.message().Raw), token) {
			t.Errorf("the token went to %s", m.To)
		}
	}
	again := s.mails(member(1), "invitation")
	if len(again) != before+1 {
		t.Fatalf("%d fresh invitations", len(again)-before)
	}
	var refused *list.Refusal
	if _, err := s.answer(invitation, member(1), "yes"); !errors.As(err, &refused) {
		t.Errorf("the old address still answers: %v", err)
	}
	s.say(again[before], member(1), "yes")
	if got := s.saidTo(member(1), "circle", "berlin", "york"); !strings.Contains(got, "yes") {
		t.Errorf("the fresh one says %q", got)
	}
}
