package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/smtp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	smtpserver "github.com/emersion/go-smtp"

	"convene/list/message"
)

// outside is the world's mail servers: what each address answers, and the reports and automatic replies that come back later.
type outside struct {
	mu      sync.Mutex
	answers map[string]string // by address: a refusal, "dsn …", "vacation"; missing: taken

	taken map[string]int
	owner []string // what the owner read
	back  []backMail
}

// backMail is a mail that comes back to a return path.
type backMail struct{ from, to, raw string }

// visit is one session with the outside.
type visit struct {
	*outside
	from string
	to   []string
}

func (o *outside) NewSession(*smtpserver.Conn) (smtpserver.Session, error) {
	return &visit{outside: o}, nil
}
func (v *visit) Reset()        { v.to = nil }
func (v *visit) Logout() error { return nil }

func (v *visit) Mail(from string, _ *smtpserver.MailOptions) error {
	v.from = from
	return nil
}

func (v *visit) Rcpt(to string, _ *smtpserver.RcptOptions) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if code, text, ok := strings.Cut(v.answers[to], " "); ok && len(code) == 3 && code != "dsn" {
		n, _ := strconv.Atoi(code)
		return &smtpserver.SMTPError{Code: n, EnhancedCode: smtpserver.NoEnhancedCode, Message: text}
	}
	v.to = append(v.to, to)
	return nil
}

func (v *visit) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, to := range v.to {
		v.taken[to]++
		if to == "amina@owner.test" {
			v.owner = append(v.owner, string(raw))
		}
		answer := v.answers[to]
		if text, ok := strings.CutPrefix(answer, "dsn "); ok {
			v.back = append(v.back, backMail{"", v.from, dsnAbout(message.Parse(raw).MessageID(), text)})
		} else if answer == "vacation" {
			v.back = append(v.back, backMail{to, v.from, "From: " + to + "\r\nTo: " + v.from + "\r\nSubject: Out of office\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.\r\n"})
		}
	}
	return nil
}

// dsnAbout is a report (RFC 3464) from a server behind the one that took the mail.
func dsnAbout(id, diagnostic string) string {
	status, _, _ := strings.Cut(diagnostic[4:], " ")
	return "From: MAILER-DAEMON@relay.test\r\nTo: x\r\nSubject: Undelivered Mail Returned to Sender\r\nMessage-ID: <d." + id + ">\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n" +
		"Reporting-MTA: dns; relay.test\r\n\r\nFinal-Recipient: rfc822; box@behind.test\r\nAction: failed\r\nStatus: " + status + "\r\nDiagnostic-Code: smtp; " + diagnostic +
		"\r\n\r\n--b--\r\n"
}

// returnAll sends what comes back, each to its return path. Nothing comes back to the null one (RFC 5321 §6.1).
func (o *outside) returnAll(t *testing.T, addr string) {
	t.Helper()
	o.mu.Lock()
	back := o.back
	o.back = nil
	o.mu.Unlock()
	for _, b := range back {
		if b.to != "" {
			postTo(t, addr, b.from, b.to, b.raw)
		}
	}
}

