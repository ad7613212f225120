package list_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// posted receives a post and returns who gets a copy.
func (s *site) posted(t *testing.T, raw []byte, to ...string) []string {
	t.Helper()
	if r, err := s.receive(raw, to...); err != nil || r.Action != "accept" {
		t.Fatalf("%+v, %v", r, err)
	}
	var who []string
	for a := range s.claimed(t) {
		who = append(who, a)
	}
	slices.Sort(who)
	return who
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func answering(id string) string { return "In-Reply-To: <" + id + ">" }

func TestMutedTopics(t *testing.T) {
	const noor = "noor@example.net"
	s := joinable(t, list.JoinOpen, nil)
	s.members(t, dede, noor, zoe)
	same(t, "the first post", s.posted(t, mail(zoe, "1@x", "One")), dede, noor, zoe)
	if n := s.obeyed(t, dede, "mute-1", "whatever", "set nomail", sure); did(n) != "mute 1\n  You get no more posts of \"One\". To get them again: unmute 1" ||
		!strings.Contains(n.raw, "- you muted: One (1)\r\n") || s.the(t, dede).Mode != list.ModeEach {
		t.Errorf("told:\n%s", n.raw)
	}
	same(t, "a muted topic", s.posted(t, mail(zoe, "2@x", "Re: One", answering("1@x"))), noor, zoe)
	same(t, "another topic", s.posted(t, mail(zoe, "3@x", "Two")), dede, noor, zoe)
	for _, c := range []struct{ line, did string }{
		{"unmute #1", "\"One\" is not muted."}, {"mute 99", "There is no topic 99 on this list. It may be part of another topic by now."},
		{"mute the noise", "Not understood."}, {"mute 0", "Not understood."}, {"mute 99999999999", "Not understood."},
		{"follow 2", "You follow \"Two\". You get all other topics, too; \"set follow on\" changes that."},
		{"unmute 2", "You follow \"Two\". You get all other topics, too; \"set follow on\" changes that."}, {"unfollow 2", "You do not follow \"Two\"."},
	} {
		if n := s.obeyed(t, dede, "request", c.line, "", sure); strings.Join(strings.Fields(strings.TrimPrefix(did(n), c.line+"\n")), " ") != c.did && c.did != "Not understood." ||
			c.did == "Not understood." && did(n) != "" {
			t.Errorf("%s: %q", c.line, did(n))
		}
	}
	same(t, "not muted any more", s.posted(t, mail(zoe, "4@x", "Re: One", answering("1@x"))), dede, noor, zoe)

	// A mail that anybody may have written asks first, and shows nothing but the number.
	n := s.obeyed(t, noor, "mute-2", "", "", unsure)
	if !strings.Contains(n.raw, "- mute a topic: 2\r\n") || strings.Contains(n.raw, "Two") {
		t.Errorf("asked:\n%s", n.raw)
	}
	if _, err := s.reply(n, noor, "", unsure); err != nil {
		t.Fatal(err)
	}
	s.notices(t)
	same(t, "muted by a yes", s.posted(t, mail(zoe, "5@x", "Re: Two", answering("3@x"))), dede, zoe)
	for _, word := range []string{"mute-", "mute-x", "mute-0", "mute", "follow-+1", "mute-99999999999"} {
		if _, err := s.Route("peers+" + word + "@lists.example.org"); reason(err) != list.NoSuchAddress {
			t.Errorf("%s: %v", word, err)
		}
	}
	if n := s.obeyed(t, "eve@example.net", "mute-1", "", "", sure); did(n) != "mute 1\n  eve@example.net is not on the list." {
		t.Errorf("a stranger is told %q", did(n))
	}
}

func TestFollowMode(t *testing.T) {
	const noor = "noor@example.net"
	s := joinable(t, list.JoinOpen, nil)
	s.members(t, dede, noor, zoe)
	s.obeyed(t, dede, "request", "set follow on", "", sure)
	same(t, "a new topic", s.posted(t, mail(zoe, "1@x", "One")), dede, noor, zoe)
	same(t, "a topic that dede does not follow", s.posted(t, mail(noor, "2@x", "Re: One", answering("1@x"))), noor, zoe)
	if n := s.obeyed(t, dede, "follow-1", "", "", sure); did(n) != "follow 1\n  You follow \"One\"." || !strings.Contains(unfolded(n), "- mail: the topics that you follow, and the first post of each new one - you follow: One (1)") {
		t.Errorf("told:\n%s", n.raw)
	}
	same(t, "one that she follows", s.posted(t, mail(noor, "3@x", "Re: One", answering("1@x"))), dede, noor, zoe)
	same(t, "her own topic", s.posted(t, mail(dede, "4@x", "Two")), dede, noor, zoe)
	same(t, "an answer to her", s.posted(t, mail(noor, "5@x", "Re: Two", answering("4@x"))), dede, noor, zoe)
	s.obeyed(t, dede, "mute-2", "", "", sure)
	same(t, "her own topic, muted, when she writes", s.posted(t, mail(dede, "6@x", "Re: Two", answering("4@x"))), noor, zoe)
	s.obeyed(t, dede, "request", "set follow off", "", sure)
	same(t, "all topics again", s.posted(t, mail(noor, "7@x", "Three")), dede, noor, zoe)
	same(t, "but the muted one", s.posted(t, mail(noor, "8@x", "Re: Two", answering("4@x"))), noor, zoe)
}

// TestWhatWasSaidFollowsTheTopic when topics are merged, split and renamed, and the member who leaves and comes back.
func TestWhatWasSaidFollowsTheTopic(t *testing.T) {
	const noor = "noor@example.net"
	s := joinable(t, list.JoinOpen, nil)
	s.members(t, dede, noor, zoe)
	s.posted(t, mail(zoe, "1@x", "One"))
	s.posted(t, mail(zoe, "2@x", "Two"))
	s.posted(t, mail(zoe, "3@x", "Re: One", answering("1@x")))
	s.obeyed(t, dede, "mute-1", "", "", sure)
	s.obeyed(t, noor, "mute-1", "", "", sure)
	s.obeyed(t, noor, "follow-2", "", "", sure)
	if err := s.RenameTopic(peers, 1, "Uno"); err != nil {
		t.Fatal(err)
	}
	same(t, "renamed", s.posted(t, mail(zoe, "4@x", "Re: One", answering("1@x"))), zoe)
	split, err := s.SplitTopic(peers, 3)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "split off", s.posted(t, mail(zoe, "5@x", "Re: One", answering("3@x"))), zoe)
	if err := s.MergeTopic(peers, 1, 2); err != nil {
		t.Fatal(err)
	}
	same(t, "merged into one that noor follows", s.posted(t, mail(zoe, "6@x", "Re: One", answering("1@x"))), noor, zoe)
	if n := s.obeyed(t, dede, "mute-1", "", "", sure); !strings.Contains(did(n), "There is no topic 1 on this list.") {
		t.Errorf("told:\n%s", n.raw)
	}
	bye := s.obeyed(t, dede, "unsubscribe", "", "", sure)
	if _, err := s.reply(bye, dede, "", unsure); err != nil {
		t.Fatal(err)
	}
	if all := s.notices(t); len(all) != 1 || !strings.Contains(all[0].raw, fmt.Sprintf("- you muted: One (%d)\r\n- you muted: Two (2)\r\n", split)) {
		t.Errorf("back:\n%s", all[0].raw)
	}
	same(t, "muted by who is back", s.posted(t, mail(zoe, "7@x", "Re: Two", answering("2@x"))), noor, zoe)
}

