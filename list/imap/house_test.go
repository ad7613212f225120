package imap

import (
	"bufio"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"convene/list"
	"convene/store"
)

// house is a store with lists, and a server on it.
type house struct {
	testing.TB
	db     *store.DB
	engine *list.Engine
	server *Server
	at     string
	now    time.Time
	tls    *tls.Config

	hurry, asked atomic.Int64 // how far the server's clock goes on each time that it is asked, and how often it was
}

const (
	peers = "peers@lists.example.org" // public
	inner = "inner@lists.example.org" // for members
	quiet = "quiet@lists.example.org" // has no archive
)

func newHouse(t testing.TB) *house {
	h := &house{TB: t, now: time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC)}
	db, err := store.Open(t.TempDir(), store.Options{Fleeting: true, Log: slog.New(slog.DiscardHandler)})
	h.check(err)
	h.db = db
	site := list.NewSite(list.Site{Hostname: "mx.example.org", BaseURL: "https://lists.example.org", Lists: []*list.List{
		{Address: peers, Archive: list.ArchivePublic}, {Address: inner, Archive: list.ArchiveMembers}, {Address: quiet, Archive: list.ArchiveNone}}})
	h.engine, err = list.NewEngine(db, site, func() time.Time { return h.now }, func() string { return "id" }, slog.New(slog.DiscardHandler))
	h.check(err)
	validity, err := db.UIDValidity()
	h.check(err)
	h.server = New(Options{Settings: func() Settings { return Settings{Hostname: "mx.example.org", TLS: h.tls} }, Rights: h.engine, Store: db, UIDValidity: validity,
		Log: slog.New(slog.NewTextHandler(alarm{t}, nil)), Now: func() time.Time { return h.now.Add(time.Duration(h.hurry.Load() * h.asked.Add(1))) }})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	h.check(err)
	h.at = l.Addr().String()
	served := make(chan error, 1)
	go func() { served <- h.server.Serve(l, false) }()
	t.Cleanup(func() {
		h.check(h.server.Shutdown(context.Background()))
		h.check(<-served)
		h.check(db.Close())
	})
	return h
}

func (h *house) check(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// post puts a post into a list.
func (h *house) post(address, raw string, change ...func(*list.Post)) (p list.Post) {
	h.Helper()
	raw = strings.ReplaceAll(strings.ReplaceAll(raw, "\r\n", "\n"), "\n", "\r\n")
	h.check(h.db.Keep([]byte(raw), func(tx list.Tx, ref list.Ref) error {
		rec, err := tx.List(address)
		if err != nil {
			return err
		}
		p = list.Post{List: rec.ID, Ref: ref, Arrived: h.now, Accepted: h.now}
		for _, f := range change {
			f(&p)
		}
		p, err = tx.PutPost(p)
		return err
	}))
	return p
}

// remove takes a post out of the archive.
func (h *house) remove(p list.Post) {
	h.Helper()
	h.check(h.db.Update(func(tx list.Tx) error {
		p.Removed = h.now
		if _, err := tx.PutPost(p); err != nil {
			return err
		}
		_, err := tx.PutRemoval(list.Removal{List: p.List, Post: p.Number, UID: p.MailboxUID(), At: h.now})
		return err
	}))
}

// client is a mail program that says what it is told.
type client struct {
	testing.TB
	net.Conn
	in *bufio.Reader
	n  int
}

func (h *house) dial() *client {
	h.Helper()
	conn, err := net.Dial("tcp", h.at)
	h.check(err)
	h.Cleanup(func() { conn.Close() })
	h.check(conn.SetDeadline(time.Now().Add(20 * time.Second))) // lest a test hang
	c := &client{TB: h.TB, Conn: conn, in: bufio.NewReader(conn)}
	if line := c.line(); !strings.HasPrefix(line, "* OK [CAPABILITY IMAP4rev1 ") {
		h.Fatalf("the greeting is %q", line)
	}
	return c
}

// anonymous is a client that has signed in as such.
func (h *house) anonymous() *client {
	h.Helper()
	c := h.dial()
	c.ok("LOGIN anonymous x")
	return c
}

// line reads one line with the literals in it; empty: there are no more.
func (c *client) line() string {
	c.Helper()
	var all strings.Builder
	for {
		line, err := c.in.ReadString('\n')
		all.WriteString(line)
		if err == io.EOF && all.Len() == 0 {
			return ""
		} else if err != nil {
			c.Fatalf("reading: %v, after %q", err, all.String())
		}
		size, _, _, ok := literal([]byte(strings.TrimRight(line, "\r\n")))
		if !ok {
			return strings.TrimSuffix(all.String(), "\r\n")
		}
		if _, err := io.CopyN(&all, c.in, size); err != nil {
			c.Fatal(err)
		}
	}
}

// do sends a command and returns what is said about it: the lines before the last, and the last without its tag.
func (c *client) do(command string) (lines []string, end string) {
	c.Helper()
	c.n++
	tag := fmt.Sprintf("t%d", c.n)
	if _, err := io.WriteString(c, tag+" "+command+"\r\n"); err != nil {
		c.Fatal(err)
	}
	for {
		line := c.line()
		if rest, ok := strings.CutPrefix(line, tag+" "); ok || line == "" {
			return lines, rest
		}
		lines = append(lines, line)
	}
}

// ok is do of what succeeds.
func (c *client) ok(command string) string {
	c.Helper()
	lines, end := c.do(command)
	if !strings.HasPrefix(end, "OK ") {
		c.Fatalf("%s: %q %s", command, lines, end)
	}
	return strings.Join(lines, "\n")
}

// no is do of what fails, in this way.
func (c *client) no(command, want string) {
	c.Helper()
	if lines, end := c.do(command); !strings.HasPrefix(end, want) {
		c.Errorf("%s: %q %s; want %s", command, lines, end, want)
	}
}

// has wants a command to succeed, and all of these in what is said.
func (c *client) has(command string, want ...string) {
	c.Helper()
	said := c.ok(command)
	for _, w := range want {
		if !strings.Contains(said, w) {
			c.Errorf("%s: there is no %q in\n%s", command, w, said)
		}
	}
}

// password puts a password for an address into the store.
func (h *house) password(address string) string {
	h.Helper()
	const letters = "abcdefghijklmnopqrstuvwxyz"
	token := (strings.Map(func(r rune) rune { return rune(letters[int(r)%26]) }, address) + letters)[:26]
	h.check(h.db.Update(func(tx list.Tx) error {
		return tx.PutSecret(list.Secret{Hash: sha256.Sum256([]byte(token)), Purpose: list.ForMailbox, Address: address, Expires: h.now.AddDate(1, 0, 0)})
	}))
	return "imap-" + token
}

// alarm is a log that fails the test when there is a panic in it.
type alarm struct{ testing.TB }

func (a alarm) Write(p []byte) (int, error) {
	if strings.Contains(string(p), "panic") {
		a.Errorf("%s", p)
	}
	return len(p), nil
}
