package digest

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/digest/calendar"
	"convene/list"
	"convene/list/event"
	"convene/list/event/cafe"
	"convene/store"
)

// withoutEnd has people register until it starts.
func withoutEnd(_ *setUp, e *event.Event) { e.RegisterBy = time.Time{} }

// seating is who sits where.
func (s *stage) seating() cafe.Seating {
	s.t.Helper()
	if reg := s.register("cafe-1"); reg.Seating != nil {
		return *reg.Seating
	}
	return cafe.Seating{}
}

// toldOf are who was mailed tables from a number of mails on.
func (s *stage) toldOf(from int) (all []string) {
	for _, m := range s.mails("", "tables")[from:] {
		all = append(all, m.To)
	}
	slices.Sort(all)
	return all
}

// TestTablesChange has answers come when people know their tables: who is concerned is told once all has settled, and nobody else; who comes too late is told where to sit.
func TestTablesChange(t *testing.T) {
	s := newStage(t, withCafe(14, func(up *setUp, e *event.Event) {
		withoutEnd(up, e)
		up.List.Language, up.List.Languages = "en", []string{"en"}
	}))
	s.advance("2026-03-03 15:01")
	s.rsvp("yes", upTo(10)...)
	s.advance("2026-03-16 16:00")
	before, mails := s.seating(), len(s.mails("", "tables"))
	if mails != 10 {
		t.Fatalf("%d have tables", mails)
	}
	host := before.Rounds[0][0].Host
	s.say(s.last(host, "tables"), host, "no")
	s.advance("2026-03-16 16:05")
	s.rsvp("yes", 11, 12)
	s.advance("2026-03-16 16:14")
	if got := s.toldOf(mails); len(got) > 0 {
		t.Fatalf("%v were told of something before it settled", got)
	}
	s.advance("2026-03-16 16:16")
	after := s.seating()
	if got, want := s.toldOf(mails), cafe.Changed(before, after); !slices.Equal(got, want) || !slices.Contains(want, member(11)) || slices.Contains(want, host) || len(want) > 8 {
		t.Errorf("%v were told, not %v", got, want)
	}
	for _, m := range s.mails("", "tables")[mails:] {
		if changed := m.To != member(11) && m.To != member(12); changed != strings.Contains(m.Subject, "hang") && changed != strings.Contains(m.Subject, "odifi") && changed != strings.Contains(m.Subject, "ambio") {
			t.Errorf("%s is told %q", m.To, m.Subject)
		}
	}
	mails = len(s.mails("", "tables"))
	s.advance("2026-03-17 14:25") // the last time is at 14:30, however little has settled
	passes := s.seating().Rounds[1][0].Host
	s.say(s.last(passes, "tables"), passes, "pass")
	s.advance("2026-03-17 14:31")
	if got := s.toldOf(mails); !slices.Contains(got, passes) || len(got) != 2 {
		t.Errorf("when a host passed, %v were told", got)
	}
	if m := s.last(passes, "tables"); !m.At.Equal(s.clock("2026-03-17 14:30")) {
		t.Errorf("they were told at %s", m.At)
	}
	if got := s.kindsTo(luis, "notice"); strings.Count(got, "All tables") != 2 || !strings.Contains(got, "17 Mar 14:30 notice: All tables, as they are now") {
		t.Errorf("the sheets are\n%s", got)
	}
	mails = len(s.mails("", "tables"))
	before = s.seating()
	s.rsvp("no", 2)
	s.rsvp("yes", 13)
	s.rsvp("maybe", 14)
	s.advance("2026-03-17 14:50")
	if got := s.toldOf(mails); !slices.Equal(got, []string{member(13)}) {
		t.Errorf("within half an hour %v were told", got)
	}
	if got := cafe.Changed(before, s.seating()); !slices.Equal(got, []string{member(13)}) {
		t.Errorf("who came late changed tables of %v", got)
	}
	if m := s.last(member(13), "tables"); !strings.Contains(m.text(), "These tables have room for you") || strings.Contains(m.Subject, "hanged") {
		t.Errorf("who came late reads %q\n%s", m.Subject, m.text())
	}
	if got := s.kindsTo(member(13), "notice"); got != "" {
		t.Errorf("beside their tables they got %s", got)
	}
	s.advance("2026-03-17 17:00")
}

// TestWhatChangedComesFirst holds the words of a change.
func TestWhatChangedComesFirst(t *testing.T) {
	s := newStage(t, withCafe(12, func(up *setUp, e *event.Event) { withoutEnd(up, e); e.Rounds = 1 }))
	s.advance("2026-03-03 15:01")
	english := []int{1, 4, 7, 10}
	s.rsvp("yes", english...)
	s.advance("2026-03-16 16:00")
	table := s.seating().Rounds[0][0]
	s.say(s.last(table.Host, "tables"), table.Host, "pass")
	s.advance("2026-03-16 17:00")
	now := s.seating().Rounds[0][0]
	if m := s.last(table.Host, "tables"); m.Subject != "Changed: no hosting in round 1" || !strings.HasPrefix(m.text(), "- *Round 1:* you need not host\n") {
		t.Errorf("who passed reads %q\n%s", m.Subject, m.text())
	}
	if m := s.last(now.Host, "tables"); m.Subject != "Changed: you host in round 1" && m.Subject != "Changed: you host in round 1, no notes in round 1" || !strings.HasPrefix(m.text(), "- *Round 1:* you host table 1\n") {
		t.Errorf("who hosts now reads %q\n%s", m.Subject, m.text())
	}
}

