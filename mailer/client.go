package mailer

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"sync/atomic"
	"time"
)

// errShutdown is a 421: the peer is about to close the connection (RFC 5321 §3.8).
var errShutdown = errors.New("the peer closes the connection")

// client speaks SMTP to one peer. A command group or a message is one write; while it is under way the replies are read, so that neither
// side waits for the other with full buffers.
type client struct {
	conn net.Conn
	in   *bufio.Reader
	wait Timeouts
	ext  extensions

	resp     response
	patience time.Duration // for the response being read
	armed    bool          // the read deadline of that response is set

	wrote   chan error  // of the write under way
	dotSent atomic.Bool // the end of data may have left
	dirty   bool        // the peer may still be inside a transaction: RSET comes first

	out  []byte // commands of the group
	ends []int  // where each of them ends in out
	sent []int  // which recipients of the transaction stand in the group
	took []int  // which of them were accepted
}

func newClient(conn net.Conn, wait Timeouts) *client {
	c := &client{wait: wait, wrote: make(chan error, 1)}
	c.use(conn)
	return c
}

// use makes conn what is spoken over; nothing that was read before counts.
func (c *client) use(conn net.Conn) {
	c.conn = conn
	c.in = bufio.NewReaderSize(patientReader{c}, responseLine)
	c.ext = extensions{}
}

// patientReader sets the read deadline of a response once, when the socket is first asked for it: a response that is already in the buffer
// costs no system call, and one that comes an octet at a time has no more time than others.
type patientReader struct{ c *client }

func (r patientReader) Read(p []byte) (int, error) {
	if c := r.c; !c.armed {
		c.armed = true
		if err := c.conn.SetReadDeadline(time.Now().Add(c.patience)); err != nil {
			return 0, err
		}
	}
	return r.c.conn.Read(p)
}

// read reads the next response into c.resp. A 421 is an error as well, as c.resp.code tells.
func (c *client) read(patience time.Duration) error {
	c.patience, c.armed = patience, false
	if err := readResponse(c.in, &c.resp); err != nil {
		c.resp.code = 0
		return err
	}
	if c.resp.code == 421 {
		return errShutdown
	}
	return nil
}

// block is how much is written under one deadline.
const block = 64 << 10

// write sends b. last says that b ends a message: from its last block on it is open whether the peer has the whole of it.
func (c *client) write(b []byte, last bool) error {
	for len(b) > 0 {
		part := b[:min(block, len(b))]
		final := last && len(part) == len(b)
		if final {
			c.dotSent.Store(true)
		}
		if err := c.conn.SetWriteDeadline(time.Now().Add(c.wait.Block)); err != nil {
			return err
		}
		if n, err := c.conn.Write(part); err != nil {
			if final && n < len(part) {
				c.dotSent.Store(false)
			}
			if errors.Is(err, os.ErrDeadlineExceeded) {
				c.conn.Close() // whoever waits for a reply now waits for nothing
			}
			return err
		}
		b = b[len(part):]
	}
	return nil
}

// inline is up to what size a write cannot fill the buffers between us and a peer that has nothing else to read.
const inline = 1 << 10

// start begins to write b; finish waits for it.
func (c *client) start(b []byte, last bool) {
	if len(b) <= inline {
		c.wrote <- c.write(b, last)
		return
	}
	go func() { c.wrote <- c.write(b, last) }()
}

func (c *client) finish() error { return <-c.wrote }

// command sends one line and reads its response, in lockstep.
func (c *client) command(patience time.Duration, line string) error {
	c.out = append(append(c.out[:0], line...), '\r', '\n')
	if err := c.write(c.out, false); err != nil {
		return err
	}
	return c.read(patience)
}

// greet reads the greeting.
func (c *client) greet() error {
	if err := c.read(c.wait.Greeting); err != nil {
		return c.failure("greeting", err)
	}
	if c.resp.class() != 2 {
		return c.failure("greeting", nil)
	}
	return nil
}

// hello introduces us, by HELO where EHLO is refused.
func (c *client) hello(hostname string) error {
	if err := c.command(c.wait.Command, "EHLO "+hostname); err != nil {
		return c.failure("EHLO", err)
	}
	if c.resp.class() == 2 {
		c.ext = parseExtensions(c.resp.text)
		return nil
	}
	if c.resp.class() == 5 {
		if err := c.command(c.wait.Command, "HELO "+hostname); err != nil {
			return c.failure("HELO", err)
		}
		if c.resp.class() == 2 {
			c.ext = extensions{}
			return nil
		}
	}
	return c.failure("EHLO", nil)
}

// failure words what went wrong at a stage: what the peer said, else err.
func (c *client) failure(stage string, err error) error {
	switch {
	case c.resp.code != 0 && err != nil:
		return fmt.Errorf("%s at %s (%w)", c.resp.status(), stage, err)
	case c.resp.code != 0:
		return fmt.Errorf("%s at %s", c.resp.status(), stage)
	default:
		return fmt.Errorf("4.4.2 connection lost at %s: %w", stage, err)
	}
}

// MaxRecipients implements Conn.
func (c *client) MaxRecipients() int { return c.ext.rcptMax }

// EightBit implements Conn.
func (c *client) EightBit() bool { return c.ext.eightBit }

// Quit implements Conn.
func (c *client) Quit() {
	c.wait.Block = c.wait.Quit
	_ = c.command(c.wait.Quit, "QUIT") // whatever comes of it, the connection ends
	c.conn.Close()
}

// Abort implements Conn.
func (c *client) Abort() { c.conn.Close() }
