package web

import (
	"fmt"
	"net/netip"
	"testing"
	"time"
)

func TestGuessingTokens(t *testing.T) {
	s := newSite()
	get := func(tok, from string, fields ...string) int {
		t.Helper()
		return s.ask(t, "GET", "/u/"+tok, "", append(fields, "X-From: "+from)...).StatusCode
	}
	for i := range guesses {
		if got := get(fmt.Sprintf("%026d", i), "192.0.2.7:1"); got != 404 {
			t.Fatalf("guess %d: %d", i+1, got)
		}
	}
	asked := s.engine.asked
	if got := get(token, "192.0.2.7:2"); got != 429 {
		t.Errorf("a guess that is right, too late: %d", got)
	}
	resp := s.ask(t, "POST", "/u/"+token, oneClick, "Content-Type: "+urlencoded, "X-From: 192.0.2.7:3")
	if resp.StatusCode != 429 || resp.Header.Get("Retry-After") != "60" || s.engine.gone() != "" || s.engine.asked != asked {
		t.Errorf("a POST: %d, left %q, engine asked %d times", resp.StatusCode, s.engine.gone(), s.engine.asked-asked)
	}
	if got := get(token, "192.0.2.8:1"); got != 200 {
		t.Errorf("somebody else: %d", got)
	}
	s.time = s.time.Add(guessTime - time.Second)
	if got := get(token, "192.0.2.7:4"); got != 429 {
		t.Errorf("a second too early: %d", got)
	}
	s.time = s.time.Add(time.Second)
	if got := get(token, "192.0.2.7:5"); got != 200 {
		t.Errorf("after a minute: %d", got)
	}
}

func TestGuessingIsCounted(t *testing.T) {
	for name, c := range map[string]struct {
		from   func(i int) []string
		pause  time.Duration
		status int
	}{
		"by /64":                   {func(i int) []string { return []string{fmt.Sprintf("X-From: [2001:db8::%x]:1", i+1)} }, 0, 429},
		"not over several /64":     {func(i int) []string { return []string{fmt.Sprintf("X-From: [2001:db8:0:%x::1]:1", i)} }, 0, 404},
		"behind a proxy by client": {func(int) []string { return []string{"X-From: 127.0.0.1:1", "X-Forwarded-For: 203.0.113.9"} }, 0, 429},
		"not for all clients of a proxy together": {func(i int) []string {
			return []string{"X-From: 127.0.0.1:1", fmt.Sprintf("X-Forwarded-For: 203.0.113.%d", i)}
		}, 0, 404},
		"not behind a proxy that names no client": {func(int) []string { return []string{"X-From: 127.0.0.1:1"} }, 0, 404},
		"minute by minute":                        {func(int) []string { return nil }, 4 * time.Second, 404},
	} {
		s := newSite()
		var got int
		for i := range 2 * guesses {
			got = s.ask(t, "GET", "/u/"+stranger, "", c.from(i)...).StatusCode
			s.time = s.time.Add(c.pause)
		}
		if got != c.status {
			t.Errorf("%s: %d, want %d", name, got, c.status)
		}
	}
}

func TestGuardForgets(t *testing.T) {
	g, now := newGuard(), time.Unix(0, 0)
	for i := range 3 * maxGuessers {
		g.note(neighbourhood(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})), now)
	}
	if len(g.guessers) != maxGuessers {
		t.Errorf("%d neighbourhoods are remembered", len(g.guessers))
	}
}
