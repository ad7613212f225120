package digest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/digest/calendar"
	"convene/list"
	"convene/list/event"
	"convene/store"
)

// calendarZones are those of the lists of TestTwoMonths: clocks go forward on 29 March 2026 in Berlin and on 8 March in New York, and never in Nairobi.
var calendarZones = []string{"Europe/Berlin", "America/New_York", "Africa/Nairobi"}

// calendarOf has a weekly series at 09:00 of which one date is moved and one is off, a series of whole days, one of an evening, and a lunch.
func calendarOf(zone *time.Location) []*event.Event {
	at := func(month time.Month, day, hour int) time.Time {
		return time.Date(2026, month, day, hour, 0, 0, 0, zone)
	}
	day := []time.Duration{24 * time.Hour, time.Hour}
	return []*event.Event{
		{ID: "weekly", List: stageList, Title: event.Texts{"": "Weekly"}, Format: event.Meeting, Start: at(3, 3, 9), Length: time.Hour, Rule: "FREQ=WEEKLY;COUNT=8", Invite: 7 * 24 * time.Hour, Reminders: day,
			Changed: []event.Instance{{Of: at(3, 24, 9), Start: at(3, 25, 11)}, {Of: at(4, 14, 9), Cancelled: true}}},
		{ID: "days", List: stageList, Title: event.Texts{"": "Days"}, Format: event.Meeting, Start: at(3, 7, 0), Length: 48 * time.Hour, AllDay: true, Rule: "FREQ=MONTHLY;COUNT=2", Invite: 7 * 24 * time.Hour, Reminders: day[:1]},
		{ID: "radio", List: stageList, Title: event.Texts{"": "Radio"}, Format: event.Meeting, Start: at(3, 28, 18), Length: time.Hour, Rule: "FREQ=DAILY;COUNT=3", Invite: 7 * 24 * time.Hour, Reminders: day[1:]},
		{ID: "lunch", List: stageList, Title: event.Texts{"": "Lunch"}, Format: event.LunchAndLearn, Start: at(3, 27, 12), Length: time.Hour, Rule: "FREQ=WEEKLY;COUNT=3", Invite: 7 * 24 * time.Hour, Reminders: day[:1],
			Places: 1, Presenters: []event.Person{{Name: "Grace Wanjiru", Address: member(4)}}},
	}
}

// twoMonths plays them from 20 February to 1 May, and gives what member 1, who says yes to all of it, got of events, and how many transactions that took. The transaction
// step is broken off, before or behind its end; asleep is between when nothing runs.
func twoMonths(t *testing.T, zoneName string, step int, behind bool, asleep ...string) (got string, steps int) {
	t.Helper()
	zone, err := time.LoadLocation(zoneName)
	if err != nil {
		t.Fatal(err)
	}
	b := &breaking{left: -1, behind: behind}
	s := newStage(t, func(up *setUp) {
		up.Members, up.Now = 2, "2026-02-20 12:00"
		up.List, up.Discussion = stageListOf(zone), stageDiscussion(zone)
		up.Discussion.Event, up.Discussion.Start = nil, up.Discussion.Start.AddDays(400)
		up.Programme.Events = calendarOf(zone)
		up.Programme.Roundups = map[string]calendar.Roundup{stageList: {Cron: "0 8 * * MON", EveryWeeks: 2, Ahead: 14 * 24 * time.Hour}}
		up.Store = func(db *store.DB) list.Store { b.Store = db; return b }
	})
	b.left = step
	resume := func(do func() error) {
		for range 3 {
			if err := do(); err == nil {
				return
			} else if !errors.Is(err, errBroken) {
				t.Fatal(err)
			}
			s.editor = NewEditor(s.Engine, s.editor.programme.Load(), s.editor.Log)
		}
		t.Fatal("it is broken off again and again")
	}
	answered := map[string]bool{}
	run := func(to string) {
		for end := s.clock(to); ; {
			resume(s.tryTick)
			for n := 1; n <= 2; n++ { // both say yes to whatever they are invited to
				for i, m := range s.mails(member(n), "invitation") {
					if key := fmt.Sprintf("%d-%d", n, i); !answered[key] {
						answered[key] = true
						raw := rawMail("", member(n), "yes", "To: "+m.replyTo(), "Subject: Re: "+m.Subject, "Message-ID: <answer"+key+"@example.org>")
						resume(func() error { _, err := s.hand(member(n), m.replyTo(), raw); return err })
						resume(s.tryTick)
					}
				}
			}
			next, ok := s.nextDue()
			if !ok || next.After(end) {
				s.set(end)
				return
			}
			if len(asleep) == 2 && next.After(s.clock(asleep[0])) && next.Before(s.clock(asleep[1])) {
				next = s.clock(asleep[1])
			}
			s.set(next)
		}
	}
	run("2026-05-01 00:00")
	var all []string
	for _, who := range []string{member(1), member(2), member(4)} {
		for _, m := range s.mails(who, "") {
			all = append(all, fmt.Sprintf("%s %s %s: %s", m.At.In(s.zone).Format("01-02 15:04"), strings.TrimSuffix(who, "@example.org"), cmp.Or(m.Kind, "-"), m.Subject))
		}
	}
	slices.Sort(all)
	return strings.Join(all, "\n"), -b.left
}

