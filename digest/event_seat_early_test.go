package digest

import (
	"errors"
	"strings"
	"testing"

	"convene/digest/calendar"
)

// Seating by command, ahead of time: with too few it settles nothing, who is seated is told, who says yes later gets a table, and the day before all are reminded.
func TestSeatingAheadOfTime(t *testing.T) {
	s := newStage(t, withCafe(8, nil))
	s.advance("2026-03-05 10:00")
	for _, n := range []int{1, 2, 3} {
		if _, err := s.editor.Seat(s.list, "cafe-1", n > 1); !errors.Is(err, calendar.ErrTooFew) {
			t.Fatalf("with %d who said yes: %v", n-1, err)
		}
		s.rsvp("yes", n)
	}
	s.advance("2026-03-05 12:00")
	if reg := s.register("cafe-1"); reg.Seating != nil || len(s.mails("", "tables")) != 0 {
		t.Fatalf("settled with too few: %+v, %d mails", reg.Seating, len(s.mails("", "tables")))
	}
	s.rsvp("yes", 4)
	mails, err := s.editor.Seat(s.list, "cafe-1", false)
	tables, _ := s.editor.Tables(s.list, "cafe-1")
	if err != nil || mails != 4 || len(tables) != 3 {
		t.Fatalf("seated: %d mails, %v, %+v", mails, err, tables)
	}
	if mails, err = s.editor.Seat(s.list, "cafe-1", false); err != nil || mails != 0 {
		t.Fatalf("a second time: %d mails, %v", mails, err)
	}
	s.advance("2026-03-06 12:00")
	s.rsvp("yes", 5, 6)
	s.advance("2026-03-17 14:30")
	for n, want := range map[int]string{
		1: "05 Mar 12:00 tables, 06 Mar 12:10 tables, 16 Mar 15:00 event_reminder, 17 Mar 14:00 event_reminder",
		6: "06 Mar 12:10 tables, 16 Mar 15:00 event_reminder, 17 Mar 14:00 event_reminder",
	} {
		var got []string
		for _, m := range s.mails(member(n), "") {
			if m.Kind == "tables" || m.Kind == "event_reminder" {
				got = append(got, m.At.In(s.zone).Format("02 Jan 15:04 ")+m.Kind)
			}
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("member %d got %s, want %s", n, strings.Join(got, ", "), want)
		}
	}
	if m := s.mails(member(1), "event_reminder")[0]; !strings.Contains(flat(m), "Your tables:") {
		t.Errorf("the reminder of the day before has no tables:\n%s", m.text())
	}
	for n, want := range map[int]string{1: "Your tables on Tuesday 17 March, 15:00: ", 2: "Vos tables du mardi 17 mars, 15 h 00 : ", 3: "Sus mesas del martes 17 de marzo, 15:00: "} {
		if m := s.mails(member(n), "tables")[0]; !strings.HasPrefix(m.Subject, want) {
			t.Errorf("twelve days ahead the tables are %q", m.Subject)
		}
	}
}
