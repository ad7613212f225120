package digest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/digest/calendar"
	"convene/list/event"
)

// An event of the config that was cancelled by mail is told of as that once, whatever is edited of it; with another start it takes place again, as a change of what members had.
func TestEventCancelledOnce(t *testing.T) {
	var e *event.Event
	s := newStage(t, func(up *setUp) { alone(up); e = circle(up); up.Programme.Events = []*event.Event{e} })
	s.advance("2026-03-10 15:01")
	s.say(s.last(member(1), "invitation"), member(1), "yes")
	told := func(want ...string) {
		t.Helper()
		var got []string
		for _, m := range s.mails(member(1), "invitation") {
			o := objectOf(t, m)
			got = append(got, fmt.Sprintf("%s %d %s", o.Method, o.Items[0].Event.Sequence, o.Items[0].Event.Start.UTC().Format("02 Jan 15:04")))
		}
		if strings.Join(got, ", ") != strings.Join(want, ", ") {
			t.Errorf("a member was told %q, not %q", got, want)
		}
	}
	edit := func(f func(*event.Event)) {
		c := *e
		f(&c)
		e = &c
		s.reconfigure(e)
	}
	state := func(want string) {
		t.Helper()
		if all, err := s.editor.Events(stageList); err != nil || len(all) != 1 || all[0].State != want || all[0].Count(calendar.Yes) != 1 {
			t.Errorf("the events are %+v: %v", all, err)
		}
	}
	cancel := func() {
		t.Helper()
		if _, err := s.mail(amina, eventsAddress, "cancel circle", ""); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	told("REQUEST 0 24 Mar 12:00", "CANCEL 1 24 Mar 12:00")
	edit(func(e *event.Event) { e.Where = "https://meet.example.org/another" })
	edit(func(e *event.Event) { e.Title = event.Texts{"": "The circle"} })
	s.tick()
	told("REQUEST 0 24 Mar 12:00", "CANCEL 1 24 Mar 12:00")
	state("cancelled")

	was := e.Start
	edit(func(e *event.Event) { e.Start = was.AddDate(0, 0, 7) })
	told("REQUEST 0 24 Mar 12:00", "CANCEL 1 24 Mar 12:00", "REQUEST 2 31 Mar 12:00")
	state("coming")
	edit(func(e *event.Event) { e.Start = was })
	told("REQUEST 0 24 Mar 12:00", "CANCEL 1 24 Mar 12:00", "REQUEST 2 31 Mar 12:00", "REQUEST 3 24 Mar 12:00")
	cancel()
	told("REQUEST 0 24 Mar 12:00", "CANCEL 1 24 Mar 12:00", "REQUEST 2 31 Mar 12:00", "REQUEST 3 24 Mar 12:00", "CANCEL 4 24 Mar 12:00")
	state("cancelled")
	edit(func(e *event.Event) { e.Length = 2 * time.Hour })
	if n := len(s.mails(member(1), "event_reminder")); n != 0 {
		t.Errorf("%d reminders", n)
	}
	s.advance("2026-03-25 12:00")
	told("REQUEST 0 24 Mar 12:00", "CANCEL 1 24 Mar 12:00", "REQUEST 2 31 Mar 12:00", "REQUEST 3 24 Mar 12:00", "CANCEL 4 24 Mar 12:00")
	if n := len(s.mails(member(1), "event_reminder")); n != 0 {
		t.Errorf("%d reminders of what does not take place", n)
	}
}

// Who cancels what is cancelled, or a date on which it does not take place, reads that, and not that the event is there.
func TestEventCancelledTwice(t *testing.T) {
	s := newStage(t, alone)
	for range 2 {
		if _, err := s.object(amina, eventsAddress, "PUBLISH", vevent("PUBLISH", "UID:twice@example.org", "DTSTAMP:20260210T040000Z", "DTSTART;TZID=Africa/Nairobi:20260217T150000", "DURATION:PT1H", "SUMMARY:Lunch", "RRULE:FREQ=WEEKLY;COUNT=4")); err != nil {
			t.Fatal(err)
		}
	}
	order := func(subject, title, said string) {
		t.Helper()
		if _, err := s.mail(amina, eventsAddress, subject, ""); err != nil {
			t.Fatal(err)
		}
		if m := s.last(amina, "notice"); m.Subject != title || !strings.Contains(m.flat(), said) {
			t.Errorf("%q was answered %q\n%s", subject, m.Subject, m.flat())
		}
	}
	order("cancel lunch.1 2026-02-24", "One date is cancelled: Lunch", "does not take place on Tuesday 24 February")
	order("cancel lunch.1 2026-02-24", "Nothing has changed: Lunch", "On Tuesday 24 February it does not take place, so there was nothing to cancel")
	order("cancel lunch.1", "It is cancelled: Lunch", "whoever was invited is told")
	told := len(s.mails("", "invitation"))
	order("cancel lunch.1", "It is cancelled already: Lunch", "It was cancelled before, and whoever was invited was told. Nothing was changed.")
	if _, err := s.object(amina, eventsAddress, "CANCEL", vevent("CANCEL", "UID:twice@example.org", "DTSTAMP:20260211T040000Z", "SEQUENCE:3", "SUMMARY:Lunch")); err != nil {
		t.Fatal(err)
	}
	if m := s.last(amina, "notice"); m.Subject != "It is cancelled already: Lunch" || len(s.mails("", "invitation")) != told {
		t.Errorf("a program's second word was answered %q", m.Subject)
	}
	if _, err := s.mail(member(1), eventsAddress, "x", "Title: Talk\nWhen: 2026-02-20 15:00"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"It is taken back. Nobody was told", "It was never announced, and nobody was told of it."} {
		if _, err := s.mail(member(1), eventsAddress, "cancel talk.1", ""); err != nil {
			t.Fatal(err)
		}
		if m := s.last(member(1), "notice"); !strings.Contains(m.flat(), want) {
			t.Errorf("who takes back got\n%s", m.flat())
		}
	}
}

// Who answers a cancellation reads once more that it does not take place, and nothing else.
func TestEventCancelledAndAnswered(t *testing.T) {
	s := newStage(t, func(up *setUp) { alone(up); up.Programme.Events = []*event.Event{circle(up)} })
	s.advance("2026-03-10 15:01")
	if _, err := s.mail(amina, eventsAddress, "cancel circle", ""); err != nil {
		t.Fatal(err)
	}
	for n, c := range map[int][3]string{1: {"yes", "It does not take place: Reading circle", "This event does not take place, so there is nothing for you to do."},
		2: {"oui", "Il n’a pas lieu : Cercle de lecture", "Cet événement n’a pas lieu : vous n’avez rien à faire."}, 3: {"no", "No tiene lugar: Reading circle", "Este evento no tiene lugar"}} {
		m := s.last(member(n), "invitation")
		if !strings.HasPrefix(m.replyTo(), "peers+rsvp-") {
			t.Errorf("a cancellation is answered to %s", m.replyTo())
		}
		s.say(m, member(n), c[0])
		if m := s.last(member(n), "notice"); m.Subject != c[1] || !strings.Contains(m.flat(), c[2]) || strings.Contains(m.flat(), "http") {
			t.Errorf("%q was answered %q\n%s", c[0], m.Subject, m.flat())
		}
	}
}