// remindersWanted are those of member 1, who reads English on the list's clock, in any of the zones. At 09:00 it stays 09:00. On 6 April there
// is one for two events.
const remindersWanted = `
03-02 09:00 Tuesday 3 March, 09:00 ZONE: Weekly
03-03 08:00 Today, 09:00 ZONE: Weekly
03-06 09:00 Saturday 7 March: Days
03-09 09:00 Tuesday 10 March, 09:00 ZONE: Weekly
03-10 08:00 Today, 09:00 ZONE: Weekly
03-16 09:00 Tuesday 17 March, 09:00 ZONE: Weekly
03-17 08:00 Today, 09:00 ZONE: Weekly
03-24 11:00 Wednesday 25 March, 11:00 ZONE: Weekly
03-25 10:00 Today, 11:00 ZONE: Weekly
03-26 12:00 Friday 27 March, 12:00 ZONE: Lunch
03-28 17:00 Today, 18:00 ZONE: Radio
03-29 17:00 Today, 18:00 ZONE: Radio
03-30 09:00 Tuesday 31 March, 09:00 ZONE: Weekly
03-30 17:00 Today, 18:00 ZONE: Radio
03-31 08:00 Today, 09:00 ZONE: Weekly
04-02 12:00 Friday 3 April, 12:00 ZONE: Lunch
04-06 09:00 Tuesday 7 April: Days
04-07 08:00 Today, 09:00 ZONE: Weekly
04-09 12:00 Friday 10 April, 12:00 ZONE: Lunch
04-20 09:00 Tuesday 21 April, 09:00 ZONE: Weekly
04-21 08:00 Today, 09:00 ZONE: Weekly`

// roundupsWanted are those of member 1, in any of the zones: every second Monday at 08:00, or on the next working day on which no event sends anything.
const roundupsWanted = `
03-02 08:00 2 events until 19 March, 2 new: Weekly 3 March
03-18 08:00 3 events until 2 April, 2 new: Lunch 27 March
04-01 08:00 3 events until 16 April: Lunch 3 April
04-13 08:00 1 event until 30 April: Weekly 21 April`

// Over two months and a change of clocks each date is reminded of once, at its time of day.
func TestTwoMonths(t *testing.T) {
	for _, zone := range calendarZones {
		t.Run(zone, func(t *testing.T) {
			got, steps := twoMonths(t, zone, 0, false)
			var lines []string
			for line := range strings.SplitSeq(got, "\n") {
				if at, subject, ok := strings.Cut(line, " member1 event_reminder: "); ok {
					lines = append(lines, at+" "+subject)
				}
			}
			city := strings.ReplaceAll(zone[strings.LastIndexByte(zone, '/')+1:], "_", " ")
			isText(t, strings.Join(lines, "\n"), strings.ReplaceAll(remindersWanted, "ZONE", city))
			var rounds []string
			for line := range strings.SplitSeq(got, "\n") {
				if at, subject, ok := strings.Cut(line, " member1 roundup: "); ok {
					rounds = append(rounds, at+" "+subject)
				}
			}
			isText(t, strings.Join(rounds, "\n"), roundupsWanted)
			if strings.Count(got, "member1 invitation") != 4 || strings.Count(got, "member2 invitation") != 4 || strings.Contains(got, "member2 event_reminder: Vendredi") {
				t.Errorf("of %d transactions came\n%s", steps, got)
			}
		})
	}
}

// TestTwoMonthsKilled breaks off transactions of those months, one in each life, before or behind its end: nobody gets anything twice, and nobody is left out.
func TestTwoMonthsKilled(t *testing.T) {
	stride := 29
	if testing.Short() {
		stride = 97
	}
	for i, zone := range calendarZones {
		want, steps := twoMonths(t, zone, 0, false)
		for step := 1 + i; step <= steps; step += stride {
			for _, behind := range []bool{false, true} {
				if got, _ := twoMonths(t, zone, step, behind); got != want {
					t.Fatalf("%s, killed at transaction %d of %d, behind its end: %v: out went\n%s\nwant\n%s", zone, step, steps, behind, got, want)
				}
			}
		}
	}
}

// A process that slept for 30 hours sends the last reminder of what is still to come, and none of what has begun, and wakes nobody for it; everything behind that is as ever.
func TestTwoMonthsAsleep(t *testing.T) {
	want, _ := twoMonths(t, "Europe/Berlin", 0, false)
	got, _ := twoMonths(t, "Europe/Berlin", 0, false, "2026-03-23 20:00", "2026-03-25 02:00")
	want = strings.Replace(want, "03-24 11:00 member1 event_reminder: Wednesday 25 March, 11:00 Berlin", "03-25 07:00 member1 event_reminder: Today, 11:00 Berlin", 1)
	isText(t, got, strings.Replace(want, "03-24 11:00 member2 event_reminder: Mercredi 25 mars, 11 h 00 Berlin", "03-25 07:00 member2 event_reminder: Aujourd’hui, 11 h 00 Berlin", 1))
}

// A round-up that was slept through is one, in the morning; everything else is as ever.
func TestTwoMonthsRoundupAsleep(t *testing.T) {
	want, _ := twoMonths(t, "Europe/Berlin", 0, false)
	got, _ := twoMonths(t, "Europe/Berlin", 0, false, "2026-03-31 20:00", "2026-04-02 02:00")
	lines := strings.Split(strings.ReplaceAll(want, "04-01 08:00", "04-02 08:00"), "\n")
	slices.Sort(lines)
	isText(t, got, strings.Join(lines, "\n"))
	if strings.Count(got, "04-02 08:00") != 2 {
		t.Errorf("out went\n%s", got)
	}
}
