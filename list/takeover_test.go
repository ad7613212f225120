package list_test

import (
	"strings"
	"testing"

	"convene/list"
)

const mallory = "mallory@evil.example"

// TestACarelessYesGivesNobodyTheRightsOfAnother walks the way from a mail in an owner's name to an owner's command of somebody else.
func TestACarelessYesGivesNobodyTheRightsOfAnother(t *testing.T) {
	for name, body := range map[string]string{
		"alone":                          "also " + mallory,
		"in angle brackets":              "also <" + mallory + ">",
		"behind what may be asked":       "settings\nalso " + mallory,
		"before what may be asked":       "also " + mallory + "\nset own off",
		"with an address that was there": "not amina@phone.example\nalso " + mallory,
	} {
		t.Run(name, func(t *testing.T) {
			s := joinable(t, list.JoinConfirm, nil)
			s.members(t, amina, dede)
			r, err := s.command(amina, "request", "", body, unsure)
			if err != nil || r.Action != "command" {
				t.Fatalf("%+v, %v", r, err)
			}
			all := s.notices(t)
			if asks := strings.Contains(body, "set"); len(all) > 0 != asks {
				t.Fatalf("told %s", told(all))
			}
			for len(all) > 0 {
				n := all[0]
				if n.to != amina || strings.Contains(n.raw, "evil") || strings.Contains(n.raw, "further address") {
					t.Fatalf("to %s:\n%s", n.to, n.raw)
				}
				all = all[1:]
				if n.answerTo() != "" {
					if _, err := s.reply(n, amina, "yes", sure); err != nil {
						t.Fatal(err)
					}
					all = append(all, s.notices(t)...)
				}
			}
			if others := s.the(t, amina).Others; len(others) != 0 {
				t.Errorf("amina has %q", others)
			}
			if _, err := s.command(mallory, "request", "", "remove "+dede, sure); err != nil || !s.isMember(t, dede) {
				t.Errorf("a stranger removed a member: %v", err)
			}
		})
	}
}

// TestAQuestionNamesWhatItIsAbout: the address that it is for, the member who asked, and each argument that is one of our own values.
func TestAQuestionNamesWhatItIsAbout(t *testing.T) {
	s := joinable(t, list.JoinConfirm, func(l *list.List) { l.Owners = nil })
	s.members(t, dede)
	if _, err := s.command(dede, "request", "", "also dede@work.example", sure); err != nil {
		t.Fatal(err)
	}
	all := s.notices(t)
	if told(all) != dede+": Peers: your settings; dede@work.example: Peers: is this address yours?" || !strings.Contains(all[1].raw, dede) || !strings.Contains(all[1].raw, "dede@work.example too") {
		t.Fatalf("told %s", told(all))
	}
	page, err := s.Confirming(tokenIn(all[1]))
	if err != nil || page.Text != dede+", who is on the list, wants to write to it from dede@work.example too." {
		t.Errorf("the page says %q, %v", page.Text, err)
	}
	if _, err := s.reply(all[1], "dede@work.example", "What is this?", sure); err != nil {
		t.Fatal(err)
	}
	if again := s.notices(t); len(again) != 1 || !strings.Contains(unfolded(again[0]), "whether "+dede+", who is on the list, may write to it from dede@work.example too") {
		t.Errorf("told %s", told(again))
	}
	for body, want := range map[string]string{
		"set own off":                          "- whether you get your own posts: off",
		"set own off\nset language FR":         "- another language for our mails: fr",
		"set timezone Africa/Nairobi":          "- another time zone: Africa/Nairobi",
		"pause until 2026-05-01":               "- take a break: 2026-05-01",
		"set timezone http://evil.example/buy": "- another time zone If it was",
		"set language http://evil.example/buy": "- another language for our mails If it was",
		"set name BUY http://evil.example/buy": "- another name If it was",
	} {
		s := joinable(t, list.JoinConfirm, nil)
		if n := s.obeyed(t, dede, "request", "", body, unsure); !strings.Contains(unfolded(n), want) || strings.Contains(n.raw, "evil") {
			t.Errorf("%q is asked by\n%s", body, n.raw)
		}
	}
	s = joinable(t, list.JoinConfirm, nil)
	if n := s.obeyed(t, zoe, "request", "", "subscribe\nset name Zoë K\nalso zoe@work.example", sure); !strings.Contains(unfolded(n), "- another name: Zoë K") ||
		!strings.Contains(unfolded(n), "- write from a further address: zoe@work.example") {
		t.Errorf("a mail that is proven is asked by\n%s", n.raw)
	}
}

// tokenIn is the token of the address that a notice asks to answer to.
func tokenIn(n note) string {
	_, token, _ := strings.Cut(n.answerTo(), "+confirm-")
	token, _, _ = strings.Cut(token, "@")
	return token
}
