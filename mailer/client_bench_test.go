package mailer

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"strings"
	"testing"
)

// drain is a peer that costs next to nothing: it takes everything, keeps nothing and allocates nothing once it runs.
func drain(conn net.Conn) {
	defer conn.Close()
	in, out := bufio.NewReaderSize(conn, 64<<10), bufio.NewWriterSize(conn, 4<<10)
	say := func(s string) { out.WriteString(s) }
	say("220 drain\r\n")
	for content := false; ; {
		if in.Buffered() == 0 && out.Flush() != nil {
			return
		}
		line, err := in.ReadSlice('\n')
		switch {
		case err != nil:
			return
		case content:
			if content = string(line) != ".\r\n"; !content {
				say("250 2.0.0 Ok: queued as 4F3D2A1B0C\r\n")
			}
		case bytes.HasPrefix(line, []byte("EHLO")):
			say("250-drain\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-DSN\r\n250 SIZE 10000000\r\n")
		case bytes.HasPrefix(line, []byte("DATA")):
			content = true
			say("354 End data with <CR><LF>.<CR><LF>\r\n")
		default:
			say("250 2.1.0 Ok\r\n")
		}
	}
}

// BenchmarkPersonalCopies sends transactions of one recipient and 10 kB over one TCP connection, with the next announced and without. The
// allocations are the client's alone; the processor time has the peer's in it, and what the kernel does for both.
func BenchmarkPersonalCopies(b *testing.B) {
	for _, lookAhead := range []bool{true, false} {
		b.Run(map[bool]string{true: "announced", false: "alone"}[lookAhead], func(b *testing.B) { personalCopies(b, lookAhead) })
	}
}

func personalCopies(b *testing.B, lookAhead bool) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Skip("no loopback:", err)
	}
	defer l.Close()
	go func() {
		if conn, err := l.Accept(); err == nil {
			drain(conn)
		}
	}()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	c := newClient(conn, Timeouts{}.withDefaults())
	defer c.Abort()
	if err := c.greet(); err != nil {
		b.Fatal(err)
	}
	if err := c.hello("lists.example.org"); err != nil {
		b.Fatal(err)
	}
	content := NewContent([]byte("Subject: x\r\n\r\n" + strings.Repeat(strings.Repeat("word ", 14)+"\r\n", 132)))
	var copies [16]*Transaction
	for i := range copies {
		copies[i] = &Transaction{
			From: fmt.Sprintf("dev+bounce-k3jh5kjh345kjh345kj%02d@lists.example.org", i), To: []string{fmt.Sprintf("member%d@a.example", i)}, EnvelopeID: "1234-5",
			Head: fmt.Appendf(nil, "DKIM-Signature: %s\r\nList-Unsubscribe: <https://lists.example.org/leave/%020d>\r\n", strings.Repeat("x", 400), i), Content: content,
		}
	}
	v := make([]Verdict, 1)
	b.ReportAllocs()
	b.SetBytes(copies[0].size())
	start, i := processor(), 0
	for b.Loop() {
		var next *Transaction
		if lookAhead {
			next = copies[(i+1)%len(copies)]
		}
		v[0] = Verdict{}
		if err := c.Send(copies[i%len(copies)], next, v); err != nil || v[0].Fate != Accepted {
			b.Fatal(v, err)
		}
		i++
	}
	b.ReportMetric(float64((processor()-start).Nanoseconds())/1000/float64(b.N), "cpu-µs/copy")
}
