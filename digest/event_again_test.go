package digest

import "testing"

// The answer of a calendar program that comes a second time changes nothing that was answered since, and is not answered twice; another one of the same moment counts.
func TestEventReplyThatComesTwice(t *testing.T) {
	s := answering(t)
	send := func(id, partstat string) {
		t.Helper()
		raw := asPart(member(2), yes(func(r *replied) { r.partstat = partstat }))
		if _, err := s.hand(member(2), eventsAddress, append([]byte("X-Copy: "+id+"\r\n"), raw...)); err != nil {
			t.Fatal(err)
		}
		s.tick()
	}
	for _, step := range []struct{ partstat, words, want string }{
		{"ACCEPTED", "", "yes"}, {"", "non", "no"}, {"ACCEPTED", "", "no"}, {"TENTATIVE", "", "maybe"}, {"ACCEPTED", "", "maybe"},
	} {
		if step.words != "" {
			s.say(s.circleOf(member(2)), member(2), step.words)
		} else {
			send(s.id(), step.partstat)
		}
		if got := s.register("circle").Guests[member(2)].Answer; got != step.want {
			t.Errorf("behind %+v it is %s", step, got)
		}
	}
}

// Who waits for a place is told so once, however often their program says yes.
func TestEventReplyThatComesTwiceWaitsOnce(t *testing.T) {
	s := answering(t)
	full := *s.editor.programme.Load().Events[0]
	full.Places = 1
	s.reconfigure(&full)
	s.say(s.circleOf(member(1)), member(1), "yes")
	before := len(s.mails(member(2), "notice"))
	for range 3 {
		if _, err := s.hand(member(2), eventsAddress, asPart(member(2), yes(nil))); err != nil {
			t.Fatal(err)
		}
		s.tick()
	}
	if got := len(s.mails(member(2), "notice")) - before; got != 1 {
		t.Errorf("who waits was told so %d times", got)
	}
}
