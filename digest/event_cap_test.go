package digest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"convene/digest/plan"
	"convene/list"
	"convene/list/event"
)

// What a plan says that one member gets of its event is what who says yes really gets: the invitation, and the reminders that neither the tables nor the closing take the
// place of; and no day has more mails than the cap.
func TestEventMailsAreThoseOfThePlan(t *testing.T) {
	for name, c := range map[string]struct {
		change    func(e *event.Event, zone *time.Location)
		reminders int
	}{
		"the World Café of the sample": {func(*event.Event, *time.Location) {}, 1},
		"a meeting":                    {func(e *event.Event, _ *time.Location) { e.Format = event.Meeting }, 2},
		"a meeting right behind the closing": {func(e *event.Event, zone *time.Location) {
			e.Format, e.Start = event.Meeting, time.Date(2026, 3, 15, 12, 0, 0, 0, zone)
		}, 0},
		"a meeting whose last reminder is behind those two days": {func(e *event.Event, zone *time.Location) {
			e.Format, e.Start = event.Meeting, time.Date(2026, 3, 15, 18, 0, 0, 0, zone)
		}, 1},
		"a meeting before the closing": {func(e *event.Event, zone *time.Location) {
			e.Format, e.Start = event.Meeting, time.Date(2026, 3, 12, 16, 0, 0, 0, zone)
		}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := quietly(t, func(up *setUp) {
				e := up.Discussion.Event
				c.change(e, up.Discussion.Calendar.Location)
				e.RegisterBy, e.Invite = time.Time{}, 14*24*time.Hour
				up.Programme.Events = []*event.Event{e}
			})
			s.advance("2026-03-08 12:00")
			s.say(s.last(member(1), "invitation"), member(1), "yes")
			s.advance("2026-04-20 12:00")
			reminders := len(s.mails(member(1), "event_reminder"))
			if got := len(s.mails(member(1), "invitation")); got != 1 || reminders != c.reminders {
				t.Errorf("%d invitations and %d reminders:\n%s", got, reminders, s.kindsTo(member(1), "invitation", "event_reminder", "closing"))
			}
			rows, err := s.discussion.Rows(plan.Changes{})
			if err != nil {
				t.Fatal(err)
			}
			load, tables := s.discussion.Load(rows), 0
			if s.discussion.Event.Format == event.WorldCafe {
				tables = 1
			}
			const commitment = 1
			if said := load.Least - load.ReadingLeast - commitment; said != reminders+tables {
				t.Errorf("the plan says %d, and it is %d and %d of tables", said, reminders, tables)
			}
			s.atMost(t, member(1), s.discussion.Event)
			s.atMost(t, member(2), s.discussion.Event)
		})
	}
}

// atMost holds that nobody gets more than one mail of the schedule's own accord in a day, and two on the day of the event.
func (s *stage) atMost(t *testing.T, address string, e *event.Event) {
	t.Helper()
	days := map[string][]string{}
	for _, m := range s.mails(address, "") {
		if m.Kind != "" && m.Kind != "notice" && !slices.Contains([]string{"tables"}, m.Kind) {
			day := m.At.In(s.zone).Format(time.DateOnly)
			days[day] = append(days[day], m.Kind)
		}
	}
	for day, kinds := range days {
		most := 1
		if day == e.Start.In(s.zone).Format(time.DateOnly) {
			most = 2
		}
		if len(kinds) > most {
			t.Errorf("%s gets %d on %s: %v", address, len(kinds), day, kinds)
		}
	}
}

// Who joins is told of what is to come on the next morning on which no planned mail goes to all.
func TestWhoJoinsIsInvitedOnAFreeDay(t *testing.T) {
	s := quietly(t, func(up *setUp) { up.Discussion.Event.Invite = 14 * 24 * time.Hour })
	s.advance("2026-03-05 12:00")
	if err := s.AddMembers(stageList, []list.Member{{Address: "late@example.org", Name: "Late"}}); err != nil {
		t.Fatal(err)
	}
	s.advance("2026-03-12 12:00")
	if got := s.last("late@example.org", "invitation").At.In(s.zone).Format("Mon 02 15:04"); got != "Sat 07 09:00" { // the weekly is on Friday
		t.Errorf("invited on %s:\n%s", got, fmt.Sprint(s.kindsTo("late@example.org", "invitation", "weekly")))
	}
}
