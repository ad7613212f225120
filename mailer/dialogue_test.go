package mailer

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"convene/list"
	"convene/list/message"
	"convene/mailer/mailtest"
)

// inbox is a Receiver that keeps what it takes. Lists are dev@, small@ (40,000 octets) and other@ at lists.example.org.
type inbox struct {
	mu   sync.Mutex
	got  []*list.Incoming
	auth []list.Authentication
	// receive, room and route replace the usual answers.
	receive func(ctx context.Context, in *list.Incoming) (list.Receipt, error)
	room    func(size int64) error
	asks    bool // for authentication, of every message
}

func (b *inbox) Room(size int64) error {
	if b.room != nil {
		return b.room(size)
	}
	return nil
}

func (b *inbox) RouteFrom(_ *list.Envelope, rcpt string) (list.Target, error) { return b.Route(rcpt) }

func (b *inbox) Route(rcpt string) (list.Target, error) {
	local, domain, _ := strings.Cut(rcpt, "@")
	local = strings.ToLower(local)
	if domain != "lists.example.org" && domain != "mx.lists.example.org" {
		return list.Target{}, list.Refuse(list.NoSuchAddress, "No mail for that domain here")
	}
	switch name, word, _ := strings.Cut(local, "+"); name {
	case "postmaster", "abuse":
		return list.Target{Kind: list.KindAdmin, Address: rcpt}, nil
	case "dev", "small", "other":
		l := &list.List{Address: name + "@" + domain, MaxMessage: 1 << 20}
		if name == "small" {
			l.MaxMessage = 40000
		}
		kind := list.KindPost
		if word == "owner" {
			kind = list.KindOwner
		}
		return list.Target{Kind: kind, List: l, Address: local + "@" + domain}, nil
	case "broken":
		return list.Target{}, errors.New("store: secret detail")
	}
	return list.Target{}, list.Refuse(list.NoSuchAddress, "No such list; write to dev+help@%s", domain)
}

