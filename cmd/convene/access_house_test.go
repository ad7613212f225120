package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// The lists of the house whose doors are tried: the one that is tried, and another that everybody is on who once was on the first, so that they can sign in.
const (
	triedList = "peers@lists.example.org"
	otherList = "other@lists.example.org"
	noSuch    = "nobod@lists.example.org" // as long as the one that is tried, so that the answers are
)

// house with all doors open: SMTP, pages and IMAP of a whole daemon, whose clock the test moves.
type openHouse struct {
	t    *testing.T
	d    *daemon
	dir  string
	smtp string
	http string
	imap string
	dns  string
	read map[string]bool // mails that were looked at
}

const openHouseConfig = `[dns]
resolver = %q
[server]
hostname = "lists.example.org"
admin = "admin@admins.test"
[smtp]
listen = "127.0.0.1:0"
authserv_id = "mx.example.org"
[http]
listen = "127.0.0.1:0"
base_url = "https://lists.example.org"
[imap]
listen = %q
[limits]
confirms_per_address_per_day = 100
commands_per_address_per_hour = 1000
[delivery]
maildir = "./sent"
[[list]]
address = "peers@lists.example.org"
name = "Peers of wells"
owners = ["owner@people.test"]
moderators = ["moderator@people.test"]
facilitators = ["facilitator@people.test"]
archive = %q
join = "approve"
attachments = "library"
[[list]]
address = "other@lists.example.org"
archive = "members"
[[event]]
id = "coffee"
list = "peers@lists.example.org"
title = "Coffee at the wells"
start = "2026-03-20 15:00"
`

// newOpenHouse starts a daemon with a public list.
func newOpenHouse(t *testing.T) *openHouse {
	h := &openHouse{t: t, dir: t.TempDir(), imap: reservedAddr(t), dns: names(t, nil), read: map[string]bool{}}
	h.write(list.ArchivePublic)
	cfg, faults := loadConfig(h.config())
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	d, err := assemble(cfg, &clock{virtual: true, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}, false, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	h.d, d.path = d, h.config()
	ctx, cancel := context.WithCancel(context.Background())
	ready, stopped := make(chan listeners), make(chan error)
	go func() { stopped <- d.run(ctx, func(l listeners) { ready <- l }) }()
	select {
	case l := <-ready:
		h.smtp, h.http = l.smtp.Addr().String(), l.http.Addr().String()
	case err := <-stopped:
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		if err := <-stopped; err != nil {
			t.Error(err)
		}
	})
	return h
}

func (h *openHouse) config() string { return filepath.Join(h.dir, "convene.toml") }

func (h *openHouse) check(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *openHouse) write(archive list.Archive) {
	h.check(os.WriteFile(h.config(), fmt.Appendf(nil, openHouseConfig, h.dns, h.imap, archive), 0o600))
}

// become has the daemon read a config in which the list has another kind of archive.
func (h *openHouse) become(archive list.Archive) {
	h.t.Helper()
	h.write(archive)
	h.check(h.d.reload())
}

// mail has somebody write, beyond doubt.
func (h *openHouse) mail(from, to, subject, head, body string) {
	h.t.Helper()
	postTo(h.t, h.smtp, "relayed@example.org", to, strings.ReplaceAll(fmt.Sprintf("Authentication-Results: mx.example.org; dmarc=pass header.from=%s\nFrom: Some Body <%s>\nTo: %s\nSubject: %s\n%s\n%s\n",
		from[strings.IndexByte(from, '@')+1:], from, to, subject, head, body), "\n", "\r\n"))
}

// settle has everything done that is due, and returns the mails that somebody got since they were looked at last.
func (h *openHouse) settle(to string) (all []string) {
	h.t.Helper()
	_, err := h.d.advance(context.Background(), time.Minute)
	h.check(err)
	files, err := filepath.Glob(filepath.Join(h.dir, "sent", "new", "*"))
	h.check(err)
	slices.Sort(files)
	for _, f := range files {
		if h.read[f] {
			continue
		}
		b, err := os.ReadFile(f)
		h.check(err)
		if regexp.MustCompile(`(?m)^X-Envelope-To: <?` + regexp.QuoteMeta(to) + `>?\r?$`).Match(b) {
			h.read[f] = true
			all = append(all, string(b))
		}
	}
	return all
}

// found is what a pattern's group matched in some mails.
func (h *openHouse) found(mails []string, pattern string) string {
	h.t.Helper()
	for _, m := range mails {
		if g := regexp.MustCompile(pattern).FindStringSubmatch(m); g != nil {
			return g[1]
		}
	}
	h.t.Fatalf("no mail has %s:\n%s", pattern, strings.Join(mails, "\n"))
	return ""
}

// page opens a page as the browser of a session; form: posts to it. It returns all that can be seen of the answer.
func (h *openHouse) page(session, path string, form url.Values) (status int, seen string, cookies []*http.Cookie) {
	h.t.Helper()
	method, body := http.MethodGet, ""
	if form != nil {
		method, body = http.MethodPost, form.Encode()
	}
	req, err := http.NewRequest(method, "http://"+h.http+path, strings.NewReader(body))
	h.check(err)
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if session != "" {
		req.Header.Set("Cookie", "__Host-convene="+session)
	}
	client := http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	h.check(err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	h.check(err)
	resp.Header.Del("Date")
	var b strings.Builder
	h.check(resp.Header.Write(&b))
	return resp.StatusCode, b.String() + "\n" + string(text), resp.Cookies()
}
