package mailtest

import (
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// pipeBuffer is how many octets one direction of a connection holds before a write waits, like the buffers of a socket.
const pipeBuffer = 64 << 10

// stream is one direction of a connection.
type stream struct {
	mu     sync.Mutex
	moved  sync.Cond
	data   []byte
	max    int
	ended  bool // the writer is done: reads see io.EOF once data is empty
	broken bool // the reader is gone: writes fail
	read   limit
	write  limit
}

func newStream() *stream {
	s := &stream{max: pipeBuffer}
	s.moved.L = &s.mu
	return s
}

// limit is a deadline of one side of a stream. The timer only wakes those who wait; whether time is up is read from the clock.
type limit struct {
	at    time.Time
	timer *time.Timer
}

func (l *limit) passed() bool { return !l.at.IsZero() && !time.Now().Before(l.at) }

func (s *stream) setLimit(l *limit, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l.timer != nil {
		l.timer.Stop()
		l.timer = nil
	}
	l.at = at
	if left := time.Until(at); !at.IsZero() && left > 0 {
		l.timer = time.AfterFunc(left, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.moved.Broadcast()
		})
	}
	s.moved.Broadcast()
}

func (s *stream) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		switch {
		case s.broken:
			return 0, net.ErrClosed
		case s.read.passed():
			return 0, os.ErrDeadlineExceeded
		case len(s.data) > 0:
			n := copy(p, s.data)
			s.data = s.data[n:]
			s.moved.Broadcast()
			return n, nil
		case s.ended:
			return 0, io.EOF
		case len(p) == 0:
			return 0, nil
		}
		s.moved.Wait()
	}
}

func (s *stream) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	done := 0
	for {
		switch {
		case s.ended:
			return done, net.ErrClosed
		case s.broken:
			return done, io.ErrClosedPipe
		case s.write.passed():
			return done, os.ErrDeadlineExceeded
		}
		if room := s.max - len(s.data); room > 0 && len(p) > 0 {
			n := min(room, len(p))
			s.data = append(s.data, p[:n]...)
			p, done = p[n:], done+n
			s.moved.Broadcast()
		}
		if len(p) == 0 {
			return done, nil
		}
		s.moved.Wait()
	}
}

// end says that nothing more will be written.
func (s *stream) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	s.moved.Broadcast()
}

// abandon says that nothing more will be read.
func (s *stream) abandon() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = true
	s.moved.Broadcast()
}

// Conn is one side of an in-memory connection. Unlike net.Pipe it buffers, so that two sides that both write do not wait for each other.
type Conn struct {
	in, out       *stream
	local, remote net.Addr
	once          sync.Once
}

var _ net.Conn = (*Conn)(nil)

// Pipe returns both sides of a connection between two addresses.
func Pipe(a, b net.Addr) (*Conn, *Conn) {
	there, back := newStream(), newStream()
	return &Conn{in: back, out: there, local: a, remote: b}, &Conn{in: there, out: back, local: b, remote: a}
}

// Read reads what the other side wrote; io.EOF once it has closed and all is read.
func (c *Conn) Read(p []byte) (int, error) { return c.in.Read(p) }

// Write waits while the other side leaves too much unread.
func (c *Conn) Write(p []byte) (int, error) { return c.out.Write(p) }

// CloseWrite ends our direction: the other side reads io.EOF, we can still read.
func (c *Conn) CloseWrite() error { c.out.end(); return nil }

// Close ends both directions. What was written can still be read by the other side.
func (c *Conn) Close() error {
	c.once.Do(func() {
		c.out.end()
		c.in.abandon()
		_ = c.SetDeadline(time.Time{}) // no timer outlives the connection
	})
	return nil
}

// LocalAddr is the address of this side.
func (c *Conn) LocalAddr() net.Addr { return c.local }

// RemoteAddr is the address of the other side.
func (c *Conn) RemoteAddr() net.Addr { return c.remote }

// SetDeadline sets both deadlines.
func (c *Conn) SetDeadline(t time.Time) error {
	c.in.setLimit(&c.in.read, t)
	c.out.setLimit(&c.out.write, t)
	return nil
}

// SetReadDeadline makes reads fail with os.ErrDeadlineExceeded from t on; zero: never.
func (c *Conn) SetReadDeadline(t time.Time) error { c.in.setLimit(&c.in.read, t); return nil }

// SetWriteDeadline makes writes fail with os.ErrDeadlineExceeded from t on; zero: never.
func (c *Conn) SetWriteDeadline(t time.Time) error { c.out.setLimit(&c.out.write, t); return nil }
