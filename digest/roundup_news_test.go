package digest

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"convene/list/event"
)

// An event that readers know, and that is moved behind what a round-up looks ahead to, is in the next one with its new date, once; also where there is nothing else.
func TestRoundupTellsOfWhatMovedFarAway(t *testing.T) {
	for name, c := range map[string]struct {
		events []string
		want   []string
	}{
		"beside another":      {[]string{"2026-03-17 15:00", "2026-03-18 15:00"}, []string{"02 Mar 08:00 roundup: 2 events until 1 April, 2 new: Talk 17 March", "09 Mar 08:00 roundup: 1 event until 8 April: Other 18 March", "16 Mar 08:00 roundup: 1 event until 15 April: Other 18 March"}},
		"the only one":        {[]string{"2026-03-17 15:00"}, []string{"02 Mar 08:00 roundup: 1 event until 1 April, 1 new: Talk 17 March", "09 Mar 08:00 roundup: Changed: Talk 30 May"}},
		"before a round-up's": {[]string{"2026-02-27 15:00"}, []string{"23 Feb 08:00 roundup: 1 event until 25 March, 1 new: Talk 27 Feb"}},
	} {
		t.Run(name, func(t *testing.T) {
			var all []*event.Event
			s := roundStage(t, "0 8 * * MON", 1, 30, func(up *setUp) {
				up.Now = "2026-02-28 12:00"
				if strings.HasPrefix(c.events[0], "2026-02") {
					up.Now = "2026-02-21 12:00"
				}
				for i, at := range c.events {
					all = append(all, dated(up, []string{"talk", "other"}[i], []string{"Talk", "Other"}[i], at))
				}
				up.Programme.Events = all
			})
			s.advance("2026-03-02 08:01")
			moved := *all[0]
			moved.Start = s.clock("2026-05-30 15:00")
			if len(c.want) > 1 {
				s.withEvents(append([]*event.Event{&moved}, all[1:]...)...)
			}
			s.advance("2026-03-16 09:00")
			if got := s.rounds(member(1)); got != strings.Join(c.want, "\n") {
				t.Fatalf("out went\n%s\nwant\n%s", got, strings.Join(c.want, "\n"))
			}
			for i, m := range s.mails(member(1), "roundup") {
				text := strings.Join(strings.Fields(strings.ReplaceAll(m.text(), "*", "")), " ")
				if has := strings.Contains(text, "Changed: Talk ------------- Saturday 30 May, 15:00 Nairobi"); has != (i == 1) {
					t.Errorf("round-up %d tells of the move: %t\n%s", i, has, m.text())
				}
			}
		})
	}
}

// TestSendRoundupAgain: sent ahead of its time it stands for the next one; again it goes out with something new alone.
func TestSendRoundupAgain(t *testing.T) {
	var talk *event.Event
	s := roundStage(t, "0 8 * * MON", 1, 60, func(up *setUp) {
		talk = dated(up, "talk", "Talk", "2026-03-27 15:00")
		up.Programme.Events = []*event.Event{talk}
	})
	send := func() error {
		err := s.editor.SendRoundup(t.Context(), s.list, s.time())
		s.tick()
		return err
	}
	s.advance("2026-03-03 10:00")
	if err := send(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := send(); !errors.Is(err, ErrToldAlready) {
			t.Errorf("again it was %v", err)
		}
	}
	s.advance("2026-03-05 10:00")
	if err := send(); !errors.Is(err, ErrToldAlready) {
		t.Errorf("before the one that it stands for it was %v", err)
	}
	later := *talk
	later.Start = later.Start.Add(time.Hour)
	s.withEvents(&later)
	if err := send(); err != nil {
		t.Errorf("with a change it was %v", err)
	}
	s.advance("2026-03-16 09:00")
	if err := send(); !errors.Is(err, ErrToldAlready) {
		t.Errorf("behind that of the morning it was %v", err)
	}
	s.advance("2026-03-17 09:00")
	if err := send(); err != nil {
		t.Errorf("a day later it was %v", err)
	}
	s.advance("2026-03-24 09:00")
	want := []string{"23 Feb 08:00", "02 Mar 08:00", "03 Mar 10:00", "05 Mar 10:00", "16 Mar 08:00", "17 Mar 09:00"}
	var got []string
	for _, m := range s.mails(member(1), "roundup") {
		got = append(got, m.At.In(s.zone).Format("02 Jan 15:04"))
	}
	if got = got[max(0, len(got)-len(want)):]; !slices.Equal(got, want) {
		t.Errorf("they went out at %q, want %q", got, want)
	}
}

// TestRoundupSubjects: in each language the title and the date are in the subject, however long the words are and however many events there are.
func TestRoundupSubjects(t *testing.T) {
	s := roundStage(t, "0 8 * * MON", 1, 200, func(up *setUp) {
		up.Now = "2026-08-20 12:00"
		for n, day := range []string{"2026-09-17", "2026-09-18", "2026-09-21", "2026-09-22", "2026-09-23", "2026-09-24", "2026-09-25", "2026-09-28", "2026-09-29", "2026-09-30", "2026-10-20", "2026-12-10"} {
			up.Programme.Events = append(up.Programme.Events, dated(up, "e"+day, "World Café: what we learned"[:28-n], day+" 15:00"))
		}
	})
	s.advance("2026-09-07 09:00")
	for n, want := range map[int][]string{
		1: {"12 events until 12 March, 12 new: World Café: what… 17 Sept", "12 events until 26 March: World Café: what we… 17 Sept"},
		2: {"12 événements jusqu’au 12/3, 12 nouveaux : World Café… 17/9", "12 événements jusqu’au 26/3 : World Café: what we… 17/9"},
		3: {"12 eventos hasta el 12 mar, 12 nuevos: World Café… 17 sep", "12 eventos hasta el 26 mar: World Café: what we… 17 sep"},
	} {
		all := s.mails(member(n), "roundup")
		for i, m := range []sentMail{all[0], all[len(all)-1]} {
			if m.Subject != want[i] || utf8.RuneCountInString(m.Subject) > 60 {
				t.Errorf("got  %s\nwant %s", m.Subject, want[i])
			}
		}
	}
}