// TestTablesAreToldOnce has people say yes, no, maybe, pass and more as they like, and kills the process now and then: whoever has a table knows it, was told of it once, and
// again only when it changed for them.
func TestTablesAreToldOnce(t *testing.T) {
	times := 6
	if testing.Short() {
		times = 2
	}
	for seed := range times {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			b := &breaking{left: -1, behind: seed%2 == 0}
			random := rand.New(rand.NewPCG(uint64(seed), 7))
			s := newStage(t, withCafe(16, func(up *setUp, e *event.Event) {
				withoutEnd(up, e)
				up.Store = func(db *store.DB) list.Store { b.Store = db; return b }
			}))
			s.advance("2026-03-03 15:01")
			told, mails := cafe.Seating{}, 0
			for at := s.clock("2026-03-16 14:00"); at.Before(s.clock("2026-03-17 15:00")); at = at.Add(time.Duration(5+random.IntN(170)) * time.Minute) {
				s.advance(at.In(s.zone).Format("2006-01-02 15:04"))
				for range random.IntN(3) {
					who := 1 + random.IntN(16)
					s.rsvp([]string{"yes", "yes", "yes", "yes host", "no", "maybe", "pass", "mail", "notes"}[random.IntN(9)], who)
				}
				told, mails = s.settled(t, told, mails, b, random)
			}
			s.advance("2026-03-17 14:59")
			s.settled(t, told, mails, b, random)
			if len(s.seating().Rounds) != 3 {
				t.Errorf("the seating is %v", s.seating())
			}
			b.left = 1 + random.IntN(2)
			s.brokenUntil(t, s.clock("2026-03-17 17:00"))
			b.left = -1
			takers := map[string]bool{}
			for _, round := range s.seating().Rounds {
				for _, table := range round {
					takers[table.Notes] = true
				}
			}
			asked := s.subjects("Your notes, in five lines", "Vos notes, en cinq lignes", "Sus notas, en cinco líneas")
			slices.Sort(asked)
			if !slices.Equal(asked, slices.Sorted(maps.Keys(takers))) {
				t.Errorf("%v were asked for notes, and %v took them", asked, takers)
			}
			byMail := 0
			for _, g := range s.register("cafe-1").Guests {
				if g.Mail {
					byMail++
				}
			}
			if got := s.subjects("The table by mail", "La table par courriel", "La mesa por correo"); len(got) != byMail || len(slices.Compact(slices.Sorted(slices.Values(got)))) != byMail {
				t.Errorf("the questions went to %v, and %d take part by mail", got, byMail)
			}
		})
	}
}

// brokenUntil lets time pass, with another editor, as another process, whenever a transaction is broken off.
func (s *stage) brokenUntil(t *testing.T, end time.Time) {
	t.Helper()
	for {
		if err := s.tryTick(); err != nil && !errors.Is(err, errBroken) {
			t.Fatal(err)
		} else if err != nil {
			s.editor = NewEditor(s.Engine, s.editor.programme.Load(), s.editor.Log)
			continue
		}
		next, ok := s.nextDue()
		if !ok || next.After(end) {
			s.set(end)
			return
		}
		s.set(next)
	}
}

// settled lets a quarter of an hour pass, broken off now and then, and holds who was told of tables since so many mails; it gives what is known now, and how many there are.
func (s *stage) settled(t *testing.T, told cafe.Seating, mails int, b *breaking, random *rand.Rand) (cafe.Seating, int) {
	t.Helper()
	b.left = random.IntN(6) - 1
	s.brokenUntil(t, s.time().Add(15*time.Minute))
	b.left = -1
	s.tick()
	now := s.seating()
	if got, want := s.toldOf(mails), cafe.Changed(told, now); !slices.Equal(got, want) {
		t.Fatalf("at %s %v were told, and it changed for %v:\n%v\n%v", s.time(), got, want, told, now)
	}
	reg := s.register("cafe-1")
	for _, address := range slices.Sorted(maps.Keys(reg.Guests)) {
		g := reg.Guests[address]
		if tables := now.Of(address); tables != nil && !s.time().After(s.clock("2026-03-17 14:30")) && (g.Answer != calendar.Yes || g.Mail) {
			t.Errorf("%s has tables and said %q", address, g.Answer)
		} else if tables == nil && g.Answer == calendar.Yes && !g.Mail && len(now.Rounds) > 0 {
			t.Errorf("%s said yes and has no tables", address)
		}
	}
	return now, len(s.mails("", "tables"))
}
