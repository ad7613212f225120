package list_test

import (
	"net/url"
	"strings"
	"testing"

	"convene/list"
)

// TestReplyLinks: a page begins an answer to where a reply goes, in its topic, with what the post begins with, and only for who may post.
func TestReplyLinks(t *testing.T) {
	long := strings.Repeat("こんにちは、", 200)
	for name, c := range map[string]struct {
		change           func(*list.List)
		extra            string // of the header of the post
		to, toStranger   string
		closed, lockedIn bool
	}{
		"members post":           {to: peers},
		"every post is held":     {change: func(l *list.List) { l.Posting = list.PostModerated }, to: peers},
		"anybody posts":          {change: func(l *list.List) { l.Posting = list.PostAnyone }, to: peers, toStranger: peers},
		"announcements":          {change: func(l *list.List) { l.Type = list.Announce }, to: "amina@example.org"},
		"announcements, answers": {change: func(l *list.List) { l.Type = list.Announce }, extra: "Reply-To: office@example.org", to: "office@example.org"},
		"the list is closed":     {closed: true},
		"the topic is locked":    {lockedIn: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := archive(t, nil)
			dede := s.enter(t, "dede@example.org")
			fields := []string{"References: <first@x> <second@x>"}
			if c.extra != "" {
				fields = append(fields, c.extra)
			}
			raw := append(mail("Amina <amina@example.org>", "a/b?c%d@x", "Re: Tea & cake? call noor@example.net", fields...), []byte("> quoted before\r\nSecond line: 100% & more.\r\n"+long+"\r\n-- \r\nmy signature\r\n")...)
			s.put(t, raw)
			s.open(t, func(l *list.List) {
				l.Archive = list.ArchivePublic
				if c.change != nil {
					c.change(l)
				}
				l.Closed = c.closed
			})
			if c.lockedIn {
				if err := s.LockTopic(peers, 1, true); err != nil {
					t.Fatal(err)
				}
			}
			for session, to := range map[string]string{dede: c.to, "": c.toStranger} {
				post, err := s.PostPage(session, "a/b?c%d@x")
				if err != nil {
					t.Fatal(err)
				}
				topic, err := s.TopicPage(session, peers, 1, 1)
				if err != nil || topic.Posts[0].Reply != post.Post.Reply {
					t.Errorf("another link in the topic: %v", err)
				}
				if to == "" {
					if post.Post.Reply != "" {
						t.Errorf("%q has %s", session, post.Post.Reply)
					}
					continue
				}
				u, err := url.Parse(post.Post.Reply)
				if err != nil || u.Scheme != "mailto" || u.Opaque != to || len(post.Post.Reply) > 1600 {
					t.Fatalf("%q has %d octets, %s, %v", session, len(post.Post.Reply), post.Post.Reply, err)
				}
				q := u.Query()
				subject := "Re: Tea & cake? call noor@example.net"
				if session == "" {
					subject = "Re: Tea & cake? call noor@…"
				}
				if q.Get("subject") != subject || q.Get("In-Reply-To") != "<a/b?c%d@x>" || q.Get("References") != "<first@x> <second@x> <a/b?c%d@x>" {
					t.Errorf("%q", q)
				}
				body := q.Get("body")
				if !strings.HasPrefix(body, "Amina, ") || !strings.Contains(body, "\r\n> Second line: 100% & more.\r\n") || strings.Contains(body, "quoted before") || strings.Contains(body, "signature") {
					t.Errorf("it begins with %q", body)
				}
			}
		})
	}
}
