package list_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// TestGuessingIsStopped: after twenty wrong tokens within an hour a network is told the same of every token, good or not, and nobody else is.
func TestGuessingIsStopped(t *testing.T) {
	for name, guess := range map[string]func(i int) string{
		"of moderators": func(i int) string { return fmt.Sprintf("peers+held-%026d@lists.example.org", i) },
		"of confirmations": func(i int) string {
			return "peers+confirm-" + strings.Repeat("a", 25) + string(rune('a'+i%26)) + "@lists.example.org"
		},
		"of unsubscribe links": func(i int) string {
			return "peers+leave-" + strings.Repeat("b", 25) + string(rune('a'+i%26)) + "@lists.example.org"
		},
		"of return paths": func(i int) string {
			return "PEERS+Bounce-" + strings.Repeat("C", 25) + string(rune('A'+i%26)) + "@lists.example.org"
		},
		"of those, of another token": func(i int) string { return "peers+held-" + strings.Repeat("7", 26) + "@lists.example.org" },
	} {
		t.Run(name, func(t *testing.T) {
			s := moderated(t, nil)
			log := s.logged()
			good := s.hold(t, "x@example.net", "One", nil)[0].answerTo()
			try := func(ip, rcpt string, relay bool) list.Reason {
				_, err := s.RouteFrom(&list.Envelope{IP: ip, Relay: relay}, rcpt)
				return reason(err)
			}
			for i := range 40 {
				want := list.NoSuchAddress
				if i >= 20 {
					want = list.TooManyGuesses
				}
				if i == 19 && try("192.0.2.1", good, false) != "" {
					t.Error("refused after nineteen")
				}
				if why := try(fmt.Sprintf("192.0.2.%d", i), guess(i), false); why != want {
					t.Fatalf("guess %d: %s", i+1, why)
				}
			}
			for rcpt, want := range map[string]list.Reason{good: list.TooManyGuesses, "peers@lists.example.org": "", "peers+owner@lists.example.org": "",
				"peers+nothing@lists.example.org": list.NoSuchAddress} {
				if why := try("192.0.2.200", rcpt, false); why != want {
					t.Errorf("%s: %s", rcpt, why)
				}
			}
			if try("192.0.3.1", good, false) != "" || try("192.0.2.1", good, true) != "" {
				t.Error("another network and a relay are refused, too")
			}
			if strings.Count(log.String(), "tokens refused for an hour") != 1 || !strings.Contains(log.String(), "source=192.0.2.0/24") {
				t.Errorf("logged %s", log)
			}
			s.now = s.now.Add(time.Hour)
			if why := try("192.0.2.1", good, false); why != "" {
				t.Errorf("an hour later: %s", why)
			}
		})
	}
}

// TestWhoUsesTheTokenOfAnotherIsCounted: a live token is not enough (T02).
func TestWhoUsesTheTokenOfAnotherIsCounted(t *testing.T) {
	s := moderated(t, nil)
	n := s.hold(t, "x@example.net", "One", nil)[0]
	for i := range 20 {
		from, auth := "evil@x.test", sure
		if i%2 == 0 {
			from, auth = amina, forged
		}
		if _, err := s.reply(n, from, "approve", auth); err == nil {
			t.Fatal("it was taken")
		}
	}
	if _, err := s.RouteFrom(&list.Envelope{IP: "192.0.2.1"}, n.answerTo()); reason(err) != list.TooManyGuesses {
		t.Errorf("%v", err)
	}
}

// TestManyMachinesThatGuess are counted as far as there is room for.
func TestManyMachinesThatGuess(t *testing.T) {
	s := newSite(t, nil)
	bad := "peers+held-" + strings.Repeat("a", 26) + "@lists.example.org"
	for i := range 100_010 {
		if _, err := s.RouteFrom(&list.Envelope{IP: fmt.Sprintf("2001:db8:%x:%x::1", i>>16, i&0xffff)}, bad); reason(err) != list.NoSuchAddress {
			t.Fatal(err)
		}
	}
	for range 19 {
		if _, err := s.RouteFrom(&list.Envelope{IP: "2001:db8::1"}, bad); reason(err) != list.NoSuchAddress {
			t.Fatal(err)
		}
	}
	if _, err := s.RouteFrom(&list.Envelope{IP: "2001:db8::1"}, bad); reason(err) != list.TooManyGuesses {
		t.Errorf("%v", err)
	}
	s.now = s.now.Add(time.Hour)
	for i := range 21 {
		_, err := s.RouteFrom(&list.Envelope{IP: "192.0.2.1"}, bad)
		if want := i >= 20; (reason(err) == list.TooManyGuesses) != want {
			t.Errorf("the next hour, guess %d: %v", i+1, err)
		}
	}
}