func (b *inbox) Receive(ctx context.Context, in *list.Incoming) (list.Receipt, error) {
	var a list.Authentication
	if b.asks && in.Auth != nil {
		a = in.Auth(ctx, message.Parse(in.Raw))
	}
	if b.receive != nil {
		if r, err := b.receive(ctx, in); err != nil || r.Action != "" {
			return r, err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.got = append(b.got, in)
	b.auth = append(b.auth, a)
	return list.Receipt{ID: in.ID, Action: "accept"}, nil
}

func (b *inbox) messages() []*list.Incoming {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.got
}

// site is a server on an in-memory listener.
type site struct {
	*inbox
	*Server
	l      *mailtest.Listener
	config ServerConfig
	served chan struct{}
}

var testTime = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

// newSite starts a server; change may adapt its config. LMTP if the hostname says so.
func newSite(t testing.TB, b *inbox, change func(*ServerConfig)) *site {
	t.Helper()
	s := &site{inbox: b, l: mailtest.Listen(), served: make(chan struct{}), config: ServerConfig{
		Hostname:      "mx.lists.example.org",
		MaxMessage:    1000000,
		Limits:        list.Limits{RcptPerMessage: 100},
		TrustedRelays: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
	}}
	if change != nil {
		change(&s.config)
	}
	seed := [32]byte{1}
	s.Server = NewServer(b, func() ServerConfig { return s.config }, slog.New(slog.NewTextHandler(testLog{t}, nil)), func() time.Time { return testTime }, rand.NewChaCha8(seed))
	go func() {
		defer close(s.served)
		if err := s.Serve(s.l, strings.HasPrefix(s.config.Hostname, "lmtp")); err != nil {
			t.Errorf("Serve: %v", err)
		}
	}()
	t.Cleanup(s.end)
	return s
}

func (s *site) end() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_ = s.Shutdown(ctx)
	<-s.served
}

// testLog shows the log with the test that fails.
type testLog struct{ t testing.TB }

func (l testLog) Write(p []byte) (int, error) {
	if _, bench := l.t.(*testing.B); !bench {
		l.t.Log(strings.TrimSpace(string(p)))
	}
	return len(p), nil
}

// peer is a client that says what a test tells it to.
type peer struct {
	t    testing.TB
	conn net.Conn
	r    *bufio.Reader
}

// dial connects from an address.
func (s *site) dial(t testing.TB, ip string) *peer {
	t.Helper()
	conn, err := s.l.DialFrom(ip)
	if err != nil {
		t.Fatal(err)
	}
	return newPeer(t, conn)
}

func newPeer(t testing.TB, conn net.Conn) *peer {
	t.Cleanup(func() { conn.Close() })
	return &peer{t: t, conn: conn, r: bufio.NewReader(conn)}
}

func (p *peer) send(s string) {
	p.t.Helper()
	if _, err := io.WriteString(p.conn, s); err != nil {
		p.t.Fatalf("sending %.60q: %v", s, err)
	}
}

// reply reads one reply, with its lines joined by a slash.
func (p *peer) reply() string {
	p.t.Helper()
	var lines []string
	for {
		line, err := p.r.ReadString('\n')
		if err != nil {
			p.t.Fatalf("waiting for a reply after %q: %v", lines, err)
		}
		lines = append(lines, strings.TrimSuffix(line, "\r\n"))
		if len(line) < 4 || line[3] != '-' {
			return strings.Join(lines, "/")
		}
	}
}

// rest reads all there is until the server closes.
func (p *peer) rest() string {
	p.t.Helper()
	all, err := io.ReadAll(p.r)
	if err != nil {
		p.t.Fatalf("reading to the end: %v", err)
	}
	return string(all)
}

// play runs a transcript. Lines "-> x" are sent with CRLF, "=> x" with the escapes of Go and no CRLF, "<- x" is the next reply: x is all of it,
// or its beginning when x ends in "…"; "<!" is the end of the connection.
func (p *peer) play(transcript string) {
	p.t.Helper()
	for step := range strings.Lines(transcript) {
		step = strings.TrimSpace(step)
		if step == "" || strings.HasPrefix(step, "#") {
			continue
		}
		kind, text, _ := strings.Cut(step, " ")
		switch kind {
		case "->":
			p.send(text + "\r\n")
		case "=>":
			p.send(unescape(p.t, text))
		case "<-":
			got := p.reply()
			if want, open := strings.CutSuffix(text, "…"); got != want && !(open && strings.HasPrefix(got, want)) {
				p.t.Fatalf("got  %s\nwant %s", got, text)
			}
		case "<!":
			if left := p.rest(); left != "" {
				p.t.Fatalf("got %q, want the connection closed", left)
			}
		default:
			p.t.Fatalf("not a step of a transcript: %q", step)
		}
	}
}

func unescape(t testing.TB, s string) string {
	t.Helper()
	return strings.NewReplacer(`\r`, "\r", `\n`, "\n", `\0`, "\x00", `\t`, "\t", `\xe9`, "\xe9", `\xff`, "\xff", `\x0c`, "\x0c", `\x16`, "\x16", `\\`, `\`).Replace(s)
}

// shared is where mail and hostile input to test against lie, beside the project.
func shared(t testing.TB, path string) string {
	t.Helper()
	name := "../../shared/" + path
	if _, err := os.Stat(name); err != nil {
		t.Skip("not here: " + name)
	}
	return name
}

// crlf makes every line end of a file CRLF.
func crlf(raw []byte) []byte {
	raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n"))
}

// stuffed is a message as DATA sends it, with the end.
func stuffed(raw []byte) []byte {
	out := bytes.ReplaceAll(append([]byte("\r\n"), raw...), []byte("\r\n."), []byte("\r\n.."))[2:]
	if !bytes.HasSuffix(out, []byte("\r\n")) && len(out) > 0 {
		out = append(out, "\r\n"...)
	}
	return append(out, ".\r\n"...)
}
