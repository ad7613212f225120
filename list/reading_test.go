package list_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// archive is a site with pages, on which dede is a member and amina an owner.
func archive(t *testing.T, change func(*list.List)) *site {
	t.Helper()
	s := newSite(t, nil)
	s.open(t, func(l *list.List) {
		l.Archive = list.ArchiveMembers
		if change != nil {
			change(l)
		}
	})
	s.members(t, "dede@example.org", "noor@example.net")
	return s
}

// open gives the site pages, and its lists what change says.
func (s *site) open(t *testing.T, change func(*list.List)) {
	t.Helper()
	site := *s.config(change)
	site.BaseURL = "https://lists.example.org"
	second := *site.Lists[0]
	second.Address, second.Name, second.Owners = "second@lists.example.org", "Second", nil
	site.Lists = append(site.Lists, &second)
	if err := s.Configure(list.NewSite(site)); err != nil {
		t.Fatal(err)
	}
}

func (s *site) put(t *testing.T, raw []byte) {
	t.Helper()
	if r, err := s.receive(raw); err != nil || r.Action != "accept" {
		t.Fatalf("%+v, %v", r, err)
	}
}

// link asks for a link that signs in, and returns its token; empty: no mail was sent.
func (s *site) link(t *testing.T, address, next string) string {
	t.Helper()
	_, before := s.sentNotices(t)
	if err := s.AskSignIn(address, next, netip.MustParseAddr("192.0.2.1")); err != nil {
		t.Fatal(err)
	}
	_, after := s.sentNotices(t)
	for _, raw := range after {
		if slices.ContainsFunc(before, func(b []byte) bool { return string(b) == string(raw) }) {
			continue
		}
		if m := regexp.MustCompile(`<https://lists\.example\.org/signin/c/([a-z2-7]{26})>`).FindSubmatch(raw); m != nil {
			return string(m[1])
		}
	}
	return ""
}

func (s *site) enter(t *testing.T, address string) string {
	t.Helper()
	token := s.link(t, address, "/m/a1%40example.org")
	session, who, err := s.SignIn(token)
	if err != nil || !strings.EqualFold(who.Address, address) || who.Next != "/m/a1%40example.org" {
		t.Fatalf("%s: %+v, %v", address, who, err)
	}
	return session
}

func TestWhoMayRead(t *testing.T) {
	for name, c := range map[string]struct {
		archive               list.Archive
		stranger, member, own bool
	}{
		"a public list":         {list.ArchivePublic, true, true, true},
		"a list for members":    {list.ArchiveMembers, false, true, true},
		"a list without pages":  {list.ArchiveNone, false, false, false},
		"one that says nothing": {"", false, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := archive(t, nil)
			s.put(t, mail("Dede <dede@example.org>", "a1@example.org", "Hello"))
			dede, amina := s.enter(t, "dede@example.org"), s.enter(t, "AMINA@example.org")
			s.open(t, func(l *list.List) { l.Archive = c.archive })
			for session, may := range map[string]bool{"": c.stranger, "abcdefghijklmnopqrstuvwxyz": c.stranger, dede: c.member, amina: c.own} {
				post, err := s.PostPage(session, "a1@example.org")
				topic, err2 := s.TopicPage(session, peers, 1, 1)
				all, err3 := s.TopicsPage(session, peers, 1)
				for _, err := range []error{err, err2, err3} {
					if may != (err == nil) || err != nil && !errors.Is(err, list.ErrNotFound) {
						t.Errorf("%q: %v", session, err)
					}
				}
				if !may {
					continue
				}
				if post.Post.Text != "Hello." || post.Topic != 1 || len(topic.Posts) != 1 || len(all.Topics) != 1 || all.Topics[0].Subject != "Hello" {
					t.Errorf("%q: %+v\n%+v\n%+v", session, post, topic, all)
				}
				member := session == dede || session == amina
				if post.Post.Name != "Dede" || (post.Post.Address != "") != member {
					t.Errorf("%q sees %+v", session, post.Post)
				}
			}
			if n := len(s.PublicLists()); (n > 0) != c.stranger {
				t.Errorf("%d public lists", n)
			}
		})
	}
}

