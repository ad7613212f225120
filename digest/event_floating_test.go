package digest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/digest/calendar"
	"convene/list"
	"convene/list/event"
)

// A mailed event without a time zone is put on a clock: that of its calendar, else that of who sent it, else the list's. They and who decides hear of it, and all that is told of
// the event has it at that moment.
func TestEventFloating(t *testing.T) {
	for name, c := range map[string]struct {
		zone, calendar string // of who sends it, and of the calendar
		want           string // the place, and when it is in UTC
	}{
		"of the list":         {"", "", "Nairobi 12:00"},
		"of who sends it":     {"America/Bogota", "", "Bogota 20:00"},
		"of the calendar":     {"America/Bogota", "X-WR-TIMEZONE:Asia/Kolkata\r\n", "Kolkata 09:30"},
		"of an unknown place": {"", "X-WR-TIMEZONE:Atlantis\r\n", "Nairobi 12:00"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, func(up *setUp) {
				alone(up)
				up.Programme.Roundups = map[string]calendar.Roundup{stageList: {Cron: "0 9 * * MON", EveryWeeks: 1, Ahead: 30 * 24 * time.Hour}}
			})
			s.changeMember(member(1), func(m *list.Member) { m.Timezone = c.zone })
			place, hour, _ := strings.Cut(c.want, " ")
			object := strings.Replace(vevent("REQUEST", "UID:f@example.org", "DTSTAMP:20260210T090000Z", "DTSTART:20260317T150000", "DTEND:20260317T160000", "SUMMARY:Seed swap",
				"ORGANIZER:mailto:"+member(1), "ATTENDEE:mailto:"+eventsAddress), "BEGIN:VEVENT", c.calendar+"BEGIN:VEVENT", 1)
			if _, err := s.object(member(1), eventsAddress, "REQUEST", object); err != nil {
				t.Fatal(err)
			}
			if m := s.last(member(1), "notice"); !strings.Contains(flat(m), "It came without a time zone, so I took its time as that of "+place+".") {
				t.Errorf("who sent it reads\n%s", m.text())
			}
			if m := s.last(amina, "draft"); !strings.Contains(flat(m), "It names no time zone: I took its times as those of "+place+".") {
				t.Errorf("who decides reads\n%s", m.text())
			}
			s.say(s.last(amina, "draft"), amina, "approve")
			s.advance("2026-03-03 23:59")
			want := "2026-03-17 " + hour
			same := func(what string, at time.Time) {
				t.Helper()
				if got := at.UTC().Format("2006-01-02 15:04"); got != want {
					t.Errorf("%s has it at %s, not %s", what, got, want)
				}
			}
			invitation := objectOf(t, s.last(member(4), "invitation")).Items[0].Event
			if invitation.Floating {
				t.Error("the invitation is meant wherever one is")
			}
			same("the invitation", invitation.Start)
			s.say(s.last(member(4), "invitation"), member(4), "yes")
			err := s.Store.View(func(r list.Reader) error {
				rows, err := s.editor.Calendar(r, s.list, time.UTC, []string{"en"}, s.time())
				if err != nil || len(rows) != 1 {
					return fmt.Errorf("%d rows: %w", len(rows), err)
				}
				same("the page", rows[0].Start)
				feed, err := s.editor.Feed(r, s.list, s.time())
				if err != nil {
					return err
				}
				o, err := event.Read(feed.Content, s.zone)
				if err == nil {
					same("the feed", o.Items[0].Event.Start)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
			s.advance("2026-03-18 12:00")
			same("the round-up", objectOf(t, s.last(member(4), "roundup")).Items[0].Event.Start)
			reminders := s.mails(member(4), "event_reminder")
			if len(reminders) != 2 {
				t.Fatalf("%d reminders", len(reminders))
			}
			same("the reminder", reminders[1].At.Add(time.Hour))
		})
	}
}
