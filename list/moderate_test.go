package list_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"convene/list"
)

func TestASecondAnswerIsToldWhatTheFirstOneWas(t *testing.T) {
	s := moderated(t, nil)
	all := s.hold(t, "x@example.net", "One", nil)
	if _, err := s.reply(all[0], amina, "approve", nil); err != nil {
		t.Fatal(err)
	}
	s.notices(t)
	s.now = s.now.Add(40 * 24 * time.Hour) // 14 days and 30 are not over
	if _, err := s.reply(all[1], luis, "reject", nil); err != nil {
		t.Fatal(err)
	}
	late := s.notices(t)
	if told(late) != "luis@example.org: Re: To decide: One" || !strings.Contains(unfolded(late[0]), `amina@example.org approved "One" from x@example.net on Monday, 2 March 2026, 09:00 (UTC)`) {
		t.Errorf("%s\n%s", told(late), late[0].raw)
	}
	// The same mail again, since our 250 was not heard, is no second answer.
	if _, err := s.reply(all[0], amina, "approve", nil); err != nil || len(s.notices(t)) != 0 {
		t.Errorf("the same again: %v", err)
	}
	if s.posts(t) != "One" {
		t.Errorf("posts %q", s.posts(t))
	}
	s.now = s.now.Add(5 * 24 * time.Hour)
	if _, err := s.reply(all[1], luis, "reject", nil); reason(err) != list.NoSuchAddress {
		t.Errorf("when all is forgotten: %v", err)
	}
}

