package digest

import (
	"strings"
	"testing"
	"time"

	"convene/list/event"
)

// heardOf is what a member was told of places since, on the stage's clock.
func heardOf(s *stage, n int, since time.Time) string {
	var all []string
	for _, m := range s.mails(member(n), "notice") {
		if m.At.After(since) {
			all = append(all, m.At.In(s.zone).Format("02 15:04 ")+strings.TrimSpace(strings.SplitN(m.Subject, ":", 2)[0]))
		}
	}
	return strings.Join(all, " | ")
}

// A place that becomes free within twelve hours of the start is nobody's until they say so: it is offered to all who wait, by day, and goes to who answers first.
func TestPlaceOfTheLastHoursIsAskedFor(t *testing.T) {
	s, _ := lunchStage(t, func(_ *setUp, ev *event.Event) { ev.Places, ev.Rule, ev.Presenters = 1, "", nil })
	s.advance("2026-03-10 13:00")
	for n := 1; n <= 5; n++ {
		s.set(s.time().Add(time.Minute))
		s.say(s.last(member(n), "invitation"), member(n), "yes")
	}
	s.advance("2026-03-24 03:00")
	since := s.time()
	s.say(s.last(member(1), "invitation"), member(1), "no")
	s.advance("2026-03-24 08:00")
	for n, want := range map[int]string{2: "24 07:00 Une place est libre", 3: "24 07:00 Hay una plaza libre", 4: "24 07:00 A place is free"} {
		if got := heardOf(s, n, since); got != want {
			t.Errorf("member %d heard %q by eight, want %q", n, got, want)
		}
	}
	since = s.time()
	offer := map[int]sentMail{}
	for n := 2; n <= 5; n++ {
		offer[n] = s.last(member(n), "notice")
	}
	s.set(s.time().Add(time.Minute))
	s.say(offer[4], member(4), "yes")
	s.set(s.time().Add(time.Minute))
	s.say(offer[3], member(3), "sí")
	s.advance("2026-03-24 10:00")
	s.say(offer[4], member(4), "no") // it is offered once more, to who still waits
	s.advance("2026-03-24 11:00")
	s.say(offer[2], member(2), "oui")
	s.advance("2026-03-24 11:45")
	s.say(offer[2], member(2), "non") // nobody can come in a quarter of an hour
	s.advance("2026-03-24 13:30")
	for n, want := range map[int]string{
		2: "24 10:00 Une place est libre | 24 11:00 Vous venez | 24 11:45 Vous ne venez pas",
		3: "24 08:02 Está en la lista de espera | 24 10:00 Hay una plaza libre",
		4: "24 08:01 You are coming | 24 10:00 You are not coming",
		5: "24 10:00 Une place est libre",
	} {
		if got := heardOf(s, n, since); got != want {
			t.Errorf("member %d heard %q, want %q", n, got, want)
		}
	}
}

// Of a series who waits moves up by themselves to what is further ahead, and is asked for the date that is near.
func TestPlaceOfTheLastHoursInASeries(t *testing.T) {
	s, _ := lunchStage(t, func(_ *setUp, ev *event.Event) { ev.Places = 1 })
	s.advance("2026-03-10 13:00")
	for _, n := range []int{1, 4} {
		s.set(s.time().Add(time.Minute))
		s.say(s.last(member(n), "invitation"), member(n), "yes")
	}
	s.advance("2026-03-24 08:00")
	since := s.time().Add(-time.Minute)
	s.say(s.last(member(1), "invitation"), member(1), "no all")
	s.advance("2026-03-24 09:00")
	if got := heardOf(s, 4, since); got != "24 08:00 You are coming | 24 08:00 A place is free" {
		t.Fatalf("who waits heard %q", got)
	}
	all := s.mails(member(4), "notice")
	whole, today := flat(all[len(all)-2]), flat(all[len(all)-1])
	if !strings.Contains(whole, "Tuesday 31 March") || strings.Contains(whole, "24 March") || !strings.Contains(today, "Tuesday 24 March") || !strings.Contains(today, "answers first") {
		t.Errorf("they are told\n%s\nand\n%s", whole, today)
	}
	s.say(all[len(all)-1], member(4), "yes")
	g := s.register("lunch").Guests[member(4)]
	if g.Answer != "yes" || !g.Waiting.IsZero() || len(g.Waits) != 0 {
		t.Errorf("after their yes: %+v", g)
	}
}
