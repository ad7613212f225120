package web

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"convene/mailer/mailtest"
)

// serve runs a server on a listener without a network until the test ends.
func serve(t *testing.T, s *site) *mailtest.Listener {
	t.Helper()
	l := mailtest.Listen()
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	t.Cleanup(func() {
		ctx, done := context.WithTimeout(context.Background(), time.Minute)
		defer done()
		if err := errors.Join(s.Shutdown(ctx), <-served); err != nil {
			t.Error(err)
		}
	})
	return l
}

func dial(t *testing.T, l *mailtest.Listener, from string) net.Conn {
	t.Helper()
	c, err := l.DialFrom(from)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func send(t *testing.T, c net.Conn, s string) {
	t.Helper()
	if _, err := io.WriteString(c, s); err != nil {
		t.Fatal(err)
	}
}

// answers is the status line of every answer until the connection ends.
func answers(t *testing.T, c net.Conn) string {
	t.Helper()
	var got []string
	for r := bufio.NewReader(c); ; {
		resp, err := http.ReadResponse(r, nil)
		if err != nil {
			if !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
				got = append(got, err.Error())
			}
			return strings.Join(got, ", ")
		}
		status := resp.Status[:3]
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			t.Error(err)
		}
		if resp.Close {
			status += " close"
		}
		got = append(got, status)
	}
}

// get opens a page on a connection of its own: "200 HTTP/1.1", or the error.
func get(l *mailtest.Listener, from, url string) string {
	transport := &http.Transport{
		DialContext:       func(context.Context, string, string) (net.Conn, error) { return l.DialFrom(from) },
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true},
		DisableKeepAlives: true,
	}
	resp, err := (&http.Client{Transport: transport}).Get(url)
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	return resp.Status[:3] + " " + resp.Proto
}

// open is how many connections are in the book.
func open(s *site) int {
	s.book.mu.Lock()
	defer s.book.mu.Unlock()
	return len(s.book.conns)
}

func TestConnectionsOfOneNeighbour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite()
		l := serve(t, s)
		var first net.Conn
		for i := range maxPerNeighbour {
			if c := dial(t, l, "2001:db8::1"); i == 0 {
				first = c
			}
		}
		synctest.Wait()
		if got := answers(t, dial(t, l, "2001:db8::2")); got != "503 close" {
			t.Errorf("one too many of a /64: %q", got)
		}
		for _, from := range []string{"2001:db8:0:1::1", "192.0.2.1"} {
			if got := get(l, from, "http://x/"); got != "200 HTTP/1.1" {
				t.Errorf("somebody else, %s: %s", from, got)
			}
		}
		for range 2 * maxPerNeighbour {
			dial(t, l, "127.0.0.1")
		}
		synctest.Wait()
		if want := 3 * maxPerNeighbour; open(s) != want {
			t.Errorf("%d connections, want %d: those of a trusted proxy are not counted by address", open(s), want)
		}
		first.Close()
		synctest.Wait()
		c := dial(t, l, "2001:db8::2")
		send(t, c, "GET / HTTP/1.0\r\n\r\n")
		if got := answers(t, c); got != "200 close" {
			t.Errorf("after one is gone: %q", got)
		}
	})
}

// TestCrowd holds that a thousand idle connections from everywhere keep nobody out, and that who is being answered is not cut off for them.
func TestCrowd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite()
		s.engine.wait, s.engine.began = make(chan struct{}), make(chan struct{}, 1)
		l := serve(t, s)
		leaving := dial(t, l, "192.0.2.1")
		send(t, leaving, post+"Content-Length: 26\r\n\r\n"+oneClick)
		<-s.engine.began
		for range 1000 {
			send(t, dial(t, l, "127.0.0.1"), "G")
		}
		if got := get(l, "198.51.100.1", "http://x/"); got != "200 HTTP/1.1" {
			t.Errorf("a good client: %s", got)
		}
		synctest.Wait()
		if n := open(s); n > maxConnections {
			t.Errorf("%d connections are open", n)
		}
		close(s.engine.wait)
		if got := answers(t, leaving); got != "200 close" {
			t.Errorf("who was leaving meanwhile: %q", got)
		}
		time.Sleep(2 * idleTimeout)
		synctest.Wait()
		if n := open(s); n != 0 || len(s.book.near) != 0 {
			t.Errorf("%d connections are open two minutes later, %d neighbours counted", n, len(s.book.near))
		}
	})
}

func TestFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite()
		s.engine.wait, s.engine.began = make(chan struct{}), make(chan struct{}, 1)
		l := serve(t, s)
		for range maxConnections {
			send(t, dial(t, l, "127.0.0.1"), post+"Content-Length: 26\r\n\r\n"+oneClick)
			<-s.engine.began
		}
		if got := answers(t, dial(t, l, "192.0.2.1")); got != "503 close" {
			t.Errorf("while every connection is being answered: %q", got)
		}
		close(s.engine.wait)
		synctest.Wait()
		if got := get(l, "192.0.2.1", "http://x/"); got != "200 HTTP/1.1" {
			t.Errorf("afterwards: %s", got)
		}
	})
}

func TestShutdown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite()
		s.engine.wait, s.engine.began = make(chan struct{}), make(chan struct{}, 1)
		l := serve(t, s)
		leaving, halfway := dial(t, l, "192.0.2.1"), dial(t, l, "192.0.2.2")
		send(t, halfway, post+"Content-Length: 26\r\n\r\nList")
		send(t, leaving, post+"Content-Length: 26\r\n\r\n"+oneClick)
		<-s.engine.began
		synctest.Wait()
		down := make(chan error, 1)
		began := time.Now()
		go func() { down <- s.Shutdown(t.Context()) }()
		if got := answers(t, halfway); got != "408 close" || time.Since(began) != stopGrace {
			t.Errorf("who was still sending: %q after %v", got, time.Since(began))
		}
		select {
		case err := <-down:
			t.Errorf("down while the engine was being asked: %v", err)
		default:
		}
		close(s.engine.wait)
		if err := <-down; err != nil {
			t.Error(err)
		}
		if s.engine.gone() != HowOneClick {
			t.Errorf("left %q", s.engine.gone())
		}
		if resp := s.ask(t, "GET", "/", ""); resp.StatusCode != 503 {
			t.Errorf("after the end: %d", resp.StatusCode)
		}
	})
}

func TestShutdownOutOfPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite()
		s.engine.wait, s.engine.began = make(chan struct{}), make(chan struct{}, 1)
		l := serve(t, s)
		send(t, dial(t, l, "192.0.2.1"), post+"Content-Length: 26\r\n\r\n"+oneClick)
		<-s.engine.began
		ctx, done := context.WithTimeout(t.Context(), time.Second)
		defer done()
		if err := s.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the engine is still at it: %v", err)
		}
		close(s.engine.wait)
	})
}
