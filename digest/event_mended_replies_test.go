package digest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/digest/calendar"
	"convene/list"
	"convene/list/event"
)

// TestEventManyDates answers 900 dates of a series in one mail: so few are heard that nobody else waits for it, in one transaction, and what is long over is forgotten.
func TestEventManyDates(t *testing.T) {
	s := newStage(t, func(up *setUp) {
		alone(up)
		e := circle(up)
		e.Rule = "FREQ=DAILY"
		up.Programme.Events = []*event.Event{e}
	})
	s.advance("2026-03-10 15:01")
	reply := func(from time.Time, n int) list.Receipt {
		t.Helper()
		var b strings.Builder
		b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REPLY\r\n")
		for i := range n {
			fmt.Fprintf(&b, "BEGIN:VEVENT\r\nUID:circle.peers@lists.example.org\r\nDTSTAMP:%s\r\nRECURRENCE-ID:%s\r\nORGANIZER:mailto:peers+events@lists.example.org\r\n"+
				"ATTENDEE;PARTSTAT=ACCEPTED:mailto:member2@example.org\r\nEND:VEVENT\r\n", s.time().UTC().Format("20060102T150405Z"), from.AddDate(0, 0, i).Format("20060102T150405Z"))
		}
		b.WriteString("END:VCALENDAR\r\n")
		r, err := s.handAs(member(2), eventsAddress, asPart(member(2), b.String()), list.Authentication{DMARC: list.Pass})
		if err != nil {
			t.Fatal(err)
		}
		s.tick()
		return r
	}
	first := time.Date(2026, 3, 24, 12, 0, 0, 0, time.UTC)
	if r := reply(first, 900); len(r.Action) > 60 {
		t.Errorf("the log says %q", r.Action)
	}
	if n := len(s.register("circle").Guests[member(2)].Dates); n != 20 {
		t.Errorf("%d of 900 dates were heard", n)
	}
	s.advance("2026-06-15 12:00")
	reply(time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC), 1)
	if dates := s.register("circle").Guests[member(2)].Dates; len(dates) != 1 || dates["20260701T120000Z"] != calendar.Yes {
		t.Errorf("of what is long over there is %v", dates)
	}
}

// TestEventTwoUIDs answers two events in one mail: each answer counts for the event that it names.
func TestEventTwoUIDs(t *testing.T) {
	s := answering(t)
	_, part, _ := strings.Cut(yes(func(r *replied) { r.uid, r.partstat = "berlin.peers@lists.example.org", "DECLINED" }), "METHOD:REPLY\r\n")
	both := strings.Replace(yes(nil), "END:VCALENDAR\r\n", "", 1) + part
	if _, err := s.handAs(member(2), eventsAddress, asPart(member(2), both), list.Authentication{DMARC: list.Pass}); err != nil {
		t.Fatal(err)
	}
	s.tick()
	if got, want := s.guestsOf(len(s.mails("", ""))), "berlin member2 no\ncircle member2 yes"; got != want {
		t.Errorf("it is down as\n%s\nwant\n%s", got, want)
	}
}

// TestEventReplyMethod has an answer in a part that says it is an invitation: it is refused with a word, at the address of the events and at that of the invitation.
func TestEventReplyMethod(t *testing.T) {
	s := answering(t)
	raw := []byte(strings.Replace(string(asPart(member(2), yes(nil))), "method=REPLY", "method=REQUEST", 1))
	for _, to := range []string{eventsAddress, s.last(member(2), "invitation").replyTo()} {
		_, err := s.handAs(member(2), to, raw, list.Authentication{DMARC: list.Pass})
		if err == nil || !strings.Contains(err.Error(), "ask for different things: REQUEST, REPLY") {
			t.Errorf("at %s it was answered %v", to, err)
		}
	}
	s.tick()
	if got := s.guestsOf(len(s.mails("", ""))); got != "" {
		t.Errorf("it counted: %s", got)
	}
}
