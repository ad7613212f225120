package digest

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"convene/digest/calendar"
	"convene/list"
	"convene/list/event"
	"convene/list/event/cafe"
)

// TestSeatByHand seats a café ahead of its time, and anew: those whose tables changed are told, and nobody else.
func TestSeatByHand(t *testing.T) {
	s := newStage(t, withCafe(14, withoutEnd))
	s.advance("2026-03-03 15:01")
	s.rsvp("yes", upTo(12)...)
	s.advance("2026-03-10 10:00")
	if tables, err := s.editor.Tables(s.list, "cafe-1"); err != nil || len(tables) != 0 || tables == nil {
		t.Fatalf("there are tables: %v, %v", tables, err)
	}
	for _, c := range []struct {
		again bool
		told  bool
	}{{false, true}, {false, false}, {true, false}} {
		before, from := s.seating(), len(s.mails("", "tables"))
		mails, err := s.editor.Seat(s.list, "cafe-1", c.again)
		if err != nil {
			t.Fatal(err)
		}
		s.tick()
		if got, want := s.toldOf(from), cafe.Changed(before, s.seating()); !slices.Equal(got, want) || len(want) != mails || c.told != (mails > 0) {
			t.Errorf("again %v: %v were told, it says %d, and it changed for %v", c.again, got, mails, want)
		}
	}
	s.rsvp("yes", 13, 14)
	s.advance("2026-03-10 10:05")
	before, from := s.seating(), len(s.mails("", "tables"))
	mails, err := s.editor.Seat(s.list, "cafe-1", true)
	s.tick()
	if got, want := s.toldOf(from), cafe.Changed(before, s.seating()); err != nil || !slices.Equal(got, want) || len(want) != mails || !slices.Contains(got, member(13)) {
		t.Errorf("%v were told, it says %d, and it changed for %v: %v", got, mails, want, err)
	}
	tables, err := s.editor.Tables(s.list, "cafe-1")
	if err != nil {
		t.Fatal(err)
	}
	rounds := map[int][]string{}
	for _, table := range tables {
		rounds[table.Round] = append(rounds[table.Round], table.People...)
		if !slices.Contains(table.People, table.Host) || !slices.Contains(table.People, table.NoteTaker) || table.Table == 0 {
			t.Errorf("a table is %+v", table)
		}
	}
	for r := range 3 {
		if len(rounds[r+1]) != 14 {
			t.Errorf("round %d has %d people", r+1, len(rounds[r+1]))
		}
	}
	s.advance("2026-03-17 14:40")
	if _, err := s.editor.Seat(s.list, "cafe-1", true); !errors.Is(err, calendar.ErrTooLate) {
		t.Errorf("within half an hour: %v", err)
	}
	s.advance("2026-03-17 15:10")
	if _, err := s.editor.Seat(s.list, "cafe-1", true); !errors.Is(err, calendar.ErrNoTables) {
		t.Errorf("when it has begun: %v", err)
	}
	if _, err := s.editor.Seat(s.list, "nothing", false); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("of none: %v", err)
	}
}

// TestMeetingsHaveNoTables holds that nobody is seated where there are none.
func TestMeetingsHaveNoTables(t *testing.T) {
	s := newStage(t, withCafe(4, func(_ *setUp, e *event.Event) { e.Format = event.Meeting }))
	s.advance("2026-03-03 15:01")
	s.rsvp("yes", upTo(4)...)
	if _, err := s.editor.Seat(s.list, "cafe-1", false); !errors.Is(err, calendar.ErrNoTables) {
		t.Errorf("a meeting: %v", err)
	}
	s.advance("2026-03-17 18:00")
	if got := s.mails("", "tables"); len(got) > 0 {
		t.Errorf("%d have tables at a meeting", len(got))
	}
}

// BenchmarkTables seats 200 people of three languages in three rounds, writes the mails and stores them.
func BenchmarkTables(b *testing.B) {
	s := newStage(b, withCafe(200, withoutEnd))
	s.advance("2026-03-03 15:01")
	reg := calendar.Register{Guests: map[string]*calendar.Guest{}}
	for _, n := range upTo(200) {
		reg.Guests[member(n)] = &calendar.Guest{Name: memberName(n), Answer: calendar.Yes, Host: n%9 == 0, Pass: n%5 == 0}
	}
	longest := 0
	for b.Loop() {
		s.putRegister("cafe-1", reg)
		if mails, err := s.editor.Seat(s.list, "cafe-1", false); err != nil || mails != 200 {
			b.Fatal(mails, err)
		}
	}
	s.tick()
	for _, m := range s.mails("", "tables")[:200] {
		if !strings.HasPrefix(m.Subject, "Your tables") {
			continue
		}
		body, _, _ := strings.Cut(m.text(), "\n---")
		longest = max(longest, len(strings.Fields(body)))
	}
	b.ReportMetric(float64(longest), "words")
}

// putRegister puts what has happened with an event.
func (s *stage) putRegister(id string, reg calendar.Register) {
	s.t.Helper()
	reg.ID = id
	err := s.Store.Update(func(tx list.Tx) error {
		rec, err := tx.List(stageList)
		if err != nil {
			return err
		}
		content, err := json.Marshal(reg)
		if err != nil {
			return err
		}
		return tx.PutPaper(rec.ID, "event/"+id, content)
	})
	if err != nil {
		s.t.Fatal(err)
	}
}
