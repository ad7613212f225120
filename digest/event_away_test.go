package digest

import (
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/list/event"
)

// Who was invited, and did not say no, hears of every change of an event and of its end: who wants no mail at once, where they said that they come; else whoever was away when
// they are back, while it is to come.
func TestEventNewsForWhoIsAway(t *testing.T) {
	awayAs := map[string]func(m *list.Member){
		"nomail":   func(m *list.Member) { m.Mode = list.ModeNoMail },
		"paused":   func(m *list.Member) { m.State = list.Paused },
		"bouncing": func(m *list.Member) { m.State = list.Bouncing },
		"digest":   func(m *list.Member) { m.Mode = list.ModeDigest },
		"special":  func(m *list.Member) { m.Mode = list.ModeSpecial },
	}
	const cancelled, moved = "Cancelled: Reading circle, Tuesday 24 March", "Changed: Reading circle, Wednesday 25 March, 15:00"
	for name, c := range map[string]struct {
		says, away string
		move       bool   // it is moved, else cancelled
		back       string // when they are back
		want       string
	}{
		"yes, and no mail, cancelled":             {"yes", "nomail", false, "2026-03-14 10:00", "12 Mar 10:00 invitation: " + cancelled},
		"yes, and no mail, moved":                 {"yes", "nomail", true, "2026-03-14 10:00", "12 Mar 10:00 invitation: " + moved},
		"maybe, and no mail, moved":               {"maybe", "nomail", true, "2026-03-14 10:00", "12 Mar 10:00 invitation: " + moved},
		"yes, and special posts alone, moved":     {"yes", "special", true, "2026-03-14 10:00", "12 Mar 10:00 invitation: " + moved},
		"yes, and a digest, cancelled":            {"yes", "digest", false, "2026-03-14 10:00", "12 Mar 10:00 invitation: " + cancelled},
		"yes, and a break, cancelled":             {"yes", "paused", false, "2026-03-14 10:00", "14 Mar 10:00 invitation: " + cancelled},
		"yes, and a break, moved":                 {"yes", "paused", true, "2026-03-14 10:00", "14 Mar 10:00 invitation: " + moved},
		"yes, and mail failed, cancelled":         {"yes", "bouncing", false, "2026-03-14 10:00", "14 Mar 10:00 invitation: " + cancelled},
		"back in the night":                       {"yes", "paused", false, "2026-03-14 23:30", "15 Mar 09:00 invitation: " + cancelled},
		"no word, and no mail, cancelled":         {"", "nomail", false, "2026-03-14 10:00", "14 Mar 10:00 invitation: " + cancelled},
		"no word, and a break, moved":             {"", "paused", true, "2026-03-14 10:00", "14 Mar 10:00 invitation: " + moved},
		"no, and a break, cancelled":              {"no", "paused", false, "2026-03-14 10:00", ""},
		"no, and no mail, moved":                  {"no", "nomail", true, "2026-03-14 10:00", ""},
		"yes, and back when it would have begun":  {"yes", "paused", false, "2026-03-24 16:00", ""},
		"yes, and back when the moved one began":  {"yes", "paused", true, "2026-03-25 16:00", ""},
		"yes, and away until the day before that": {"yes", "paused", false, "2026-03-23 22:30", "23 Mar 22:30 invitation: " + cancelled},
	} {
		t.Run(name, func(t *testing.T) {
			s := answering(t)
			if c.says != "" {
				s.say(s.circleOf(member(4)), member(4), c.says)
			}
			s.advance("2026-03-11 10:00")
			s.changeMember(member(4), awayAs[c.away])
			s.advance("2026-03-12 10:00")
			n := len(s.mails(member(4), "invitation"))
			if c.move {
				later := *s.editor.programme.Load().Events[0]
				later.Start = later.Start.AddDate(0, 0, 1)
				s.reconfigure(append([]*event.Event{&later}, s.editor.programme.Load().Events[1:]...)...)
			} else if _, err := s.mail(amina, eventsAddress, "cancel circle", ""); err != nil {
				t.Fatal(err)
			}
			s.advance(c.back)
			s.changeMember(member(4), func(m *list.Member) { m.Mode, m.State = list.ModeEach, list.Active })
			s.advance("2026-03-27 10:00")
			var got []string
			for _, m := range s.mails(member(4), "invitation")[n:] {
				if o := objectOf(t, m); strings.Contains(m.Subject, "Reading circle") {
					got = append(got, m.At.In(s.zone).Format("02 Jan 15:04 ")+m.Kind+": "+m.Subject)
					if want := map[bool]event.Method{true: event.Request, false: event.Cancel}[c.move]; o.Method != want || o.Items[0].Event.Sequence != 1 {
						t.Errorf("the object is a %s, number %d", o.Method, o.Items[0].Event.Sequence)
					}
					if c.move && !strings.Contains(flat(m), "24 March") {
						t.Errorf("they do not read when it was to be:\n%s", m.text())
					}
				}
			}
			if strings.Join(got, "\n") != c.want {
				t.Errorf("they got\n%s\nwant\n%s", strings.Join(got, "\n"), c.want)
			}
		})
	}
}

// Who never heard of an event is not told that it does not take place.
func TestEventCancelledForWhoNeverHeard(t *testing.T) {
	s := newStage(t, func(up *setUp) { alone(up); circles(up, 1, time.Time{}, 0) })
	s.changeMember(member(1), func(m *list.Member) { m.State = list.Paused })
	s.advance("2026-03-12 12:00")
	id := s.editor.programme.Load().Events[0].ID
	if _, err := s.mail(amina, eventsAddress, "cancel "+id, ""); err != nil {
		t.Fatal(err)
	}
	s.changeMember(member(1), func(m *list.Member) { m.State = list.Active })
	s.advance("2026-03-27 12:00")
	if got := s.kindsTo(member(1), "invitation"); got != "" || !strings.Contains(s.kindsTo(member(2), "invitation"), "Annul") {
		t.Errorf("they got\n%s\nand who was there\n%s", got, s.kindsTo(member(2), "invitation"))
	}
}
