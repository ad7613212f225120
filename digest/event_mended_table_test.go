package digest

import (
	"slices"
	"strings"
	"testing"

	"convene/list/event"
)

// TestEventTablesMoved puts a World Café off by two weeks when people have their tables: they get tables for the new date, and who facilitates a sheet.
func TestEventTablesMoved(t *testing.T) {
	var e *event.Event
	s := newStage(t, withCafe(12, func(_ *setUp, ev *event.Event) { e = ev }))
	s.advance("2026-03-04 12:00")
	s.rsvp("yes", upTo(12)...)
	s.advance("2026-03-16 19:00")
	sheets := len(s.mails(luis, "notice"))
	moved := *e
	moved.Start, moved.RegisterBy = e.Start.AddDate(0, 0, 14), e.RegisterBy.AddDate(0, 0, 14)
	s.reconfigure(&moved)
	s.advance("2026-03-30 17:59")
	if n := len(s.mails(member(1), "tables")); n != 1 {
		t.Errorf("before the new registration ended there are %d mails with tables", n)
	}
	s.advance("2026-04-02 12:00")
	if got := s.mails("", "tables"); len(got) != 24 {
		t.Errorf("%d mails with tables went out for two dates:\n%s", len(got), s.kindsTo(member(1), "invitation", "event_reminder", "tables"))
	}
	if got := len(s.mails(luis, "notice")); got == sheets {
		t.Error("who facilitates has no sheet of the new date")
	}
}

// TestEventTablesMaybe: who said maybe is reminded the day before, when who said yes gets their tables.
func TestEventTablesMaybe(t *testing.T) {
	s := newStage(t, withCafe(12, nil))
	s.advance("2026-03-04 12:00")
	s.rsvp("yes", 1, 2, 3, 4, 5, 6)
	s.rsvp("maybe", 7)
	s.advance("2026-03-17 15:30")
	for n, want := range map[int]string{1: "16 Mar 18:00 tables\n17 Mar 14:00 event_reminder", 7: "16 Mar 15:00 event_reminder\n17 Mar 14:00 event_reminder"} {
		var got []string
		for line := range strings.Lines(s.kindsTo(member(n), "tables", "event_reminder")) {
			got = append(got, line[:strings.LastIndex(line[:strings.Index(line, ": ")+1], ":")])
		}
		if strings.Join(got, "\n") != want {
			t.Errorf("member %d got\n%s\nwant\n%s", n, strings.Join(got, "\n"), want)
		}
	}
}

// TestEventTablesLeft: who leaves the list when people are seated has no table any more, and is not asked for notes.
func TestEventTablesLeft(t *testing.T) {
	s := newStage(t, withCafe(12, nil))
	s.advance("2026-03-04 12:00")
	s.rsvp("yes", upTo(12)...)
	s.advance("2026-03-16 19:00")
	first := s.register("cafe-1").Seating.Rounds[0][0]
	gone := []string{first.Notes, first.Host}
	if err := s.RemoveMembers(stageList, gone); err != nil {
		t.Fatal(err)
	}
	s.advance("2026-03-17 14:59")
	for _, round := range s.register("cafe-1").Seating.Rounds {
		for _, table := range round {
			if slices.Contains(table.Guests, gone[0]) || slices.Contains(table.Guests, gone[1]) {
				t.Errorf("table %d still has who left: %v", table.Number, table.Guests)
			}
		}
	}
	left := s.register("cafe-1").Seating.Rounds[0][0].Notes
	if err := s.RemoveMembers(stageList, []string{left}); err != nil {
		t.Fatal(err)
	}
	s.advance("2026-03-17 17:00")
	asked := 0
	for _, m := range s.mails("", "notice") {
		if strings.Contains(m.Subject, "otes, ") || strings.Contains(m.Subject, "notas, ") {
			asked++
			if m.To == left || slices.Contains(gone, m.To) {
				t.Errorf("%s was asked for notes, and left", m.To)
			}
		}
	}
	if asked == 0 {
		t.Errorf("nobody was asked for notes:\n%s", s.outline())
	}
}

// TestEventGoingLeft: who left the list is not told of as coming.
func TestEventGoingLeft(t *testing.T) {
	s := newStage(t, func(up *setUp) { alone(up); up.Programme.Events = []*event.Event{circle(up)} })
	s.advance("2026-03-10 15:01")
	s.rsvp("yes", 1, 4)
	if err := s.RemoveMembers(stageList, []string{member(4)}); err != nil {
		t.Fatal(err)
	}
	s.advance("2026-03-23 16:00")
	if text := s.last(luis, "notice").text(); !strings.Contains(text, member(1)) || strings.Contains(text, member(4)) {
		t.Errorf("who is coming:\n%s", text)
	}
}
