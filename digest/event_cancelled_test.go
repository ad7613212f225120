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
