package digest

import (
	"fmt"
	"strings"
	"testing"

	"convene/list"
)

// Who has no name is not shown to all by their address, as who offers an event, nor as who presents.
func TestEventNameless(t *testing.T) {
	const nameless = "secret.person@private.example"
	for _, from := range []string{nameless, "\"" + nameless + "\" <" + nameless + ">"} {
		t.Run("offers, as "+from, func(t *testing.T) {
			s := newStage(t, alone)
			if err := s.AddMembers(stageList, []list.Member{{Address: nameless, Trusted: true}}); err != nil {
				t.Fatal(err)
			}
			raw := "From: " + from + "\r\nTo: " + eventsAddress + "\r\nSubject: x\r\nMessage-ID: <n1@example.org>\r\n\r\nTitle: Coffee hour\r\nWhen: 2026-02-20 15:00\r\nWhere: https://meet.example.org/c\r\n"
			if _, err := s.hand(nameless, eventsAddress, []byte(raw)); err != nil {
				t.Fatal(err)
			}
			s.tick()
			if got := s.last(amina, "draft").flat(); !strings.Contains(got, nameless) {
				t.Errorf("who decides does not read who offers it:\n%s", got)
			}
			s.say(s.last(amina, "draft"), amina, "approve")
			if m := s.last(member(1), "invitation"); strings.Contains(string(m.Raw), "secret.person") {
				t.Errorf("a member reads\n%s", m.text())
			}
			rows := 0
			err := s.Store.View(func(r list.Reader) error {
				all, err := s.editor.calendar.Calendar(r, s.list, s.zone, []string{"en"}, s.time())
				for _, row := range all {
					if rows++; row.By != "" {
						t.Errorf("the page says that it is offered by %q", row.By)
					}
				}
				return err
			})
			if err != nil || rows == 0 {
				t.Errorf("the page has %d rows: %v", rows, err)
			}
		})
	}
	t.Run("presents", func(t *testing.T) {
		s, _ := lunchStage(t, nil)
		if err := s.AddMembers(stageList, []list.Member{{Address: nameless, Trusted: true}}); err != nil {
			t.Fatal(err)
		}
		raw := "From: " + nameless + "\r\nTo: " + eventsAddress + "\r\nSubject: present 2026-03-31\r\nMessage-ID: <n1@example.org>\r\n\r\npresent 2026-03-31\r\n"
		if _, err := s.hand(nameless, eventsAddress, []byte(raw)); err != nil {
			t.Fatal(err)
		}
		s.advance("2026-03-10 13:00")
		if err := s.mailTo(member(4), "events", "present 2026-03-31", ""); err != nil {
			t.Fatal(err)
		}
		if got := flat(s.last(member(4), "notice")); !strings.Contains(got, "On that day a member presents already") {
			t.Errorf("who would present that day reads\n%s", got)
		}
		for who, want := range map[string]string{member(1): "31 March, 12:00: a member", member(2): "un membre", member(3): "una persona de la lista"} {
			m := s.last(who, "invitation")
			if strings.Contains(string(m.Raw), "secret.person") || !strings.Contains(m.flat(), want) {
				t.Errorf("a member reads\n%s\nnot %q", m.flat(), want)
			}
		}
	})
}

// Who decides and has no name is not shown by their address, neither to who mailed the event nor to the others who decide.
func TestEventNamelessModerator(t *testing.T) {
	const nameless = "secret.person@private.example"
	s := newStage(t, func(up *setUp) { alone(up); up.List.Moderators = []string{nameless, amina} })
	for n, c := range []struct{ answer, submitter, other string }{
		{"approve", "A moderator approved it. It is in the calendar of the list", "A moderator approved it."},
		{"reject Too late", "A moderator decided not to announce it.", "A moderator decided not to announce it."},
	} {
		raw := rawMail("Dede Mensah", member(1), fmt.Sprintf("Title: Coffee %d\nWhen: 2026-02-20 15:00\nWhere: here", n), "To: "+eventsAddress, fmt.Sprintf("Message-ID: <c%d@example.org>", n))
		if _, err := s.hand(member(1), eventsAddress, raw); err != nil {
			t.Fatal(err)
		}
		s.tick()
		asked := s.last(amina, "draft")
		m := s.last(nameless, "draft")
		if _, err := s.hand(nameless, m.replyTo(), []byte("From: "+nameless+"\r\nTo: "+m.replyTo()+"\r\nSubject: Re\r\nMessage-ID: <d"+s.id()+"@example.org>\r\n\r\n"+c.answer+"\r\n")); err != nil {
			t.Fatal(err)
		}
		s.tick()
		before := s.last(amina, "notice")
		s.say(asked, amina, "approve")
		for what, told := range map[string]struct {
			mail sentMail
			want string
		}{"who mailed it": {s.last(member(1), "notice"), c.submitter}, "who decides, too,": {before, c.other}, "who is late": {s.last(amina, "notice"), "A moderator had"}} {
			if got := flat(told.mail); !strings.Contains(got, told.want) || strings.Contains(string(told.mail.Raw), "secret.person") {
				t.Errorf("%s reads\n%s\nnot %q", what, told.mail.text(), told.want)
			}
		}
	}
	if _, err := s.mail(nameless, eventsAddress, "cancel coffee-0.1", ""); err != nil {
		t.Fatal(err)
	}
	if m := s.last(member(1), "notice"); !strings.Contains(flat(m), "A moderator cancelled it.") || strings.Contains(string(m.Raw), "secret.person") {
		t.Errorf("who mailed it reads\n%s", m.text())
	}
}
