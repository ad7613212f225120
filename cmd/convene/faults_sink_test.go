package main

import (
	"bufio"
	"bytes"
	"net"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// inbound is a connection that the program made to a next hop. The ledger guards all of it.
type inbound struct {
	life  int
	last  *transaction // the last that was complete; nil: there was none, or the program has begun the content of the next
	ended time.Time
}

// nextHop is what is told of the connections that a program makes to it.
type nextHop interface {
	connected() *inbound
	closed(*inbound)
	begun(*inbound)
	take(in *inbound, from string, to []string, content []byte)
	// pause waits as long as it takes to write a message down.
	pause()
}

// pause waits for at most as long as the ledger's next hops take.
func (l *ledger) pause() {
	most := l.delay
	if l.slow.Load() {
		most *= 10
	}
	pauseFor(0, most)
}

// listen makes a next hop that writes everything it takes into the ledger; it returns its address.
func (l *ledger) listen(t testing.TB) string { return listenAs(t, l) }

// listenAs makes a next hop listen, and returns its address.
func listenAs(t testing.TB, hop nextHop) string {
	t.Helper()
	s, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	go func() {
		for {
			conn, err := s.Accept()
			if err != nil {
				return
			}
			in := hop.connected()
			go func() {
				defer hop.closed(in)
				defer conn.Close()
				serveHop(hop, conn, in)
			}()
		}
	}()
	return s.Addr().String()
}

// serveHop answers the commands of one connection. Answers wait for each other as long as there is more to read, as with any good server.
func serveHop(hop nextHop, conn net.Conn, in *inbound) {
	r, w := bufio.NewReaderSize(conn, 16<<10), bufio.NewWriter(conn)
	w.WriteString("220 sink\r\n")
	var from string
	var to []string
	var content []byte
	for {
		if r.Buffered() == 0 {
			w.Flush()
		}
		line, err := r.ReadSlice('\n')
		if err != nil {
			return
		}
		switch strings.ToUpper(string(line[:min(4, len(line))])) {
		case "EHLO":
			w.WriteString("250-sink\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 PIPELINING\r\n")
		case "MAIL":
			from, to = path(line), to[:0]
			w.WriteString("250 ok\r\n")
		case "RCPT":
			to = append(to, path(line))
			w.WriteString("250 ok\r\n")
		case "DATA":
			w.WriteString("354 go\r\n")
			w.Flush()
			if _, err := r.Peek(1); err != nil {
				return
			}
			hop.begun(in)
			if content, err = readContent(r, content[:0]); err != nil {
				return
			}
			hop.pause()
			if hungUp(conn) {
				return
			}
			hop.take(in, from, to, content)
			hop.pause()
			w.WriteString("250 ok\r\n")
		case "QUIT":
			w.WriteString("221 bye\r\n")
			w.Flush()
			return
		default:
			w.WriteString("250 ok\r\n")
		}
	}
}

// hungUp reports whether the other side of a connection is gone. A next hop that sees that before it has answered may forget the message: the one
// who sent it is still responsible for it.
func hungUp(conn net.Conn) bool {
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		return true
	}
	const established = 1 // of the states of tcp(7)
	gone := true
	err = raw.Control(func(fd uintptr) {
		info, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
		gone = err != nil || info.State != established
	})
	return gone || err != nil
}

// path is the address in a MAIL or RCPT command.
func path(line []byte) string {
	_, rest, _ := strings.Cut(string(line), "<")
	address, _, _ := strings.Cut(rest, ">")
	return address
}

// readContent appends a message to b, without its dot-stuffing and its end mark.
func readContent(r *bufio.Reader, b []byte) ([]byte, error) {
	for start := true; ; {
		line, err := r.ReadSlice('\n')
		if err != nil && err != bufio.ErrBufferFull {
			return nil, err
		}
		if start && bytes.Equal(line, []byte(".\r\n")) {
			return b, nil
		}
		if start && line[0] == '.' {
			line = line[1:]
		}
		b = append(b, line...)
		start = err == nil
	}
}
