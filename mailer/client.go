package mailer

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"time"
)

// errShutdown is a 421: the peer is about to close the connection (RFC 5321 §3.8).
var errShutdown = errors.New("the peer closes the connection")

// client speaks SMTP or LMTP to one peer. A command group or a message is one write; while a large one is under way the replies are read, so
// that neither side waits for the other with full buffers.
type client struct {
	conn net.Conn
	in   *bufio.Reader
	wait Timeouts
	lmtp bool // speak LMTP (RFC 2033); set before hello
	ext  extensions

	resp     response
	patience time.Duration // for the response being read
	armed    bool          // the read deadline of that response is set

	wrote   chan error  // of the write under way
	dotSent atomic.Bool // the end of data may have left

	dirty     bool  // the peer may still be inside a transaction: RSET comes first
	announced bool  // the envelope in ahead is out, or its write under way, and its responses are not read
	mails     int   // transactions begun
	over      error // why Send failed: nothing more can be sent

	now   group  // the envelope of the transaction under way
	ahead group  // that of the one behind it
	line  []byte // a command by itself
	body  []byte // a small message with all that goes out in one write with it
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

// command sends one line and reads its response, in lockstep.
func (c *client) command(patience time.Duration, line string) error {
	c.line = append(append(c.line[:0], line...), '\r', '\n')
	if err := c.write(c.line, 0); err != nil {
		c.resp.code = 0
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

// hello introduces us, by HELO where EHLO is refused. LMTP has LHLO alone.
func (c *client) hello(hostname string) error {
	verb := "EHLO"
	if c.lmtp {
		verb = "LHLO"
	}
	if err := c.command(c.wait.Command, verb+" "+hostname); err != nil {
		return c.failure(verb, err)
	}
	if c.resp.class() == 2 {
		c.ext = parseExtensions(c.resp.text)
		return nil
	}
	if c.resp.class() == 5 && !c.lmtp {
		if err := c.command(c.wait.Command, "HELO "+hostname); err != nil {
			return c.failure("HELO", err)
		}
		if c.resp.class() == 2 {
			c.ext = extensions{}
			return nil
		}
	}
	return c.failure(verb, nil)
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

// UTF8 implements Conn.
func (c *client) UTF8() bool { return c.ext.utf8 }

// Quit implements Conn. Behind an announced envelope the peer may wait for content, where QUIT would be a line of it.
func (c *client) Quit() {
	if c.announced {
		c.cut()
		return
	}
	c.wait.Block = c.wait.Quit
	_ = c.command(c.wait.Quit, "QUIT") // whatever comes of it, the connection ends
	c.conn.Close()
}

// cut closes the connection while a write may be under way, and waits for that to end.
func (c *client) cut() {
	c.conn.Close()
	_ = c.finish() // it may well have failed by that
	c.announced = false
}

// Abort implements Conn.
func (c *client) Abort() { c.conn.Close() }
