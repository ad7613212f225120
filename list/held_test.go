package list_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/list/message"
)

// note is a notice as it left.
type note struct {
	to  string
	raw string
	msg *message.Message
}

// notices writes what is owed and returns everything but posts that leaves, by addressee.
func (s *site) notices(t *testing.T) []note {
	t.Helper()
	if _, err := s.SendNotes(context.Background()); err != nil {
		t.Fatal(err)
	}
	var all []note
	for {
		c, ok, err := s.db.Claim(s.now, func(d string) string { return d }, func(string) bool { return true }, 100)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			break
		}
		b, err := s.CopyBytes(c.Out)
		if err != nil {
			t.Fatal(err)
		}
		var results []list.Settled
		for _, copy := range c.Copies {
			if c.Out.Post == 0 {
				all = append(all, note{copy.Address, string(b), message.Parse(b)})
			}
			results = append(results, list.Settled{Copy: copy, Outcome: list.Delivered})
		}
		if err := s.db.Settle(s.now, c.ID, results); err != nil {
			t.Fatal(err)
		}
	}
	slices.SortStableFunc(all, func(a, b note) int { return strings.Compare(a.to, b.to) })
	return all
}

// told is who got which notices, by subject.
func told(all []note) string {
	var lines []string
	for _, n := range all {
		lines = append(lines, n.to+": "+n.msg.Subject())
	}
	return strings.Join(lines, "; ")
}

// answerTo is the address that a notice asks to answer to.
func (n note) answerTo() string {
	for _, m := range n.msg.Mailboxes("Reply-To") {
		return m.Addr
	}
	return ""
}

const (
	amina = "amina@example.org"
	luis  = "luis@example.org"
	dede  = "dede@example.org"
)

// moderated is a site with two moderators whose list holds the posts of strangers.
func moderated(t *testing.T, change func(*list.List)) *site {
	s := newSite(t, func(l *list.List) {
		l.Posting, l.Moderators, l.Language = list.PostHoldOthers, []string{amina, luis}, "en"
		if change != nil {
			change(l)
		}
	})
	s.members(t, dede)
	return s
}

// sure is what is known of a sender who is authenticated, and forged of one who is not.
func sure(context.Context, *message.Message) list.Authentication {
	return list.Authentication{DMARC: list.Pass, Source: "engine"}
}

func forged(context.Context, *message.Message) list.Authentication {
	return list.Authentication{DMARC: list.Fail, Policy: "none", Source: "engine"}
}

type auth = func(context.Context, *message.Message) list.Authentication

// take hands in a mail from somebody whom SMTP knows by the same address.
func (s *site) take(from, to, raw string, auth auth) (list.Receipt, error) {
	target, err := s.Route(to)
	if err != nil {
		return list.Receipt{}, err
	}
	in := &list.Incoming{Raw: []byte(strings.ReplaceAll(strings.ReplaceAll(raw, "\r\n", "\n"), "\n", "\r\n")), Targets: []list.Target{target}, Auth: auth,
		Envelope: list.Envelope{ID: s.id(), From: from, Helo: "c.example", IP: "192.0.2.1", Protocol: "ESMTP", Received: s.now}}
	return s.Receive(context.Background(), in)
}

// hold hands in a post that will be held and returns the notices about it.
func (s *site) hold(t *testing.T, from, subject string, auth auth) []note {
	t.Helper()
	r, err := s.take(from, "peers@lists.example.org", "From: "+from+"\nTo: peers@lists.example.org\nSubject: "+subject+"\nMessage-ID: <"+s.id()+"@x>\n\nHello from outside.\n", auth)
	if err != nil || r.Action != "hold" {
		t.Fatalf("%+v, %v", r, err)
	}
	return s.notices(t)
}

// reply answers a notice.
func (s *site) reply(n note, from, body string, auth auth) (list.Receipt, error) {
	return s.take(from, n.answerTo(), "From: "+from+"\nTo: "+n.answerTo()+"\nSubject: Re: "+n.msg.Subject()+"\nMessage-ID: <"+s.id()+"@m>\nIn-Reply-To: <"+
		n.msg.MessageID()+">\n\n"+body+"\n", auth)
}