func postTo(t *testing.T, addr, from, to, raw string) {
	t.Helper()
	c, err := smtp.Dial(addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Mail(from); err != nil {
		t.Fatal(err)
	}
	if err := c.Rcpt(to); err != nil {
		t.Fatalf("%s: %v", to, err)
	}
	w, err := c.Data()
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(w, raw)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	c.Quit()
}

// change has the living answer as they do in one week of the year.
func (o *outside) change(living []string, week int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i, a := range living {
		delete(o.answers, a)
		switch {
		case week%10 == 3 && i%2 == 0: // a spike of policy: at once, or behind the first server
			o.answers[a] = "550 5.7.26 this mail is not authenticated"
		case week%10 == 3:
			o.answers[a] = "dsn 554 5.7.1 blocked, listed by a blacklist"
		case i%7 == week%7:
			o.answers[a] = "vacation"
		case i%11 == 5 && week%20 < 2:
			o.answers[a] = "dsn 552 5.2.2 mailbox full"
		case i%13 == 4 && week%9 == 0:
			o.answers[a] = "550 5.1.1 no such user" // in error, once in a while
		}
	}
}

// TestAYear: a list with a post a week, one in twenty of its addresses dead in one way or another, vacation notices and spikes of refusals for policy,
// played through the real program by its virtual clock. In the end every dead address is off, every living one on, and the owner was told.
func TestAYear(t *testing.T) {
	t.Parallel() // one process waits for the other all the time
	const weeks = 52
	world := &outside{answers: map[string]string{}, taken: map[string]int{}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtpserver.NewServer(world)
	server.Domain = "outside.test"
	go server.Serve(l)
	defer server.Close()

	var living, dead []string
	deaths := []string{"550 5.1.1 no such user", "dsn 550 5.1.1 user unknown", "451 4.4.1 no answer from the mailbox's host", "550 5.4.1 Recipient address rejected: Access denied", "dsn 552 5.2.2 mailbox full"}
	csv := "address,mode\n"
	for i := range 100 {
		a := fmt.Sprintf("m%02d@d%d.test", i, i%10)
		csv += a + ",each\n"
		if i%20 == 0 {
			world.answers[a] = deaths[i/20]
			dead = append(dead, a)
		} else {
			living = append(living, a)
		}
	}
	p := &program{dir: t.TempDir(), addr: reservedAddr(t), serve: []string{"--virtual-clock", "2026-01-05T09:00:00Z"}}
	t.Cleanup(func() { p.end(t) })
	p.write(t, "members.csv", csv)
	p.write(t, "convene.toml", noNames(t)+fmt.Sprintf(`
[server]
hostname = "lists.example.org"
admin = "admin@owner.test"
[smtp]
listen = %q
[http]
listen = ""
[delivery]
transport = "smarthost"
smarthost = %q
tls = "none"
[[list]]
address = "peers@lists.example.org"
name = "Peer Learning"
owners = ["amina@owner.test"]
posting = "anyone"
require_auth = "never"
new_members_moderated_for = 0
`, p.addr, l.Addr().String()))
	p.run(t, "member", "import", "peers@lists.example.org", "members.csv")
	p.start(t)
	for week := range weeks {
		world.change(living, week)
		postTo(t, p.addr, "guest@guest.test", "peers@lists.example.org", fmt.Sprintf("From: guest@guest.test\r\nTo: peers@lists.example.org\r\nSubject: Week %d\r\nMessage-ID: <w%d@guest.test>\r\n\r\nHello.\r\n", week, week))
		for _, step := range []string{"1h", "71h", "48h", "48h"} {
			p.run(t, "clock", "advance", step)
			world.returnAll(t, p.addr)
		}
	}
	p.run(t, "clock", "advance", "24h")
	var members []struct{ Address, State string }
	if err := json.Unmarshal([]byte(p.run(t, "member", "ls", "peers@lists.example.org", "--json")), &members); err != nil {
		t.Fatal(err)
	}
	if len(members) != len(living)+len(dead) {
		t.Errorf("%d members", len(members))
	}
	for _, m := range members {
		switch {
		case slices.Contains(dead, m.Address) && m.State != "disabled":
			t.Errorf("%s (%s) is %s", m.Address, world.answers[m.Address], m.State)
		case slices.Contains(living, m.Address) && m.State != "active":
			t.Errorf("%s lives and is %s", m.Address, m.State)
		}
	}
	world.mu.Lock()
	defer world.mu.Unlock()
	told := strings.Join(world.owner, "\n")
	for _, a := range dead {
		if !strings.Contains(told, "- "+a+": mail to it comes back.") || !strings.Contains(told, "- "+a+": our four questions") {
			t.Errorf("the owner was not told of %s", a)
		}
	}
	if len(world.owner) > weeks*7 {
		t.Errorf("the owner got %d mails in %d weeks", len(world.owner), weeks)
	}
	t.Logf("%d weeks: the owner got %d mails", weeks, len(world.owner))
}
