package digest

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/digest/calendar"
	"convene/digest/plan"
	"convene/list/event"
)

// A round-up that waits, since people have another mail on the day of its slot, leaves out no event that begins before it goes out.
func TestRoundupWaitsAndLeavesOutNothing(t *testing.T) {
	for name, c := range map[string]struct {
		weeks, ahead int
		planned      bool
		at           []string
		told         map[string]string // when the first round-up has an event
	}{
		"for an event on the day of the slot": {1, 7, false, []string{"2026-03-04 15:00", "2026-03-09 15:00", "2026-03-12 15:00", "2026-03-20 15:00"},
			map[string]string{"2026-03-04 15:00": "24 Feb", "2026-03-09 15:00": "02 Mar", "2026-03-12 15:00": "02 Mar", "2026-03-20 15:00": "16 Mar"}},
		"for a planned mail": {2, 14, true, []string{"2026-02-25 15:00", "2026-03-02 12:00", "2026-03-09 15:00", "2026-03-26 15:00"},
			map[string]string{"2026-02-25 15:00": "16 Feb", "2026-03-02 12:00": "16 Feb", "2026-03-09 15:00": "03 Mar", "2026-03-26 15:00": "16 Mar"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, func(up *setUp) {
				up.Discussion.Event = nil
				if !c.planned {
					up.Discussion.Start = up.Discussion.Start.AddDays(2000)
				}
				up.Programme.Roundups = map[string]calendar.Roundup{stageList: {Cron: "0 8 * * MON", EveryWeeks: c.weeks, Ahead: time.Duration(c.ahead) * 24 * time.Hour}}
				for _, at := range c.at {
					e := dated(up, at[5:7]+"-"+at[8:10], at, at)
					if !c.planned {
						e.Invite = 14 * 24 * time.Hour
					}
					up.Programme.Events = append(up.Programme.Events, e)
				}
			})
			s.advance("2026-03-25 10:00")
			got := map[string]string{}
			for _, m := range s.mails(member(1), "roundup") {
				for _, item := range objectOf(t, m).Items {
					if title := item.Event.Title.In("en"); got[title] == "" {
						got[title] = m.At.In(s.zone).Format("02 Jan")
					}
				}
			}
			if !maps.Equal(got, c.told) {
				t.Errorf("they are told of on %v, want %v", got, c.told)
			}
		})
	}
}

// tiling is one life of a list with round-ups: what is announced when, and when nobody was there.
type tiling struct {
	*stage
	*rand.Rand
	announced map[string]time.Time // by event
	asleep    [][2]time.Time       // until the first working hour behind it
	slots     []time.Time          // at which the process ran, by the schedule of then
	roundup   calendar.Roundup
}

// configured has the site read a config with another schedule, or with more events: single ones and series, of which some send mail of their own.
func (s *tiling) configured(more int, schedule bool) {
	p := *s.editor.programme.Load()
	for range more {
		id := fmt.Sprint("e", len(p.Events))
		at := s.time().Add(time.Duration(s.Int64N(int64(25 * 24 * time.Hour)))).Truncate(time.Minute)
		e := &event.Event{ID: id, List: stageList, Title: event.Texts{"": id}, Format: event.Meeting, Where: "https://meet.example.org/", Start: at, Length: time.Hour}
		switch s.IntN(4) {
		case 0:
			e.Rule = []string{"FREQ=WEEKLY", "FREQ=DAILY;INTERVAL=3;COUNT=5"}[s.IntN(2)]
		case 1:
			e.Invite, e.Reminders = time.Duration(1+s.IntN(14))*24*time.Hour, []time.Duration{24 * time.Hour}
		}
		p.Events, s.announced[id] = append(slices.Clone(p.Events), e), s.time()
	}
	if schedule {
		days := []string{"MON", "MON", "TUE,FRI", "SUN", "*", "THU"}[s.IntN(6)]
		s.roundup.Cron, s.roundup.EveryWeeks = fmt.Sprintf("%d %d * * %s", 30*s.IntN(2), 1+s.IntN(14), days), 1+s.IntN(3)
		s.roundup.Ahead = time.Duration(1+s.IntN(20)) * 24 * time.Hour
		p.Roundups = map[string]calendar.Roundup{stageList: s.roundup}
	}
	s.editor.Configure(&p)
	s.tick()
}

