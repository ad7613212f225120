package main

import (
	"context"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// mailClient is a mail program in somebody's hands. It hands its mail in at one address of a mailHost.
type mailClient interface {
	// write sends a new mail.
	write(t *testing.T, from, to, subject, body string)
	// reply answers a mail, with text above what it quotes.
	reply(t *testing.T, from string, l *gotMail, text string)
}

// TestClients plays the life of a list with real mail programs on both sides of a real Postfix.
func TestClients(t *testing.T) {
	needPrograms(t, "postfix", "neomutt", "s-nail", "swaks", "script")
	p := &program{dir: t.TempDir(), addr: reservedAddr(t)}
	h := newMailHost(t, p.addr, dedeAddress, zoeAddress, kofiAddress, luisAddress, noorAddress)
	config := fmt.Sprintf(clientsConfig, p.addr, h.plain, reservedAddr(t))
	if err := os.WriteFile(filepath.Join(p.dir, "convene.toml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	p.start(t)
	t.Cleanup(func() { p.end(t) })
	s := &clientStory{p, h, neomutt{h, h.proven}, snail{h, h.proven}, swaks{h, h.proven}}
	for _, part := range []struct {
		name string
		play func(*testing.T)
	}{
		{"each joins with a program of their own", s.join},
		{"a first post is held and approved by an empty reply", s.approve},
		{"a post is rejected with a reason that its author gets", s.reject},
		{"a word in HTML decides, and who is late is told", s.late},
		{"a break keeps posts away and ends", s.pause},
		{"each leaves in a way of their own", s.leave},
	} {
		if !t.Run(part.name, part.play) {
			return // what follows builds on it
		}
	}
}

const clientsConfig = `[server]
hostname = "lists.example.org"
data_dir = "./data"
admin = "admin@example.org"
[smtp]
listen = %q
authserv_id = "mx.example.org"
[http]
listen = ""
[delivery]
transport = "smarthost"
smarthost = %q
[dns]
resolver = %q
[[list]]
address = "peers@lists.example.org"
name = "Peers"
moderators = ["luis@example.org", "noor@example.net"]
`

// needPrograms skips the test where it cannot run.
func needPrograms(t *testing.T, names ...string) {
	t.Helper()
	if os.Getenv("CONVENE_CLIENTS") == "" {
		t.Skipf("it drives %s on this machine: set CONVENE_CLIENTS=1", strings.Join(names, ", "))
	}
	if os.Geteuid() != 0 {
		t.Skip("only root starts Postfix")
	}
	for _, name := range names {
		if _, err := exec.LookPath(name); err != nil {
			t.Skip(err)
		}
	}
}

// clientStory is who plays: dede with neomutt, zoe with s-nail, kofi with a program that writes HTML; luis and noor decide.
type clientStory struct {
	p       *program
	h       *mailHost
	neomutt mailClient
	snail   mailClient
	swaks   mailClient
}

const (
	dedeAddress = "dede@example.org"
	zoeAddress  = "zoe@example.net"
	kofiAddress = "kofi@example.com"
	luisAddress = "luis@example.org"
	noorAddress = "noor@example.net"
	peersList   = "peers@lists.example.org"
)

func (s *clientStory) join(t *testing.T) {
	s.neomutt.write(t, dedeAddress, "peers+subscribe@lists.example.org", "", "")
	s.neomutt.reply(t, dedeAddress, s.h.next(t, dedeAddress, "Peers: was this you?"), "Yes, that was me\n")
	s.h.next(t, dedeAddress, "Welcome to Peers")

	snail{s.h, s.h.plain}.write(t, zoeAddress, "peers-request@lists.example.org", "hello", "join\n-- \nunsubscribe")
	s.snail.reply(t, zoeAddress, s.h.next(t, zoeAddress, "Peers: was this you?"), "")
	s.h.next(t, zoeAddress, "Welcome to Peers")

	swaks{s.h, s.h.plain}.write(t, kofiAddress, "peers+subscribe@lists.example.org", "", "")
	s.swaks.reply(t, kofiAddress, s.h.next(t, kofiAddress, "Peers: was this you?"), "")
	s.h.next(t, kofiAddress, "Welcome to Peers")
	s.members(t, dedeAddress, kofiAddress, zoeAddress)
}

func (s *clientStory) approve(t *testing.T) {
	s.neomutt.write(t, dedeAddress, peersList, "A quiet group", "What helps a quiet group to talk?\n\n-- \nDede\n")
	s.h.next(t, dedeAddress, "Your message waits: A quiet group")
	s.h.next(t, noorAddress, "To decide: A quiet group")
	s.neomutt.reply(t, luisAddress, s.h.next(t, luisAddress, "To decide: A quiet group"), "")
	s.copies(t, "A quiet group", dedeAddress, zoeAddress, kofiAddress)
	s.says(t, s.h.next(t, noorAddress, "Re: To decide: A quiet group"), "approved")
}

func (s *clientStory) reject(t *testing.T) {
	s.snail.write(t, zoeAddress, peersList, "Buy my book", "It is cheap.")
	s.snail.reply(t, noorAddress, s.h.next(t, noorAddress, "To decide: Buy my book"), "reject: Please say first who you are.\nAnd no books, please.")
	s.says(t, s.h.next(t, zoeAddress, "Not sent: Buy my book"), "Please say first who you are.\n  And no books, please.\n\nYour message was")
}

func (s *clientStory) late(t *testing.T) {
	s.swaks.write(t, kofiAddress, peersList, "Silence", "We wait for ten seconds.")
	asked := s.h.next(t, luisAddress, "To decide: Silence")
	s.swaks.reply(t, noorAddress, s.h.next(t, noorAddress, "To decide: Silence"), "Trust, I know him")
	s.copies(t, "Silence", dedeAddress, zoeAddress, kofiAddress)
	s.h.next(t, luisAddress, "Re: To decide: Silence")
	s.neomutt.reply(t, luisAddress, asked, "Discard\n")
	s.says(t, s.h.next(t, luisAddress, "Re: To decide: Silence"), "decided before your answer")
}

func (s *clientStory) pause(t *testing.T) {
	s.snail.write(t, dedeAddress, "peers+pause@lists.example.org", "until 2099-05-01", "")
	s.says(t, s.h.next(t, dedeAddress, "Peers: your settings"), "no mail until Friday, 1 May 2099")
	s.swaks.write(t, kofiAddress, peersList, "While Dede is away", "Quiet.")
	s.copies(t, "While Dede is away", zoeAddress, kofiAddress)
	s.neomutt.write(t, dedeAddress, "peers+settings@lists.example.org", "", "resume\n")
	s.says(t, s.h.next(t, dedeAddress, "Peers: your settings"), "You get mail again.")
	s.swaks.write(t, kofiAddress, peersList, "Dede is back", "Welcome.")
	s.copies(t, "Dede is back", dedeAddress, zoeAddress, kofiAddress)
	if slices.Contains(s.h.subjects(t, dedeAddress), "While Dede is away") {
		t.Error("dede got a post during a break")
	}
}

func (s *clientStory) leave(t *testing.T) {
	s.snail.write(t, zoeAddress, "peers+unsubscribe@lists.example.org", "", "")
	s.h.next(t, zoeAddress, "You have left Peers")

	s.neomutt.write(t, kofiAddress, peersList, "One more", "Bye.")
	var link string
	for _, l := range s.copies(t, "One more", kofiAddress, dedeAddress) {
		link = l.Get("List-Unsubscribe") // dede's
	}
	to, _, _ := strings.Cut(strings.TrimPrefix(link, "<mailto:"), "?")
	s.swaks.write(t, "other@example.com", to, "unsubscribe", "") // from whatever address
	s.h.next(t, dedeAddress, "You have left Peers")
	s.members(t, kofiAddress)
}

// copies waits until everybody has a post, and returns their copies.
func (s *clientStory) copies(t *testing.T, subject string, who ...string) []*gotMail {
	t.Helper()
	var all []*gotMail
	for _, w := range who {
		all = append(all, s.h.next(t, w, subject))
	}
	return all
}

func (s *clientStory) members(t *testing.T, want ...string) {
	t.Helper()
	var got []string
	for line := range strings.Lines(s.p.run(t, "member", "export", peersList)) {
		if address, _, ok := strings.Cut(line, ","); ok && strings.Contains(address, "@") {
			got = append(got, address)
		}
	}
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("members are %q, want %q", got, want)
	}
}

func (s *clientStory) says(t *testing.T, l *gotMail, want string) {
	t.Helper()
	if text := strings.ReplaceAll(string(l.Raw[l.Body:]), "\r\n", "\n"); !strings.Contains(text, want) {
		t.Errorf("%q does not say %q:\n%s", l.Subject(), want, text)
	}
}

// play runs a mail program.
func play(t *testing.T, stdin string, env []string, name string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second) // a program that asks something waits for ever
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env, cmd.Stdin, cmd.Dir = append(os.Environ(), env...), strings.NewReader(stdin), t.TempDir()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
}

// neomutt is NeoMutt, which answers on a terminal: its editor puts the text above what it quotes.
type neomutt struct {
	h    *mailHost
	port string
}

func (c neomutt) rc(t *testing.T, from string) (path string) {
	t.Helper()
	dir := t.TempDir()
	editor, path := filepath.Join(dir, "edit"), filepath.Join(dir, "rc")
	rc := fmt.Sprintf("set from=%s use_from=yes envelope_from=yes hostname=example.org\nset smtp_url=smtp://%s/ ssl_starttls=no ssl_force_tls=no\nset folder=%s record='' postponed='' signature='' header_cache='' editor=%s\n"+
		"set include=yes fast_reply=yes reply_to=yes abort_unmodified=no abort_nosubject=no abort_noattach=no quit=yes move=no wait_key=no\n", from, c.port, dir, editor)
	for name, text := range map[string]string{editor: "#!/bin/sh\nprintf %s \"$TEXT\" | cat - \"$1\" > \"$1.new\" && cat \"$1.new\" > \"$1\" && rm \"$1.new\"\n", path: rc} {
		if err := os.WriteFile(name, []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

func (c neomutt) write(t *testing.T, from, to, subject, body string) {
	t.Helper()
	play(t, body+"\n", nil, "neomutt", "-n", "-F", c.rc(t, from), "-s", subject, "--", to)
}

func (c neomutt) reply(t *testing.T, from string, l *gotMail, text string) {
	t.Helper()
	keys := "push '<last-entry><reply><send-message><quit>'"
	play(t, "", []string{"TERM=vt100", "TEXT=" + text}, "script", "-qec", fmt.Sprintf("neomutt -n -F %s -f %s -e %q", c.rc(t, from), c.h.folder(t, l), keys), "/dev/null")
}

// snail is S-nail, as a script drives it.
type snail struct {
	h    *mailHost
	port string
}

func (c snail) args(from string, more ...string) []string {
	return append([]string{"-n", "-S", "v15-compat", "-S", "mta=smtp://" + c.port, "-S", "smtp-auth=none", "-S", "from=" + from, "-S", "hostname=example.net",
		"-S", "sendwait", "-S", "nosave", "-S", "reply-to-honour=yes", "-S", "quote", "-S", "indentprefix=> "}, more...)
}

func (c snail) write(t *testing.T, from, to, subject, body string) {
	t.Helper()
	play(t, body+"\n", []string{"MAILRC=/dev/null"}, "s-nail", c.args(from, "-s", subject, to)...)
}

func (c snail) reply(t *testing.T, from string, l *gotMail, text string) {
	t.Helper()
	play(t, "reply 1\n"+text+"\n~.\nxit\n", []string{"MAILRC=/dev/null"}, "s-nail", c.args(from, "-#", "-R", "-f", c.h.folder(t, l))...)
}

// swaks sends what programs write that have HTML alone, as Gmail quotes in it.
type swaks struct {
	h    *mailHost
	port string
}

func (c swaks) send(t *testing.T, from, to, header, body string) {
	t.Helper()
	data := fmt.Sprintf("From: <%s>\nTo: <%s>\nDate: %%DATE%%\nMessage-ID: <%s@client.example>\nMIME-Version: 1.0\n%s\n\n%s\n", from, to, filepath.Base(t.TempDir())+"."+to, header, body)
	play(t, data, nil, "swaks", "--server", c.port, "--from", from, "--to", to, "--helo", "client.example", "--data", "-")
}

func (c swaks) write(t *testing.T, from, to, subject, body string) {
	t.Helper()
	c.send(t, from, to, "Subject: "+subject+"\nContent-Type: text/html; charset=utf-8", "<div>"+html.EscapeString(body)+"</div>")
}

func (c swaks) reply(t *testing.T, from string, l *gotMail, text string) {
	t.Helper()
	to := l.Get("Reply-To")
	to = strings.Trim(to[strings.LastIndexByte(to, '<'):], "<>")
	quoted := strings.ReplaceAll(html.EscapeString(l.Parts()[0].Text(1<<16)), "\n", "<br>\n")
	c.send(t, from, to, "Subject: Re: "+l.Subject()+"\nIn-Reply-To: <"+l.MessageID()+">\nReferences: <"+l.MessageID()+">\nContent-Type: text/html; charset=utf-8",
		`<div dir="ltr">`+html.EscapeString(text)+`</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, 2 Mar 2026 at 10:00, Peers &lt;`+to+
			`&gt; wrote:<br></div><blockquote class="gmail_quote">`+quoted+`</blockquote></div>`)
}
