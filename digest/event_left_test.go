package digest

import (
	"strings"
	"testing"
)

// Who mailed an event and has left the list is not told who comes to it, by itself or when they ask: who runs the list is.
func TestEventSubmitterWhoLeft(t *testing.T) {
	s := newStage(t, alone)
	if _, err := s.mail(member(1), eventsAddress, "x", "Title: Coffee hour\nWhen: 2026-02-20 15:00\nWhere: here"); err != nil {
		t.Fatal(err)
	}
	s.say(s.last(amina, "draft"), amina, "approve")
	s.say(s.last(member(4), "invitation"), member(4), "yes")
	if err := s.RemoveMembers(stageList, []string{member(1)}); err != nil {
		t.Fatal(err)
	}
	before := len(s.mails(member(1), ""))
	s.advance("2026-02-19 16:00")
	if _, err := s.mail(member(1), eventsAddress, "who coffee-hour.1", "who coffee-hour.1"); err == nil || !strings.Contains(err.Error(), "is for who is on the list") {
		t.Errorf("asked, they are told %v", err)
	}
	if got := s.mails(member(1), ""); len(got) != before {
		t.Errorf("they get %q:\n%s", got[len(got)-1].Subject, got[len(got)-1].text())
	}
	if m := s.last(luis, "notice"); !strings.Contains(m.Subject, "Coffee hour") {
		t.Errorf("who runs the list gets %q", m.Subject)
	}
}

// Who said that they come, or wait for a place, and has left the list is no longer counted; of what is over it stays who had answered.
func TestEventShownWithoutWhoLeft(t *testing.T) {
	s := newStage(t, func(up *setUp) {
		alone(up)
		up.Programme.Events = append(up.Programme.Events, circle(up))
		up.Programme.Events[0].Places = 2
	})
	s.advance("2026-03-10 15:01")
	for n := 1; n <= 4; n++ {
		s.say(s.last(member(n), "invitation"), member(n), "yes")
	}
	shown := func(step string, yes, waiting int) {
		t.Helper()
		all, err := s.editor.Events(stageList)
		if err != nil || len(all) != 1 || all[0].Count("yes") != yes || all[0].Waiting != waiting {
			t.Errorf("%s: %+v: %v", step, all, err)
		}
	}
	shown("all are there", 4, 2)
	if err := s.RemoveMembers(stageList, []string{member(3)}); err != nil {
		t.Fatal(err)
	}
	shown("one who waits left", 3, 1)
	s.advance("2026-03-26 12:00")
	if err := s.RemoveMembers(stageList, []string{member(1)}); err != nil {
		t.Fatal(err)
	}
	shown("it is over", 3, 1)
}