// lives plays some days: of each, by chance, a change of the config, or a sleep.
func (s *tiling) lives(days int) {
	for end := s.time().AddDate(0, 0, days); s.time().Before(end); {
		from, to := s.time(), s.time().Add(time.Hour+time.Duration(s.Int64N(int64(4*24*time.Hour)))).Truncate(time.Minute)
		switch s.IntN(6) {
		case 0:
			s.set(to)
			s.asleep = append(s.asleep, [2]time.Time{from, s.roundup.Working.NextOpen(to)})
			s.tick()
			continue
		case 1, 2, 3:
			s.configured(1+s.IntN(3), s.IntN(8) == 0)
		}
		s.advance(to.In(s.zone).Format("2006-01-02 15:04"))
		cron, err := plan.ParseCron(s.roundup.Cron)
		if err != nil {
			s.t.Fatal(err)
		}
		by := plan.Schedule{Cron: cron, Location: s.zone, EveryWeeks: s.roundup.EveryWeeks}
		for _, slot := range by.Slots(from, s.time()) {
			s.slots = append(s.slots, slot.At)
		}
	}
}

// untold are the dates of events that began without being in a round-up before, though one was due between their announcement and them, and though nobody slept then.
func (s *tiling) untold() (all []string) {
	type mail struct {
		at   time.Time
		text string
		has  map[string]bool
	}
	var mails []mail
	for _, m := range s.mails(member(1), "roundup") {
		x := mail{at: m.At, text: strings.Join(strings.Fields(m.text()), " "), has: map[string]bool{}}
		for _, item := range objectOf(s.t.(*testing.T), m).Items {
			x.has[item.Event.Title.In("en")] = true
		}
		mails = append(mails, x)
	}
	for _, e := range s.editor.programme.Load().Events {
		dates, _ := e.Dates(s.announced[e.ID], s.time(), 100)
		for _, d := range dates {
			due := slices.ContainsFunc(s.slots, func(slot time.Time) bool { return slot.After(s.announced[e.ID]) && slot.Before(d.Start) })
			slept := slices.ContainsFunc(s.asleep, func(x [2]time.Time) bool { return !d.Start.Before(x[0]) && !d.Start.After(x[1]) })
			told := slices.ContainsFunc(mails, func(m mail) bool {
				return m.at.Before(d.Start) && m.has[e.ID] && strings.Contains(m.text, d.Start.In(s.zone).Format("Monday 2 January"))
			})
			if due && !slept && !told {
				all = append(all, fmt.Sprintf("%s on %s, announced on %s", e.ID, d.Start.In(s.zone).Format(time.RFC1123), s.announced[e.ID].In(s.zone).Format(time.RFC1123)))
			}
		}
	}
	return all
}

// TestRoundupTiles: whatever the schedule is and becomes, and whatever puts round-ups off, each event that is announced before a slot is in one that goes out before it begins.
func TestRoundupTiles(t *testing.T) {
	seeds := uint64(18)
	if testing.Short() {
		seeds = 6
	}
	events := 0
	for seed := range seeds {
		zone, err := time.LoadLocation(calendarZones[seed%3])
		if err != nil {
			t.Fatal(err)
		}
		s := &tiling{Rand: rand.New(rand.NewPCG(seed, 1)), announced: map[string]time.Time{}}
		s.stage = newStage(t, func(up *setUp) {
			up.Members, up.Now = 1, []string{"2026-03-01 12:00", "2026-10-11 12:00"}[seed/3%2]
			up.List, up.Discussion = stageListOf(zone), stageDiscussion(zone)
			up.Discussion.Event = nil
			if seed%2 == 1 {
				up.Discussion.Start = plan.Date{Year: 2026, Month: time.October, Day: 19}
			}
			s.roundup.Working = up.Discussion.Calendar
		})
		s.configured(3, true)
		s.lives(50)
		if all := s.untold(); len(all) > 0 {
			t.Errorf("seed %d: no round-up told of %d dates, of these first %s\n%s", seed, len(all), all[0], s.rounds(member(1)))
		}
		events += len(s.announced)
	}
	if events < int(seeds)*10 {
		t.Errorf("there were %d events", events)
	}
}

// The day that the subject names is in it whole, also what is on in its afternoon.
func TestRoundupHasItsLastDayWhole(t *testing.T) {
	s := newStage(t, func(up *setUp) {
		up.Discussion.Event = nil
		up.Discussion.Start = up.Discussion.Start.AddDays(2000)
		up.Programme.Roundups = map[string]calendar.Roundup{stageList: {Cron: "0 8 * * MON", EveryWeeks: 2, Ahead: 17 * 24 * time.Hour}}
		up.Programme.Events = []*event.Event{dated(up, "walk", "Walk", "2026-03-12 15:00"), dated(up, "talk", "Talk", "2026-03-19 15:00"), dated(up, "late", "Late", "2026-03-20 00:30")}
	})
	s.advance("2026-03-02 09:00")
	m := s.last(member(1), "roundup")
	if !strings.HasPrefix(m.Subject, "2 events until 19 March") || !strings.Contains(m.text(), "Talk") || strings.Contains(m.text(), "Late") {
		t.Errorf("%s\n%s", m.Subject, m.text())
	}
}
