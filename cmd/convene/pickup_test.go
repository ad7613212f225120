package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"log"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	smtpserver "github.com/emersion/go-smtp"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// hostedConfig is a list without a server of its own: nothing listens, mail comes from a hosted mailbox, and goes out through a smarthost.
const hostedConfig = `
[server]
hostname = "lists.example.org"
admin = "admin@example.org"
[smtp]
listen = ""
[http]
listen = ""
[delivery]
transport = "smarthost"
smarthost = %q
tls = "none"
[[intake]]
imap = %q
username = "lists@example.org"
password_file = "imap.secret"
[[list]]
address = "peers@lists.example.org"
owners = ["amina@example.org"]
require_auth = "never"
new_members_moderated_for = 0
`

// hosted is such a site on the real program, with its provider.
type hosted struct {
	*program
	t    *testing.T
	post *postOffice
	box  *imapmemserver.User
	sent int
}

func newHosted(t *testing.T) *hosted {
	h := &hosted{program: &program{dir: t.TempDir()}, t: t, post: &postOffice{}, box: imapmemserver.NewUser("lists@example.org", "correct horse")}
	smtp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	out := smtpserver.NewServer(h.post)
	out.Domain = "office.test"
	go out.Serve(smtp)
	t.Cleanup(func() { out.Close() })
	if err := h.box.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	mem := imapmemserver.New()
	mem.AddUser(h.box)
	in := imapserver.New(&imapserver.Options{Caps: imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIdle: {}}, InsecureAuth: true, Logger: log.New(nowhere{}, "", 0),
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return mem.NewSession(), nil, nil
		}})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go in.Serve(l)
	t.Cleanup(func() { in.Close() })
	t.Cleanup(func() { h.end(t) })
	h.write(t, "imap.secret", "correct horse\n")
	if err := os.Chmod(filepath.Join(h.dir, "imap.secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	h.write(t, "convene.toml", noNames(t)+fmt.Sprintf(hostedConfig, smtp.Addr().String(), "imap://"+l.Addr().String()))
	return h
}

type nowhere struct{}

func (nowhere) Write(p []byte) (int, error) { return len(p), nil }

// file puts a mail into the mailbox, as the provider does with one that came for an address; from nobody: a report.
func (h *hosted) file(to, from, fields, body string) {
	h.t.Helper()
	h.sent++
	author := cmp.Or(from, "MAILER-DAEMON@host.example")
	raw := fmt.Sprintf("Return-Path: <%s>\nDelivered-To: %s\nReceived: from a by imap.host.example; %s\nFrom: %s\nTo: %s\nMessage-ID: <%d@member.example>\nDate: %s\n%s\n%s\n",
		from, to, time.Now().Format(time.RFC1123Z), author, to, h.sent, time.Now().Format(time.RFC1123Z), fields, body)
	raw = strings.ReplaceAll(raw, "\n", "\r\n")
	if _, err := h.box.Append("INBOX", fileReader{strings.NewReader(raw)}, &imap.AppendOptions{}); err != nil {
		h.t.Fatal(err)
	}
}

type fileReader struct{ *strings.Reader }

func (r fileReader) Size() int64 { return r.Reader.Size() }

// await waits until somebody got a mail whose subject has words.
func (h *hosted) await(to, words string) posted {
	h.t.Helper()
	for deadline := time.Now().Add(patience); ; {
		if got := h.post.got(to, words); len(got) > 0 {
			return got[0]
		}
		if !h.running() || time.Now().After(deadline) {
			b, _ := os.ReadFile(filepath.Join(h.dir, "log"))
			h.t.Fatalf("%s got no mail about %q\n%s", to, words, b[max(0, len(b)-3000):])
		}
		<-time.After(5 * time.Millisecond) // another process has no other way to say that it is there
	}
}

var leaveAddress = regexp.MustCompile(`peers\+leave-[a-z0-9]+@lists\.example\.org`)

var confirmAddress = regexp.MustCompile(`peers\+confirm-[a-z0-9]+@lists\.example\.org`)

func TestAListIsRunFromAHostedMailbox(t *testing.T) {
	h := newHosted(t)
	h.write(t, "members.csv", "address,name\ndede@example.org,Dede\nawa@example.org,Awa\n")
	h.run(t, "member", "import", "peers@lists.example.org", "members.csv")
	if err := h.launch(); err != nil {
		t.Fatal(err)
	}
	h.file("peers+subscribe@lists.example.org", "kofi@member.example", "Subject: hello\n", "")
	asked := h.await("kofi@member.example", "")
	reply := confirmAddress.FindString(string(asked.msg.Raw))
	if reply == "" {
		t.Fatalf("no address to answer to in\n%s", asked.msg.Raw)
	}
	h.file(reply, "kofi@member.example", "Subject: Re: "+asked.msg.Subject()+"\n", "yes")
	h.until(func() bool { return h.members() == 3 }, "nobody has joined")
	h.file("peers@lists.example.org", "kofi@member.example", "Subject: from the field\n", "what I saw")
	for _, to := range []string{"dede@example.org", "awa@example.org"} {
		h.await(to, "from the field")
	}
	// A stranger is told nothing: who knows whose name that is.
	h.file("peers@lists.example.org", "stranger@elsewhere.example", "Subject: buy\n", "this")
	h.file("peers@lists.example.org", "dede@example.org", "Subject: second\n", "thanks")
	h.await("awa@example.org", "second")
	if got := h.post.got("stranger@elsewhere.example", ""); len(got) > 0 {
		t.Errorf("a stranger was answered: %s", got[0].msg.Raw)
	}
	// The unsubscribe address of a copy is one of the mailbox's, too.
	copied := h.post.got("awa@example.org", "second")[0]
	leave := leaveAddress.FindString(string(copied.msg.Raw))
	if leave == "" {
		t.Fatalf("no address to leave by in\n%s", copied.msg.Raw)
	}
	h.file(leave, "awa@example.org", "Subject: unsubscribe\n", "")
	h.until(func() bool { return h.members() == 2 }, "nobody has left")
	status := h.run(t, "status")
	if want := "INBOX at 127.0.0.1: watched, 5 taken, 1 refused"; !strings.Contains(status, want) {
		t.Errorf("status lacks %q:\n%s", want, status)
	}
	log, err := os.ReadFile(filepath.Join(h.dir, "log"))
	if err != nil || strings.Contains(string(log), "correct horse") || strings.Contains(string(log), strings.TrimSuffix(strings.TrimPrefix(reply, "peers+confirm-"), "@lists.example.org")) {
		t.Errorf("the log has a secret in it (%v)", err)
	}
}

// until waits for something.
func (h *hosted) until(f func() bool, what string) {
	h.t.Helper()
	for deadline := time.Now().Add(patience); !f(); {
		if time.Now().After(deadline) {
			b, _ := os.ReadFile(filepath.Join(h.dir, "log"))
			h.t.Fatalf("%s\n%s", what, b[max(0, len(b)-3000):])
		}
		<-time.After(20 * time.Millisecond) // another process has no other way to say that it is there
	}
}

// counts is what status --json says.
func (h *hosted) counts() (s statusRow) {
	h.t.Helper()
	if err := json.Unmarshal([]byte(h.run(h.t, "status", "--json")), &s); err != nil {
		h.t.Fatal(err)
	}
	return s
}

func (h *hosted) members() int { return h.counts().Members }

// taken is how many messages were taken, by the log.
func (h *hosted) taken() int {
	log, err := os.ReadFile(filepath.Join(h.dir, "log"))
	if err != nil {
		h.t.Fatal(err)
	}
	return strings.Count(string(log), "message taken")
}

// TestPickupKilled kills the program at random moments while it fetches: every post is taken once.
func TestPickupKilled(t *testing.T) {
	h := newHosted(t)
	h.write(t, "members.csv", "address,name\ndede@example.org,Dede\nawa@example.org,Awa\n")
	h.run(t, "member", "import", "peers@lists.example.org", "members.csv")
	posts, rounds := 0, 8
	for range rounds {
		for range 15 {
			posts++
			h.file("peers@lists.example.org", "dede@example.org", fmt.Sprintf("Subject: post %d\n", posts), "text")
		}
		if err := h.launch(); err != nil {
			t.Fatal(err)
		}
		for before := h.taken(); h.taken() == before && h.running(); {
			<-time.After(time.Millisecond)
		}
		<-time.After(time.Duration(rand.IntN(60)) * time.Millisecond)
		h.kill()
		t.Logf("%d posts taken of %d", h.counts().Posts, posts)
	}
	if err := h.launch(); err != nil {
		t.Fatal(err)
	}
	h.await("awa@example.org", fmt.Sprintf("post %d", posts))
	if got := h.counts(); got.Posts != posts {
		t.Errorf("the list has %d posts of %d", got.Posts, posts)
	}
	for n := 1; n <= posts; n++ {
		h.await("awa@example.org", fmt.Sprintf("post %d", n))
	}
	h.run(t, "verify")
}

func TestAReloadOpensAndClosesMailboxes(t *testing.T) {
	h := newHosted(t)
	if err := h.launch(); err != nil {
		t.Fatal(err)
	}
	watched := func(want ...string) {
		t.Helper()
		var got []string
		for deadline := time.Now().Add(patience); time.Now().Before(deadline) && h.running(); {
			out, err := h.command(nil, "status", "--json").Output() // it fails while the daemon starts
			var s statusRow
			if got = nil; err == nil && json.Unmarshal(out, &s) == nil {
				for _, m := range s.Mailboxes {
					if m.Connected {
						got = append(got, m.Mailbox)
					}
				}
				if slices.Equal(got, want) {
					return
				}
			}
			<-time.After(20 * time.Millisecond)
		}
		t.Fatalf("watched are %q, want %q", got, want)
	}
	reload := func(change func(string) string) {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(h.dir, "convene.toml"))
		if err != nil {
			t.Fatal(err)
		}
		h.write(t, "convene.toml", change(string(text)))
		if err := h.cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
	}
	h.until(func() bool { // a command that comes too early opens the store itself
		log, err := os.ReadFile(filepath.Join(h.dir, "log"))
		return err == nil && strings.Contains(string(log), "mailbox opened")
	}, "no mailbox was opened")
	watched("INBOX")
	if err := h.box.Create("Lists", nil); err != nil {
		t.Fatal(err)
	}
	second := ""
	reload(func(s string) string {
		i, j := strings.Index(s, "[[intake]]"), strings.Index(s, "[[list]]")
		second = s[i:j] + "mailbox = \"Lists\"\n"
		return s + second
	})
	watched("INBOX", "Lists")
	reload(func(s string) string { return strings.Replace(s, second, "", 1) })
	watched("INBOX")
	h.cmd.Process.Signal(syscall.SIGTERM)
	if err := h.wait(); err != nil {
		t.Errorf("it did not stop well: %v", err)
	}
}
