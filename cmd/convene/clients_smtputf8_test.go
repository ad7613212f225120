package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const (
	chenAddress = "用户@example.org"
	joseAddress = "josé@example.net"
)

const chensPost = "From: 陈 <" + chenAddress + ">\nTo: peers@lists.example.org\nSubject: 会議\nDate: Mon, 02 Mar 2026 10:00:00 +0000\nMessage-ID: <1@example.org>\n\nCafé?\n"

const kofisPost = "From: Kofi <" + kofiAddress + ">\nTo: peers@lists.example.org\nSubject: Tea\nDate: Mon, 02 Mar 2026 10:00:00 +0000\nMessage-ID: <2@example.com>\n\nTea?\n"

// utf8Story is a list with members whose addresses are not all in ASCII, with a Postfix as its smarthost.
type utf8Story struct {
	p *program
	h *mailHost
}

// TestPostfixAndSMTPUTF8 posts to it in both kinds of header, and looks at what arrives (RFC 6531).
func TestPostfixAndSMTPUTF8(t *testing.T) {
	t.Run("a Postfix that takes such mail", func(t *testing.T) {
		s := beginUTF8(t, "yes")
		for _, who := range []string{kofiAddress, joseAddress, chenAddress} {
			l := s.h.next(t, who, "[Peers] 会議")
			if author := l.Get("Author"); !strings.Contains(author, chenAddress) || !strings.Contains(l.Get("Received"), "with UTF8SMTP") {
				t.Errorf("%s got Author: %q by\n%s", who, author, l.Get("Received"))
			}
			plain := s.h.next(t, who, "[Peers] Tea")
			if utf8 := strings.Contains(plain.Get("Received"), "with UTF8SMTP"); utf8 != (who != kofiAddress) {
				t.Errorf("%s got a mail in ASCII by\n%s", who, plain.Get("Received"))
			}
		}
	})
	t.Run("one that does not", func(t *testing.T) {
		s := beginUTF8(t, "no")
		l := s.h.next(t, kofiAddress, "[Peers] 会議")
		if header, _ := l.EightBit(); header || l.Count("Author") > 0 || l.Get("Reply-To") != peersList {
			t.Errorf("in the header is more than ASCII, or an author that it cannot name:\n%s", l.Raw)
		}
		if from, err := l.From(); err != nil || from.Addr != peersList || from.Name != "陈 via Peers" {
			t.Errorf("From %+v, %v", from, err)
		}
		s.h.next(t, kofiAddress, "[Peers] Tea")
		for _, who := range []string{joseAddress, chenAddress} {
			for _, id := range []string{"<1@example.org>", "<2@example.com>"} {
				s.explained(t, id, "failed     "+who+" 5.6.7 ")
			}
			if got := s.h.subjects(t, who); len(got) > 0 {
				t.Errorf("%s got %q", who, got)
			}
		}
	})
}

// beginUTF8 starts both, and hands the posts in.
func beginUTF8(t *testing.T, takes string) *utf8Story {
	needPrograms(t, "postfix", "postconf")
	s := &utf8Story{p: &program{dir: t.TempDir(), addr: reservedAddr(t)}}
	s.h = newMailHost(t, s.p.addr, kofiAddress, chenAddress, joseAddress)
	if out, err := exec.Command("postconf", "-c", filepath.Join(s.h.dir, "etc"), "-e", "smtputf8_enable="+takes).CombinedOutput(); err != nil {
		t.Fatalf("postconf: %v\n%s", err, out)
	}
	s.h.postfix(t, "reload")
	s.p.write(t, "convene.toml", fmt.Sprintf(clientsConfig+"new_members_moderated_for = 0\nsubject_prefix = \"[Peers]\"\n", s.p.addr, s.h.plain, reservedAddr(t)))
	s.p.write(t, "members.csv", "address,mode\n"+kofiAddress+",each\n"+chenAddress+",each\n"+joseAddress+",each\n")
	s.p.run(t, "member", "import", peersList, "members.csv")
	s.p.start(t)
	t.Cleanup(func() { s.p.end(t) })
	for _, mail := range []string{chensPost, kofisPost} {
		post := s.p.command(nil, "post", peersList)
		post.Stdin = strings.NewReader(strings.ReplaceAll(mail, "\n", "\r\n"))
		if out, err := post.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	return s
}

// explained waits until explain says this of a post.
func (s *utf8Story) explained(t *testing.T, id, want string) {
	t.Helper()
	out := ""
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		if out = s.p.run(t, "explain", id); strings.Contains(out, want) {
			return
		}
	}
	t.Errorf("explain %s does not say %q:\n%s", id, want, out)
}