// posts are the subjects of what the list sent.
func (s *site) posts(t *testing.T) string {
	t.Helper()
	var all []string
	err := s.db.View(func(r list.Reader) error {
		return r.Posts(1, 1, func(p list.Post) error { all = append(all, p.Subject); return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, ",")
}

func (s *site) waits(t *testing.T) int {
	t.Helper()
	rows, err := s.HeldPosts("")
	if err != nil {
		t.Fatal(err)
	}
	return len(rows)
}

func TestAHeldPostIsShownToEveryModerator(t *testing.T) {
	s := moderated(t, nil)
	all := s.hold(t, "x@example.net", "One", nil)
	if got := told(all); got != "amina@example.org: To decide: One; luis@example.org: To decide: One" {
		t.Fatal(got)
	}
	a, l := all[0], all[1]
	if a.answerTo() == l.answerTo() || !regexp.MustCompile(`^peers\+held-[a-z2-7]{26}@lists\.example\.org$`).MatchString(a.answerTo()) {
		t.Errorf("answers go to %s and %s", a.answerTo(), l.answerTo())
	}
	for _, want := range []string{"\r\n- the sender is not a member (member)\r\n", "\r\n> Hello from outside.\r\n", "From: <x@example.net> (nothing proves",
		"mailto:" + strings.ReplaceAll(a.answerTo(), "+", "%2B") + "?subject=Re%3A%20One&body=approve>", "Content-Type: message/rfc822", "Auto-Submitted: auto-generated"} {
		if !strings.Contains(a.raw, want) {
			t.Errorf("%q is missing in\n%s", want, a.raw)
		}
	}
	if strings.Contains(a.raw, strings.TrimSuffix(strings.TrimPrefix(l.answerTo(), "peers+held-"), "@lists.example.org")) {
		t.Error("one moderator got the token of the other")
	}
	if err := a.msg.Check(); err != nil {
		t.Error(err)
	}
}

func TestWhoIsAskedAboutHeldPosts(t *testing.T) {
	for name, c := range map[string]struct {
		change  func(*list.List)
		members []list.Member
		want    string
	}{
		"moderators of config and store, each once": {nil, []list.Member{{Address: "noor@example.net", Role: list.RoleModerator},
			{Address: "AMINA@example.org", Role: list.RoleModerator}}, "[amina@example.org luis@example.org noor@example.net]"},
		"owners where there are none": {func(l *list.List) { l.Moderators = nil }, []list.Member{{Address: "o@example.net", Role: list.RoleOwner}}, "[amina@example.org o@example.net]"},
		"a moderator of the store instead of the owners": {func(l *list.List) { l.Moderators = nil }, []list.Member{{Address: "noor@example.net", Role: list.RoleModerator}},
			"[noor@example.net]"},
		"the admin where there is nobody": {func(l *list.List) { l.Moderators, l.Owners = nil, nil }, nil, "[admin@example.org]"},
	} {
		t.Run(name, func(t *testing.T) {
			s := moderated(t, c.change)
			if err := s.AddMembers("peers@lists.example.org", c.members); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, n := range s.hold(t, "x@example.net", "One", nil) {
				got = append(got, strings.ToLower(n.to))
			}
			if fmt.Sprint(got) != c.want {
				t.Errorf("%v, want %s", got, c.want)
			}
		})
	}
}

func (s *site) ruling(t *testing.T, held uint64) (r list.Ruling) {
	t.Helper()
	err := s.db.View(func(reader list.Reader) (err error) { r, err = reader.Ruling(held); return err })
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func unfolded(n note) string { return strings.Join(strings.Fields(n.raw), " ") }

func TestNobodyIsToldWhoMayBeSomebodyElse(t *testing.T) {
	s := moderated(t, nil)
	n := s.hold(t, "x@example.net", "One", forged)
	if told(n) != "amina@example.org: To decide: One; luis@example.org: To decide: One" {
		t.Errorf("of a hold: %s", told(n))
	}
	if _, err := s.reply(n[0], amina, "reject It is off topic.", nil); err != nil {
		t.Fatal(err)
	}
	after := s.notices(t)
	if told(after) != "amina@example.org: Re: To decide: One; luis@example.org: Re: To decide: One" || !strings.Contains(unfolded(after[0]), "was not told why") {
		t.Errorf("of a rejection: %s\n%s", told(after), after[0].raw)
	}
	s.hold(t, "x@example.net", "Two", nil)
	due, ok := s.NextDue()
	for ok && s.waits(t) > 0 {
		s.now = due
		if err := s.Tick(t.Context(), due); err != nil {
			t.Fatal(err)
		}
		due, ok = s.NextDue()
	}
	for _, n := range s.notices(t) {
		if n.to == "x@example.net" {
			t.Errorf("of what expired: %s", n.raw)
		}
	}
}

func TestAuthorsAreToldWhatWaits(t *testing.T) {
	s := moderated(t, func(l *list.List) { l.HoldAll = true })
	s.members(t, "noor@example.net")
	for _, c := range []struct {
		from, subject string
		auth          auth
		extra, want   string
	}{
		{dede, "One", sure, "", "dede@example.org: Your message waits: One"},
		{dede, "Two", sure, "", ""},
		{"x@example.net", "Three", sure, "", ""},
		{"noor@example.net", "Four", nil, "", ""},
		{"noor@example.net", "Five", sure, "Precedence: bulk\n", ""},
		{"noor@example.net", "unsubscribe", sure, "", "noor@example.net: Your message waits: unsubscribe"},
	} {
		s.now = s.now.Add(time.Hour)
		_, err := s.take(c.from, "peers@lists.example.org", "From: "+c.from+"\nTo: peers@lists.example.org\nSubject: "+c.subject+"\nMessage-ID: <"+s.id()+"@x>\n"+c.extra+"\n\n", c.auth)
		if err != nil {
			t.Fatal(err)
		}
		var got []note
		for _, n := range s.notices(t) {
			if n.to != amina && n.to != luis {
				got = append(got, n)
			}
		}
		if told(got) != c.want {
			t.Errorf("%s: told %q, want %q", c.subject, told(got), c.want)
		}
		if c.subject == "unsubscribe" && len(got) == 1 && !strings.Contains(unfolded(got[0]), "write to peers+unsubscribe@lists.example.org") {
			t.Errorf("no word of how to leave in\n%s", got[0].raw)
		}
	}
	s.now = s.now.Add(7 * 24 * time.Hour)
	if got := told(s.hold(t, dede, "A week later", sure)); !strings.Contains(got, "dede@example.org: Your message waits: A week later") {
		t.Errorf("a week later: %s", got)
	}
}

// TestHeldPostsOfARetiredListWait: nothing becomes of them while the list is gone from the config, and they are not gone as soon as it is back.
func TestHeldPostsOfARetiredListWait(t *testing.T) {
	s := newSite(t, func(l *list.List) { l.Posting = list.PostModerated })
	s.members(t, "dede@example.org")
	if r, err := s.receive(mail("dede@example.org", "1@x", "One")); err != nil || r.Action != "hold" {
		t.Fatal(r, err)
	}
	with := *s.Site()
	without := with
	without.Lists = nil
	if err := s.Configure(list.NewSite(without)); err != nil {
		t.Fatal(err)
	}
	held := func() int {
		n := 0
		if err := s.db.View(func(r list.Reader) error { return r.HeldPosts(0, func(list.Held) error { n++; return nil }) }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	days := func(n int) {
		for range n {
			s.now = s.now.Add(24 * time.Hour)
			if err := s.Tick(context.Background(), s.now); err != nil {
				t.Fatal(err)
			}
		}
	}
	days(30)
	if due, ok := s.NextDue(); held() != 1 || ok && due.Before(s.now) {
		t.Fatalf("%d posts, due %v", held(), due)
	}
	if err := s.Configure(list.NewSite(with)); err != nil {
		t.Fatal(err)
	}
	s.claimed(t)
	days(1)
	if got := fmt.Sprint(s.claimed(t)["amina@example.org"]); held() != 1 || !strings.Contains(got, "waits for a moderator") {
		t.Errorf("%d posts, told %s", held(), got)
	}
	days(2)
	if held() != 0 {
		t.Error("it waits for ever")
	}
}
