package list_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"convene/list"
	"convene/list/message"
)

// everyMode is a moderated list with a member in each mode, and a facilitator of the store.
func everyMode(t *testing.T) *site {
	s := moderated(t, func(l *list.List) { l.Facilitators = []string{"fay@example.org"} })
	err := s.AddMembers(peers, []list.Member{{Address: "spec@example.net", Mode: list.ModeSpecial}, {Address: "none@example.net", Mode: list.ModeNoMail},
		{Address: "away@example.net", Mode: list.ModeSpecial, State: list.Paused}, {Address: "noor@example.com", Mode: list.ModeNoMail, Role: list.RoleFacilitator}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// readers are who got a post with that subject.
func readers(got map[string][]string, subject string) string {
	var all []string
	for _, a := range slices.Sorted(maps.Keys(got)) {
		if slices.Contains(got[a], "peers+bounce@lists.example.org "+subject) {
			all = append(all, a)
		}
	}
	return strings.Join(all, " ")
}

func TestSpecialIsWhatAModeratorSays(t *testing.T) {
	const each, special = "dede@example.org", "dede@example.org spec@example.net"
	for name, c := range map[string]struct {
		from, subject string
		auth          auth
		want          string
	}{
		"a moderator's":                           {luis, "#special News", sure, special},
		"at the end, in capitals":                 {luis, "News #SPECIAL", sure, special},
		"with a reply marker and a full stop":     {luis, "Re: News, #special.", sure, special},
		"encoded":                                 {luis, "=?utf-8?q?N=C3=A9_=23special?=", sure, special},
		"a facilitator's of the config":           {"fay@example.org", "News #special", sure, special},
		"a facilitator's of the store":            {"noor@example.com", "News #special", sure, special},
		"nothing proves who it is":                {luis, "News #special", nil, each},
		"a moderator's name, forged":              {luis, "News #special", forged, each},
		"a member's":                              {dede, "News #special", sure, each},
		"a moderator's without it":                {luis, "Special news", sure, each},
		"the beginning of another hashtag":        {luis, "News #specials", sure, each},
		"within another hashtag":                  {luis, "News #special-offer", sure, each},
		"a place on a page":                       {luis, "See example.org/a#special", sure, each},
		"an accent makes another word of another": {luis, "News #specialé", sure, each},
	} {
		t.Run(name, func(t *testing.T) {
			s := everyMode(t)
			raw := "From: " + c.from + "\nTo: " + peers + "\nSubject: " + c.subject + "\nMessage-ID: <1@x>\n\nHello.\n"
			if r, err := s.take(c.from, peers, raw, c.auth); err != nil || r.Action != "accept" {
				t.Fatalf("%+v, %v", r, err)
			}
			var got []string
			for a := range s.claimed(t) {
				got = append(got, a)
			}
			slices.Sort(got)
			if strings.Join(got, " ") != c.want {
				t.Errorf("copies to %v, want %s", got, c.want)
			}
			fates, err := s.Explain("1@x")
			if err != nil || fates[0].Special != (c.want == special) {
				t.Errorf("explain says %v, %v", fates, err)
			}
		})
	}
}

// TestTheTagAsksForProof: on a list that asks for no proof, DNS is asked about a post with the tag of somebody who may, and about no other.
func TestTheTagAsksForProof(t *testing.T) {
	s := everyMode(t)
	for name, c := range map[string]struct {
		from, subject string
		want          int
	}{"a moderator's": {luis, "News #special", 1}, "a moderator's without it": {luis, "News", 0}, "a member's": {dede, "News #special", 0}} {
		asked := 0
		count := func(context.Context, *message.Message) list.Authentication { asked++; return list.Authentication{} }
		raw := "From: " + c.from + "\nTo: " + peers + "\nSubject: " + c.subject + "\nMessage-ID: <" + s.id() + "@x>\n\nHello.\n"
		if _, err := s.take(c.from, peers, raw, count); err != nil || asked != c.want {
			t.Errorf("%s: asked %d times, %v", name, asked, err)
		}
	}
}

func TestAModeratorRepliesSpecial(t *testing.T) {
	s := everyMode(t)
	all := s.hold(t, stranger, "One", nil)
	if _, err := s.reply(all[0], amina, "Special, please.", nil); err != nil {
		t.Fatal(err)
	}
	got := s.claimed(t)
	if readers(got, "One") != "dede@example.org spec@example.net" {
		t.Errorf("copies %v", got)
	}
	if r := s.ruling(t, 1); r.What != list.RuledSpecial {
		t.Errorf("%+v", r)
	}
	all = s.hold(t, stranger, "Two", nil)
	if _, err := s.reply(all[0], amina, "approve", nil); err != nil {
		t.Fatal(err)
	}
	if got := s.claimed(t); readers(got, "Two") != "dede@example.org" {
		t.Errorf("copies of what is not special: %v", got)
	}
	all = s.hold(t, stranger, "Three", nil)
	if _, err := s.reply(all[0], amina, "special", nil); err != nil {
		t.Fatal(err)
	}
	if after := s.notices(t); !strings.Contains(unfolded(after[0]), `amina@example.org approved, also for members who get special posts only, "Three" from x@example.net.`) {
		t.Errorf("the other moderator: %s\n%s", told(after), after[0].raw)
	}
}

// TestWhatIsHeldStaysSpecial: a moderator's own post with the tag waits, and goes out as special by whatever word.
func TestWhatIsHeldStaysSpecial(t *testing.T) {
	s := everyMode(t)
	if err := s.Configure(s.config(func(l *list.List) { l.HoldAll, l.Moderators = true, []string{amina, luis} })); err != nil {
		t.Fatal(err)
	}
	all := s.hold(t, luis, "News #special", sure)
	if row, err := s.HeldPost(1); err != nil || !row.Special {
		t.Errorf("held show: %+v, %v", row, err)
	}
	if _, err := s.reply(all[0], amina, "approve", nil); err != nil {
		t.Fatal(err)
	}
	if got := s.claimed(t); readers(got, "News #special") != "dede@example.org spec@example.net" {
		t.Errorf("copies %v", got)
	}
}

func TestSpecialIsForPosts(t *testing.T) {
	s := moderated(t, func(l *list.List) { l.Join = list.JoinApprove })
	n := s.obeyed(t, zoe, "subscribe", "", "", sure)
	if _, err := s.reply(n, zoe, "yes", sure); err != nil {
		t.Fatal(err)
	}
	wish := slices.DeleteFunc(s.notices(t), func(n note) bool { return n.to == zoe })
	if _, err := s.reply(wish[0], amina, "special", nil); err != nil || s.isMember(t, zoe) || s.waits(t) != 1 {
		t.Fatalf("%v: member %v, %d wait", err, s.isMember(t, zoe), s.waits(t))
	}
	again := s.notices(t)
	if len(again) != 1 || !strings.Contains(unfolded(again[0]), "still waits: it is no post") {
		t.Fatalf("told %s", told(again))
	}
	if _, err := s.reply(again[0], amina, "approve", nil); err != nil || !s.isMember(t, zoe) {
		t.Errorf("the answer to that: %v", err)
	}
}

func TestSpecialByMailAndByCommand(t *testing.T) {
	s := moderated(t, nil)
	for _, ask := range []struct{ word, lines string }{{"special", ""}, {"request", "set special"}, {"settings", "special"}} {
		n := s.obeyed(t, dede, ask.word, "", ask.lines, sure)
		if m := s.the(t, dede); m.Mode != list.ModeSpecial || !strings.Contains(n.raw, "- mail: special posts only\r\n") {
			t.Errorf("%v: %+v\n%s", ask, m, n.raw)
		}
		if _, err := s.SetMember(peers, dede, []string{"mode=each"}); err != nil {
			t.Fatal(err)
		}
	}
	if m, err := s.SetMember(peers, dede, []string{"mode=special"}); err != nil || m.Mode != list.ModeSpecial {
		t.Errorf("%+v, %v", m, err)
	}
	if m, err := list.NewMember(zoe, map[string]string{"mode": "special"}); err != nil || m.Mode != list.ModeSpecial {
		t.Errorf("%+v, %v", m, err)
	}
	if _, err := s.SetMember(peers, dede, []string{"mode=never"}); err == nil || !strings.Contains(err.Error(), "each, digest, summary, special and nomail") {
		t.Errorf("a mode that there is not: %v", err)
	}
}

// TestWhoGetsSpecialPostsAloneIsJudgedByThem: what they were not mailed neither clears nor counts, and rare as special posts are, three that fail are
// enough.
func TestWhoGetsSpecialPostsAloneIsJudgedByThem(t *testing.T) {
	w := newPostalWorld(t, func(l *list.List) { l.Moderators = []string{luis} })
	for _, a := range []string{"dead@x.example", "ill@x.example"} {
		if err := w.AddMembers(peers, []list.Member{{Address: a, Mode: list.ModeSpecial}}); err != nil {
			t.Fatal(err)
		}
	}
	special := func(n int) {
		raw := fmt.Sprintf("From: %s\nTo: %s\nSubject: News %d #special\nMessage-ID: <s%d@x>\n\nHello.\n", luis, peers, n, n)
		if r, err := w.take(luis, peers, raw, sure); err != nil || r.Action != "accept" {
			t.Fatalf("%+v, %v", r, err)
		}
		w.carry()
	}
	for n := range 4 {
		w.answers["dead@x.example"], w.answers["ill@x.example"] = "550 5.1.1 no such user", "550 5.1.1 no such user"
		if n == 1 {
			delete(w.answers, "ill@x.example")
		}
		special(n)
		for d := range 30 {
			w.say(fmt.Sprintf("%d.%d@x", n, d))
			w.pass(oneDay)
		}
	}
	if got := len(w.seen["ill@x.example"]); got != 1 {
		t.Errorf("they got %q", w.seen["ill@x.example"])
	}
	if w.states("dead@x.example") == string(list.Active) {
		t.Error("four special posts in as many months failed, and they get the fifth")
	}
	w.want("ill@x.example", list.Active)
}
