package digest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"convene/list"
	"convene/store"
)

// killed is a store whose process ends at one of the transactions that send something: before it, or once it is on disk and before anybody hears of it.
type killed struct {
	list.Store
	at    int // which of them
	after bool
	seen  *int
}

var errKilled = errors.New("killed")

func (k killed) KeepAll(raws [][]byte, f func(list.Tx, []list.Ref) error) error {
	*k.seen++
	if *k.seen != k.at {
		return k.Store.KeepAll(raws, f)
	}
	if !k.after {
		return errKilled
	}
	return errors.Join(k.Store.KeepAll(raws, f), errKilled)
}

// TestAKillRepeatsNoDigest: whichever transaction it comes at, each reader gets each issue once, with numbers that have no gap.
func TestAKillRepeatsNoDigest(t *testing.T) {
	for at := 1; at <= 3; at++ {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d %t", at, after), func(t *testing.T) {
				seen := 0
				s := idleStage(t, func(up *setUp) {
					up.Store = func(db *store.DB) list.Store { return killed{db, at, after, &seen} }
				})
				s.order(member(1), "set digest")
				s.order(member(2), "set digest", "set format html")
				s.order(member(3), "set digest 09:00")
				for day := 5; day <= 7; day++ {
					s.post(member(4), fmt.Sprintf("Day %d", day), "Words.", "")
					for _, at := range []string{"07:00", "09:00", "10:00"} {
						s.set(s.clock(fmt.Sprintf("2026-05-%02d %s", day, at)))
						if err := s.editor.Tick(context.Background(), s.time()); err != nil && !errors.Is(err, errKilled) {
							t.Fatal(err)
						}
						if err := s.editor.Tick(context.Background(), s.time()); err != nil { // as it would after the restart
							t.Fatal(err)
						}
						s.deliver()
					}
				}
				if seen < 6 {
					t.Fatalf("%d transactions", seen)
				}
				for n, want := range map[int]string{1: "07:00", 2: "07:00", 3: "09:00"} {
					s.gets(member(n), "05 "+want+" Peer Learning Digest, Vol 2026, Issue 1: Day 5", "06 "+want+" Peer Learning Digest, Vol 2026, Issue 2: Day 6",
						"07 "+want+" Peer Learning Digest, Vol 2026, Issue 3: Day 7")
				}
			})
		}
	}
}

// TestALargeDigestGoesOutInParts: as many transactions as it takes, each reader once.
func TestALargeDigestGoesOutInParts(t *testing.T) {
	s := idleStage(t, nil)
	for n := 1; n <= 3; n++ {
		s.order(member(n), "set digest", "set format "+[]string{"text", "html", "mime"}[n-1])
	}
	s.post(member(4), "One", "First.", "")
	s.advance("2026-05-05 06:59")
	s.editor.writtenAtOnce = 1 // every edition is too large to go with another
	s.set(s.clock("2026-05-05 07:00"))
	rec, g := s.readership(listHour)
	more, err := s.editor.sendSome(s.list, rec, g, s.time(), false)
	if err != nil || !more {
		t.Fatalf("%t, %v", more, err)
	}
	s.order(member(3), "set each") // before their edition went out
	s.post(member(4), "Two", "Second.", "")
	s.advance("2026-05-06 08:00")
	one, two := "05 07:00 Peer Learning Digest, Vol 2026, Issue 1: One", "06 07:00 Peer Learning Digest, Vol 2026, Issue 2: Two"
	s.gets(member(1), one, two)
	s.gets(member(2), one, two)
	if got := s.issues(member(3)); len(got) != 1 {
		t.Errorf("who left meanwhile got %q", got)
	}
}

// readership are the readers of an hour as they are now.
func (s *stage) readership(key string) (rec list.Record, g *readership) {
	s.t.Helper()
	err := s.Store.View(func(r list.Reader) (err error) { rec, err = r.List(stageList); return err })
	if err == nil {
		g, err = s.editor.readershipAt(s.list, rec, key)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return rec, g
}

// TestWhoJoinsMeanwhileReadsIt: between the look at who reads digests and the transaction that sends one, somebody begins to read them, and a post comes that they
// get in no other way.
func TestWhoJoinsMeanwhileReadsIt(t *testing.T) {
	s := idleStage(t, nil)
	s.order(member(1), "set digest")
	s.post(member(4), "One", "First.", "")
	s.advance("2026-05-05 06:59")
	rec, g := s.readership(listHour)
	s.order(member(2), "set digest")
	s.post(member(4), "Two", "Second.", "")
	s.set(s.clock("2026-05-05 07:00"))
	if err := s.editor.sendDaily(t.Context(), s.list, rec, g, s.time(), false); err != nil {
		t.Fatal(err)
	}
	s.tick()
	s.gets(member(1), "05 07:00 Peer Learning Digest, Vol 2026, Issue 1: One, Two")
	s.gets(member(2), "05 07:00 Peer Learning Digest, Vol 2026, Issue 1: Two")
}
