package list_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// claim hands in a request to join in the name of victim number i from a client, and says why it was refused.
func (s *site) claim(t *testing.T, i int, ip string, relay bool) list.Reason {
	t.Helper()
	who := fmt.Sprintf("victim%d@example.net", i)
	target, err := s.Route("peers+subscribe@lists.example.org")
	if err != nil {
		t.Fatal(err)
	}
	in := &list.Incoming{Raw: []byte("From: " + who + "\r\nMessage-ID: <" + s.id() + "@m>\r\n\r\n"), Targets: []list.Target{target}, Auth: unsure,
		Envelope: list.Envelope{ID: s.id(), From: who, IP: ip, Relay: relay, Protocol: "ESMTP", Received: s.now}}
	_, err = s.Receive(t.Context(), in)
	return reason(err)
}

// TestOneSourceHasUsWriteToFew: the addresses of one network count together, up to the cap and not one beyond it, and a restart forgets nothing.
func TestOneSourceHasUsWriteToFew(t *testing.T) {
	for name, ip := range map[string]func(i int) string{
		"an IPv4 network of 256 addresses":     func(i int) string { return fmt.Sprintf("192.0.2.%d", i) },
		"the same, mapped into IPv6":           func(i int) string { return fmt.Sprintf("::ffff:192.0.2.%d", i) },
		"an IPv6 network of 64 bits":           func(i int) string { return fmt.Sprintf("2001:db8:1:2::%x", i) },
		"one address that goes on and on":      func(int) string { return "192.0.2.9" },
		"IPv6 with the last 64 bits all taken": func(i int) string { return fmt.Sprintf("2001:db8:1:2:ffff:ffff:ffff:%x", i) },
	} {
		t.Run(name, func(t *testing.T) {
			s := joinable(t, list.JoinConfirm, nil)
			log := s.logged()
			for i := range 60 {
				if i == 20 {
					var err error
					if s.Engine, err = list.NewEngine(s.db, s.Site(), func() time.Time { return s.now }, s.id, slog.New(slog.NewTextHandler(log, nil))); err != nil {
						t.Fatal(err)
					}
				}
				if why := s.claim(t, i, ip(i), false); (i < 30) != (why == "") || i >= 30 && why != list.TooManyCommands {
					t.Fatalf("mail %d: %q", i+1, why)
				}
			}
			if all := s.notices(t); len(all) != 30 {
				t.Errorf("%d were told", len(all))
			}
			if n := strings.Count(log.String(), "command refused"); n != 30 || !strings.Contains(log.String(), "ip="+ip(59)) {
				t.Errorf("%d refusals are in the log", n)
			}
			for i, other := range []string{"192.0.3.1", "2001:db8:1:3::1"} {
				if why := s.claim(t, 100+i, other, false); why != "" {
					t.Errorf("another network: %s", why)
				}
			}
			s.now = s.now.Add(59 * time.Minute)
			if why := s.claim(t, 200, ip(1), false); why != list.TooManyCommands {
				t.Errorf("within the hour: %q", why)
			}
			s.now = s.now.Add(time.Minute)
			if why := s.claim(t, 201, ip(1), false); why != "" {
				t.Errorf("an hour later: %s", why)
			}
		})
	}
}

// TestTenThousandForgedJoins come by way of a relay, so that no source is known.
func TestTenThousandForgedJoins(t *testing.T) {
	if testing.Short() {
		t.Skip("ten thousand transactions")
	}
	s := joinable(t, list.JoinConfirm, nil)
	taken := 0
	for i := range 10_000 {
		why := s.claim(t, i, "127.0.0.1", true)
		if why == "" {
			taken++
		} else if why != list.TooManyCommands {
			t.Fatal(why)
		}
	}
	if all := s.notices(t); taken != 1000 || len(all) != 1000 {
		t.Errorf("%d were taken, %d told", taken, len(all))
	}
	s.now = s.now.Add(time.Hour)
	if why := s.claim(t, 20_000, "127.0.0.1", true); why != "" {
		t.Errorf("the next hour: %s", why)
	}
}

// TestOneMemberHasUsAskFewOthers: who is beyond doubt a member has few strangers asked in a day, and an owner invites more.
func TestOneMemberHasUsAskFewOthers(t *testing.T) {
	s := joinable(t, list.JoinConfirm, nil)
	s.members(t, dede)
	log := s.logged()
	asked := 0
	for i := range 5 {
		if _, err := s.command(dede, "request", "", fmt.Sprintf("also a%d@example.net\nalso b%d@example.net\nalso c%d@example.net", i, i, i), sure); err != nil {
			t.Fatal(err)
		}
		for _, n := range s.notices(t) {
			if n.to != dede {
				asked++
			}
		}
		s.now = s.now.Add(time.Hour)
	}
	if asked != 10 || strings.Count(log.String(), "question not asked") != 5 {
		t.Errorf("%d were asked; logged\n%s", asked, log)
	}
	s.now = s.now.Add(24 * time.Hour)
	if _, err := s.command(dede, "request", "", "also z@example.net", sure); err != nil || len(s.notices(t)) != 2 {
		t.Errorf("a day later: %v", err)
	}
	var lines strings.Builder
	for i := range 20 {
		fmt.Fprintf(&lines, "invite x%d@example.com\n", i)
	}
	if s.obeyedBy(t, amina, lines.String(), 21); t.Failed() {
		t.Error("an owner is not capped like that")
	}
}
