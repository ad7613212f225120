package list_test

import (
	"context"
	"strings"
	"testing"

	"convene/list"
	"convene/list/message"
)

// asked is a Policy that says p=reject of author.example and p=none of all others, and keeps what it was asked.
type asked []string

func (a *asked) policy(_ context.Context, domain string) (bool, string) {
	*a = append(*a, domain)
	if domain == "author.example" {
		return true, "p=reject at _dmarc.author.example"
	}
	return false, "p=none at _dmarc." + domain
}

// send hands a post in with a Policy, and with an Auth if there is one.
func (s *site) send(t *testing.T, raw []byte, a *asked, auth auth) list.Receipt {
	t.Helper()
	target, err := s.Route("peers@lists.example.org")
	if err != nil {
		t.Fatal(err)
	}
	in := &list.Incoming{Raw: raw, Targets: []list.Target{target}, Auth: auth, Policy: a.policy,
		Envelope: list.Envelope{ID: s.id(), From: "x@author.example", Helo: "c.example", IP: "192.0.2.1", Protocol: "ESMTP", Received: s.now}}
	r, _ := s.Receive(context.Background(), in)
	return r
}

// copies delivers what is due, and returns a copy of each post by who got it.
func (s *site) copies(t *testing.T) map[string][]*message.Message {
	t.Helper()
	got := map[string][]*message.Message{}
	for {
		c, ok, err := s.db.Claim(s.now, func(d string) string { return d }, func(string) bool { return true }, 100)
		if err != nil || !ok {
			return got
		}
		b, err := s.CopyBytes(c.Out)
		if err != nil {
			t.Fatal(err)
		}
		var results []list.Settled
		for _, copy := range c.Copies {
			got[copy.Address] = append(got[copy.Address], message.Parse(b))
			results = append(results, list.Settled{Copy: copy, Outcome: list.Delivered})
		}
		if err := s.db.Settle(s.now, c.ID, results); err != nil {
			t.Fatal(err)
		}
	}
}

// TestPolicyIsAskedWhenItMatters: DNS is asked once, and only of posts whose copies may lose their signature.
func TestPolicyIsAskedWhenItMatters(t *testing.T) {
	const mixed = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b"
	const signature = "v=1; a=rsa-sha256; c=relaxed/relaxed; d=author.example; s=x; h=from; l=0; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA"
	transparent := func(l *list.List) { l.ReplyTo = list.ReplySender }
	for name, c := range map[string]struct {
		list  func(*list.List)
		from  string
		extra string
		auth  auth
		asked string
		from2 string // of the copies
	}{
		"a list that rewrites":                                      {nil, "Ann <ann@author.example>", "", nil, "author.example", "Ann via Peers <peers@lists.example.org>"},
		"a list that rewrites, and p=none":                          {nil, "Ann <ann@other.example>", "", nil, "other.example", "Ann <ann@other.example>"},
		"a list that does not":                                      {transparent, "Ann <ann@author.example>", "", nil, "", "Ann <ann@author.example>"},
		"a list that does not, and an attachment":                   {transparent, "Ann <ann@author.example>", mixed, nil, "author.example", "Ann <ann@author.example>"},
		"a list that does not, and octets that not every hop takes": {transparent, "Ann <ann@author.example>", "X-Note: ë", nil, "author.example", "Ann <ann@author.example>"},
		"an author in a domain of ours":                             {nil, "Ann <ann@lists.example.org>", "", nil, "", "Ann <ann@lists.example.org>"},
		"always_munge":                                              {nil, "Ann <ann@GMAIL.com>", "", nil, "", "Ann via Peers <peers@lists.example.org>"},
		"always_munge is not for what is below":                     {nil, "Ann <ann@x.gmail.com>", "", nil, "x.gmail.com", "Ann <ann@x.gmail.com>"},
		"always_munge in other letters":                             {nil, "Ann <ann@münchen.example>", "", nil, "", "Ann via Peers <peers@lists.example.org>"},
		"always_munge on a list that does not":                      {transparent, "Ann <ann@gmail.com>", "", nil, "", "Ann <ann@gmail.com>"},
		"a stranger who is refused":                                 {nil, "Eve <eve@author.example>", "", nil, "", ""},
		"a post that is discarded":                                  {nil, "Ann <ann@author.example>", "Auto-Submitted: auto-replied", nil, "", ""},
		"the check of the sender has said it": {func(l *list.List) { l.RequireAuth = list.AuthPolicy }, "Ann <ann@other.example>", "", func(context.Context, *message.Message) list.Authentication {
			return list.Authentication{DMARC: list.Pass, Strict: true, PolicyWhy: "p=reject by the word of relay.example"}
		}, "", "Ann via Peers <peers@lists.example.org>"},
		"the check of the sender has not said it": {func(l *list.List) { l.RequireAuth = list.AuthPolicy }, "Ann <ann@author.example>", "", func(context.Context, *message.Message) list.Authentication {
			return list.Authentication{DMARC: list.Pass}
		}, "author.example", "Ann via Peers <peers@lists.example.org>"},
		"the author's signature held, and will": {func(l *list.List) { l.RequireAuth = list.AuthPolicy }, "Ann <ann@author.example>", "DKIM-Signature: " + signature, func(context.Context, *message.Message) list.Authentication {
			return list.Authentication{DMARC: list.Pass, Strict: true, PolicyWhy: "p=reject", DKIMAligned: true, Signers: "author.example"}
		}, "", "Ann <ann@author.example>"},
		"it is nothing to always_munge": {func(l *list.List) { l.RequireAuth = list.AuthPolicy }, "Ann <ann@gmail.com>", "DKIM-Signature: " + strings.Replace(signature, "author.example", "gmail.com", 1), func(context.Context, *message.Message) list.Authentication {
			return list.Authentication{DMARC: list.Pass, Signers: "gmail.com"}
		}, "", "Ann via Peers <peers@lists.example.org>"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, c.list)
			s.Site().AlwaysMunge = []string{"gmail.com", "xn--mnchen-3ya.example"}
			s.members(t, "ann@author.example", "ann@other.example", "ann@lists.example.org", "ann@gmail.com", "ann@x.gmail.com", "ann@münchen.example")
			raw := mail(c.from, "1@x", "One")
			if c.extra != "" {
				raw = mail(c.from, "1@x", "One", c.extra)
			}
			var a asked
			s.send(t, raw, &a, c.auth)
			if got := strings.Join(a, ","); got != c.asked {
				t.Errorf("asked for %q, want %q", got, c.asked)
			}
			got := ""
			if all := s.copies(t)["ann@x.gmail.com"]; len(all) > 0 {
				got = all[0].Get("From")
			}
			if got != c.from2 {
				t.Errorf("From: %q, want %q", got, c.from2)
			}
		})
	}
}

