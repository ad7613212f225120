package digest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/digest/calendar"
	"convene/list"
	"convene/list/event"
)

// TestEventsPast has a hundred events that are over, each with 300 guests: looking for what is due reads none of them again, and what is remembered of one that is over stays
// whole when it is answered, and when it is put off.
func TestEventsPast(t *testing.T) {
	var e *event.Event
	s := newStage(t, func(up *setUp) { alone(up); e = circle(up); up.Programme.Events = []*event.Event{e} })
	s.advance("2026-03-10 15:01")
	s.say(s.last(member(1), "invitation"), member(1), "yes")
	look := func() float64 {
		return testing.AllocsPerRun(3, func() {
			err := s.Store.View(func(r list.Reader) error {
				rec, err := r.List(stageList)
				if err != nil {
					return err
				}
				_, err = s.editor.calendar.Duties(r, s.list, rec, s.time())
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
	s.advance("2026-05-20 12:00")
	before := look()
	err := s.Store.Update(func(tx list.Tx) error {
		rec, err := tx.List(stageList)
		for i := range 100 {
			reg := &calendar.Register{ID: fmt.Sprint("old-", i), Guests: map[string]*calendar.Guest{}, Told: "x"}
			if i%2 == 0 {
				reg.Submission = &calendar.Submission{Event: event.Event{ID: reg.ID, Start: e.Start.Add(time.Duration(i) * time.Hour), Length: time.Hour}, Zone: "Africa/Nairobi", Standing: calendar.Approved}
			}
			for j := range 300 {
				reg.Guests[fmt.Sprintf("somebody%d@example.org", j)] = &calendar.Guest{Name: "Somebody Else", Answer: calendar.Yes, At: s.time()}
			}
			content, err := json.Marshal(reg)
			if err != nil {
				return err
			}
			if err := tx.PutPaper(rec.ID, "event/"+reg.ID, content); err != nil {
				return err
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if after := look(); after-before > 100*100 {
		t.Errorf("a look costs %.0f allocations, and %.0f more with 100 events that are over", before, after-before)
	}
	if _, err := s.mail(member(2), eventsAddress, "yes circle", "yes circle"); err != nil {
		t.Fatal(err)
	}
	if g := s.register("circle").Guests[member(1)]; g == nil || g.Answer != calendar.Yes {
		t.Errorf("an answer to what is over left %+v", g)
	}
	moved := *e
	moved.Start = moved.Start.AddDate(0, 3, 0)
	s.reconfigure(&moved)
	s.advance("2026-06-25 12:00")
	if got := s.kindsTo(member(1), "event_reminder"); strings.Count(got, " Jun ") != 2 {
		t.Errorf("who said yes before it was put off got\n%s", got)
	}
}
