package digest

import (
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
