package list_test

import (
	"errors"
	"regexp"
	"testing"

	"convene/list"
	"convene/list/message"
)

var passwordShape = regexp.MustCompile(`\bimap-[a-z2-7]{26}\b`)

// mailboxes opens the lists of the site to mail programs.
func (s *site) mailboxes(t *testing.T, archive list.Archive) {
	t.Helper()
	s.open(t, func(l *list.List) { l.Archive = archive })
	c := *s.Site()
	c.Mailboxes = &list.MailboxPlace{Host: "lists.example.org", Port: 993, Security: "tls"}
	if err := s.Configure(list.NewSite(c)); err != nil {
		t.Fatal(err)
	}
}

func TestPasswordForMailPrograms(t *testing.T) {
	s := newSite(t, nil)
	s.mailboxes(t, list.ArchiveMembers)
	s.members(t, dede)
	first := passwordShape.FindString(s.obeyed(t, dede, "imap", "", "", sure).raw)
	if who, err := s.SignInMail("Dede@Example.org", first); err != nil || who != dede {
		t.Fatalf("%q lets in %q, %v", first, who, err)
	}
	if who, err := s.SignInMail(dede, " "+first[:10]+" "+first[10:]+" "); err != nil || who != dede {
		t.Errorf("with spaces it lets in %q, %v", who, err)
	}
	for name, password := range map[string]string{"zoe@example.net": first, dede: first[:len(first)-1], "": first, "peers": ""} {
		if who, err := s.SignInMail(name, password); !errors.Is(err, list.ErrNotFound) {
			t.Errorf("%q, %q let in %q, %v", name, password, who, err)
		}
	}
	second := passwordShape.FindString(s.obeyed(t, dede, "imap", "", "", sure).raw)
	if _, err := s.SignInMail(dede, first); !errors.Is(err, list.ErrNotFound) || second == first {
		t.Errorf("the first one still works beside the second: %v", err)
	}
	if _, err := s.SignInMail(dede, second); err != nil {
		t.Error(err)
	}
	if who, err := s.SignInMail("Anonymous", "x"); err != nil || who != "" {
		t.Errorf("a stranger is %q, %v", who, err)
	}
}

func TestNoPasswordForWhoMayNotRead(t *testing.T) {
	s := newSite(t, nil)
	s.mailboxes(t, list.ArchivePublic)
	s.members(t, dede)
	if n := s.obeyed(t, "zoe@example.net", "imap", "", "", sure); passwordShape.MatchString(n.raw) {
		t.Errorf("a stranger got one:\n%s", n.raw)
	}
	s.mailboxes(t, list.ArchiveNone)
	if n := s.obeyed(t, dede, "imap", "", "", sure); passwordShape.MatchString(n.raw) {
		t.Errorf("there is one for a list without an archive:\n%s", n.raw)
	}
}

// What is served is Head and what came, frozen: the settings of later change nothing of it, and the author's signature still holds.
func TestHeadIsFrozen(t *testing.T) {
	s := newSite(t, nil)
	s.mailboxes(t, list.ArchivePublic)
	s.members(t, dede)
	head := func(number uint32) (p list.Post) {
		t.Helper()
		if err := s.db.View(func(r list.Reader) (err error) { p, err = r.Post(1, number); return err }); err != nil {
			t.Fatal(err)
		}
		return p
	}
	s.put(t, mail(dede, "a1@example.org", "One", "Date: Thu, 5 Mar 2026 10:00:00 +0000"))
	first := head(1)
	if want := "List-Id: Peers <peers.lists.example.org>\r\nList-Post: <mailto:peers@lists.example.org>\r\nArchived-At: <https://lists.example.org/m/a1%40example.org>\r\n"; first.Head != want {
		t.Errorf("the head is %q, want %q", first.Head, want)
	}
	s.put(t, []byte("From: "+dede+"\r\nTo: peers@lists.example.org\r\nSubject: No identity\r\n\r\nHello.\r\n"))
	second := head(2)
	m := message.Parse([]byte(second.Head + "\r\n"))
	if m.MessageID() != second.MessageID || m.Count("Date") != 1 {
		t.Errorf("a post without identity and date has the head %q", second.Head)
	}
	s.put(t, mail(dede, "a4@example.org", "Signed", "Date: Thu, 5 Mar 2026 10:00:00 +0000", "DKIM-Signature: v=1; h=From:List-Id:archived-at; b=x"))
	if got := head(3).Head; got != "List-Post: <mailto:peers@lists.example.org>\r\n" {
		t.Errorf("a post whose signature rules fields out has the head %q", got)
	}
	s.mailboxes(t, list.ArchiveMembers)
	s.put(t, mail(dede, "a3@example.org", "Three"))
	if again := head(1); again.Head != first.Head || again.Ref != first.Ref {
		t.Errorf("it became %q", again.Head)
	}
}
