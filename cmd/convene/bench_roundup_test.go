package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/digest"
	"convene/digest/calendar"
	"convene/digest/letter"
	"convene/list"
	"convene/list/event"
)

// roundupZones are where the members of the bench are.
var roundupZones = []string{"Africa/Nairobi", "Africa/Dakar", "Africa/Lagos", "America/La_Paz", "America/Lima", "America/New_York", "Asia/Dhaka", "Asia/Kathmandu", "Asia/Manila", "Europe/Paris",
	"Pacific/Auckland", "Australia/Sydney"}

// BenchmarkRoundup sends a round-up of 100 events to 10,000 members in 12 zones who read three languages, half of them HTML, and beside it in the same run a post of the same
// mean size to as many; an op is both. "ratio" is how long the one takes measured by the other, "write-ms" what of it is writing.
func BenchmarkRoundup(b *testing.B) {
	for _, personal := range []bool{false, true} {
		b.Run(fmt.Sprintf("personal=%t", personal), func(b *testing.B) { benchRoundup(b, 10_000, personal) })
	}
}

func benchRoundup(b *testing.B, members int, personal bool) {
	s := newSink(b, "127.0.0.1:0", false)
	addr, d := benchDaemon(b, s, members, fmt.Sprintf("personalise = %t", personal))
	l, _ := d.engine.Site().List("l@lists.test")
	err := d.db.Update(func(tx list.Tx) error {
		var all []list.Member
		if err := tx.Members(1, func(m list.Member) error { all = append(all, m); return nil }); err != nil {
			return err
		}
		for i, m := range all {
			m.Timezone, m.Language, m.HTML = roundupZones[i%12], []string{"en", "fr", "es"}[i/12%3], i/36%2 == 0
			if _, err := tx.PutMember(m); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	changed := func(n int) { // each is sent because something is new in it
		d.editor.Configure(&digest.Programme{Book: letter.Built(), Events: roundupEvents(d.clock.Now().Add(time.Duration(n) * time.Hour)),
			Roundups: map[string]calendar.Roundup{l.Address: {Ahead: 40 * 24 * time.Hour}}})
	}
	changed(0)
	size := roundupSize(b, d, l)
	p := dialPoster(b, addr)
	var plain, written, sent, plainCPU, sentCPU time.Duration
	b.ResetTimer()
	for i := range b.N {
		begun, used := time.Now(), cpu()
		s.expect(int64(members), func() {
			p.send(b, fmt.Sprintf("plain%d", i), strings.Repeat("What helped the quiet group to talk, and who began?\r\n", size/53))
		})
		plain += time.Since(begun)
		plainCPU += cpu() - used
		changed(i)
		begun, used = time.Now(), cpu()
		s.expect(int64(members), func() {
			if err := d.editor.SendRoundup(b.Context(), l, d.clock.Now()); err != nil {
				b.Fatal(err)
			}
			written += time.Since(begun)
		})
		sent += time.Since(begun)
		sentCPU += cpu() - used
	}
	b.StopTimer()
	b.ReportMetric(float64(sent)/float64(plain), "ratio")
	b.ReportMetric(float64(sentCPU)/float64(plainCPU), "cpu-ratio")
	b.ReportMetric(float64(plainCPU.Milliseconds())/float64(b.N), "plain-cpu-ms")
	b.ReportMetric(float64(size), "octets/copy")
	b.ReportMetric(float64(written.Milliseconds())/float64(b.N), "write-ms")
	b.ReportMetric(float64(b.N)*float64(members)/sent.Seconds(), "copies/s")
}

// roundupSize is the mean size of a copy.
func roundupSize(b *testing.B, d *daemon, l *list.List) int {
	both, err := d.editor.RoundupPreview(l, "", d.clock.Now())
	if err != nil {
		b.Fatal(err)
	}
	size := len(d.engine.Written(l, both, d.clock.Now()))
	both.HTML = ""
	return (size + len(d.engine.Written(l, both, d.clock.Now()))) / 2
}

// roundupEvents are 100, each on a day of its own, every tenth a series.
func roundupEvents(now time.Time) (all []*event.Event) {
	for i := range 100 {
		e := &event.Event{ID: fmt.Sprintf("event-%d", i), List: "l@lists.test", Title: event.Texts{"": fmt.Sprintf("What we learned, part %d", i), "fr": "Ce que nous avons appris"}, Format: event.Meeting,
			Where: fmt.Sprintf("https://meet.example.org/%d", i), Start: now.Add(time.Duration(30+9*i) * time.Hour).Truncate(time.Hour), Length: time.Hour,
			About: event.Texts{"": "What made a quiet group talk, table by table, and what will you try next?"}, Organiser: event.Person{Name: "Awa Diallo"}}
		if i%10 == 0 {
			e.Rule = "FREQ=WEEKLY;COUNT=8"
		}
		all = append(all, e)
	}
	return all
}
