package store

import (
	"fmt"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"convene/list"
)

// letter is 10 kB that compress about as mail does.
func letter() []byte {
	words := []string{"the", "circle", "asks", "what", "trust", "needs", "when", "people", "meet", "for", "the", "first", "time", "online", "\r\n"}
	var b []byte
	for x := uint32(7); len(b) < 10_000; {
		x = x*1664525 + 1013904223
		b = fmt.Appendf(b, "%s%x ", words[int(x>>16)%len(words)], x>>28)
	}
	return b[:10_000]
}

func BenchmarkKeep(b *testing.B) {
	for _, writers := range []int{1, 10, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			db := open(b, b.TempDir())
			rec := addList(b, db, "peers@example.org")
			raw := letter()
			var n atomic.Int64
			before, _ := db.Stats()
			cpu := cpuTime(b)
			b.ReportAllocs()
			for b.Loop() {
				done := make(chan error, writers)
				for range writers {
					go func() {
						i := n.Add(1)
						done <- db.Keep(raw, func(tx list.Tx, r list.Ref) error { return accept(tx, rec, r, i) })
					}()
				}
				for range writers {
					if err := <-done; err != nil {
						b.Fatal(err)
					}
				}
			}
			after, _ := db.Stats()
			posts := float64(n.Load())
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/posts, "ns/post")
			b.ReportMetric(float64((cpuTime(b)-cpu).Microseconds())/posts, "cpu-µs/post")
			b.ReportMetric(float64(after.Syncs-before.Syncs)/posts, "syncs/post")
			b.ReportMetric(posts/float64(after.Groups-before.Groups), "posts/group")
		})
	}
}

// cpuTime is what the process has used so far, in and outside of the kernel.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// accept writes what the acceptance of one post writes.
func accept(tx list.Tx, rec list.Record, ref list.Ref, i int64) error {
	id := fmt.Sprintf("message-%d@mail.example", i)
	topic, err := tx.PutTopic(list.Topic{List: rec.ID, Subject: "What trust needs", Base: fmt.Sprint("what trust needs ", i%100), Last: morning})
	if err != nil {
		return err
	}
	p := list.Post{List: rec.ID, Ref: ref, MessageID: id, Topic: topic.ID, From: "ann@x.example", Subject: "What trust needs", Accepted: morning,
		Envelope: list.Envelope{ID: "e", From: "ann@x.example", Helo: "mail.example", IP: "192.0.2.1", Protocol: "ESMTPS", Received: morning},
		Trace:    []list.Opinion{{Rule: "size", Action: "pass"}, {Rule: "member", Action: "accept"}}}
	out, err := tx.Enqueue(list.Outgoing{List: rec.ID, Ref: ref, Address: rec.Address, MaxMember: 0, Accepted: morning,
		Style: list.Style{List: rec.Address, ListName: "Peers", Hostname: "lists.example.org", Received: "by lists.example.org; Sun, 1 Mar 2026"}})
	if err != nil {
		return err
	}
	p.Outgoing = out.ID
	if p, err = tx.PutPost(p); err != nil {
		return err
	}
	if err := tx.PutNode(rec.ID, list.Node{ID: list.NodeID(shorten(id)), Post: p.Number, Topic: topic.ID}); err != nil {
		return err
	}
	return tx.See(rec.ID, id, p.ContentKey)
}

func big(b *testing.B, n, domains int) (*DB, list.Record) {
	db := open(b, b.TempDir())
	addresses := make([]string, n)
	for i := range addresses {
		addresses[i] = fmt.Sprintf("member%d@domain%d.example", i, i%domains)
	}
	return db, addList(b, db, "peers@example.org", addresses...)
}