func TestWhatIsRead(t *testing.T) {
	s := archive(t, func(l *list.List) { l.Archive = list.ArchivePublic })
	s.put(t, mail("dede@example.org (Dede \u202e<b>)", "a/b?c%d@x", "Ask office@example.net\u202e today"))
	s.put(t, mail("\"dede@example.org\" <dede@example.org>", "a2@x", "Re: Ask", "In-Reply-To: <a/b?c%d@x>", "Content-Language: fr-CA"))
	s.put(t, mail("dede@example.org", "a3@x", "Re: Ask", "In-Reply-To: <a/b?c%d@x>", "X-No-Archive: yes"))
	s.put(t, mail("dede@example.org", "a4@x", "Kept out", "X-No-Archive: yes"))
	s.put(t, append(mail("dede@example.org", "a5@x", "Re: Ask", "In-Reply-To: <a/b?c%d@x>"),
		[]byte("On Monday noor@example.net wrote\r\n> see https://x.example/~a and me@sub.example.org.\r\n"+strings.Repeat("word ", 60_000))...))
	first, err := s.PostPage("", "a/b?c%d@x")
	if err != nil || first.Post.Subject != "Ask office@… today" || strings.ContainsAny(first.Post.Name, "@\u202e") || first.Post.Language != "" {
		t.Errorf("%+v, %v", first, err)
	}
	topic, err := s.TopicPage("", peers, first.Topic, 1)
	if err != nil || len(topic.Posts) != 3 || topic.Posts[1].Name != "dede" || topic.Posts[1].Language != "fr-CA" {
		t.Fatalf("%+v, %v", topic, err)
	}
	long, err := s.PostPage("", "a5@x")
	if err != nil || !long.Post.Cut || len(long.Post.Text) > 256<<10 || len(long.Post.Text) < 255<<10 || !strings.HasSuffix(long.Post.Text, "word") {
		t.Errorf("%d octets, cut %v, %v", len(long.Post.Text), long.Post.Cut, err)
	}
	if want := "On Monday noor@… wrote\n> see https://x.example/~a and me@….\n"; !strings.Contains(long.Post.Text, want) {
		t.Errorf("%.200s", long.Post.Text)
	}
	if !topic.Posts[2].Cut || len(topic.Posts[2].Text) > 8<<10 {
		t.Errorf("in its topic it has %d octets", len(topic.Posts[2].Text))
	}
	for _, id := range []string{"a3@x", "a4@x", "nothing@x", "", "A2@x"} {
		if p, err := s.PostPage("", id); !errors.Is(err, list.ErrNotFound) {
			t.Errorf("%s: %+v, %v", id, p, err)
		}
	}
	all, err := s.TopicsPage("", peers, 1)
	if err != nil || len(all.Topics) != 1 {
		t.Errorf("%+v, %v", all, err)
	}
	for _, id := range []uint32{0, 2, 99} {
		if _, err := s.TopicPage("", peers, id, 1); !errors.Is(err, list.ErrNotFound) {
			t.Errorf("topic %d: %v", id, err)
		}
	}
	if _, err := s.TopicsPage("", "nobody@lists.example.org", 1); !errors.Is(err, list.ErrNotFound) {
		t.Error(err)
	}
}

func TestPagesOfTopics(t *testing.T) {
	s := archive(t, func(l *list.List) { l.Archive = list.ArchivePublic })
	for i := range 27 {
		s.now = s.now.Add(time.Minute)
		s.put(t, mail("dede@example.org", fmt.Sprintf("t%d@x", i), fmt.Sprintf("Topic %d", i)))
	}
	s.now = s.now.Add(time.Minute)
	for i := range 11 {
		s.put(t, mail("dede@example.org", fmt.Sprintf("r%d@x", i), "Re: Topic 3", "In-Reply-To: <t3@x>"))
	}
	one, err := s.TopicsPage("", peers, 1)
	two, err2 := s.TopicsPage("", peers, 2)
	if err := errors.Join(err, err2); err != nil || len(one.Topics) != 25 || one.Older == "" || one.Newer != "" || len(two.Topics) != 2 || two.Older != "" || one.Topics[0].Subject != "Topic 3" || two.Topics[1].Subject != "Topic 0" {
		t.Errorf("%+v\n%+v\n%v", one, two, err)
	}
	first, err := s.TopicPage("", peers, 4, 1)
	second, err2 := s.TopicPage("", peers, 4, 2)
	if err := errors.Join(err, err2); err != nil || len(first.Posts) != 10 || !first.Older || len(second.Posts) != 2 || second.Older {
		t.Errorf("%d, %d posts, %v", len(first.Posts), len(second.Posts), err)
	}
	for _, page := range []int{-1, 0, 3, 1001, 1 << 30} {
		if _, err := s.TopicPage("", peers, 4, page); !errors.Is(err, list.ErrNotFound) {
			t.Errorf("page %d: %v", page, err)
		}
	}
}

