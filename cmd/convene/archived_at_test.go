package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	smtpserver "github.com/emersion/go-smtp"

	"convene/list"
	"convene/list/message"
)

// linkReader is a mail server at which each copy is read by somebody at once, before it is even taken: they open the link of its Archived-At.
type linkReader struct {
	site string         // where the pages are
	read chan [2]string // what stood there, and the link
}

func (r *linkReader) NewSession(*smtpserver.Conn) (smtpserver.Session, error) {
	return (*mailReader)(r), nil
}

type mailReader linkReader

func (*mailReader) Reset()                                     {}
func (*mailReader) Logout() error                              { return nil }
func (*mailReader) Mail(string, *smtpserver.MailOptions) error { return nil }
func (*mailReader) Rcpt(string, *smtpserver.RcptOptions) error { return nil }
func (r *mailReader) Data(in io.Reader) error {
	raw, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	m := message.Parse(raw)
	r.read <- [2]string{m.Subject() + ": " + pageOf(r.site, m.Get("Archived-At")), m.Get("Archived-At")}
	return nil
}

// pageOf says what stands at a link of a mail.
func pageOf(site, link string) string {
	link, ok := strings.CutPrefix(strings.TrimSpace(link), "<https://lists.example.org/")
	if !ok {
		return "no link"
	}
	resp, err := http.Get("http://" + site + "/" + strings.TrimSuffix(link, ">"))
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil || !strings.Contains(string(page), "Words of this post.") {
		return fmt.Sprintf("%d without the post, %v", resp.StatusCode, err)
	}
	return resp.Status
}

// TestArchivedAtAnswers: the page that a copy names is there when the copy comes, whatever the Message-ID is made of, and after a restart.
func TestArchivedAtAnswers(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	who := &linkReader{read: make(chan [2]string, 100)}
	sink := smtpserver.NewServer(who)
	go sink.Serve(l)
	defer sink.Close()
	path := filepath.Join(t.TempDir(), "convene.toml")
	text := noNames(t) + fmt.Sprintf(`[server]
hostname = "lists.example.org"
admin = "admin@example.org"
[http]
listen = "127.0.0.1:0"
base_url = "https://lists.example.org"
[smtp]
listen = "127.0.0.1:0"
[delivery]
transport = "smarthost"
smarthost = %q
[[list]]
address = "peers@lists.example.org"
owners = ["owner@example.org"]
require_auth = "never"
archive = "public"
`, l.Addr())
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	boot := func() (d *daemon, smtp string, stop func()) {
		cfg, faults := loadConfig(path)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		d, err := assemble(cfg, &clock{}, false, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		ready, stopped := make(chan [2]net.Addr), make(chan error)
		go func() {
			stopped <- d.run(ctx, func(l listeners) { ready <- [2]net.Addr{l.smtp.Addr(), l.http.Addr()} })
		}()
		at := <-ready
		who.site = at[1].String()
		return d, at[0].String(), func() {
			cancel()
			if err := <-stopped; err != nil {
				t.Error(err)
			}
		}
	}
	d, smtp, stop := boot()
	if err := d.engine.AddMembers("peers@lists.example.org", []list.Member{{Address: "noor@example.net"}}); err != nil {
		t.Fatal(err)
	}
	ids := []string{"plain@example.org", "a/b?c%d#e@x", "../../etc/passwd@x", "%2F%2e@x", `"a b"@x`, "a+b&c=d;e@x", strings.Repeat("long", 65) + "@x", "end.@x.", "e'f(g)!*@[127.0.0.1]", "é@x"}
	var links []string
	for i, id := range ids {
		postTo(t, smtp, "owner@example.org", "peers@lists.example.org", fmt.Sprintf("From: owner@example.org\r\nTo: peers@lists.example.org\r\nSubject: Post %d\r\nMessage-ID: <%s>\r\n\r\nWords of this post.\r\n", i, id))
		got := <-who.read
		if links = append(links, got[1]); got[0] != fmt.Sprintf("Post %d: 200 OK", i) {
			t.Errorf("%s: %s", id, got)
		}
	}
	stop()
	_, _, stop = boot()
	defer stop()
	for i, link := range links {
		if got := pageOf(who.site, link); got != "200 OK" {
			t.Errorf("after a restart, %s (%s): %s", ids[i], link, got)
		}
	}
}