func BenchmarkClaim(b *testing.B) {
	for _, domains := range []int{100, 60_000} {
		b.Run(fmt.Sprintf("domains=%d", domains), func(b *testing.B) {
			const n = 100_000
			db, rec := big(b, n, domains)
			copies, first := 0, time.Duration(0)
			b.ReportAllocs()
			for b.Loop() {
				_, id := keep(b, db, rec, "", []byte("x"), n)
				for got := 0; got < n; {
					start := time.Now()
					c := claim(b, db, 100)
					if got == 0 {
						first += time.Since(start)
					}
					if c.Out.ID != id {
						b.Fatal("a claim of another outgoing")
					}
					got += len(c.Copies)
					copies += len(c.Copies)
					if err := db.Settle(morning, c.ID, delivered(c)); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(copies), "ns/copy")
			b.ReportMetric(float64(first.Microseconds())/float64(b.N), "µs-to-first")
		})
	}
}

func BenchmarkSettle(b *testing.B) {
	const n, each = 100_000, 100
	db, rec := big(b, n, 100)
	var claims []list.Claim
	copies := 0
	b.ReportAllocs()
	for b.Loop() {
		if len(claims) == 0 {
			b.StopTimer()
			keep(b, db, rec, "", []byte("x"), n)
			for range n / each {
				claims = append(claims, claim(b, db, each))
			}
			b.StartTimer()
		}
		c := claims[0]
		claims = claims[1:]
		copies += len(c.Copies)
		if err := db.Settle(morning, c.ID, delivered(c)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(copies), "ns/copy")
}

func BenchmarkMember(b *testing.B) {
	m := list.Member{List: 1, Number: 77, Address: "somebody@domain.example", Name: "Some Body", Mode: list.ModeEach, State: list.Active,
		Role: list.RoleMember, Joined: morning}
	rec := encodeMember(&m)
	b.ReportAllocs()
	for b.Loop() {
		if got, err := decodeMember(rec); err != nil || got.Number != 77 {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpen opens a store with 100,000 posts, after a clean stop and after a kill.
func BenchmarkOpen(b *testing.B) {
	db := open(b, b.TempDir())
	rec := addList(b, db, "peers@example.org")
	raw := letter()
	const posts, each = 100_000, 100
	for i := range posts / each {
		err := db.Keep(raw, func(tx list.Tx, r list.Ref) error {
			for j := range each {
				if err := accept(tx, rec, r, int64(i*each+j)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	for _, clean := range []bool{true, false} {
		b.Run(fmt.Sprintf("clean=%v", clean), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				if err := db.Close(); err != nil {
					b.Fatal(err)
				}
				if !clean {
					forgetClean(b, db.dir)
				}
				b.StartTimer()
				var err error
				if db, err = Open(db.dir, Options{Log: quiet}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkClaimMuted is a post to 100,000 members of whom so many muted its topic.
func BenchmarkClaimMuted(b *testing.B) {
	for _, muters := range []int{0, 10, 1000} {
		b.Run(fmt.Sprintf("muters=%d", muters), func(b *testing.B) {
			const n = 100_000
			db, rec := big(b, n, 100)
			err := db.Update(func(tx list.Tx) error {
				if _, err := tx.PutTopic(list.Topic{List: rec.ID, Subject: "What trust needs", Last: morning}); err != nil {
					return err
				}
				for i := range muters {
					if err := tx.PutInterest(rec.ID, 1, uint32(1+i*(n/muters)), list.Muted); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
			copies := 0
			b.ReportAllocs()
			for b.Loop() {
				err := db.Update(func(tx list.Tx) error {
					p, err := tx.PutPost(list.Post{List: rec.ID, Topic: 1, Accepted: morning})
					if err != nil {
						return err
					}
					_, err = tx.Enqueue(list.Outgoing{List: rec.ID, Post: p.Number, Topic: 1, Address: rec.Address, MaxMember: n, Accepted: morning})
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
				for got := 0; got < n-muters; {
					c := claim(b, db, 100)
					got += len(c.Copies)
					copies += len(c.Copies)
					if err := db.Settle(morning, c.ID, delivered(c)); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(copies), "ns/copy")
		})
	}
}
