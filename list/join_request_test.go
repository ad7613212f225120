package list_test

import (
	"strings"
	"testing"
	"time"

	"convene/list"
)

// wishing is a site on which zoe waits for a moderator to let her in, and the notices to the moderators about it.
func wishing(t *testing.T, change func(*list.List)) (*site, []note) {
	t.Helper()
	s := joinable(t, list.JoinApprove, change)
	asked := s.obeyed(t, zoe, "subscribe", "", "", sure)
	if _, err := s.reply(asked, zoe, "", sure); err != nil {
		t.Fatal(err)
	}
	return s, s.notices(t)
}

// TestARequestToJoinIsHeld: it is listed and shown as a post is, and decided from there.
func TestARequestToJoinIsHeld(t *testing.T) {
	for name, c := range map[string]struct {
		do     func(*site) error
		told   string
		member bool
		what   list.Ruled
	}{
		"approved":  {func(s *site) error { p, err := s.Approve(t.Context(), 1, "admin", false); return isNoPost(p, err) }, zoe + ": Welcome to Peers", true, list.RuledApproved},
		"trusted":   {func(s *site) error { p, err := s.Approve(t.Context(), 1, "admin", true); return isNoPost(p, err) }, zoe + ": Welcome to Peers", true, list.RuledTrusted},
		"rejected":  {func(s *site) error { _, err := s.Reject(1, "admin", "Too far."); return err }, zoe + ": You are not on Peers", false, list.RuledRejected},
		"discarded": {func(s *site) error { return s.Discard(1, "admin") }, "", false, list.RuledDiscarded},
	} {
		t.Run(name, func(t *testing.T) {
			s, asked := wishing(t, nil)
			rows, err := s.HeldPosts("peers@lists.example.org")
			if err != nil || len(rows) != 1 || rows[0].From != zoe || rows[0].Subject != "<"+zoe+"> wants to join" || !rows[0].Since.Equal(s.now) ||
				strings.Join(rows[0].Reasons, ";") != "join: the moderators decide who joins" || !rows[0].Expires.Equal(s.now.Add(14*24*time.Hour)) {
				t.Fatalf("%+v, %v", rows, err)
			}
			if row, err := s.HeldPost(1); err != nil || row.Text != "" || len(row.Trace) != 1 {
				t.Errorf("%+v, %v", row, err)
			}
			if err := c.do(s); err != nil {
				t.Fatal(err)
			}
			var others, rest []note
			for _, n := range s.notices(t) {
				if n.to == zoe {
					rest = append(rest, n)
				} else {
					others = append(others, n)
				}
			}
			if told(rest) != c.told || s.isMember(t, zoe) != c.member || s.waits(t) != 0 || s.ruling(t, 1).What != c.what {
				t.Errorf("told %s; a member: %v; %d wait; ruled %+v", told(rest), s.isMember(t, zoe), s.waits(t), s.ruling(t, 1))
			}
			if len(others) != 2 || others[0].msg.Get("In-Reply-To") != "<"+asked[0].msg.MessageID()+">" {
				t.Errorf("the moderators are told %s", told(others))
			}
			if c.member && s.the(t, zoe).Trusted != (c.what == list.RuledTrusted) {
				t.Errorf("trusted: %+v", s.the(t, zoe))
			}
			if _, err := s.Approve(t.Context(), 1, "admin", false); err == nil {
				t.Error("decided twice")
			}
			if _, err := s.reply(asked[0], amina, "approve", sure); err != nil || s.isMember(t, zoe) != c.member || len(s.notices(t)) != 1 {
				t.Errorf("a late answer: %v", err)
			}
		})
	}
}

// isNoPost is an error where a request to join became a post.
func isNoPost(p list.Post, err error) error {
	if err == nil && p.Number != 0 {
		err = list.ErrStop
	}
	return err
}

// TestWhoAsksTwiceWaitsOnce also with moderators who have not got the first question yet.
func TestWhoAsksTwiceWaitsOnce(t *testing.T) {
	s, _ := wishing(t, nil)
	s.now = s.now.Add(time.Hour)
	asked := s.obeyed(t, zoe, "subscribe", "", "", sure)
	if _, err := s.reply(asked, zoe, "", sure); err != nil {
		t.Fatal(err)
	}
	if all := s.notices(t); told(all) != zoe+": Peers: your mail" || s.waits(t) != 1 {
		t.Errorf("told %s, %d wait", told(all), s.waits(t))
	}
}

// TestRequestsAreInTheReminder beside posts, by number, and are dropped in the end.
func TestRequestsAreInTheReminder(t *testing.T) {
	s, _ := wishing(t, func(l *list.List) {
		l.Moderators, l.Posting, l.HeldFor = []string{amina}, list.PostHoldOthers, 36*time.Hour
	})
	s.hold(t, "x@example.net", "One", sure)
	all, _ := s.until(t, s.now.Add(24*time.Hour))
	if told(all) != amina+": Peers: 2 posts wait for a moderator" || !strings.Contains(unfolded(all[0]), "1. <"+zoe+"> wants to join") || !strings.Contains(unfolded(all[0]), "2. One") {
		t.Fatalf("told %s", told(all))
	}
	if _, err := s.reply(all[0], amina, "approve 2", sure); err != nil || s.isMember(t, zoe) || s.posts(t) != "One" {
		t.Errorf("approve 2: %v, posts %q", err, s.posts(t))
	}
	late, _ := s.until(t, s.now.Add(3*24*time.Hour))
	if got := told(late); !strings.Contains(got, zoe+": You are not on Peers; "+amina+": Peers: posts expired") || s.waits(t) != 0 || s.isMember(t, zoe) {
		t.Errorf("told %s, %d wait", got, s.waits(t))
	}
	for _, n := range late {
		if n.to == zoe && !strings.Contains(n.raw, "peers+subscribe@") {
			t.Errorf("told\n%s", n.raw)
		}
	}
	if _, err := s.reply(all[0], amina, "approve 1", sure); err != nil || s.isMember(t, zoe) {
		t.Errorf("after that: %v", err)
	}
}

func TestARequestIsDecidedByNumber(t *testing.T) {
	s, _ := wishing(t, nil)
	all, _ := s.until(t, s.now.Add(24*time.Hour))
	if _, err := s.reply(all[0], amina, "approve all", sure); err != nil || !s.isMember(t, zoe) {
		t.Errorf("%v", err)
	}
}

// TestWhoIsInWaitsNoMore: an owner has added whoever waited.
func TestWhoIsInWaitsNoMore(t *testing.T) {
	s, asked := wishing(t, nil)
	s.obeyedBy(t, amina, "add "+zoe, 2)
	if s.waits(t) != 0 || !s.isMember(t, zoe) {
		t.Errorf("%d wait", s.waits(t))
	}
	if _, err := s.reply(asked[1], luis, "reject", sure); err != nil || !s.isMember(t, zoe) || len(s.notices(t)) != 1 {
		t.Errorf("a late answer: %v", err)
	}
}
