package imap

import (
	"bufio"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/netip"
	"sync"
	"time"
)

const (
	// A command that has begun is complete within commandTime. Who has not signed in has as long for each; all others may be silent for idleTime, which is more than
	// the 30 minutes that RFC 9051 §5.4 asks for.
	commandTime = time.Minute
	idleTime    = 35 * time.Minute
	// writeTime bounds the writing of what was gathered, writeBuffer octets or one message, to a client that does not read.
	writeTime   = 2 * time.Minute
	writeBuffer = 32 << 10
	readBuffer  = 2 << 10
)

// conn stands between the socket and go-imap. All of it runs in go-imap's goroutine for the connection, inside Read, but for Write, which IDLE calls from another, and end.
// When go-imap reads again, its answer to the command before is complete.
type conn struct {
	net.Conn // the socket; under TLS too

	server   *Server
	settings Settings
	raw      net.Conn // the same socket, for those who close it
	ip       netip.Addr
	session  session

	stream net.Conn // the socket, or TLS on it
	in     *bufio.Reader
	secure bool // under TLS, or from this machine
	signed bool // in
	idling bool // IDLE has begun
	feed   []byte
	errors int
	failed int // sign-ins
	early  int // commands before the sign-in

	out outlet

	mu       sync.Mutex // guards what end shares with Read
	stopping bool
	waiting  bool
	closing  bool // nothing more is read
}

func newConn(s *Server, raw net.Conn, settings Settings, ip netip.Addr, implicit bool) *conn {
	c := &conn{Conn: raw, server: s, settings: settings, raw: raw, stream: raw, ip: ip, secure: ip.IsLoopback()}
	if implicit {
		c.stream, c.secure = tls.Server(raw, settings.TLS), true
	}
	c.in = bufio.NewReaderSize(socketReader{c}, readBuffer)
	c.out.c = c
	c.out.await = c.greet
	return c
}

// Read gives go-imap its next command; io.EOF when the session is over.
func (c *conn) Read(p []byte) (int, error) {
	for len(c.feed) == 0 {
		c.out.settle()
		if c.closing {
			return 0, io.EOF
		}
		if err := c.next(); err != nil {
			c.lost(err)
			return 0, io.EOF
		}
	}
	n := copy(p, c.feed)
	if c.feed = c.feed[n:]; len(c.feed) == 0 {
		c.feed = nil
	}
	return n, nil
}

// Write takes what go-imap answers.
func (c *conn) Write(p []byte) (int, error) { return c.out.write(p) }

// The deadlines are ours.
func (c *conn) SetDeadline(time.Time) error      { return nil }
func (c *conn) SetReadDeadline(time.Time) error  { return nil }
func (c *conn) SetWriteDeadline(time.Time) error { return nil }

// Close ends the session: what was answered goes out, the socket is closed, and the server forgets us.
func (c *conn) Close() error {
	c.out.settle()
	c.out.flush()
	c.out.end()
	err := c.stream.Close()
	c.server.leave(c)
	return err
}

// say answers the client ourselves.
func (c *conn) say(line string) { c.out.say(line + "\r\n") }

// bye ends the session, and says why.
func (c *conn) bye(why string) {
	c.say("* BYE " + why)
	c.closing = true
}

// lost ends the session after reading failed; who can still read is told why.
func (c *conn) lost(err error) {
	timeout, ok := errors.AsType[net.Error](err)
	switch {
	case c.isStopping():
		c.bye("[UNAVAILABLE] Shutting down; please connect again in a moment")
	case ok && timeout.Timeout():
		c.bye("Nothing heard for too long")
	}
	c.closing = true
	c.out.flush()
	c.out.end()
}

// end asks the session to end: at once when it waits for the client, else after the command.
func (c *conn) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopping = true
	if c.waiting {
		_ = c.raw.SetReadDeadline(time.Unix(1, 0))
	}
}

func (c *conn) isStopping() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stopping
}

var errStopping = errors.New("imap: shutting down")

// arm sets how long what is read next may take.
func (c *conn) arm(within time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopping {
		return errStopping
	}
	c.waiting = true
	return c.raw.SetReadDeadline(time.Now().Add(within))
}

func (c *conn) disarm() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting = false
}

// socketReader reads from the client, once all that was answered went out.
type socketReader struct{ c *conn }

func (r socketReader) Read(p []byte) (int, error) {
	if err := r.c.out.listen(); err != nil {
		return 0, err
	}
	defer r.c.out.busy()
	return r.c.stream.Read(p)
}
