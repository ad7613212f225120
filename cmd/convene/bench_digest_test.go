package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// BenchmarkDigest sends the digest of 100 posts (1 MB) to members over 100 domains; an op is a digest written once and delivered to all of them, in the form that
// encloses every post whole or with HTML, as one message for many recipients or with a copy of their own for each. Then a plain post of the digest's size goes as often
// to as many, each of whom gets posts as they come: ratio is what the digest takes of what the post does. The CPU is that of the whole process, the sink with it.
func BenchmarkDigest(b *testing.B) {
	for _, members := range []int{1_000, 10_000} {
		for _, personal := range []bool{false, true} {
			for _, form := range []string{"mime", "html"} {
				name := fmt.Sprintf("%s/%d/personal=%t", form, members, personal)
				b.Run(name, func(b *testing.B) { benchDigest(b, form, members, personal) })
			}
		}
	}
}

const benchPosts = 100

func benchDigest(b *testing.B, form string, members int, personal bool) {
	s := newSink(b, "127.0.0.1:0", false)
	addr, d := benchDaemon(b, s, members, fmt.Sprintf("personalise = %t", personal))
	becomes(b, d, func(m *list.Member) { m.Mode, m.HTML, m.Whole = list.ModeDigest, form == "html", form == "mime" })
	l, _ := d.engine.Site().List("l@lists.test")
	p := dialPoster(b, addr)
	for n := range benchPosts {
		p.post(b, fmt.Sprintf("digest%d", n))
	}
	quiesce := func() {
		if err := d.courier.Quiesce(b.Context(), d.clock.Now()); err != nil {
			b.Fatal(err)
		}
	}
	quiesce() // the outbox has seen that no member gets them one by one
	var digest, plain benchSpent
	b.ResetTimer()
	for range b.N {
		digest.on(func() {
			s.expect(int64(members), func() {
				if err := d.editor.SendDaily(b.Context(), l, d.clock.Now()); err != nil {
					b.Fatal(err)
				}
			})
		})
		b.StopTimer()
		quiesce()
		if err := d.db.Update(func(tx list.Tx) error { return tx.DeletePaper(1, "daily/list") }); err != nil { // nobody was told of anything
			b.Fatal(err)
		}
		b.StartTimer()
	}
	b.StopTimer()
	size := lastSize(b, d)
	becomes(b, d, func(m *list.Member) { m.Mode = list.ModeEach })
	body := strings.Repeat(benchBody, int(size)/len(benchBody)+1)[:size/53*53] // lines of 53 octets
	for i := range b.N {
		plain.on(func() { s.expect(int64(members), func() { p.send(b, fmt.Sprintf("plain%d", i), body) }) })
		quiesce()
	}
	b.ReportMetric(float64(size)/1e6, "MB")
	b.ReportMetric(float64(digest.cpu.Milliseconds())/float64(b.N), "cpu-ms")
	b.ReportMetric(float64(digest.cpu)/float64(plain.cpu), "cpu-ratio")
	b.ReportMetric(float64(digest.wall)/float64(plain.wall), "ratio")
	b.ReportMetric(float64(b.N)*float64(members)/b.Elapsed().Seconds(), "copies/s")
}

// benchSpent is what something took of the clock, and of the CPU.
type benchSpent struct{ wall, cpu time.Duration }

func (t *benchSpent) on(f func()) {
	begun, used := time.Now(), cpu()
	f()
	t.wall, t.cpu = t.wall+time.Since(begun), t.cpu+cpu()-used
}

// becomes changes all members of the list.
func becomes(b *testing.B, d *daemon, change func(*list.Member)) {
	err := d.db.Update(func(tx list.Tx) error {
		var all []list.Member
		if err := tx.Members(1, func(m list.Member) error { all = append(all, m); return nil }); err != nil {
			return err
		}
		for _, m := range all {
			change(&m)
			if _, err := tx.PutMember(m); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// lastSize is how large the last message is that went out.
func lastSize(b *testing.B, d *daemon) (size int64) {
	err := d.db.View(func(r list.Reader) error {
		for id := uint64(1); ; id++ {
			o, err := r.Outgoing(id)
			if errors.Is(err, list.ErrNotFound) {
				return nil
			} else if err != nil {
				return err
			}
			size = o.Size
		}
	})
	if err != nil || size == 0 {
		b.Fatalf("%d octets, %v", size, err)
	}
	return size
}
