package store

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"convene/list"
)

// TestReroutesInTheMiddle lets workers claim, settle in parts, give back and hold on to claims, while next hops are planned anew again and again, as
// by reloads and retries in the middle of a fan-out. No copy may be in two hands, none may go out twice, and none may be left.
func TestReroutesInTheMiddle(t *testing.T) {
	for seed := range uint64(30) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 1))
			db := open(t, t.TempDir())
			var members []string
			for i := range 300 {
				members = append(members, fmt.Sprintf("m%d@d%d.example", i, i%(1+int(seed)*2)))
			}
			rec := addList(t, db, "peers@example.org", members...)
			keep(t, db, rec, "one", []byte("x"), uint32(len(members)))
			keep(t, db, rec, "two", []byte("x"), uint32(len(members)))
			hop := func(string) string { return "smarthost" }

			got := map[copyID]int{}
			hands := map[copyID]uint64{}
			var open []list.Claim
			take := func() bool {
				c, ok, err := db.Claim(morning, hop, ready, 1+random.IntN(60))
				if err != nil {
					t.Fatal(err)
				}
				for _, cp := range c.Copies {
					id := copyID{c.Out.ID, cp.Number}
					if other, held := hands[id]; held || got[id] > 0 {
						t.Fatalf("copy %v is given out by claim %d, and claim %d has it or it went out", id, c.ID, other)
					}
					hands[id] = c.ID
				}
				if ok {
					open = append(open, c)
				}
				return ok
			}
			settle := func(i, n int) {
				c := &open[i]
				if err := db.Settle(morning, c.ID, delivered(list.Claim{Copies: c.Copies[:n]})); err != nil {
					t.Fatal(err)
				}
				for _, cp := range c.Copies[:n] {
					id := copyID{c.Out.ID, cp.Number}
					got[id]++
					delete(hands, id)
				}
				c.Copies = c.Copies[n:]
			}
			giveBack := func(i int) {
				db.Release(open[i].ID)
				for _, cp := range open[i].Copies {
					delete(hands, copyID{open[i].Out.ID, cp.Number})
				}
				open = append(open[:i], open[i+1:]...)
			}
			for range 200 {
				switch n := random.IntN(10); {
				case n < 4:
					take()
				case n < 5:
					db.Reroute()
				case n < 6 && random.IntN(4) == 0:
					if err := db.foldNow(); err != nil {
						t.Fatal(err)
					}
				case len(open) == 0:
				case n < 8:
					i := random.IntN(len(open))
					settle(i, random.IntN(len(open[i].Copies)+1))
					if len(open[i].Copies) == 0 {
						open = append(open[:i], open[i+1:]...)
					}
				default:
					giveBack(random.IntN(len(open)))
				}
			}
			for len(open) > 0 {
				giveBack(0)
			}
			for take() {
				settle(len(open)-1, len(open[len(open)-1].Copies))
				open = open[:len(open)-1]
			}
			once(t, got, 2*len(members))
			nothingLeft(t, db)
		})
	}
}
