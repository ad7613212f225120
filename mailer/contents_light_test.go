package mailer

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"convene/list"
	"convene/list/message"
	"convene/mailer/mailtest"
)

// twoForms is a source with a light form, and notes which form was asked for.
type twoForms struct {
	fixedSource
	light string
	mu    sync.Mutex
	asked []bool
}

func (s *twoForms) Copy(_ list.Outgoing, form list.Form) (message.Pieces, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, form.Light)
	if form.Light {
		return message.Pieces{[]byte(s.light[:3]), []byte(s.light[3:])}, nil
	}
	return message.Pieces{[]byte(s.fixedSource)}, nil
}

const longMail, shortMail = tracedMail + "And so on, at length.\r\n", tracedMail

// TestEachGetsTheFormThatIsTheirs: of one claim, over one connection, with the size of that form, in one transaction a form where copies are shared.
func TestEachGetsTheFormThatIsTheirs(t *testing.T) {
	to := []string{"a@a.example", "light1@a.example", "b@a.example", "light2@a.example", "light3@a.example"}
	for name, c := range map[string]struct {
		send func(*office, ...string) uint64
		want []string
	}{
		"shared copies":   {(*office).send, []string{"[a@a.example b@a.example] long", "[light1@a.example light2@a.example light3@a.example] short"}},
		"personal copies": {(*office).sendEach, []string{"[a@a.example] long", "[light1@a.example] short", "[b@a.example] long", "[light2@a.example] short", "[light3@a.example] short"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &mailtest.Peer{Keywords: piped}
				s := &twoForms{fixedSource: longMail, light: shortMail}
				o := open(t, mailtest.Net{"a.example:25": p}, s, Delivery{PerHop: 1})
				defer o.close()
				c.send(o, to...)
				o.settle()
				o.want(map[list.Outcome]int{list.Delivered: 5})
				var got []string
				for _, m := range p.Mails() {
					form := "short"
					if strings.Contains(string(m.Content), "at length") {
						form = "long"
					}
					got = append(got, fmt.Sprint(m.To, " ", form))
					if !strings.Contains(m.From, fmt.Sprintf(" SIZE=%d", len(m.Content))) {
						t.Errorf("%s with %d octets", m.From, len(m.Content))
					}
				}
				if !slices.Equal(got, c.want) || p.Sessions() != 1 {
					t.Errorf("%d sessions: %q, want %q", p.Sessions(), got, c.want)
				}
			})
		})
	}
}

// TestALightFormThatLostNothingIsTheWhole: it is signed and kept once.
func TestALightFormThatLostNothingIsTheWhole(t *testing.T) {
	for light, same := range map[string]bool{longMail: true, shortMail: false, strings.ToUpper(longMail): false} {
		s := &twoForms{fixedSource: longMail, light: light}
		c := contents{source: s}
		var made [4]*rendering
		for i := range made {
			var err error
			if made[i], _, err = c.get(&list.Outgoing{ID: 1}, &settings{}, false, i%2 == 0); err != nil {
				t.Fatal(err)
			}
		}
		if made[0] != made[2] || made[1] != made[3] || (made[0] == made[1]) != same {
			t.Errorf("%q: made %v", light, made)
		}
		if got := made[0].content.Size(); got != int64(len(light)) {
			t.Errorf("made %d octets of %q", got, light)
		}
	}
}
