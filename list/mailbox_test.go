package list_test

import (
	"errors"
	"regexp"
	"testing"

	"convene/list"
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
