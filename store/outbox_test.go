package store

import (
	"fmt"
	"testing"
	"time"

	"convene/list"
)

// tally delivers all that can be claimed and counts the copies of each outgoing and number.
func tally(t *testing.T, db *DB, now time.Time, hop func(string) string, got map[copyID]int) {
	t.Helper()
	for {
		c, ok, err := db.Claim(now, hop, ready, 64)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return
		}
		for _, cp := range c.Copies {
			got[copyID{c.Out.ID, cp.Number}]++
		}
		if err := db.Settle(now, c.ID, delivered(c)); err != nil {
			t.Fatal(err)
		}
	}
}

func once(t *testing.T, got map[copyID]int, want int) {
	t.Helper()
	if len(got) != want {
		t.Errorf("%d copies, want %d", len(got), want)
	}
	for id, n := range got {
		if n != 1 {
			t.Errorf("copy %v went out %d times", id, n)
		}
	}
}

func nothingLeft(t *testing.T, db *DB) {
	t.Helper()
	if err := db.foldNow(); err != nil {
		t.Fatal(err)
	}
	o := &db.outbox
	if n, copies, _ := db.Pending(); n != 0 || copies != 0 {
		t.Errorf("pending: %d outgoings, %d copies", n, copies)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.plans)+len(o.busy)+len(o.leases)+len(o.leased)+len(o.due)+len(o.pending) != 0 {
		t.Errorf("in memory: %d plans, %d busy, %d leases, %d due, %d pending", len(o.plans), len(o.busy), len(o.leases), len(o.due), len(o.pending))
	}
}

func TestManyPostsForADeadHopAreParked(t *testing.T) {
	db := open(t, t.TempDir())
	rec := addList(t, db, "peers@example.org", "a@x.example", "b@y.example", "c@z.example", "d@x.example")
	hop := func(domain string) string {
		if domain == "z.example" {
			return "alive"
		}
		return "dead"
	}
	const posts = 3*lanesPerHop + 50
	for i := range posts {
		keep(t, db, rec, fmt.Sprint(i), []byte("x"), 4)
	}
	got := map[copyID]int{}
	for {
		c, ok, err := db.Claim(morning, hop, func(h string) bool { return h == "alive" }, 64)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			break
		}
		got[copyID{c.Out.ID, c.Copies[0].Number}]++
		if err := db.Settle(morning, c.ID, delivered(c)); err != nil {
			t.Fatal(err)
		}
	}
	once(t, got, posts)
	if h := db.outbox.hops["dead"]; len(h.lanes) != lanesPerHop || len(h.parked) != posts-lanesPerHop {
		t.Errorf("at the dead hop: %d lanes, %d parked", len(h.lanes), len(h.parked))
	}
	tally(t, db, morning, hop, got)
	once(t, got, 4*posts)
	nothingLeft(t, db)
}

func TestDeferredCopiesBeyondWhatMemoryHolds(t *testing.T) {
	db := open(t, t.TempDir())
	const n = duePerHop + 2000
	var members []string
	for i := range n {
		members = append(members, fmt.Sprintf("m%d@d%d.example", i, i%7))
	}
	rec := addList(t, db, "peers@example.org", members...)
	keep(t, db, rec, "1@x", []byte("x"), n)
	due := morning.Add(time.Hour)
	for {
		c, ok, err := db.Claim(morning, smarthost, ready, 500)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			break
		}
		results := delivered(c)
		for i := range results {
			results[i].Outcome, results[i].Due = list.Deferred, due
		}
		if err := db.Settle(morning, c.ID, results); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.foldNow(); err != nil {
		t.Fatal(err)
	}
	got := map[copyID]int{}
	c, ok, err := db.Claim(due, smarthost, ready, 1)
	if err != nil || !ok {
		t.Fatalf("claim: %v, %v", ok, err)
	}
	if l := len(db.outbox.due); l != duePerHop-1 {
		t.Errorf("%d deferred copies in memory, want %d", l, duePerHop-1)
	}
	db.Release(c.ID)
	tally(t, db, due, smarthost, got) // when the hop's queue is empty, the next come from disk
	once(t, got, n)
	nothingLeft(t, db)
}

func TestFanOutGoesOnAfterAStop(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	const n = 3000
	var members []string
	for i := range n {
		members = append(members, fmt.Sprintf("m%d@d%d.example", i, i*i%700))
	}
	rec := addList(t, db, "peers@example.org", members...)
	keep(t, db, rec, "1@x", []byte("x"), n)
	got := map[copyID]int{}
	for i := range 12 {
		for range 3 {
			c := claim(t, db, 50)
			if i%2 == 0 {
				c.Copies = c.Copies[:len(c.Copies)/2] // the rest is lost with the process
			}
			for _, cp := range c.Copies {
				got[copyID{c.Out.ID, cp.Number}]++
			}
			if err := db.Settle(morning, c.ID, delivered(c)); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		db = open(t, dir)
	}
	tally(t, db, morning, smarthost, got)
	once(t, got, n)
	nothingLeft(t, db)
}

func TestWakeComesWithEveryChangeThatMatters(t *testing.T) {
	db := open(t, t.TempDir())
	rec := addList(t, db, "peers@example.org", "a@x.example")
	woken := func(what string, do func()) {
		t.Helper()
		select {
		case <-db.Wake():
		default:
		}
		do()
		select {
		case <-db.Wake():
		default:
			t.Errorf("no token after %s", what)
		}
	}
	var id uint64
	woken("Enqueue", func() { _, id = keep(t, db, rec, "1@x", []byte("x"), 1) })
	c := claim(t, db, 1)
	woken("Release", func() { db.Release(c.ID) })
	c = claim(t, db, 1)
	results := delivered(c)
	results[0].Outcome, results[0].Due = list.Deferred, morning.Add(time.Hour)
	if err := db.Settle(morning, c.ID, results); err != nil {
		t.Fatal(err)
	}
	woken("Retry", func() {
		if n, err := db.Retry(morning, []string{fmt.Sprint(id)}); n != 1 || err != nil {
			t.Errorf("retry: %d, %v", n, err)
		}
	})
	woken("Resume", func() {
		if err := db.Resume("peers@example.org"); err != nil {
			t.Error(err)
		}
	})
	woken("Reroute", db.Reroute)
}
