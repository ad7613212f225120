package digest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/list/event"
)

// A date of a series that is taken off, and nothing beside it, is cancelled by itself; any other change is told by the whole series, which knows of the dates that are off.
func TestEventDateIsTakenOff(t *testing.T) {
	day := func(e *event.Event, n int) time.Time { return e.Start.AddDate(0, 0, 7*n) }
	moved := func(e *event.Event, n int) event.Instance {
		return event.Instance{Of: day(e, n), Start: day(e, n).Add(2 * time.Hour)}
	}
	for name, c := range map[string]struct {
		changes []func(*event.Event)
		want    string
	}{
		"one, by the config": {[]func(*event.Event){
			func(e *event.Event) { e.Except = []time.Time{day(e, 2)} },
		}, "CANCEL 1 of 07 Apr 15:00"},
		"one, by a mail": {[]func(*event.Event){
			func(e *event.Event) { e.Changed = []event.Instance{{Of: day(e, 2), Cancelled: true}} },
		}, "CANCEL 1 of 07 Apr 15:00"},
		"one, and then another": {[]func(*event.Event){
			func(e *event.Event) { e.Except = []time.Time{day(e, 2)} },
			func(e *event.Event) { e.Except = []time.Time{day(e, 1), day(e, 2)} },
		}, "CANCEL 1 of 07 Apr 15:00, CANCEL 2 of 31 Mar 15:00"},
		"one that was moved, beside another": {[]func(*event.Event){
			func(e *event.Event) { e.Changed = []event.Instance{moved(e, 1), moved(e, 2)} },
			func(e *event.Event) { e.Changed = []event.Instance{moved(e, 1), {Of: day(e, 2), Cancelled: true}} },
		}, "REQUEST 1, CANCEL 2 of 07 Apr 15:00"},
		"one, and another is moved": {[]func(*event.Event){
			func(e *event.Event) { e.Except, e.Changed = []time.Time{day(e, 2)}, []event.Instance{moved(e, 1)} },
		}, "REQUEST 1 without 07 Apr 15:00"},
		"two": {[]func(*event.Event){
			func(e *event.Event) { e.Except = []time.Time{day(e, 2), day(e, 3)} },
		}, "REQUEST 1 without 07 Apr 15:00 without 14 Apr 15:00"},
		"one, and later the place changes": {[]func(*event.Event){
			func(e *event.Event) { e.Except = []time.Time{day(e, 2)} },
			func(e *event.Event) { e.Where = "Room 2" },
		}, "CANCEL 1 of 07 Apr 15:00, REQUEST 2 without 07 Apr 15:00"},
		"one, which takes place after all": {[]func(*event.Event){
			func(e *event.Event) { e.Except = []time.Time{day(e, 2)} },
			func(e *event.Event) { e.Except = nil },
		}, "CANCEL 1 of 07 Apr 15:00, REQUEST 2"},
	} {
		t.Run(name, func(t *testing.T) {
			s, e := weeklyStage(t)
			for _, change := range c.changes {
				next := *e
				change(&next)
				e = &next
				s.reconfigure(e)
			}
			mails := s.mails(member(1), "invitation")[1:]
			var got []string
			for i, m := range inPython(t, mails...) {
				if len(m.Events) == 0 || len(m.Defects) > 0 || m.Param != m.Method {
					t.Fatalf("Python reads %+v", m)
				}
				o := objectOf(t, mails[i])
				main := m.Events[0]
				line := fmt.Sprintf("%s %d", m.Method, main.Sequence)
				if m.Method == "CANCEL" {
					if len(m.Events) != 1 || main.Of == "" || main.Status != "CANCELLED" || strings.TrimSpace(strings.Join(main.Guests, ",")) != "mailto:"+member(1) || !o.Items[0].Partial {
						t.Errorf("the cancellation is %+v", m)
					}
					line += " of " + o.Items[0].Event.Changed[0].Of.In(e.Start.Location()).Format("02 Jan 15:04")
				} else {
					for _, off := range o.Items[0].Event.Except {
						line += " without " + off.In(e.Start.Location()).Format("02 Jan 15:04")
					}
				}
				got = append(got, line)
			}
			if strings.Join(got, ", ") != c.want {
				t.Errorf("told by\n%s\nwant\n%s", strings.Join(got, ", "), c.want)
			}
			if m := mails[0]; strings.HasPrefix(c.want, "CANCEL") && (!strings.Contains(flat(m), "Tuesday 7 April: it does not take place on that day") || !strings.HasPrefix(m.replyTo(), "peers+rsvp-")) {
				t.Errorf("the mail reads, answered to %s,\n%s", m.replyTo(), m.text())
			}
		})
	}
}
