package digest

import (
	"strings"
	"testing"
	"time"

	"convene/digest/calendar"
	"convene/list/event"
)

// roundStage is a list without a discussion that runs, with a round-up by a cron line.
func roundStage(t *testing.T, cron string, weeks, ahead int, change func(up *setUp)) *stage {
	t.Helper()
	return newStage(t, func(up *setUp) {
		up.Discussion.Event = nil
		up.Discussion.Start = up.Discussion.Start.AddDays(2000)
		up.Programme.Roundups = map[string]calendar.Roundup{stageList: {Cron: cron, EveryWeeks: weeks, Ahead: time.Duration(ahead) * 24 * time.Hour}}
		if change != nil {
			change(up)
		}
	})
}

// dated is an event of the stage's list that is a round-up's alone: nobody is invited to it by itself before the day that it begins on.
func dated(s *setUp, id, title, at string) *event.Event {
	zone := s.Discussion.Calendar.Location
	start, err := time.ParseInLocation("2006-01-02 15:04", at, zone)
	if err != nil {
		panic(err)
	}
	return &event.Event{ID: id, List: stageList, Title: event.Texts{"": title}, Format: event.Meeting, Where: "https://meet.example.org/" + id, Start: start, Length: time.Hour}
}

// withEvents has the site configured anew, with these events.
func (s *stage) withEvents(all ...*event.Event) {
	p := *s.editor.programme.Load()
	p.Events = all
	s.editor.Configure(&p)
}

// rounds are the subjects of the round-ups that somebody got, with the time where the list is, a line each.
func (s *stage) rounds(address string) string { return s.kindsTo(address, "roundup") }

// A round-up goes out in every second week, to who gets what the schedule sends, with what is new first; what changed is marked, and what is cancelled once. An empty one
// does not go out, and what comes behind it waits for the next.
func TestRoundup(t *testing.T) {
	var cafe, coffee, reading *event.Event
	s := roundStage(t, "0 8 * * MON", 2, 30, func(up *setUp) {
		cafe, coffee, reading = dated(up, "cafe-2", "World Café", "2026-03-17 15:00"), dated(up, "coffee", "Coffee and questions", "2026-02-24 10:00"), dated(up, "circle", "Reading circle", "2026-04-01 15:00")
		coffee.Rule = "FREQ=WEEKLY;COUNT=5"
		cafe.About, cafe.Organiser = event.Texts{"": "What made a quiet group talk, table by table."}, event.Person{Name: "Awa Diallo", Address: "awa@example.org"}
	})
	for n, mode := range map[int]string{4: "digest", 5: "summary", 6: "special", 7: "nomail"} {
		s.order(member(n), "set "+mode)
	}
	s.order(member(8), "pause")
	s.order(member(9), "set timezone America/La_Paz", "set format html")
	s.advance("2026-02-17 09:00")
	if got := s.mails("", "roundup"); len(got) != 0 {
		t.Fatalf("without an event %d round-ups went out", len(got))
	}
	s.withEvents(cafe, coffee)
	s.advance("2026-03-02 07:59")
	if got := s.mails("", "roundup"); len(got) != 0 {
		t.Fatalf("%d went out before it was time:\n%s", len(got), s.outline())
	}
	s.advance("2026-03-02 08:01")
	if got := s.mails("", "roundup"); len(got) != 11 {
		t.Fatalf("%d round-ups went out:\n%s", len(got), s.outline())
	}
	first := s.last(member(1), "roundup")
	text := first.text()
	for _, has := range []string{"New: World Café", "New: Coffee", "Tuesday 17 March, 15:00 Nairobi", "Offered by Awa Diallo.", "What made a quiet group talk, table by table.", "yes cafe-2", "every Tuesday",
		"Also on Tuesday 10 March; Tuesday 17 March; Tuesday 24 March.", "yes coffee 2026-03-03", "When: 2026-03-09 15:00", "https://lists.example.org/peers@lists.example.org/calendar"} {
		if !strings.Contains(strings.Join(strings.Fields(text), " "), has) {
			t.Errorf("the round-up does not say %q:\n%s", has, text)
		}
	}
	if i, j := strings.Index(text, "World Café"), strings.Index(text, "Coffee and"); i < j {
		t.Errorf("what is later comes first:\n%s", text)
	}
	if from, to := first.message().Get("From"), first.replyTo(); !strings.Contains(from, "peers+events@") || to != "peers+events@lists.example.org" {
		t.Errorf("it is from %s, answered to %s", from, to)
	}
	if o := objectOf(t, first); o.Method != event.Publish || len(o.Items) != 2 || len(o.Items[0].Guests) != 0 || o.Items[1].Event.Rule+o.Items[0].Event.Rule == "" {
		t.Errorf("the file has %+v", o)
	}
	for _, item := range objectOf(t, first).Items {
		if got := item.Event.Organiser.Address; got != "peers+events@lists.example.org" {
			t.Errorf("in the file %s is from %s, and its invitation is not", item.Event.UID, got)
		}
	}
	away := s.last(member(9), "roundup")
	if text := away.text(); !strings.Contains(text, "martes 17 de marzo, 08:00 en La Paz") && !strings.Contains(text, "Martes 17 de marzo, 08:00 en La Paz") || !strings.Contains(text, "15:00 en Nairobi") {
		t.Errorf("in La Paz it reads\n%s", text)
	}
	later := *cafe
	later.Start = later.Start.Add(time.Hour)
	off := *coffee
	off.Cancelled = true
	s.withEvents(&later, &off, reading)
	s.advance("2026-04-01 12:00")
	want := "02 Mar 08:00 roundup: 2 events until 1 April, 2 new: Coffee and questions 3 March\n16 Mar 08:00 roundup: 2 events until 15 April, 1 new: Reading circle 1 April\n" +
		"30 Mar 08:00 roundup: 1 event until 29 April: Reading circle 1 April"
	for _, n := range []int{1, 4} {
		if got := s.rounds(member(n)); n == 1 && got != want || strings.Count(got, "\n") != 2 {
			t.Errorf("%s got\n%s\nwant\n%s", member(n), got, want)
		}
	}
	for _, n := range []int{6, 7, 8} {
		if got := s.rounds(member(n)); got != "" {
			t.Errorf("%s got %s", member(n), got)
		}
	}
	all := s.mails(member(1), "roundup")
	if text := all[1].text(); !strings.Contains(text, "New: Reading circle") || !strings.Contains(text, "Changed: World Café") || !strings.Contains(text, "Cancelled: Coffee") || !strings.Contains(text, "does not take place on Tuesday 17 March") {
		t.Errorf("the second one is\n%s", text)
	}
	if text := all[2].text(); strings.Contains(text, "Cancelled") || strings.Contains(text, "New:") || strings.Contains(text, "Changed") {
		t.Errorf("the third one is\n%s", text)
	}
	if o := objectOf(t, all[1]); len(o.Items) != 3 {
		t.Errorf("the second file has %d events", len(o.Items))
	}
}

