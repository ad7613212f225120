package main

import (
	"bufio"
	"bytes"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// sink is an SMTP server that takes everything, counts the recipients it answered for, and on demand keeps a ledger of who got what: an entry is
// made before the answer that takes responsibility, so that nothing delivered is missing from it.
type sink struct {
	net.Listener
	rcpts atomic.Int64
	want  atomic.Int64
	done  chan struct{}
	first atomic.Int64 // when the first copy was complete, in nanoseconds

	keep   bool
	mu     sync.Mutex
	ledger map[delivery]int
	more   chan struct{} // has a token when the ledger has grown
}

// delivery is a copy: a recipient and a Message-ID.
type delivery struct{ to, id string }

func newSink(t testing.TB, addr string, keep bool) *sink {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	s := &sink{Listener: l, done: make(chan struct{}, 1), keep: keep, ledger: map[delivery]int{}, more: make(chan struct{}, 1)}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(conn)
		}
	}()
	return s
}

func (s *sink) serve(conn net.Conn) {
	defer conn.Close()
	in, out := bufio.NewReaderSize(conn, 64<<10), bufio.NewWriter(conn)
	out.WriteString("220 sink\r\n")
	var to []string
	for {
		if in.Buffered() == 0 {
			out.Flush()
		}
		line, err := in.ReadSlice('\n')
		if err != nil {
			return
		}
		switch verb := strings.ToUpper(string(line[:min(4, len(line))])); verb {
		case "EHLO":
			out.WriteString("250-sink\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 PIPELINING\r\n")
		case "MAIL", "RSET":
			to = to[:0]
			out.WriteString("250 ok\r\n")
		case "RCPT":
			_, rest, _ := strings.Cut(string(line), "<")
			addr, _, _ := strings.Cut(rest, ">")
			to = append(to, addr)
			out.WriteString("250 ok\r\n")
		case "DATA":
			out.WriteString("354 go\r\n")
			out.Flush()
			id, ok := readMail(in)
			if !ok {
				return
			}
			s.deliver(to, id)
			out.WriteString("250 ok\r\n")
			out.Flush()
			if n := s.rcpts.Add(int64(len(to))); n == s.want.Load() {
				s.done <- struct{}{}
			}
		case "QUIT":
			out.WriteString("221 bye\r\n")
			out.Flush()
			return
		default:
			out.WriteString("250 ok\r\n")
		}
	}
}

// readMail reads a message to its end and returns its Message-ID, folded or not.
func readMail(in *bufio.Reader) (id string, ok bool) {
	head, mine := true, false
	for {
		line, err := in.ReadSlice('\n')
		if err != nil && err != bufio.ErrBufferFull {
			return "", false
		}
		switch {
		case bytes.Equal(line, []byte(".\r\n")):
			return id, true
		case bytes.Equal(line, []byte("\r\n")):
			head = false
		case head && len(line) > 11 && strings.EqualFold(string(line[:11]), "Message-ID:"):
			id, mine = strings.Trim(string(line[11:]), " \t\r\n<>"), true
			continue
		case head && mine && id == "" && (line[0] == ' ' || line[0] == '\t'):
			id = strings.Trim(string(line), " \t\r\n<>")
		}
		mine = false
	}
}

func (s *sink) deliver(to []string, id string) {
	s.first.CompareAndSwap(0, time.Now().UnixNano())
	if !s.keep {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range to {
		s.ledger[delivery{strings.ToLower(a), id}]++
	}
	select {
	case s.more <- struct{}{}:
	default:
	}
}

// size is how many entries the ledger has.
func (s *sink) size() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.ledger)
}

// arrivals can be received from when the ledger has grown.
func (s *sink) arrivals() <-chan struct{} { return s.more }

// copies is the ledger as it stands.
func (s *sink) copies() map[delivery]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make(map[delivery]int, len(s.ledger))
	for d, n := range s.ledger {
		all[d] = n
	}
	return all
}

// expect waits for the sink to have n more recipients than now, once f has set things going.
func (s *sink) expect(n int64, f func()) {
	s.first.Store(0)
	s.want.Store(s.rcpts.Load() + n)
	f()
	<-s.done
}

// shared is a file beside the project that tests read and the project never has; without it they are skipped.
func shared(t testing.TB, path string) string {
	t.Helper()
	path = "../../../shared/" + path
	if _, err := os.Stat(path); err != nil {
		t.Skip("no corpora here: ", err)
	}
	return path
}
