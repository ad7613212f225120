package list_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/list/message"
)

// publish publishes a mail of the schedule in two languages: English for the first two members, French for the third.
func (s *site) publish(t *testing.T) (list.Post, error) {
	t.Helper()
	l, _ := s.Site().List("peers@lists.example.org")
	edition := func(subject, language string, readers ...uint32) list.Edition {
		return list.Edition{Readers: readers, Letter: list.Letter{Subject: subject, Text: "Answer all: mailto:" + list.ReplyPlace + "\n", HTML: "<p>" + subject + "</p>\n", Language: language}}
	}
	p := &list.Publication{List: l, By: message.Mailbox{Name: "Luis Prieto", Addr: "luis@example.org"}, Key: "remote/kickoff/1", Kind: "kickoff",
		Editions: []list.Edition{edition("Question 1: what made people answer? #remote", "en", 1, 2), edition("Question 1 : qu'est-ce qui a fait répondre ? #remote", "fr", 3)}}
	var post list.Post
	err := s.Publish(p, s.now, func(tx list.Tx, send func() (list.Post, error)) (err error) {
		if _, err := tx.Paper(1, "sent"); err == nil {
			return errors.New("it was sent")
		}
		if post, err = send(); err != nil {
			return err
		}
		return tx.PutPaper(1, "sent", []byte("yes"))
	})
	return post, err
}

func TestPublish(t *testing.T) {
	s := newSite(t, func(l *list.List) { l.SubjectPrefix = "[peers]" })
	s.members(t, "ann@a.example", "bob@b.example", "cid@c.example", "dan@d.example")
	if _, err := s.SetMember("peers@lists.example.org", "bob@b.example", []string{"mode=nomail"}); err != nil {
		t.Fatal(err)
	}
	post, err := s.publish(t)
	if err != nil {
		t.Fatal(err)
	}
	if post.Number != 1 || post.Planned != "remote/kickoff/1" || post.From != "luis@example.org" || len(post.Further) != 1 || post.Topic == 0 {
		t.Errorf("the post is %+v", post)
	}
	got := map[string]*message.Message{}
	for c, ok := s.outbox(t); ok; c, ok = s.outbox(t) {
		for _, one := range c.Copies {
			p, err := s.Copy(c.Out, list.Form{})
			if err != nil {
				t.Fatal(err)
			}
			if c.Out.Kind != "kickoff" {
				t.Errorf("the kind is %q", c.Out.Kind)
			}
			got[one.Address] = message.Parse(p.Bytes())
		}
	}
	if len(got) != 2 || got["ann@a.example"] == nil || got["cid@c.example"] == nil {
		t.Fatalf("copies for %d: bob wants no mail, and dan is none of the readers", len(got))
	}
	en, fr := got["ann@a.example"], got["cid@c.example"]
	if en.MessageID() != fr.MessageID() || en.MessageID() != post.MessageID {
		t.Errorf("the editions are of %q and %q", en.MessageID(), fr.MessageID())
	}
	if s := fr.Subject(); s != "[peers] Question 1 : qu'est-ce qui a fait répondre ? #remote" {
		t.Errorf("the French subject is %q", s)
	}
	from, err := en.From()
	if err != nil || from.Name != "Luis Prieto via Peers" || from.Addr != "peers@lists.example.org" {
		t.Errorf("From is %v, %v", from, err)
	}
	if text := en.Text(1000); !strings.Contains(text, "mailto:peers%2Bfacilitator@lists.example.org") {
		t.Errorf("the text is %q", text)
	}
	for _, name := range []string{"List-Id", "Auto-Submitted", "Precedence"} {
		if en.Count(name) != 1 {
			t.Errorf("%d fields %s", en.Count(name), name)
		}
	}
	if _, err := s.publish(t); err == nil {
		t.Error("it was published again")
	}
	if _, err := s.receive(mail("ann@a.example", "re@a.example", "Re: Question 1: what made people answer? #remote", "In-Reply-To: <"+post.MessageID+">"), "peers@lists.example.org"); err != nil {
		t.Fatal(err)
	}
	// Some mail programs leave out all that says what is answered.
	for i, subject := range []string{"RE: [peers] Question 1 : qu'est-ce qui a fait répondre ? #remote", "Re : question 1 : qu'est-ce qui a fait répondre ? #remote"} {
		if _, err := s.receive(mail("cid@c.example", fmt.Sprintf("bare%d@c.example", i), subject), "peers@lists.example.org"); err != nil {
			t.Fatal(err)
		}
	}
	topics, err := s.Topics("peers@lists.example.org")
	if err != nil || len(topics) != 1 || topics[0].Posts != 4 {
		t.Errorf("topics: %+v, %v", topics, err)
	}
	s.now = s.now.Add(31 * 24 * time.Hour)
	if _, err := s.receive(mail("cid@c.example", "late@c.example", "Re: Question 1 : qu'est-ce qui a fait répondre ? #remote"), "peers@lists.example.org"); err != nil {
		t.Fatal(err)
	}
	if topics, err := s.Topics("peers@lists.example.org"); err != nil || len(topics) != 2 {
		t.Errorf("after a month: %+v, %v", topics, err)
	}
}

func TestSend(t *testing.T) {
	s := newSite(t, nil)
	s.members(t, "ann@a.example", "bob@b.example", "cid@c.example")
	l, _ := s.Site().List("peers@lists.example.org")
	letter := &list.Letter{Subject: "Peers Digest, Vol 1, Issue 1", Text: "Today's Topics:\n", Kind: "digest", Word: "owner"}
	err := s.Send(l, letter, 7, s.now, func(tx list.Tx, send func([]uint32) (list.Outgoing, error)) error {
		_, err := send([]uint32{1, 3})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var to []string
	for c, ok := s.outbox(t); ok; c, ok = s.outbox(t) {
		p, err := s.Copy(c.Out, list.Form{})
		if err != nil {
			t.Fatal(err)
		}
		m := message.Parse(p.Bytes())
		if m.Count("List-Id") != 1 || m.Get("Auto-Submitted") != "auto-generated" || m.Subject() != letter.Subject || !strings.HasPrefix(m.Get("Reply-To"), "Peers <peers+owner@") {
			t.Errorf("the digest is\n%s", m.Raw)
		}
		for _, one := range c.Copies {
			to = append(to, one.Address)
		}
	}
	slices.Sort(to)
	if !slices.Equal(to, []string{"ann@a.example", "cid@c.example"}) {
		t.Errorf("it went to %q", to)
	}
}

// outbox takes copies out of the outbox; false: there are none.
func (s *site) outbox(t *testing.T) (list.Claim, bool) {
	t.Helper()
	c, ok, err := s.db.Claim(s.now, func(string) string { return "hop" }, func(string) bool { return true }, 100)
	if err != nil {
		t.Fatal(err)
	}
	return c, ok
}