func TestDuplicates(t *testing.T) {
	const noor, work = "noor@example.net", "dede@work.example"
	s := joinable(t, list.JoinOpen, nil)
	l := *s.Site().Lists[0]
	l.Address, l.Name = "circle@lists.example.org", "Circle"
	if err := s.Configure(list.NewSite(list.Site{Hostname: "mx.example.org", Admin: "admin@example.org", Limits: s.Site().Limits, Lists: []*list.List{s.Site().Lists[0], &l}})); err != nil {
		t.Fatal(err)
	}
	if err := s.AddMembers(peers, []list.Member{{Address: dede, Others: []string{work}}, {Address: noor}, {Address: zoe}}); err != nil {
		t.Fatal(err)
	}
	if err := s.AddMembers(l.Address, []list.Member{{Address: work}, {Address: zoe}}); err != nil {
		t.Fatal(err)
	}
	both := func(id string) []byte {
		return mail(zoe, id, "One", "Cc: circle@lists.example.org, Noor <NOOR@example.net>, "+work)
	}
	same(t, "everybody gets both", s.posted(t, both("1@x")), dede, noor, zoe)
	if n := s.obeyed(t, dede, "request", "set duplicates off", "", sure); !strings.Contains(unfolded(n), "- posts that were sent to you directly, too: you do not get them once more") {
		t.Errorf("told:\n%s", n.raw)
	}
	same(t, "her further address is in Cc", s.posted(t, both("2@x")), noor, zoe)
	same(t, "nobody is", s.posted(t, mail(zoe, "3@x", "Two")), dede, noor, zoe)

	crossed := func(id string) []byte { return mail(zoe, id, "Three", "Cc: circle@lists.example.org") }
	same(t, "first by the circle", s.posted(t, crossed("4@x"), l.Address), work, zoe)
	same(t, "dede has it there", s.posted(t, crossed("4@x")), noor, zoe)
	if _, err := s.SetMember(l.Address, work, []string{"mode=nomail"}); err != nil {
		t.Fatal(err)
	}
	same(t, "by the circle, whose posts dede does not get", s.posted(t, crossed("5@x"), l.Address), zoe)
	same(t, "so they come here", s.posted(t, crossed("5@x")), dede, noor, zoe)
}