func TestPagesOfTopicsGoOnWhereTheyEnded(t *testing.T) {
	s := archive(t, func(l *list.List) { l.Archive = list.ArchivePublic })
	post := func(id, subject string, fields ...string) {
		s.now = s.now.Add(time.Minute)
		s.put(t, mail("dede@example.org", id, subject, fields...))
	}
	for i := range 60 {
		if i == 20 || i == 34 {
			post(fmt.Sprintf("kept-out%d@x", i), fmt.Sprintf("Kept out %d", i), "X-No-Archive: yes")
		}
		post(fmt.Sprintf("t%d@x", i), fmt.Sprintf("Topic %d", i))
	}
	at := func(before, after string) (subjects []string, p list.TopicsPage) {
		p, err := s.TopicsFrom("", peers, before, after)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range p.Topics {
			subjects = append(subjects, strings.TrimPrefix(one.Subject, "Topic "))
		}
		return subjects, p
	}
	numbers := func(from, to int) (all []string) {
		for i := from; i >= to; i-- {
			all = append(all, fmt.Sprint(i))
		}
		return all
	}
	expect := func(name string, got, want []string, p list.TopicsPage, newer, older bool) {
		t.Helper()
		if !slices.Equal(got, want) || (p.Newer != "") != newer || (p.Older != "") != older {
			t.Errorf("%s: %s, newer %q, older %q", name, got, p.Newer, p.Older)
		}
	}
	got, first := at("", "")
	expect("the first", got, numbers(59, 35), first, false, true)
	got, second := at(first.Older, "")
	expect("the second", got, numbers(34, 10), second, true, true)
	got, third := at(second.Older, "")
	expect("the third", got, numbers(9, 0), third, true, false)
	got, back := at("", third.Newer)
	expect("back to the second", got, numbers(34, 10), back, true, true)
	got, back = at("", back.Newer)
	expect("back to the first", got, numbers(59, 35), back, false, true)
	post("answer@x", "Re: Topic 40", "In-Reply-To: <t40@x>")
	post("answer2@x", "Re: Topic 10", "In-Reply-To: <t10@x>")
	got, again := at(first.Older, "")
	expect("the second, after a topic of it was answered", got, append(numbers(34, 11), "9"), again, true, true)
	got, again = at("", again.Newer)
	expect("back again, where nothing is left out", got, slices.Concat([]string{"40"}, numbers(59, 41), numbers(39, 35)), again, true, true)
	got, again = at("", again.Newer)
	expect("back to the first again", got, slices.Concat([]string{"10", "40"}, numbers(59, 41), numbers(39, 36)), again, false, true)
	for _, wrong := range []string{"x", "17", "2026-03-02T09:05:00Z", "2026-03-02T09:05:00Z.", ".17", "2026-03-02T09:05:00Z.-1", "2026-03-02T09:05:00Z.4294967296"} {
		_, err := s.TopicsFrom("", peers, wrong, "")
		_, err2 := s.TopicsFrom("", peers, "", wrong)
		if !errors.Is(err, list.ErrNotFound) || !errors.Is(err2, list.ErrNotFound) {
			t.Errorf("%q: %v, %v", wrong, err, err2)
		}
	}
}

func TestSigningIn(t *testing.T) {
	s := archive(t, nil)
	token := s.link(t, " Dede@Example.org ", "/m/x")
	if token == "" {
		t.Fatal("no mail")
	}
	for range 3 {
		if who, err := s.SigningIn(strings.ToUpper(token)); err != nil || who.Address != "dede@example.org" || who.Next != "/m/x" || who.Title != "Peers" {
			t.Errorf("%+v, %v", who, err)
		}
	}
	if _, err := s.Confirm(token, "page"); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("as a confirmation: %v", err)
	}
	if _, err := s.Route("peers+confirm-" + token + "@lists.example.org"); err == nil {
		t.Error("mail with the token is taken")
	}
	if _, err := s.SignedIn(token); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("the token of the mail is a session: %v", err)
	}
	session, _, err := s.SignIn(token)
	if err != nil || session == token || len(session) != 26 {
		t.Fatal(session, err)
	}
	if _, _, err := s.SignIn(token); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("a second time: %v", err)
	}
	if who, err := s.SignedIn(session); err != nil || who != "dede@example.org" {
		t.Errorf("%q, %v", who, err)
	}
	if _, err := s.SigningIn(session); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("a session signs in: %v", err)
	}
	if _, err := s.TopicsPage(session, peers, 1); err != nil {
		t.Error(err)
	}
	if _, err := s.TopicsPage(session, "second@lists.example.org", 1); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("a list that they are not on: %v", err)
	}
	if err := s.RemoveMembers(peers, []string{"dede@example.org"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.TopicsPage(session, peers, 1); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("who is a member no more: %v", err)
	}
	s.members(t, "dede@example.org")
	for range 2 {
		if err := s.SignOut(session); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.TopicsPage(session, peers, 1); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("after signing out: %v", err)
	}
	session = s.enter(t, "dede@example.org")
	s.now = s.now.Add(30*24*time.Hour - time.Second)
	if _, err := s.TopicsPage(session, peers, 1); err != nil {
		t.Errorf("on the last day: %v", err)
	}
	s.now = s.now.Add(time.Second)
	if _, err := s.TopicsPage(session, peers, 1); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("after 30 days: %v", err)
	}
}

