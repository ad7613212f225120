package digest

import (
	"strings"
	"testing"
	"time"

	"convene/digest/plan"
	"convene/list/event"
)

// onlyWith has the stage's discussion with its event, which the config has as well.
func onlyWith(up *setUp) {
	up.Discussion.Event.Invite = 14 * 24 * time.Hour
	up.Programme.Events = []*event.Event{up.Discussion.Event}
}

// What was cancelled by mail is announced by no mail of its discussion any more, and nobody is asked for what is left of it.
func TestEventCancelledIsOutOfDiscussion(t *testing.T) {
	s := quietly(t, onlyWith)
	s.advance("2026-03-08 12:00")
	if !strings.Contains(s.last(member(1), "weekly").text(), "World Café") {
		t.Fatalf("the weekly does not tell of the event:\n%s", s.last(member(1), "weekly").text())
	}
	rows := func() []plan.Row {
		a, err := s.affair()
		if err != nil {
			t.Fatal(err)
		}
		return a.rows
	}
	numbers := map[string]int{}
	for _, row := range rows() {
		numbers[row.Key] = row.N
	}
	if _, err := s.mail(luis, eventsAddress, "cancel cafe-1", "cancel cafe-1"); err != nil {
		t.Fatal(err)
	}
	out := 0
	for _, row := range rows() {
		if row.N != numbers[row.Key] {
			t.Errorf("%s has number %d, and had %d", row.Key, row.N, numbers[row.Key])
		}
		if row.Skipped && (row.Kind == plan.EventContent || row.Kind == plan.EventSummary) {
			out++
		}
	}
	if out != 2 {
		t.Errorf("%d of the mails behind the event are left out", out)
	}
	before := len(s.mails("", ""))
	s.advance("2026-04-05 12:00")
	closing := s.last(member(1), "closing")
	if strings.Contains(closing.text(), "cafe-1") || strings.Contains(closing.text(), "World Café") || strings.Contains(string(closing.Raw), ".ics") {
		t.Errorf("the closing tells of an event that was cancelled:\n%s", closing.text())
	}
	for _, m := range s.mails("", "")[before:] {
		if strings.HasPrefix(m.Kind, "event") || m.Kind == "tables" || m.Kind == "draft" && strings.Contains(m.Subject, "Café") {
			t.Errorf("%s got %s: %s", m.To, m.Kind, m.Subject)
		}
	}
}

// Who was away does not hear of it as of one to come.
func TestEventCancelledIsNotMissed(t *testing.T) {
	s := quietly(t, onlyWith)
	s.advance("2026-03-08 12:00")
	m := s.memberOf(member(1))
	missed := func() int {
		on, err := s.affair()
		if err != nil {
			t.Fatal(err)
		}
		a, err := s.editor.away(s.list, on.rec, &m, time.Time{}, s.time())
		if err != nil {
			t.Fatal(err)
		}
		all, err := s.editor.eventsToCome(a, s.time(), s.zone)
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	if n := missed(); n != 1 {
		t.Fatalf("%d events are to come", n)
	}
	if _, err := s.mail(luis, eventsAddress, "cancel cafe-1", "cancel cafe-1"); err != nil {
		t.Fatal(err)
	}
	if n := missed(); n != 0 {
		t.Errorf("%d events are to come after it was cancelled", n)
	}
}

// The file beside the closing is as new as the last invitation: calendar programs take no older one.
func TestEventMovedInClosing(t *testing.T) {
	s := quietly(t, onlyWith)
	s.advance("2026-03-08 12:00")
	for i := range 2 {
		p, d, moved := *s.editor.programme.Load(), *s.discussion, *s.discussion.Event
		moved.Start = moved.Start.Add(time.Duration(i+1) * time.Hour)
		d.Event, p.Events, p.Discussions = &moved, []*event.Event{&moved}, []*plan.Discussion{&d}
		s.editor.Configure(&p)
		s.tick()
	}
	want := objectOf(t, s.last(member(1), "invitation")).Items[0].Event
	s.advance("2026-03-14 12:00")
	got := objectOf(t, s.last(member(1), "closing")).Items[0].Event
	if want.Sequence != 2 || got.Sequence != want.Sequence || !got.Start.Equal(want.Start) || got.UID != want.UID {
		t.Errorf("the closing has change %d of %s at %s; the invitation %d of %s at %s", got.Sequence, got.UID, got.Start, want.Sequence, want.UID, want.Start)
	}
}

// What is left of an event that was cancelled stays left out of the plan, whatever a facilitator answers to it; and they read why.
func TestEventCancelledIsNotTakenInAgain(t *testing.T) {
	s := quietly(t, onlyWith)
	s.advance("2026-03-08 12:00")
	if _, err := s.mail(luis, eventsAddress, "cancel cafe-1", "cancel cafe-1"); err != nil {
		t.Fatal(err)
	}
	for _, order := range []string{"unskip 8", "move 8 2026-03-20 09:00", "skip 8"} {
		s.say(s.last(luis, "plan"), luis, order)
		if m := s.last(luis, "plan"); !strings.Contains(flat(m), "8, Recording and resources, stays left out: the event was cancelled.") || strings.Contains(flat(m), "goes out again") {
			t.Errorf("%q is answered by\n%s", order, m.text())
		}
	}
}