// TestRoundupOfDowntime: what was slept through makes one, and a schedule that comes into force makes none at once.
func TestRoundupOfDowntime(t *testing.T) {
	s := roundStage(t, "0 8 * * MON", 1, 60, func(up *setUp) {
		up.Programme.Events = []*event.Event{dated(up, "far", "Far away", "2026-05-20 15:00")}
	})
	s.advance("2026-03-23 09:00")
	s.set(s.clock("2026-04-16 10:00")) // Thursday
	s.tick()
	s.advance("2026-04-20 09:00")
	p := *s.editor.programme.Load()
	p.Roundups = map[string]calendar.Roundup{stageList: {Cron: "0 8 * * WED", EveryWeeks: 3, Ahead: 60 * 24 * time.Hour}}
	s.editor.Configure(&p)
	s.advance("2026-05-15 09:00")
	p.Roundups = nil
	s.editor.Configure(&p)
	s.advance("2026-05-19 09:00")
	want := ""
	for _, at := range []string{"23 Mar 08:00", "16 Apr 10:00", "20 Apr 08:00", "22 Apr 08:00", "13 May 08:00"} {
		want += at + "\n"
	}
	got := ""
	for _, m := range s.mails(member(1), "roundup") {
		got += m.At.In(s.zone).Format("02 Jan 15:04") + "\n"
	}
	if got != want {
		t.Errorf("they went out at\n%swant\n%s", got, want)
	}
}

// TestRoundupCallsForPresenters: a lunch says which of its dates nobody presents on, and an answer with the words in brackets takes one.
func TestRoundupCallsForPresenters(t *testing.T) {
	s := roundStage(t, "0 8 * * MON", 1, 30, func(up *setUp) {
		lunch := dated(up, "lunch", "Lunch and learn", "2026-03-03 12:00")
		lunch.Format, lunch.Rule, lunch.Presenters = event.LunchAndLearn, "FREQ=WEEKLY;COUNT=4", []event.Person{{Name: "Awa Diallo", Address: member(2)}}
		up.Programme.Events = []*event.Event{lunch}
	})
	s.advance("2026-02-23 08:01")
	m := s.last(member(1), "roundup")
	text := strings.Join(strings.Fields(m.text()), " ")
	if !strings.Contains(text, "Nobody presents yet* on Tuesday 10 March (present lunch 2026-03-10") || !strings.Contains(text, "With Awa Diallo.") || strings.Contains(text, "present lunch 2026-03-03") {
		t.Errorf("it reads\n%s", m.text())
	}
	s.say(m, member(1), "present lunch 2026-03-10")
	s.advance("2026-03-02 08:01")
	if text := s.last(member(1), "roundup").text(); strings.Contains(text, "present lunch 2026-03-10") || !strings.Contains(text, "present lunch 2026-03-17") {
		t.Errorf("when one was taken it reads\n%s", text)
	}
}
