package digest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/digest/calendar"
	"convene/list/event"
)

// Who runs the server sees where each event stands, and how many answered what.
func TestEventsShown(t *testing.T) {
	s := newStage(t, func(up *setUp) {
		alone(up)
		ev := circle(up)
		ev.Start = ev.Start.AddDate(0, 0, -30)
		up.Programme.Events = []*event.Event{ev}
	})
	shown := func() string {
		all, err := s.editor.Events(stageList)
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for i := range all {
			e := &all[i]
			lines = append(lines, fmt.Sprintf("%s %s %d/%d/%d/%d", e.ID, e.State, e.Count("yes"), e.Count("no"), e.Count("maybe"), e.None))
		}
		return strings.Join(lines, "\n")
	}
	s.tick()
	s.say(s.last(member(1), "invitation"), member(1), "yes")
	s.say(s.last(member(2), "invitation"), member(2), "non")
	s.say(s.last(member(3), "invitation"), member(3), "quizás")
	for i, title := range []string{"First talk", "Second talk", "Third talk"} {
		if _, err := s.mail(member(4), eventsAddress, "x", fmt.Sprintf("Title: %s\nWhen: 2026-03-0%d 10:00", title, i+1)); err != nil {
			t.Fatal(err)
		}
	}
	drafts := s.mails(amina, "draft")
	s.say(drafts[1], amina, "approve")
	s.say(drafts[2], amina, "reject")
	if got, want := shown(), "circle coming 1/1/1/11\nfirst-talk.1 proposed 0/0/0/0\nsecond-talk.1 coming 0/0/0/0\nthird-talk.1 declined 0/0/0/0"; got != want {
		t.Errorf("the events are\n%s\nwant\n%s", got, want)
	}
	s.advance("2026-02-22 15:30")
	if _, err := s.mail(member(4), eventsAddress, "cancel second-talk.1", ""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.mail(member(4), eventsAddress, "annuler first-talk.1", ""); err != nil {
		t.Fatal(err)
	}
	if got, want := shown(), "circle running 1/1/1/11\nfirst-talk.1 declined 0/0/0/0\nsecond-talk.1 cancelled 0/0/0/14\nthird-talk.1 declined 0/0/0/0"; got != want {
		t.Errorf("the events are\n%s\nwant\n%s", got, want)
	}
	s.say(drafts[0], amina, "approve") // it was taken back
	if m := s.last(amina, "notice"); !strings.Contains(m.flat(), "Grace Wanjiru had declined it") {
		t.Errorf("who approved what was taken back got\n%s", m.flat())
	}
	s.advance("2026-02-23 08:00")
	if got := shown(); !strings.HasPrefix(got, "circle over 1/1/1/11\n") {
		t.Errorf("the events are\n%s", got)
	}
	if _, err := s.editor.Events("nobody@lists.example.org"); err == nil {
		t.Error("there are events of no list")
	}
}

// Of a series each date is counted by itself, and all of the invited are counted once on each.
func TestEventsShownOfASeries(t *testing.T) {
	s, _ := lunchStage(t, func(up *setUp, ev *event.Event) { up.Members, ev.Places = 5, 2 })
	s.advance("2026-03-10 13:00")
	for n, text := range map[int]string{1: "yes", 2: "oui 2026-03-31", 3: "no 2026-03-24", 4: "yes 2026-03-31"} {
		s.say(s.last(member(n), "invitation"), member(n), text)
	}
	s.set(s.time().Add(time.Minute))
	s.say(s.last(member(5), "invitation"), member(5), "yes 2026-03-31")
	shown := func() string {
		all, err := s.editor.Events(stageList)
		if err != nil || len(all) != 1 {
			t.Fatal(err, all)
		}
		text := ""
		for _, d := range append([]calendar.ShownDate{{Start: all[0].Next, Tally: all[0].Tally}}, all[0].Dates...) {
			text += fmt.Sprintf("%s %d/%d/%d/%d %d; ", d.Start.Format("02.01"), d.Count("yes"), d.Count("no"), d.Count("maybe"), d.None, d.Waiting)
		}
		return text
	}
	others := len(s.mails("", "invitation")) - 5 // Luis, and who else is invited, say nothing
	want := fmt.Sprintf("24.03 1/1/0/%d 0; 24.03 1/1/0/%[1]d 0; 31.03 4/0/0/%d 2; 07.04 1/0/0/%d 0; 14.04 1/0/0/%[3]d 0; ", others+3, others+1, others+4)
	if got := shown(); got != want {
		t.Errorf("the dates are\n%s\nwant\n%s", got, want)
	}
	s.advance("2026-04-20 12:00")
	if got, want := shown(), fmt.Sprintf("01.01 1/0/0/%d 0; ", others+4); got != want {
		t.Errorf("behind the last one they are %s, want %s", got, want)
	}
}
