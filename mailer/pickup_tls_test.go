package mailer

import (
	"bytes"
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"convene/mailer/mailtest"
)

// guarded notes what was said in clear, and that it was closed.
type guarded struct {
	net.Conn
	mu     *sync.Mutex
	clear  *bytes.Buffer
	closed atomic.Bool
}

func (g *guarded) Close() error {
	g.closed.Store(true)
	return g.Conn.Close()
}

func (g *guarded) Write(p []byte) (int, error) {
	g.mu.Lock()
	g.clear.Write(p)
	g.mu.Unlock()
	return g.Conn.Write(p)
}

// A password goes to nobody whose certificate is not good, and is in no log.
func TestThePasswordIsSaidToTheRightServerAlone(t *testing.T) {
	good, roots := certificate(t, "imap.host.example")
	for name, c := range map[string]struct {
		server string
		tls    *tls.Config // of the server; nil: it has none
		roots  bool        // its certificate is one that we know
		login  bool
	}{
		"imaps with a good certificate":            {"imaps://imap.host.example", good, true, true},
		"imaps with a certificate of who knows":    {"imaps://imap.host.example", good, false, false},
		"imaps with another host's certificate":    {"imaps://other.host.example", good, true, false},
		"STARTTLS with a good certificate":         {"imap://imap.host.example", good, true, true},
		"STARTTLS with a certificate of who knows": {"imap://imap.host.example", good, false, false},
		"STARTTLS that is not offered":             {"imap://imap.host.example", nil, true, false},
		"no TLS on this machine":                   {"imap://127.0.0.1", nil, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			listen := mailtest.Listen()
			mem := imapmemserver.New()
			user := imapmemserver.NewUser("lists", "correct horse")
			if err := user.Create("INBOX", nil); err != nil {
				t.Fatal(err)
			}
			mem.AddUser(user)
			options := &imapserver.Options{InsecureAuth: c.tls == nil, Logger: silence{}, TLSConfig: c.tls,
				NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
					return mem.NewSession(), nil, nil
				}}
			server := imapserver.New(options)
			defer server.Close()
			var l net.Listener = listen
			if strings.HasPrefix(c.server, "imaps:") {
				l = tls.NewListener(listen, c.tls)
			}
			go server.Serve(l)
			o := newIMAPHost(t)
			var mu sync.Mutex
			var clear, log bytes.Buffer
			p := o.pickup()
			p.Server, p.Log = c.server, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			p.Password = func() (string, error) { return "correct horse", nil }
			p.TLS = &tls.Config{}
			if c.roots {
				p.TLS.RootCAs = roots
			}
			conns := make(chan *guarded, 100)
			p.Dial = func(context.Context, string) (net.Conn, error) {
				conn, err := listen.Dial()
				g := &guarded{Conn: conn, mu: &mu, clear: &clear}
				conns <- g
				return g, err
			}
			stop := o.run(p)
			for s := p.Status(); !s.Connected && s.Problem == "not connected yet"; s = p.Status() {
				<-time.After(time.Millisecond) // it says so nowhere else
			}
			if s := p.Status(); s.Connected != c.login {
				t.Errorf("status %+v", s)
			}
			stop()
			if conn := <-conns; !conn.closed.Load() {
				t.Error("the connection is left open")
			}
			mu.Lock()
			defer mu.Unlock()
			if strings.Contains(log.String(), "correct horse") || strings.Contains(clear.String(), "correct horse") && !strings.Contains(c.server, "127.0.0.1") {
				t.Errorf("the password is told: %q, %q", clear.String(), log.String())
			}
		})
	}
}
