package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"convene/list"
)

// benchDaemon is a whole daemon with one list of so many members over 100 domains, all of which one sink takes; delivery are lines of that table.
func benchDaemon(b *testing.B, s *sink, members int, delivery ...string) (addr string, d *daemon) {
	dir := b.TempDir()
	path := filepath.Join(dir, "convene.toml")
	var routes, csv strings.Builder
	for i := range 100 {
		fmt.Fprintf(&routes, "\"d%03d.test\" = %q\n", i, s.Addr())
	}
	csv.WriteString("address\n")
	for i := range members {
		fmt.Fprintf(&csv, "u%06d@d%03d.test\n", i, i%100)
	}
	text := "[server]\nhostname = \"mx.lists.test\"\nadmin = \"admin@lists.test\"\n[http]\nlisten = \"\"\n[smtp]\nlisten = \"127.0.0.1:0\"\n[[list]]\naddress = \"l@lists.test\"\n" +
		"posting = \"anyone\"\nrequire_auth = \"never\"\nnew_members_moderated_for = 0\n" + noNames(b) + "[delivery]\n" + strings.Join(delivery, "\n") + "\n[delivery.routes]\n" + routes.String()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	cfg, faults := loadConfig(path)
	if len(faults) > 0 {
		b.Fatal(faults)
	}
	d, err := assemble(cfg, &clock{}, false, slog.New(slog.NewJSONHandler(discard{}, nil)))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := d.engine.ImportMembers("l@lists.test", strings.NewReader(csv.String()), list.ImportOptions{}); err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ready, stopped := make(chan string), make(chan error)
	go func() { stopped <- d.run(ctx, func(l listeners) { ready <- l.smtp.Addr().String() }) }()
	b.Cleanup(func() {
		cancel()
		if err := <-stopped; err != nil {
			b.Error(err)
		}
	})
	return <-ready, d
}

// discard makes the log pay for its formatting and go nowhere.
type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// poster is one SMTP connection that posts.
type poster struct{ *textproto.Conn }

func dialPoster(b *testing.B, addr string) poster {
	conn, err := textproto.Dial("tcp", addr)
	if err != nil {
		b.Fatal(err)
	}
	p := poster{conn}
	p.read(b)
	p.PrintfLine("EHLO client.test")
	p.read(b)
	return p
}

func (p poster) read(b *testing.B) {
	if _, _, err := p.ReadResponse(2); err != nil {
		b.Error(err)
	}
}

var benchBody = strings.Repeat("What helped the quiet group to talk, and who began?\r\n", 190)

func (p poster) post(b *testing.B, id string) { p.send(b, id, benchBody) }

func (p poster) send(b *testing.B, id, body string) {
	p.write(b, "u000000@d000.test", "l@lists.test", "From: u000000@d000.test\r\nTo: l@lists.test\r\nSubject: bench\r\nMessage-ID: <"+id+"@d000.test>\r\n\r\n"+body)
}

func (p poster) write(b *testing.B, from, to, mail string) {
	p.W.WriteString("MAIL FROM:<" + from + ">\r\nRCPT TO:<" + to + ">\r\nDATA\r\n")
	p.W.Flush()
	p.read(b)
	p.read(b)
	if _, _, err := p.ReadResponse(354); err != nil {
		b.Error(err)
	}
	p.W.WriteString(mail + ".\r\n")
	p.W.Flush()
	p.read(b)
}

func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkIntake posts to a list of one member over 10 connections; an op is a post, durable and delivered. The CPU is that of both ends.
func BenchmarkIntake(b *testing.B) {
	s := newSink(b, "127.0.0.1:0", false)
	addr, d := benchDaemon(b, s, 1)
	var posters []poster
	for range 10 {
		posters = append(posters, dialPoster(b, addr))
	}
	before, err := d.db.Stats()
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	used := cpu()
	s.expect(int64(b.N), func() {
		var next atomic.Int64
		var wg sync.WaitGroup
		for _, p := range posters {
			wg.Go(func() {
				for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
					p.post(b, fmt.Sprintf("intake%d", i))
				}
			})
		}
		wg.Wait()
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "accepted/s")
	})
	b.StopTimer()
	after, err := d.db.Stats()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "delivered/s")
	b.ReportMetric(float64((cpu()-used).Microseconds())/float64(b.N), "cpu-µs/op")
	b.ReportMetric(float64(after.Syncs-before.Syncs)/float64(after.Groups-before.Groups), "syncs/group")
	b.ReportMetric(float64(b.N)/float64(after.Groups-before.Groups), "posts/group")
}

// BenchmarkFanout sends posts to 10,000 members over 100 domains; an op is a post delivered to all of them.
func BenchmarkFanout(b *testing.B) {
	const members = 10_000
	s := newSink(b, "127.0.0.1:0", false)
	addr, _ := benchDaemon(b, s, members)
	p := dialPoster(b, addr)
	b.ResetTimer()
	used := cpu()
	var first time.Duration
	for i := range b.N {
		var accepted int64
		s.expect(members, func() { p.post(b, fmt.Sprintf("fanout%d", i)); accepted = time.Now().UnixNano() })
		first += time.Duration(max(0, s.first.Load()-accepted))
	}
	b.StopTimer()
	copies := float64(b.N) * members
	b.ReportMetric(copies/b.Elapsed().Seconds(), "copies/s")
	b.ReportMetric(float64((cpu()-used).Nanoseconds())/1000/copies, "cpu-µs/copy")
	b.ReportMetric(float64(first.Microseconds())/1000/float64(b.N), "first-ms")
}
