package digest

import (
	"strings"
	"testing"
	"time"

	"convene/list"
)

// TestNoPostIsLeftOutBetweenHours: who goes to an hour that has told others of more than they were told of gets the rest there, once; so does who comes back.
func TestNoPostIsLeftOutBetweenHours(t *testing.T) {
	s := idleStage(t, nil)
	s.order(member(1), "set digest 18:00")
	s.order(member(2), "set digest")
	s.post(member(4), "One", "Words.", "")
	s.advance("2026-05-04 19:00")
	s.post(member(4), "Two", "Words.", "")
	s.advance("2026-05-05 08:00")
	s.order(member(1), "set digest list") // whose digest of this morning had One and Two
	s.post(member(4), "Three", "Words.", "")
	s.advance("2026-05-06 08:00")
	s.post(member(4), "Four", "Words.", "")
	s.advance("2026-05-06 12:00")
	s.order(member(1), "set digest 18:00")
	s.order(member(1), "set digest list", "set digest 18:00") // and to and fro
	s.advance("2026-05-06 19:00")
	s.post(member(4), "Five", "Words.", "")
	s.advance("2026-05-08 08:00")
	s.gets(member(1), "04 18:00 Peer Learning Digest, Vol 2026, Issue 1: One", "06 07:00 Peer Learning Digest, Vol 2026, Issue 2: Two, Three",
		"06 18:00 Peer Learning Digest, Vol 2026, Issue 2: Four", "07 18:00 Peer Learning Digest, Vol 2026, Issue 3: Five")
	s.gets(member(2), "05 07:00 Peer Learning Digest, Vol 2026, Issue 1: One, Two", "06 07:00 Peer Learning Digest, Vol 2026, Issue 2: Three",
		"07 07:00 Peer Learning Digest, Vol 2026, Issue 3: Four, Five")
}

// TestTheLastDigestOfWhoMovedIsWhole: between the move and the first digest of the new hour they choose another mode.
func TestTheLastDigestOfWhoMovedIsWhole(t *testing.T) {
	s := idleStage(t, nil)
	s.order(member(1), "set digest 18:00")
	s.order(member(2), "set digest")
	s.post(member(4), "One", "Words.", "")
	s.advance("2026-05-05 08:00")
	s.order(member(3), "set digest 18:00")
	s.order(member(1), "set digest list", "set each")
	s.order(member(3), "set digest list", "set nomail")
	s.advance("2026-05-06 08:00")
	s.gets(member(1), "04 18:00 Peer Learning Digest, Vol 2026, Issue 1: One")
	s.post(member(4), "Two", "Words.", "")
	s.order(member(2), "set digest 18:00", "set special")
	s.tick()
	s.gets(member(2), "05 07:00 Peer Learning Digest, Vol 2026, Issue 1: One", "06 08:00 Peer Learning Digest : le dernier: Two")
	s.order(member(3), "set digest")
	s.advance("2026-05-08 08:00")
	s.gets(member(3))
	if m := s.memberOf(member(1)); m.DigestUntil != 0 {
		t.Errorf("a last digest is owed up to %d", m.DigestUntil)
	}
}

// TestABreakBetweenDigests: what came before a break and was in no digest is in the catch-up behind it, and in no digest again, whoever else reads them.
func TestABreakBetweenDigests(t *testing.T) {
	for name, others := range map[string]bool{"alone at that hour": false, "with others": true} {
		for how, end := range map[string]string{"by mail": "pause", "by its day": "pause until 2026-05-07"} {
			t.Run(name+", back "+how, func(t *testing.T) {
				s := idleStage(t, nil)
				s.order(member(1), "set digest")
				if others {
					s.order(member(2), "set digest")
				}
				s.post(member(4), "One", "Words.", "")
				s.advance("2026-05-05 08:00")
				s.post(member(4), "Two", "It came in the morning.", "")
				s.advance("2026-05-05 12:00")
				s.order(member(1), end)
				s.post(member(4), "Three", "It came at noon.", "")
				s.advance("2026-05-07 08:00")
				if end == "pause" {
					s.order(member(1), "resume")
				}
				s.post(member(4), "Four", "Words.", "")
				s.advance("2026-05-09 08:00")
				text := s.last(member(1), "catchup").text()
				for _, want := range []string{"It came in the morning.", "It came at noon."} {
					if !strings.Contains(text, want) {
						t.Errorf("the catch-up lacks %q:\n%s", want, text)
					}
				}
				got := s.issues(member(1))
				if len(got) != 2 || !strings.HasSuffix(got[0], ": One") || !strings.HasSuffix(got[1], ": Four") {
					t.Errorf("the digests are %q", got)
				}
			})
		}
	}
}

// TestAnHourOfTheListsZone: where the list moves, its readers' hours move along, and nothing is told again.
func TestAnHourOfTheListsZone(t *testing.T) {
	s := idleStage(t, nil)
	s.order(member(1), "set digest 18:00")
	s.post(member(4), "One", "Words.", "")
	s.advance("2026-05-04 19:00")
	moved := *s.list
	moved.Location = time.FixedZone("UTC-5", -5*3600)
	site := *s.Site()
	site.Lists = []*list.List{&moved}
	if err := s.Configure(list.NewSite(site)); err != nil {
		t.Fatal(err)
	}
	s.post(member(4), "Two", "Words.", "")
	s.advance("2026-05-07 08:00")
	s.gets(member(1), "04 18:00 Peer Learning Digest, Vol 2026, Issue 1: One", "05 02:00 Peer Learning Digest, Vol 2026, Issue 2: Two")
}
