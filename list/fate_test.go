package list_test

import (
	"context"
	"strings"
	"testing"

	"convene/list"
	"convene/list/message"
)

// TestForwardedToModerators: who forwards a mail there is told what became of it, in a line: who decides of any mail, an author of theirs, nobody else.
func TestForwardedToModerators(t *testing.T) {
	attached := func(id string) string {
		return "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nWhat of this?\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: a@b\r\nMessage-ID: <" + id + ">\r\n\r\nx\r\n--b--\r\n"
	}
	inline := func(id string) string {
		return "References: <other@x> <" + id + ">\r\n\r\nWhat of this?\r\n\r\n---------- Forwarded message ---------\r\nFrom: a@b\r\n"
	}
	for name, c := range map[string]struct {
		from, subject, rest string
		unproven            bool
		want                string // in the answer; empty: none
	}{
		"an owner, of what went out":             {from: "amina@example.org", subject: "Fwd: One", rest: attached("out@x"), want: "That mail went to Peers as post 1 on "},
		"an owner, forwarded in the text":        {from: "amina@example.org", subject: "TR : One", rest: inline("out@x"), want: "That mail went to Peers as post 1 on "},
		"of what waits":                          {from: "amina@example.org", subject: "Fwd: x", rest: attached("held@x"), want: "That mail waits for a moderator since "},
		"of what was discarded":                  {from: "amina@example.org", subject: "Fwd: x", rest: attached("gone@x"), want: "discarded that mail on"},
		"of what was never here":                 {from: "amina@example.org", subject: "Fwd: x", rest: attached("never@x"), want: "is not known here"},
		"its author":                             {from: "dede@example.org", subject: "Fwd: One", rest: attached("out@x"), want: "That mail went to Peers"},
		"its author, of what was discarded":      {from: "stranger@example.net", subject: "Fwd: x", rest: attached("gone@x")},
		"a member, of another's":                 {from: "noor@example.net", subject: "Fwd: x", rest: attached("held@x")},
		"who cannot prove it":                    {from: "amina@example.org", subject: "Fwd: x", rest: attached("out@x"), unproven: true},
		"a reply that forwards nothing":          {from: "amina@example.org", subject: "Re: One", rest: inline("out@x")},
		"a machine":                              {from: "amina@example.org", subject: "Fwd: x", rest: "Auto-Submitted: auto-replied\r\n" + attached("out@x")},
		"somebody who wrote a mail of their own": {from: "amina@example.org", subject: "Hello", rest: "\r\nHello\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, func(l *list.List) { l.Posting = list.PostHoldOthers })
			s.members(t, "dede@example.org", "noor@example.net")
			for id, from := range map[string]string{"out@x": "dede@example.org", "held@x": "stranger@example.net", "gone@x": "stranger@example.net"} {
				if _, err := s.receive(mail(from, id, "One")); err != nil {
					t.Fatal(err)
				}
			}
			var gone uint64
			if err := s.db.View(func(r list.Reader) error {
				return r.HeldPosts(0, func(h list.Held) error {
					if h.Post.MessageID == "gone@x" {
						gone = h.ID
					}
					return nil
				})
			}); err != nil {
				t.Fatal(err)
			}
			if err := s.Discard(gone, "luis@example.com"); err != nil {
				t.Fatal(err)
			}
			s.claimed(t)
			raw := "From: " + c.from + "\r\nTo: peers+moderators@lists.example.org\r\nSubject: " + c.subject + "\r\nMessage-ID: <f@x>\r\n" + c.rest
			for round := range 2 { // and once a day
				in := &list.Incoming{Raw: []byte(raw), Envelope: list.Envelope{ID: s.id(), From: c.from, Protocol: "ESMTP", Received: s.now}}
				in.Auth = func(context.Context, *message.Message) list.Authentication {
					if c.unproven {
						return list.Authentication{DMARC: list.None}
					}
					return list.Authentication{DMARC: list.Pass}
				}
				target, err := s.Route("peers+moderators@lists.example.org")
				if err != nil {
					t.Fatal(err)
				}
				in.Targets = []list.Target{target}
				if r, err := s.Receive(context.Background(), in); err != nil || r.Action != "forward" {
					t.Fatal(r, err)
				}
				notices, raws := s.sentNotices(t)
				told := ""
				for _, raw := range raws {
					m := message.Parse(raw)
					if strings.Contains(m.Get("To"), c.from) && m.Get("Auto-Submitted") == "auto-replied" && strings.Contains(string(raw), "hat mail") {
						told = strings.Join(strings.Fields(string(raw)), " ")
					}
				}
				if want := c.want != "" && round == 0; want != (told != "") || want && !strings.Contains(told, c.want) {
					t.Errorf("time %d: told %q of %q, want %q", round, told, notices, c.want)
				}
			}
		})
	}
}

// sentNotices writes what is owed, delivers all, and returns what went to named people.
func (s *site) sentNotices(t *testing.T) ([]string, [][]byte) {
	t.Helper()
	if _, err := s.SendNotes(context.Background()); err != nil {
		t.Fatal(err)
	}
	return s.fates(t, nil)
}
