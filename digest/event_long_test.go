package digest

import (
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/list/event"
)

// A long event says how long it takes in days and hours, and is among what is on until it ends.
func TestEventLong(t *testing.T) {
	s := newStage(t, func(up *setUp) {
		alone(up)
		e := circle(up)
		e.Length = 50 * time.Hour
		up.Programme.Events = []*event.Event{e}
	})
	s.advance("2026-03-11 10:00")
	for n, want := range map[int]string{1: "2 days 2 hours", 2: "2 jours 2 heures", 3: "2 días 2 horas"} {
		if got := s.last(member(n), "invitation").flat(); !strings.Contains(got, want) {
			t.Errorf("a member does not read %q:\n%s", want, got)
		}
	}
	for _, c := range []struct {
		at   string
		want bool
	}{{"2026-03-25 10:00", true}, {"2026-03-26 18:00", false}} {
		s.advance(c.at)
		if _, err := s.mail(member(1), eventsAddress, "events", ""); err != nil {
			t.Fatal(err)
		}
		if got := s.last(member(1), "notice").text(); strings.Contains(got, "There is no event to come") == c.want {
			t.Errorf("at %s they read\n%s", c.at, got)
		} else if c.want && (!strings.Contains(got, "It is going on now.") || strings.Contains(got, "Will you come?")) {
			t.Errorf("what goes on is offered:\n%s", got)
		}
	}
}

// A series that is cancelled says that it is one, and an owner who would cancel one date of the config's reads where that is done.
func TestEventSeriesCancelled(t *testing.T) {
	s := newStage(t, func(up *setUp) {
		alone(up)
		e := circle(up)
		e.Rule = "FREQ=WEEKLY;COUNT=3"
		up.Programme.Events = []*event.Event{e}
	})
	s.advance("2026-03-11 10:00")
	if _, err := s.mail(amina, eventsAddress, "cancel circle 2026-03-31", ""); err != nil {
		t.Fatal(err)
	}
	if got := s.last(amina, "notice").flat(); !strings.Contains(got, "write it there under except") {
		t.Errorf("a moderator reads\n%s", got)
	}
	if _, err := s.mail(amina, eventsAddress, "cancel circle", ""); err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int]string{1: "None of the dates to come of this series takes place: *Reading circle*, from Tuesday 24 March on", 2: "Aucune des dates à venir de cette série n’aura lieu", 3: "Ninguna de las próximas fechas de esta serie tendrá lugar"} {
		if got := s.last(member(n), "invitation").flat(); !strings.Contains(strings.Join(strings.Fields(got), " "), want) {
			t.Errorf("a member reads\n%s", got)
		}
	}
}

// Who offers an event asks who is coming from any of their addresses.
func TestEventWhoFromASecondAddress(t *testing.T) {
	s := newStage(t, alone)
	s.changeMember(member(1), func(m *list.Member) { m.Others = []string{"dede@work.example"} })
	if _, err := s.mail("dede@work.example", eventsAddress, "x", "Title: A\nWhen: 2026-02-20 15:00"); err != nil {
		t.Fatal(err)
	}
	s.say(s.last(amina, "draft"), amina, "approve")
	for _, from := range []string{"dede@work.example", member(1)} {
		if _, err := s.mail(from, eventsAddress, "who a.1", ""); err != nil {
			t.Errorf("%s: %v", from, err)
		}
	}
	if _, err := s.mail(member(2), eventsAddress, "who a.1", ""); err == nil {
		t.Error("another member is told")
	}
}
