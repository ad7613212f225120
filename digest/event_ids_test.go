package digest

import (
	"strings"
	"testing"

	"convene/digest/calendar"
)

// An event that a member mails never has the id of one that stands in the config, or is written there later: neither takes the other's place, nor its guests.
func TestEventMailedIDs(t *testing.T) {
	s := newStage(t, alone)
	if _, err := s.mail(member(1), eventsAddress, "x", "Title: Cafe 1\nWhen: 2026-03-24 18:00\nWhere: here"); err != nil {
		t.Fatal(err)
	}
	s.say(s.last(amina, "draft"), amina, "approve")
	s.advance("2026-03-10 18:01")
	s.say(s.last(member(4), "invitation"), member(4), "yes")
	e := circle(&setUp{Discussion: s.discussion})
	e.ID = "cafe-1"
	s.reconfigure(e)
	s.advance("2026-03-12 12:00")
	if got := s.kindsTo(member(4), "invitation"); strings.Count(got, "Cafe 1") != 1 || strings.Count(got, "Reading circle") != 1 || strings.Count(got, "\n") != 1 {
		t.Errorf("with an event of that name in the config a member got\n%s", got)
	}
	if _, err := s.mail(member(1), eventsAddress, "yes cafe-1.1", ""); err != nil {
		t.Fatal(err)
	}
	all, err := s.editor.Events(stageList)
	if err != nil || len(all) != 2 || all[0].ID != "cafe-1" || all[1].ID != "cafe-1.1" {
		t.Fatalf("the events are %v: %v", all, err)
	}
	if all[0].Count(calendar.Yes) != 0 || all[1].Count(calendar.Yes) != 2 {
		t.Errorf("%d come to the event of the config, %d to the one that was mailed", all[0].Count(calendar.Yes), all[1].Count(calendar.Yes))
	}
	if _, err := s.mail(member(1), eventsAddress, "Cancel cafe-1.1.", ""); err != nil {
		t.Fatal(err)
	}
	if all, err = s.editor.Events(stageList); err != nil || all[0].State != "coming" || all[1].State != "cancelled" {
		t.Errorf("the events are %v: %v", all, err)
	}
}