func TestAHundredAnswersHaveOneOutcome(t *testing.T) {
	s := moderated(t, nil)
	all := s.hold(t, "x@example.net", "One", nil)
	words := []string{"approve", "reject", "discard", "ban", "edit\nAnother text.", "special"}
	sent := []list.Ruled{list.RuledApproved, list.RuledEdited, list.RuledSpecial}
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			n, from := all[0], amina
			if i%2 == 1 {
				n, from = all[1], luis
			}
			if _, err := s.reply(n, from, words[i%len(words)], nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	r := s.ruling(t, 1)
	if posts := s.posts(t); (posts == "One") != slices.Contains(sent, r.What) || s.waits(t) != 0 {
		t.Errorf("%s, and posts %q", r.What, posts)
	}
	bans, err := s.Bans("")
	if err != nil || (len(bans) == 1) != (r.What == list.RuledBanned) {
		t.Errorf("%s, and bans %v (%v)", r.What, bans, err)
	}
}

func TestACommandTellsTheModerators(t *testing.T) {
	s := moderated(t, nil)
	all := s.hold(t, "x@example.net", "One", nil)
	if _, err := s.Approve(context.Background(), 1, "admin", false); err != nil {
		t.Fatal(err)
	}
	after := s.notices(t)
	if told(after) != "amina@example.org: Re: To decide: One; luis@example.org: Re: To decide: One" ||
		!strings.Contains(unfolded(after[0]), `The person who runs the server approved "One" from x@example.net.`) {
		t.Errorf("%s\n%s", told(after), after[0].raw)
	}
	var ruled *list.RuledError
	if err := s.Discard(1, "admin"); !errors.As(err, &ruled) || ruled.What != list.RuledApproved {
		t.Errorf("a second command: %v", err)
	}
	if _, err := s.reply(all[0], amina, "discard", nil); err != nil {
		t.Fatal(err)
	}
	if late := s.notices(t); told(late) != "amina@example.org: Re: To decide: One" {
		t.Errorf("a moderator who comes late: %s", told(late))
	}
}

func TestWhatIsDecidedBeforeItIsAskedIsNotAsked(t *testing.T) {
	s := moderated(t, nil)
	if _, err := s.receive(mail("x@example.net", "1@x", "One")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Approve(context.Background(), 1, "admin", false); err != nil {
		t.Fatal(err)
	}
	if all := s.notices(t); len(all) != 0 {
		t.Errorf("told %s", told(all))
	}
}

func TestRejectTellsTheAuthor(t *testing.T) {
	s := moderated(t, nil)
	all := s.hold(t, `"Mx. X" <x@example.net>`, "=?utf-8?q?One=0D=0ABcc:_v@v.example?=", sure)
	if _, err := s.reply(all[0], amina, "reject Too long.\nBcc: v@v.example\n.\nSorry, "+all[0].answerTo(), nil); err != nil {
		t.Fatal(err)
	}
	after := s.notices(t)
	if told(after) != "luis@example.org: Re: To decide: One Bcc: v@v.example; x@example.net: Not sent: One Bcc: v@v.example" {
		t.Fatal(told(after))
	}
	n := after[1]
	if n.msg.Count("Bcc") != 0 || n.msg.Check() != nil || n.msg.Get("Auto-Submitted") != "auto-replied" || !strings.HasSuffix(n.msg.Get("In-Reply-To"), "@x>") ||
		!strings.Contains(n.raw, "\r\n  Too long.\r\n  Bcc: v@v.example\r\n  .\r\n  Sorry, peers+held-xxxxxxxxxxxxxxxxxxxxxxxxxx@lists.example.org\r\n") {
		t.Error(n.raw)
	}
}

func TestTrustAndBan(t *testing.T) {
	s := moderated(t, func(l *list.List) { l.NewMembersModeratedFor = 2 })
	if err := s.AddMembers("peers@lists.example.org", []list.Member{{Address: "new@example.net"}}); err != nil {
		t.Fatal(err)
	}
	for i, c := range []struct{ from, answer, then, done string }{
		{"new@example.net", "approve", "hold", ""},
		{"new@example.net", "trust", "accept", ""},
		{"x@example.net", "trust", "hold", "their next post waits again"},
		{"x@example.net", "ban", "refuse", ""},
		{"*@example.com", "ban", "hold", "was not banned"},
	} {
		all := s.hold(t, c.from, "One", sure)
		if _, err := s.reply(all[0], amina, c.answer, nil); err != nil {
			t.Fatal(err)
		}
		var words string
		for _, n := range s.notices(t) {
			if n.to == amina {
				words += unfolded(n)
			}
		}
		if (words != "") != (c.done != "") || !strings.Contains(words, c.done) {
			t.Errorf("%d: amina is told %q, want %q", i, words, c.done)
		}
		r, err := s.receive(mail(c.from, s.id()+"@x", "Next"))
		if reason(err) == list.BannedSender {
			r.Action = "refuse"
		}
		if r.Action != c.then {
			t.Errorf("%d: the next post is answered %+v, %v; want %s", i, r, err, c.then)
		}
		if r.Action == "hold" {
			rows, err := s.HeldPosts("")
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Discard(rows[0].ID, "admin"); err != nil {
				t.Fatal(err)
			}
			s.notices(t)
		}
	}
	bans, err := s.Bans("")
	if err != nil || len(bans) != 1 || bans[0].Pattern != "x@example.net" {
		t.Errorf("bans %+v, %v", bans, err)
	}
}

func TestAModeratorsNameIsNotBanned(t *testing.T) {
	s := moderated(t, func(l *list.List) { l.HoldAll = true })
	all := s.hold(t, luis, "Cheap watches", nil)
	if _, err := s.reply(all[0], amina, "ban", nil); err != nil {
		t.Fatal(err)
	}
	if r, err := s.receive(mail(luis, "2@x", "Two")); err != nil || r.Action != "hold" {
		t.Errorf("what the moderator writes: %+v, %v", r, err)
	}
}

func TestNewMembersAreReleasedByApprovals(t *testing.T) {
	s := moderated(t, func(l *list.List) { l.NewMembersModeratedFor = 2 })
	if err := s.AddMembers("peers@lists.example.org", []list.Member{{Address: "new@example.net"}}); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"hold", "hold", "hold", "accept"} {
		r, err := s.take("new@example.net", "peers@lists.example.org", string(mail("new@example.net", s.id()+"@x", "One")), nil)
		if err != nil || r.Action != want {
			t.Fatalf("post %d: %+v, %v; want %s", i, r, err, want)
		}
		all := s.notices(t)
		if want != "hold" {
			continue
		}
		answer := "approve"
		if i == 1 {
			answer = "discard" // which counts for nothing
		}
		if _, err := s.reply(all[0], amina, answer, nil); err != nil {
			t.Fatal(err)
		}
		s.notices(t)
	}
}

// killable is a store whose next transaction fails at its end, when all is written: as if the process had been killed there.
type killable struct {
	list.Store
	fail bool
}

var errKilled = errors.New("killed")

func (f *killable) Update(run func(list.Tx) error) error {
	return f.Store.Update(func(tx list.Tx) error {
		if err := run(tx); err != nil || !f.fail {
			return err
		}
		return errKilled
	})
}

func (f *killable) Keep(raw []byte, run func(list.Tx, list.Ref) error) error {
	return f.Store.Keep(raw, func(tx list.Tx, ref list.Ref) error {
		if err := run(tx, ref); err != nil || !f.fail {
			return err
		}
		return errKilled
	})
}

func TestAHoldOrADecisionThatFailsLeavesNothing(t *testing.T) {
	s := moderated(t, nil)
	f := &killable{Store: s.db, fail: true}
	s.Store = f
	post := string(mail("x@example.net", "1@x", "One"))
	if _, err := s.take("x@example.net", "peers@lists.example.org", post, sure); !errors.Is(err, errKilled) {
		t.Fatal(err)
	}
	f.fail = false
	if all := s.notices(t); len(all) != 0 || s.waits(t) != 0 {
		t.Errorf("a hold that failed: %d wait, told %s", s.waits(t), told(all))
	}
	if r, err := s.take("x@example.net", "peers@lists.example.org", post, sure); err != nil || r.Action != "hold" {
		t.Fatalf("%+v, %v", r, err)
	}
	asked := s.notices(t)
	for _, word := range []string{"approve", "reject", "discard", "trust", "special", "edit\nAnother text.", "edit", "ban", "what?"} {
		f.fail = true
		if _, err := s.reply(asked[0], amina, word, nil); !errors.Is(err, errKilled) {
			t.Errorf("%s: %v", word, err)
		}
		f.fail = false
		if all := s.notices(t); len(all) != 0 || s.waits(t) != 1 || s.posts(t) != "" {
			t.Errorf("%s that failed: %d wait, posts %q, told %s", word, s.waits(t), s.posts(t), told(all))
		}
	}
	if _, err := s.reply(asked[0], amina, "approve", nil); err != nil || s.posts(t) != "One" {
		t.Errorf("once it works: %v, posts %q", err, s.posts(t))
	}
}
