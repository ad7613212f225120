package digest

import (
	"testing"
	"time"
)

// Who comes to several events of one day gets one reminder on the day before, and is reminded of each on the day itself.
func TestEventRemindersOfSeveralEvents(t *testing.T) {
	s := newStage(t, func(up *setUp) { alone(up); circles(up, 3, time.Time{}, time.Hour) })
	s.advance("2026-03-16 12:00")
	for _, m := range s.mails(member(1), "invitation") {
		s.say(m, member(1), "yes")
	}
	s.say(s.mails(member(2), "invitation")[2], member(2), "yes")
	s.advance("2026-03-23 20:00")
	if got := len(s.mails(member(1), "event_reminder")); got != 1 {
		t.Errorf("%d reminders on the day before:\n%s", got, s.kindsTo(member(1), "event_reminder"))
	}
	if got := len(s.mails(member(2), "event_reminder")); got != 1 {
		t.Errorf("who comes to the last alone gets %d reminders of it", got)
	}
	s.advance("2026-03-25 12:00")
	if got := len(s.mails(member(1), "event_reminder")); got != 4 {
		t.Errorf("%d reminders in all:\n%s", got, s.kindsTo(member(1), "event_reminder"))
	}
}

// An event that reminds once alone reminds everybody, whatever else does on that day.
func TestEventReminderThatIsTheOnlyOne(t *testing.T) {
	s := newStage(t, func(up *setUp) {
		alone(up)
		circles(up, 2, time.Time{}, time.Hour)
		up.Programme.Events[1].Reminders = []time.Duration{24 * time.Hour}
	})
	s.advance("2026-03-16 12:00")
	for _, m := range s.mails(member(1), "invitation") {
		s.say(m, member(1), "yes")
	}
	s.advance("2026-03-23 20:00")
	if got := len(s.mails(member(1), "event_reminder")); got != 2 {
		t.Errorf("%d reminders:\n%s", got, s.kindsTo(member(1), "event_reminder"))
	}
}
