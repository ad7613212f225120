package mailer

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"convene/list"
	"convene/mailer/mailtest"
)

// BenchmarkFanout delivers one 10 kB message to 10,000 recipients at 100 hops, 100 recipients a transaction, with the peers in the same process.
func BenchmarkFanout(b *testing.B) {
	for _, network := range []string{"memory", "loopback"} {
		b.Run(network, func(b *testing.B) { fanout(b, network == "loopback", 100, 100, false) })
	}
}

// BenchmarkPersonal delivers a copy of its own to each of them.
func BenchmarkPersonal(b *testing.B) { fanout(b, true, 100, 100, true) }

func fanout(b *testing.B, loopback bool, hops, perTransaction int, personal bool) {
	const recipients = 10000
	peer := &mailtest.Peer{Keywords: piped, Count: true}
	connect := func(ctx context.Context, _ string) (net.Conn, error) { return peer.Connect(ctx) }
	if loopback {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			b.Skip("no loopback:", err)
		}
		defer l.Close()
		go func() {
			for {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				go peer.Serve(conn)
			}
		}()
		connect = func(ctx context.Context, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "tcp", l.Addr().String())
		}
	}
	message := fixedSource("Subject: x\r\n\r\n" + strings.Repeat(strings.Repeat("word ", 14)+"\r\n", 140))
	var to []string
	for i := range recipients {
		to = append(to, fmt.Sprintf("member%d@d%d.example", i, i%hops))
	}
	box := newMemoryOutbox()
	box.quiet = true
	c := NewCourier(CourierOptions{Outbox: box, Source: message, Log: slog.New(slog.DiscardHandler)},
		Delivery{Transport: routed{&SMTP{Hostname: "h.example", Connect: connect}}, Recipients: perTransaction})
	ran := make(chan error, 1)
	go func() { ran <- c.Run() }()
	start := processor()
	var id uint64
	for b.Loop() {
		id++
		box.enqueue(list.Outgoing{ID: id, List: 1, Recipients: to, Accepted: time.Now(), Style: list.Style{Personal: personal}})
		if err := c.Quiesce(b.Context(), time.Time{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(recipients)*float64(b.N)/b.Elapsed().Seconds(), "rcpt/s")
	b.ReportMetric(float64((processor()-start).Microseconds())/float64(recipients*b.N), "cpu-µs/rcpt")
	if err := c.Stop(context.Background()); err != nil || <-ran != nil || peer.Recipients() != recipients*b.N || box.done != recipients*b.N {
		b.Errorf("%d of %d arrived, %d settled: %v", peer.Recipients(), recipients*b.N, box.done, err)
	}
	box.check(b)
}

// processor is the processor time that this process has used.
func processor() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
