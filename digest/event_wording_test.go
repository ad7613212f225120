package digest

import (
	"fmt"
	"strings"
	"testing"

	"convene/list"
	"convene/list/event"
)

// wordings are the updates that somebody got of an event, each with its number and what it is about.
func (s *stage) wordings(t *testing.T, address string) string {
	var lines []string
	for _, m := range s.mails(address, "invitation") {
		e := objectOf(t, m).Items[0].Event
		lines = append(lines, fmt.Sprintf("%s %d %s", m.At.In(s.zone).Format("02 Jan 15:04"), e.Sequence, strings.Join(strings.Fields(e.About.In()), " ")))
	}
	return strings.Join(lines, "\n")
}

// A link that is changed in the description of a submitted event reaches everybody who was told, once and under a number of its own; reminders have it.
func TestEventDescriptionChanged(t *testing.T) {
	s := newStage(t, alone)
	update := func(seq int, stamp, about string) {
		t.Helper()
		o := vevent("REQUEST", "UID:g1@example.org", "DTSTAMP:"+stamp, fmt.Sprint("SEQUENCE:", seq), "DTSTART:20260220T120000Z", "DTEND:20260220T130000Z", "SUMMARY:Talk", "DESCRIPTION:"+about, "ORGANIZER:mailto:member1@example.org")
		if _, err := s.object(member(1), eventsAddress, "REQUEST", o); err != nil {
			t.Fatal(err)
		}
	}
	update(0, "20260210T050000Z", "Join https://meet.example.org/j/111")
	s.say(s.last(amina, "draft"), amina, "approve")
	s.say(s.last(member(4), "invitation"), member(4), "yes")
	s.say(s.last(member(3), "invitation"), member(3), "no")
	first := s.wordings(t, member(4))
	s.advance("2026-02-11 10:00")
	drafts := len(s.mails(amina, "draft"))
	update(1, "20260211T050000Z", "Join   https://meet.example.org/j/111\\n")
	if got := len(s.mails(amina, "draft")); got != drafts {
		t.Error("a moderator was asked about a space")
	}
	update(2, "20260211T060000Z", "Join https://meet.example.org/j/222")
	d := s.last(amina, "draft")
	if !strings.Contains(d.flat(), "what is said about it would be otherwise") {
		t.Errorf("the draft does not say what changes:\n%s", d.text())
	}
	s.say(d, amina, "approve")
	if err := s.AddMembers(stageList, []list.Member{{Address: "late@example.org", Name: "Late"}}); err != nil {
		t.Fatal(err)
	}
	s.tick()
	s.advance("2026-02-20 14:30")
	for who, want := range map[string]string{
		member(4):          first + "\n11 Feb 10:10 1 Join https://meet.example.org/j/222",
		member(3):          first,
		"late@example.org": "11 Feb 10:10 1 Join https://meet.example.org/j/222",
	} {
		if got := s.wordings(t, who); got != want {
			t.Errorf("%s got\n%s\nwant\n%s", who, got, want)
		}
	}
	if m := s.last(member(4), "invitation"); !strings.HasPrefix(m.Subject, "Changed: Talk") || !strings.Contains(m.flat(), "what is said about it is otherwise") {
		t.Errorf("the update is %q:\n%s", m.Subject, m.text())
	}
	if got := s.last(member(4), "event_reminder").text(); !strings.Contains(got, "j/222") {
		t.Errorf("the reminder has no link:\n%s", got)
	}
}

// However often the wording of an event of the config is changed within minutes, that is one update; none where it is as it was by then, and none of its spaces.
func TestEventWordingSettles(t *testing.T) {
	for name, c := range map[string]struct {
		changes func(n int, e *event.Event)
		want    string
	}{
		"what it is about":     {func(n int, e *event.Event) { e.About = event.Texts{"": fmt.Sprint("About ", n)} }, "12 Mar 10:10 1 About 5"},
		"as it was in the end": {func(n int, e *event.Event) { e.About = event.Texts{"": fmt.Sprint("About ", n%5)} }, ""},
		"spaces":               {func(n int, e *event.Event) { e.About = event.Texts{"": "About" + strings.Repeat(" \n", n) + " 0"} }, ""},
		"its agenda":           {func(n int, e *event.Event) { e.Agenda = []event.Texts{{"": fmt.Sprint("10 min, part ", n)}} }, "12 Mar 10:10 1 About 0 10 min, part 5"},
		"its places":           {func(n int, e *event.Event) { e.Places = 10 + n }, "12 Mar 10:10 1 About 0"},
		"who presents it":      {func(n int, e *event.Event) { e.Presenters = []event.Person{{Name: fmt.Sprint("Ann ", n)}} }, "12 Mar 10:10 1 About 0"},
		"when one registers":   {func(n int, e *event.Event) { e.RegisterBy = e.Start.AddDate(0, 0, -n) }, "12 Mar 10:10 1 About 0"},
		"its place, and its text": {func(n int, e *event.Event) {
			if n >= 3 {
				e.Where = "The garden"
			}
			e.About = event.Texts{"": fmt.Sprint("About ", min(n, 3))}
		}, "12 Mar 10:02 1 About 3"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, func(up *setUp) {
				alone(up)
				e := circle(up)
				e.About = event.Texts{"": "About 0"}
				up.Programme.Events = []*event.Event{e}
			})
			s.advance("2026-03-12 09:59")
			first := s.wordings(t, member(1))
			for n := 1; n <= 5; n++ {
				s.advance(fmt.Sprintf("2026-03-12 10:%02d", n-1))
				e := *s.editor.programme.Load().Events[0]
				c.changes(n, &e)
				s.reconfigure(&e)
			}
			s.advance("2026-03-13 12:00")
			got := strings.TrimPrefix(strings.TrimPrefix(s.wordings(t, member(1)), first), "\n")
			if got != c.want {
				t.Errorf("updates:\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// Shortly before an event nothing waits.
func TestEventWordingInAHurry(t *testing.T) {
	s := answering(t)
	s.advance("2026-03-24 14:30")
	e := *s.editor.programme.Load().Events[0]
	e.About = event.Texts{"": "Come to https://meet.example.org/2"}
	s.reconfigure(append([]*event.Event{&e}, s.editor.programme.Load().Events[1:]...)...)
	s.advance("2026-03-24 14:31")
	if got := s.wordings(t, member(1)); !strings.Contains(got, "24 Mar 14:30 1 Come to https://meet.example.org/2") {
		t.Errorf("they got\n%s", got)
	}
}