func TestWhoIsMailedALink(t *testing.T) {
	s := archive(t, nil)
	for _, stranger := range []string{"zoe@example.com", "", "@", "peers@lists.example.org", "dede@example.org, noor@example.net", "*@example.org", "dede@example.org\r\nBcc: x@y.z"} {
		if token := s.link(t, stranger, ""); token != "" {
			t.Errorf("%q was mailed a link", stranger)
		}
	}
	if s.link(t, "dede@example.org", "") == "" {
		t.Error("a member was not")
	}
	if s.link(t, "DEDE@example.org", "") != "" {
		t.Error("a second within ten minutes")
	}
	expired := ""
	for i := range 2 {
		s.now = s.now.Add(11 * time.Minute)
		if expired = s.link(t, "dede@example.org", ""); expired == "" {
			t.Errorf("no link number %d", i+2)
		}
	}
	s.now = s.now.Add(11 * time.Minute)
	if s.link(t, "dede@example.org", "") != "" {
		t.Error("a fourth on one day")
	}
	s.now = s.now.Add(49 * time.Minute)
	if _, _, err := s.SignIn(expired); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("after an hour: %v", err)
	}
	s.open(t, func(l *list.List) { l.Archive = list.ArchiveNone })
	if s.link(t, "noor@example.net", "") != "" {
		t.Error("there is nothing to read")
	}
}

func TestOneNetworkHasFewLinksMailed(t *testing.T) {
	s := archive(t, nil)
	var all []string
	for i := range 31 {
		all = append(all, fmt.Sprintf("m%d@example.org", i))
	}
	s.members(t, all...)
	mailed := 0
	for _, a := range all {
		if err := s.AskSignIn(a, "", netip.MustParseAddr("192.0.2.200")); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := s.SendNotes(context.Background()); err != nil {
		t.Fatal(err)
	} else if mailed = n; mailed != 30 {
		t.Errorf("%d links", mailed)
	}
	if err := s.AskSignIn(all[30], "", netip.Addr{}); err != nil {
		t.Fatal(err)
	}
	if n, err := s.SendNotes(context.Background()); n != 1 || err != nil {
		t.Errorf("who comes by way of a proxy waits for others: %d, %v", n, err)
	}
}

// TestALeakedSignInLinkIsScrubbed: whoever posts the mail that signs them in has given nothing away.
func TestALeakedSignInLinkIsScrubbed(t *testing.T) {
	s := archive(t, nil)
	token := s.link(t, "dede@example.org", "")
	s.put(t, append(mail("dede@example.org", "a1@example.org", "Look"), []byte("> https://lists.example.org/signin/c/"+token+"\r\n")...))
	if _, err := s.SigningIn(token); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("the link that was posted: %v", err)
	}
	session := s.enter(t, "noor@example.net")
	if p, err := s.PostPage(session, "a1@example.org"); err != nil || strings.Contains(p.Post.Text, token) || !strings.Contains(p.Post.Text, "/signin/c/xxxx") {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestStrangersCollectNoAddresses(t *testing.T) {
	s := archive(t, func(l *list.List) { l.Archive, l.Attachments = list.ArchivePublic, list.LibraryAttachments })
	dede := s.enter(t, "dede@example.org")
	const body = "\r\n--b\r\n\r\nmailto:office%40example.net or \"the office\"@example.net\r\n" +
		"--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=office@example.net.csv\r\n\r\nx\r\n--b--\r\n"
	s.put(t, fmt.Appendf(nil, "From: dede@example.org\r\nTo: %s\r\nMessage-ID: <a1@x>\r\nSubject: Ask office@example.net\r\nMIME-Version: 1.0\r\n"+
		"Content-Type: multipart/mixed; boundary=b\r\n%s", peers, body))
	for session, want := range map[string]bool{"": false, dede: true} {
		topics, err := s.TopicsPage(session, peers, 1)
		topic, err2 := s.TopicPage(session, peers, 1, 1)
		post, err3 := s.PostPage(session, "a1@x")
		files, err4 := s.FilesPage(session, peers, 0)
		file, err5 := s.OpenFile(session, peers, 1, 1)
		if err := errors.Join(err, err2, err3, err4, err5); err != nil {
			t.Fatal(err)
		}
		for where, text := range map[string]string{"the list": topics.Topics[0].Subject, "the topic": topic.Subject, "the post": post.Post.Subject,
			"its text": post.Post.Text, "the library": files.Files[0].File.Name, "the name of the file": file.Name} {
			if strings.Contains(text, "example.net") != want || !strings.Contains(text, "office") {
				t.Errorf("%q, of %s: %q", session, where, text)
			}
		}
	}
}
