package digest

import (
	"strings"
	"testing"

	"convene/list/event"
)

// What is approved at night is told of in the morning, and a new wording, too; what begins soon does not wait.
func TestEventApprovedAtNight(t *testing.T) {
	for name, c := range map[string]struct{ when, told, invited string }{
		"in ten days":         {"2026-02-20 15:00", "the invitations go out on Wednesday 11 February", "11 07:00"},
		"in the morning":      {"2026-02-11 09:00", "the invitations go out on Wednesday 11 February", "11 06:00"},
		"in two hours":        {"2026-02-11 01:30", "the invitations go out now", "10 23:30"},
		"in the next weeks":   {"2026-03-20 15:00", "the invitations go out on Friday 6 March", ""},
		"in the night behind": {"2026-02-12 00:30", "the invitations go out on Wednesday 11 February", "11 07:00"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, alone)
			if _, err := s.mail(member(1), eventsAddress, "x", "Title: Talk\nWhen: "+c.when); err != nil {
				t.Fatal(err)
			}
			s.advance("2026-02-10 23:30")
			s.say(s.last(amina, "draft"), amina, "approve")
			told := ""
			for _, m := range s.mails(member(1), "notice") {
				if m.Subject == "It is announced: Talk" {
					told = m.flat()
				}
			}
			if !strings.Contains(told, c.told) {
				t.Errorf("who offered it got\n%s", told)
			}
			s.advance("2026-02-11 10:00")
			got := ""
			if all := s.mails(member(3), "invitation"); len(all) > 0 {
				got = all[0].At.In(s.zone).Format("02 15:04")
			}
			if got != c.invited {
				t.Errorf("members were invited on %q, want %q", got, c.invited)
			}
		})
	}
}

// A server that begins at night invites nobody before the morning, and a description that is written anew at night is told of then.
func TestEventNightOfWords(t *testing.T) {
	var e *event.Event
	s := newStage(t, func(up *setUp) {
		alone(up)
		e = circle(up)
		up.Programme.Events = []*event.Event{e}
	})
	s.set(s.clock("2026-03-12 02:00"))
	s.tick()
	s.advance("2026-03-12 23:00")
	next := *e
	next.About = event.Texts{"": "We read Freire."}
	s.reconfigure(&next)
	s.advance("2026-03-13 12:00")
	if got := s.kindsTo(member(1), "invitation"); got != "12 Mar 07:00 invitation: Invitation: Reading circle, Tuesday 24 March, 15:00\n13 Mar 07:00 invitation: Changed: Reading circle, Tuesday 24 March, 15:00" {
		t.Errorf("a member got\n%s", got)
	}
}
