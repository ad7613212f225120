package digest

import (
	"strings"
	"testing"
	"time"
)

// circleMeetings is a list with meetings on 24 March, an hour apart from 15:00 on, to all of which the first member has said yes.
func circleMeetings(t *testing.T, change func(*setUp)) *stage {
	t.Helper()
	s := newStage(t, func(up *setUp) {
		alone(up)
		circles(up, 3, time.Time{}, time.Hour)
		if change != nil {
			change(up)
		}
	})
	s.advance("2026-03-16 12:00")
	for _, m := range s.mails(member(1), "invitation") {
		s.say(m, member(1), "yes")
	}
	return s
}

// Who comes to several events of one day gets one reminder of all of them on the day before, and one on the day itself.
func TestEventRemindersOfSeveralEvents(t *testing.T) {
	s := circleMeetings(t, nil)
	s.say(s.mails(member(2), "invitation")[2], member(2), "peut-être")
	s.say(s.mails(member(3), "invitation")[0], member(3), "sí")
	s.say(s.mails(member(3), "invitation")[1], member(3), "quizás")
	s.advance("2026-03-25 12:00")
	for n, want := range map[int]string{1: "23 Mar 15:00, 24 Mar 14:00", 2: "23 Mar 17:00, 24 Mar 16:00", 3: "23 Mar 15:00, 24 Mar 14:00"} {
		var got []string
		for _, m := range s.mails(member(n), "event_reminder") {
			got = append(got, m.At.In(s.zone).Format("02 Jan 15:04"))
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("member %d was reminded %q, not %s", n, got, want)
		}
	}
	for n, want := range map[int][]string{
		1: {"This mail reminds you of these as well", "16:00 Nairobi", "no circle-1", "17:00 Nairobi", "no circle-2"},
		3: {"Este mensaje le recuerda también", "16:00, hora de Nairobi", "usted dijo quizás", "no circle-1"},
	} {
		for _, m := range s.mails(member(n), "event_reminder") {
			for _, words := range want {
				if !strings.Contains(flat(m), words) {
					t.Errorf("the reminder does not say %q:\n%s", words, m.text())
				}
			}
			if strings.Contains(m.text(), "circle-0") || n == 3 && strings.Contains(m.text(), "circle-2") {
				t.Errorf("the reminder says too much:\n%s", m.text())
			}
		}
	}
}

// On the day of events that are far apart there are two mails, however many they are.
func TestEventRemindersOfALongDay(t *testing.T) {
	s := circleMeetings(t, func(up *setUp) {
		for i, hour := range []int{-6, 0, 7} {
			e := up.Programme.Events[i]
			e.Start = circle(up).Start.Add(time.Duration(hour) * time.Hour)
		}
	})
	s.advance("2026-03-25 12:00")
	if got, want := s.days("event_reminder"), "23 Mar 09:00, 24 Mar 08:00, 24 Mar 14:00"; got != want {
		t.Errorf("reminded %s, not %s", got, want)
	}
}

// Who says yes once the mail of the day is out is reminded of that event by itself.
func TestEventReminderOfWhoSaysYesLate(t *testing.T) {
	s := circleMeetings(t, func(up *setUp) { up.Programme.Events[2].Places = 1 })
	s.say(s.last(member(1), "invitation"), member(1), "no")
	s.advance("2026-03-24 14:10")
	s.say(s.last(member(1), "invitation"), member(1), "yes")
	s.advance("2026-03-25 12:00")
	if got, want := s.days("event_reminder"), "23 Mar 15:00, 24 Mar 14:00, 24 Mar 16:00"; got != want {
		t.Errorf("reminded %s, not %s", got, want)
	}
	if got := s.last(member(1), "event_reminder"); strings.Contains(got.text(), "as well") {
		t.Errorf("the last reminder is\n%s", got.text())
	}
}

// An event that reminds once alone is in the mail of another one, too.
func TestEventReminderThatIsTheOnlyOne(t *testing.T) {
	s := circleMeetings(t, func(up *setUp) { up.Programme.Events[1].Reminders = []time.Duration{24 * time.Hour} })
	s.advance("2026-03-23 20:00")
	if got := s.mails(member(1), "event_reminder"); len(got) != 1 || !strings.Contains(got[0].text(), "no circle-1") {
		t.Errorf("%d reminders:\n%s", len(got), s.kindsTo(member(1), "event_reminder"))
	}
}
