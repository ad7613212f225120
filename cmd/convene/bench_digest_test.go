package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// BenchmarkDigest sends the digest of 100 posts (1 MB) to members over 100 domains; an op is a digest written once and delivered to all of them, in the form that
// encloses every post whole, as one message for many recipients or with a copy of their own for each. "plain" is a post of that size to as many.
func BenchmarkDigest(b *testing.B) {
	for _, members := range []int{1_000, 10_000} {
		for _, personal := range []bool{false, true} {
			for _, form := range []string{"mime", "html", "plain"} {
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
	if form != "plain" {
		err := d.db.Update(func(tx list.Tx) error {
			var all []list.Member
			if err := tx.Members(1, func(m list.Member) error { all = append(all, m); return nil }); err != nil {
				return err
			}
			for _, m := range all {
				m.Mode, m.HTML, m.Whole = list.ModeDigest, form == "html", form == "mime"
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
	l, _ := d.engine.Site().List("l@lists.test")
	p := dialPoster(b, addr)
	var written time.Duration
	b.ResetTimer()
	for i := range b.N {
		if form == "plain" {
			s.expect(int64(members), func() { p.send(b, fmt.Sprintf("plain%d", i), strings.Repeat(benchBody, benchPosts)) })
			continue
		}
		b.StopTimer()
		for n := range benchPosts {
			p.post(b, fmt.Sprintf("digest%d.%d", i, n))
		}
		if err := d.courier.Quiesce(b.Context(), d.clock.Now()); err != nil { // the outbox has seen that no member gets them one by one
			b.Fatal(err)
		}
		b.StartTimer()
		s.expect(int64(members), func() {
			begun := time.Now()
			if err := d.editor.SendDaily(b.Context(), l, d.clock.Now()); err != nil {
				b.Fatal(err)
			}
			written += time.Since(begun)
		})
	}
	b.StopTimer()
	b.ReportMetric(float64(written.Milliseconds())/float64(b.N), "write-ms")
	b.ReportMetric(float64(b.N)*float64(members)/b.Elapsed().Seconds(), "copies/s")
}