// TestOwnPostsFromAFurtherAddress: who wrote is who the list knows, wherever they wrote from.
func TestOwnPostsFromAFurtherAddress(t *testing.T) {
	const work = "dede@work.example"
	for own, want := range map[string][]string{"set own on": {dede, zoe}, "set own off": {zoe}} {
		s := joinable(t, list.JoinOpen, nil)
		if err := s.AddMembers(peers, []list.Member{{Address: dede, Others: []string{work}, Trusted: true}, {Address: zoe}}); err != nil {
			t.Fatal(err)
		}
		s.obeyed(t, work, "request", own, "", sure)
		same(t, own, s.posted(t, mail(work, "1@x", "One")), want...)
	}
}

func TestAttachmentsAndSizes(t *testing.T) {
	s := joinable(t, list.JoinOpen, nil)
	s.members(t, dede, zoe)
	light := func(id, body string) (got []string) {
		t.Helper()
		if r, err := s.receive([]byte(strings.ReplaceAll("From: "+zoe+"\nTo: "+peers+"\nSubject: One\nMessage-ID: <"+id+">\n"+body, "\n", "\r\n"))); err != nil || r.Action != "accept" {
			t.Fatalf("%+v, %v", r, err)
		}
		for {
			c, ok, err := s.db.Claim(s.now, func(string) string { return "hop" }, func(string) bool { return true }, 100)
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				return got
			}
			var done []list.Settled
			for _, cp := range c.Copies {
				if cp.Light {
					got = append(got, cp.Address)
				}
				done = append(done, list.Settled{Copy: cp, Outcome: list.Delivered})
			}
			if err := s.db.Settle(s.now, c.ID, done); err != nil {
				t.Fatal(err)
			}
		}
	}
	mixed := func(octets int) string {
		return "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nHello.\n--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\n" +
			strings.Repeat(strings.Repeat("A", 76)+"\n", octets/78) + "--b--\n"
	}
	for i, c := range []struct{ set, says string }{
		{"set attachments off", "- attachments: you do not get them"}, {"set attachments on", "- attachments: you get them"},
		{"set max 200 kb", "- attachments: you get them in posts up to 200 kB, and of larger ones the text alone"},
	} {
		n := s.obeyed(t, dede, "request", c.set, "", sure)
		if !strings.Contains(unfolded(n), c.says) {
			t.Errorf("%s:\n%s", c.set, n.raw)
		}
		small, large, bare := light(fmt.Sprint("a", i, "@x"), mixed(1000)), light(fmt.Sprint("b", i, "@x"), mixed(300_000)), light(fmt.Sprint("c", i, "@x"), "\n"+strings.Repeat("Hello.\n", 50_000))
		if (len(small) == 1) != (c.set == "set attachments off") || (len(large) == 1) != (c.set != "set attachments on") || len(bare) > 0 {
			t.Errorf("%s: %q %q %q", c.set, small, large, bare)
		}
	}
	if n := s.obeyed(t, dede, "request", "set language fr", "set max 1500 kb\n", sure); !strings.Contains(unfolded(n), "dans les messages jusqu’à 1500 ko,") {
		t.Errorf("told:\n%s", n.raw)
	}
	s.obeyed(t, dede, "request", "set language en", "", sure)
	if n := s.obeyed(t, dede, "request", "set max off", "", sure); s.the(t, dede).MaxSize != 0 || !strings.Contains(unfolded(n), "The size of a post does not matter any more.") {
		t.Errorf("told:\n%s", n.raw)
	}
	for _, line := range []string{"set max", "set max lots", "set max -3KB", "set max 0", "set max 12 parsecs"} {
		if n := s.obeyed(t, dede, "request", "", line, sure); !strings.Contains(did(n), "Not understood.") || s.the(t, dede).MaxSize != 0 {
			t.Errorf("%s: %q", line, did(n))
		}
		s.now = s.now.Add(time.Hour)
	}
}
