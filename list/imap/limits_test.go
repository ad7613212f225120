package imap

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestTenFailedSignInsEndTheSession(t *testing.T) {
	h := newHouse(t)
	c := h.dial()
	for i := range mostFailed {
		c.no(fmt.Sprintf("LOGIN name%d@example.org wrong", i), "NO [AUTHENTICATIONFAILED]")
		h.server.guard.pass(fmt.Sprintf("name%d@example.org", i))
		h.server.guard.mu.Lock()
		clear(h.server.guard.failed) // the waits are another test's
		h.server.guard.mu.Unlock()
	}
	c.wants("* BYE Too many failed sign-ins")
	c.wants("")
}

func TestGuardSlowsDown(t *testing.T) {
	now := time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC)
	g := newGuard(func() time.Time { return now })
	here, near, far := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.200"), netip.MustParseAddr("2001:db8::1")
	var waits []time.Duration
	for range 12 {
		waits = append(waits, g.wait("Dede@example.org", here))
		g.fail("dede@example.org", here)
	}
	if got := fmt.Sprint(waits); got != "[0s 0s 0s 1s 2s 4s 8s 8s 8s 8s 8s 8s]" {
		t.Errorf("the waits are %v", got)
	}
	if g.wait("nobody@example.org", near) != 4*time.Second || g.wait("nobody@example.org", far) != 0 || g.wait("dede@example.org", far) != longestWait {
		t.Error("a network, or a name, waits otherwise")
	}
	g.pass("dede@example.org")
	if g.wait("dede@example.org", far) != 0 {
		t.Error("who has signed in waits")
	}
	now = now.Add(failuresCount)
	if g.wait("x", near) != 0 {
		t.Error("it is not forgotten")
	}
	for i := range mostGuarded * 2 {
		g.fail(fmt.Sprint(i), here)
	}
	if len(g.failed) > mostGuarded+2 {
		t.Errorf("%d are remembered", len(g.failed))
	}
}

func TestStopSaysGoodbye(t *testing.T) {
	h := newHouse(t)
	waits, idles := h.anonymous(), h.anonymous()
	idles.ok("EXAMINE INBOX")
	fmt.Fprint(idles, "i IDLE\r\n")
	idles.wants("+ idling")
	h.check(h.server.Shutdown(context.Background()))
	for _, c := range []*client{waits, idles} {
		c.wants("* BYE [UNAVAILABLE] Shutting down; please connect again in a moment")
	}
	if n := h.server.Open(); n != 0 {
		t.Errorf("%d connections are open", n)
	}
}

func TestConnectionsAreCounted(t *testing.T) {
	h := newHouse(t)
	at := h.serveElsewhere(false)
	var open []net.Conn
	said := func() string {
		c, err := net.Dial("tcp", at)
		h.check(err)
		t.Cleanup(func() { c.Close() })
		h.check(c.SetDeadline(time.Now().Add(20 * time.Second)))
		open = append(open, c)
		p := make([]byte, 300)
		n, err := c.Read(p)
		h.check(err)
		return string(p[:n])
	}
	for range defaultPerIP {
		if got := said(); !strings.HasPrefix(got, "* OK ") {
			t.Fatal(got)
		}
	}
	if got := said(); got != "* BYE [UNAVAILABLE] Too many connections from your address\r\n" {
		t.Error(got)
	}
}

// silent is a connection on which nothing comes.
func TestSilenceEndsTheSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Server{Options: Options{Log: slog.New(slog.DiscardHandler)}, conns: map[*conn]bool{}, perIP: map[netip.Addr]int{}}
		ours, theirs := net.Pipe()
		c := newConn(s, ours, Settings{}, netip.MustParseAddr("127.0.0.1"), false)
		begun := time.Now()
		go func() { io.Copy(io.Discard, theirs) }()
		if _, err := c.Read(make([]byte, 10)); err != io.EOF || time.Since(begun) != commandTime {
			t.Errorf("it ended after %v, %v", time.Since(begun), err)
		}
		ours.Close()
	})
}