// TestThePolicyOfTheArrivalCounts: a held post goes out as DNS spoke when it came, and a copy is the same whatever is configured since.
func TestThePolicyOfTheArrivalCounts(t *testing.T) {
	s := newSite(t, func(l *list.List) { l.Posting = list.PostModerated })
	s.members(t, "ann@author.example", "bob@author.example")
	var a asked
	if r := s.send(t, mail("Ann <ann@author.example>", "1@x", "One"), &a, nil); r.Action != "hold" || len(a) != 1 {
		t.Fatalf("%+v, asked %v", r, a)
	}
	held, err := s.HeldPosts("")
	if err != nil || len(held) != 1 || held[0].From != "ann@author.example" {
		t.Fatalf("D09: the moderators see %+v, %v", held, err)
	}
	if _, err := s.Approve(t.Context(), held[0].ID, "admin", false); err != nil {
		t.Fatal(err)
	}
	s.Site().AlwaysMunge = []string{"other.example"}
	all := s.copies(t)["bob@author.example"]
	if len(all) != 1 || all[0].Get("From") != "Ann via Peers <peers@lists.example.org>" || all[0].Get("Author") != "Ann <ann@author.example>" {
		t.Fatalf("%d copies: %s", len(all), all[0].Raw)
	}
	fates, err := s.Explain("1@x")
	if err != nil || len(fates) != 1 || fates[0].From != "ann@author.example" {
		t.Fatalf("%+v, %v", fates, err)
	}
	said := ""
	for _, c := range fates[0].Steps {
		said += c.Step + ": " + strings.Join(c.Notes, "\n") + "\n"
	}
	if !strings.Contains(said, "from: the list stands in From: p=reject at _dmarc.author.example") {
		t.Errorf("explain says\n%s", said)
	}
}

// TestAListThatBeginsToRewrite: of what was held until then nobody has asked; that is on the safe side.
func TestAListThatBeginsToRewrite(t *testing.T) {
	s := newSite(t, func(l *list.List) { l.Posting, l.ReplyTo = list.PostModerated, list.ReplySender })
	s.members(t, "ann@other.example", "bob@other.example")
	var a asked
	s.send(t, mail("ann@other.example", "1@x", "One"), &a, nil)
	s.Site().Lists[0].ReplyTo = list.ReplyList
	held, err := s.HeldPosts("")
	if err != nil || len(held) != 1 || len(a) != 0 {
		t.Fatalf("%v, %v, asked %v", held, err, a)
	}
	if _, err := s.Approve(t.Context(), held[0].ID, "admin", false); err != nil {
		t.Fatal(err)
	}
	if all := s.copies(t)["bob@other.example"]; len(all) != 1 || all[0].Get("From") != "ann--- via Peers <peers@lists.example.org>" {
		t.Errorf("%v", all)
	}
}

// TestRepliesToAMungedPost is D09 and D10: the archive has the author, the address in From takes posts, a reply joins the topic, and everybody gets one
// copy of each.
func TestRepliesToAMungedPost(t *testing.T) {
	s := newSite(t, nil)
	s.members(t, "ann@author.example", "bob@other.example")
	var a asked
	original := mail("Ann <ann@author.example>", "1@x", "One")
	s.send(t, original, &a, nil)
	got := s.copies(t)["bob@other.example"][0]
	from, err := got.From()
	if err != nil || from.Addr != "peers@lists.example.org" {
		t.Fatalf("%v, %v", from, err)
	}
	// Reply to all, as mail programs do: to Reply-To and what was in To and Cc.
	to := "To: " + got.Get("Reply-To") + "\r\nCc: " + got.Get("Cc") + "\r\n"
	reply := []byte("From: bob@other.example\r\n" + to + "Subject: Re: One\r\nMessage-ID: <2@x>\r\nIn-Reply-To: <1@x>\r\n\r\nHello.\r\n")
	if !strings.Contains(to, "ann@author.example") {
		t.Errorf("a reply to all does not reach the author:\n%s", to)
	}
	if r := s.send(t, reply, &a, nil); r.Action != "accept" {
		t.Fatalf("%+v", r)
	}
	for who, n := range s.copies(t) {
		if len(n) != 1 {
			t.Errorf("%s got %d copies", who, len(n))
		}
	}
	err = s.Store.View(func(r list.Reader) error {
		one, err := r.Post(1, 1)
		if err != nil {
			return err
		}
		two, err := r.Post(1, 2)
		if err != nil {
			return err
		}
		raw, err := s.Store.Raw(one.Ref)
		if one.From != "ann@author.example" || one.FromName != "Ann" || two.Topic != one.Topic || string(raw) != string(original) {
			t.Errorf("post 1 is %+v, post 2 %+v, stored is\n%s", one, two, raw)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
