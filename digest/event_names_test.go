package digest

import (
	"strings"
	"testing"
	"time"

	"convene/list"
)

// An address is not shown to other members where a name would be: neither of who has none, nor of whose name is one. Who runs the list sees it beside.
func TestEventNamesThatAreAddresses(t *testing.T) {
	const address = "secret@private.example"
	s := newStage(t, alone)
	s.changeMember(member(4), func(m *list.Member) { m.Name = address })
	s.changeMember(member(5), func(m *list.Member) { m.Name = "" })
	if _, err := s.mail(member(1), eventsAddress, "x", "Title: A\nWhen: 2026-02-20 15:00"); err != nil {
		t.Fatal(err)
	}
	s.say(s.last(amina, "draft"), amina, "approve")
	for n := range 3 {
		s.say(s.last(member(3+n), "invitation"), member(3+n), "yes")
	}
	s.advance("2026-02-20 10:00")
	m := s.last(member(1), "notice")
	if got := m.text(); !strings.HasPrefix(m.Subject, "3 people are coming") || strings.Contains(got, "private.example") || strings.Contains(got, "member5") || strings.Count(got, "- a member\n") != 2 {
		t.Errorf("who offers it reads %q:\n%s", m.Subject, got)
	}
	if _, err := s.mail(amina, eventsAddress, "who a.1", ""); err != nil {
		t.Fatal(err)
	}
	if got := s.last(amina, "notice").text(); !strings.Contains(got, "- a member ("+member(5)+")") {
		t.Errorf("who runs the list reads\n%s", got)
	}
}

func TestEventTablesNameNobodyByAddress(t *testing.T) {
	s := newStage(t, func(up *setUp) {
		ev := *up.Discussion.Event
		ev.Invite = 14 * 24 * time.Hour
		up.Discussion.Event = &ev
	})
	s.changeMember(member(4), func(m *list.Member) { m.Name = "secret@private.example" })
	s.advance("2026-03-12 10:00")
	s.rsvp("yes", 1, 2, 3, 4, 5)
	s.advance("2026-03-17 10:00")
	told := 0
	for _, m := range s.mails("", "tables") {
		if told++; m.To != member(4) && strings.Contains(m.text(), "private.example") {
			t.Errorf("%s reads\n%s", m.To, m.text())
		}
	}
	if told == 0 {
		t.Errorf("nobody was told a table:\n%s", s.outline())
	}
}
