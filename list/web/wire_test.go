package web

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

const post = "POST /u/" + token + " HTTP/1.1\r\nHost: x\r\n"

// TestOnTheWire is what arrives on one connection, all that is answered until it ends, and how long that takes.
func TestOnTheWire(t *testing.T) {
	for name, c := range map[string]struct {
		sent, want string
		took       time.Duration // of the real clock; zero: at once
		left       string
	}{
		"Gmail's one click":               {post + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 26\r\n\r\n" + oneClick, "200 close", 0, HowOneClick},
		"one click, chunked":              {post + "Transfer-Encoding: chunked\r\n\r\n1a\r\n" + oneClick + "\r\n0\r\n\r\n", "200 close", 0, HowOneClick},
		"one click by HTTP/1.0":           {"POST /u/" + token + " HTTP/1.0\r\nContent-Length: 26\r\n\r\n" + oneClick, "200 close", 0, HowOneClick},
		"Expect: 100-continue":            {post + "Expect: 100-continue\r\nContent-Length: 26\r\n\r\n" + oneClick, "100, 200 close", 0, HowOneClick},
		"two pages, then goodbye":         {"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "200, 404 close", 0, ""},
		"both lengths, RFC 9112 6.1":      {"POST /u/x HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG", "400 close", 0, ""},
		"a request smuggled in a body":    {post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + post + "Content-Length: 26\r\n\r\n" + oneClick, "400 close", 0, ""},
		"two lengths":                     {post + "Content-Length: 26\r\nContent-Length: 4\r\n\r\n" + oneClick, "400 close", 0, ""},
		"a coding that we do not know":    {post + "Transfer-Encoding: gzip, chunked\r\n\r\n", "501 close", 0, ""},
		"a body with GET ends the matter": {"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 37\r\n\r\nGET /healthz HTTP/1.1\r\nHost: y\r\n\r\n....", "200 close", 0, ""},
		"no Host":                         {"GET / HTTP/1.1\r\n\r\n", "400 close", 0, ""},
		"a Host that is none":             {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "400 close", 0, ""},
		"a field folded into two":         {"GET / HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\nConnection: close\r\n\r\n", "200 close", 0, ""},
		"SMTP":                            {"EHLO x\r\n\r\n", "400 close", 0, ""},
		"a huge body, announced":          {post + "Content-Length: 99999999999\r\n\r\n", "413 close", 0, ""},
		"a large body, sent":              {post + "Content-Length: 5000\r\n\r\n" + strings.Repeat("a", 5000), "413 close", 0, ""},
		"a large body, chunked":           {post + "Transfer-Encoding: chunked\r\n\r\n1001\r\n" + strings.Repeat("a", 4097) + "\r\n0\r\n\r\n", "413 close", 0, ""},
		"a header of 16 KiB":              {"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: " + strings.Repeat("a", 16<<10-100) + "\r\n\r\n", "200 close", 0, ""},
		"a header of more than that":      {"GET / HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("a", 17<<10) + "\r\n\r\n", "431 close", 0, ""},
		"a header that never ends":        {"GET / HTTP/1.1\r\nHost: x\r\nX: ", "", readTimeout, ""},
		"a body that never comes":         {post + "Content-Length: 26\r\n\r\n", "408 close", readTimeout, ""},
		"a body that stops":               {post + "Content-Length: 26\r\n\r\n" + oneClick[:25], "408 close", readTimeout, ""},
		"a page, then silence":            {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "200", idleTimeout, ""},
		"silence":                         {"", "", readTimeout, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newSite()
				conn := dial(t, serve(t, s), "192.0.2.1")
				began := time.Now()
				send(t, conn, c.sent)
				got := answers(t, conn)
				took := time.Since(began)
				if got != c.want || s.engine.gone() != c.left || took < c.took || took > c.took+time.Second {
					t.Errorf("answered %q after %v, left %q; want %q after %v, %q", got, took, s.engine.gone(), c.want, c.took, c.left)
				}
			})
		})
	}
}

func TestTrickle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn := dial(t, serve(t, newSite()), "192.0.2.1")
		var trickle sync.WaitGroup
		defer trickle.Wait()
		trickle.Go(func() {
			for _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n"); err == nil; _, err = io.WriteString(conn, "X: y\r\n") {
				time.Sleep(time.Second)
			}
		})
		began := time.Now()
		if got := answers(t, conn); got != "" || time.Since(began) != readTimeout {
			t.Errorf("a header of a line a second: answered %q after %v", got, time.Since(began))
		}
	})
}

func TestReaderWhoDoesNotRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(func(o *Options) {
			o.Health = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, 1<<20)) })
		})
		conn := dial(t, serve(t, s), "192.0.2.1")
		send(t, conn, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
		time.Sleep(writeTimeout + time.Second)
		synctest.Wait()
		if n := open(s); n != 0 {
			t.Errorf("%d connections are open", n)
		}
	})
}
