package list_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"convene/list"
)

// pickUp hands in what was fetched from a hosted mailbox.
func (s *site) pickUp(t *testing.T, raw string, also func(list.Tx) error, to string) (list.Receipt, error) {
	t.Helper()
	target, err := s.Route(to)
	if err != nil {
		t.Fatal(err)
	}
	in := &list.Incoming{Targets: []list.Target{target}, Raw: []byte(raw), Also: also}
	in.ID, in.Protocol, in.Relay, in.From, in.Received = s.id(), list.ByIMAP, true, "ann@author.example", s.now
	return s.Receive(context.Background(), in)
}

// Nobody waits for an answer to what was fetched: a post that cannot be read is shown to a moderator, who can see what it is, and cannot post it.
func TestUnreadablePostsThatWereFetchedAreHeld(t *testing.T) {
	for name, c := range map[string]struct {
		raw  string
		held bool
	}{
		"two authors":             {"From: ann@author.example, bob@author.example\r\nTo: peers@lists.example.org\r\nSubject: ours\r\nMessage-ID: <1@x>\r\n\r\nhello\r\n", true},
		"no From":                 {"To: peers@lists.example.org\r\nSubject: ours\r\n\r\nhello\r\n", true},
		"a Subject twice":         {"From: ann@author.example\r\nSubject: ours\r\nSubject: theirs\r\n\r\nhello\r\n", true},
		"a line that is no field": {"From: ann@author.example\r\nSubject: ours\r\nnonsense\r\n\r\nhello\r\n", true},
		"a NUL: it is not read":   {"From: ann@author.example\r\nSubject: ours\r\n\r\nhel\x00lo\r\n", false},
		"bare LF: it is not read": {"From: ann@author.example\nSubject: ours\n\nhello\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := moderated(t, nil)
			_, err := s.pickUp(t, c.raw, nil, "peers@lists.example.org")
			if c.held != (err == nil) || !c.held && reason(err) != list.Unreadable {
				t.Fatalf("error %v", err)
			}
			if want := map[bool]int{true: 1, false: 0}[c.held]; s.waits(t) != want {
				t.Fatalf("%d posts wait", s.waits(t))
			}
			if !c.held {
				return
			}
			all := s.notices(t)
			if len(all) == 0 {
				t.Fatal("no moderator was asked")
			}
			if _, err := s.reply(all[0], all[0].to, "approve", sure); err != nil {
				t.Fatal(err)
			}
			if s.waits(t) != 1 || s.posts(t) != "" {
				t.Errorf("it was posted: %q", s.posts(t))
			}
			if why := s.notices(t); len(why) != 1 || !strings.Contains(unfolded(why[0]), "nobody can post it") {
				t.Errorf("the moderator was told %q", told(why))
			}
			if _, err := s.reply(all[0], all[0].to, "discard", sure); err != nil || s.waits(t) != 0 {
				t.Errorf("it still waits: %v", err)
			}
		})
	}
}

// What is done together with taking a message is done in the same transaction, or not at all.
func TestWhatIsDoneTogetherWithTakingIsOneTransaction(t *testing.T) {
	post := func(n string) string { return string(mail("ann@author.example", n, n)) }
	for name, c := range map[string]struct{ raw, to string }{
		"a post":              {post("1"), "peers@lists.example.org"},
		"a mail to owners":    {post("2"), "peers+owner@lists.example.org"},
		"a mail to the admin": {post("3"), "postmaster@lists.example.org"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, nil)
			s.members(t, "ann@author.example", "bob@author.example")
			broken := errors.New("not this time")
			if _, err := s.pickUp(t, c.raw, func(list.Tx) error { return broken }, c.to); !errors.Is(err, broken) {
				t.Fatalf("error %v", err)
			}
			if got := s.claimed(t); len(got) != 0 {
				t.Errorf("it was taken all the same: %v", got)
			}
			done := 0
			_, err := s.pickUp(t, c.raw, func(tx list.Tx) error { done++; return tx.PutPaper(0, "taken", []byte("x")) }, c.to)
			if err != nil || done == 0 || len(s.claimed(t)) == 0 {
				t.Errorf("done %d times, error %v", done, err)
			}
		})
	}
}
