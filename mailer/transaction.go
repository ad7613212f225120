package mailer

import (
	"bytes"
	"errors"
	"fmt"
)

var (
	// errOutOfStep is a reply that no peer in its right mind gives there: what it takes the next octets for cannot be known.
	errOutOfStep = errors.New("out of step")
	// errAnnounced is our own fault: the peer was told of another transaction.
	errAnnounced = errors.New("4.3.0 another transaction was announced on this connection")
)

// Send implements Conn. With PIPELINING (RFC 2920) the whole envelope is one write, and the envelope of next follows the content at hand in
// the same write; otherwise each command waits for the reply to the one before. A transaction goes by its envelope here: next is
// recognised when it composes to the octets that are out, so that one that was changed meanwhile is never taken for what the peer was told.
func (c *client) Send(t, next *Transaction, verdicts []Verdict) error {
	err := c.send(t, next, verdicts)
	if err == nil {
		return nil
	}
	c.over = err
	c.conn.Close()
	// Those without an answer of their own get the reason why there will be none.
	status := oneLine(err.Error())
	for i := range verdicts {
		if v := &verdicts[i]; v.Fate == Undone || v.Fate == Lost {
			v.Status = status
		}
	}
	return err
}

func (c *client) send(t, next *Transaction, verdicts []Verdict) error {
	if c.over != nil {
		return c.over
	}
	c.screen(&c.now, t, verdicts)
	c.compose(&c.now, t, c.dirty)
	if c.announced {
		if !bytes.Equal(c.now.out, c.ahead.out) {
			c.cut()
			return errAnnounced
		}
		return c.transact(t, next, verdicts)
	}
	switch {
	case len(c.now.sent) == 0:
		return nil
	case c.spent():
		c.Quit()
		return fmt.Errorf("4.4.2 the peer takes %d transactions a connection", c.ext.mailMax)
	case c.in.Buffered() > 0:
		return c.unasked("MAIL")
	}
	c.mails++
	return c.transact(t, next, verdicts)
}

// spent says that the peer takes no further transaction on this connection (MAILMAX of RFC 9422).
func (c *client) spent() bool { return c.ext.mailMax > 0 && c.mails >= c.ext.mailMax }

// unasked is what comes of a response that nothing was said to: from there on none can be told from another's. It is often a 421.
func (c *client) unasked(stage string) error {
	err := c.read(c.wait.Quit)
	if err == nil {
		err = errOutOfStep
	}
	return c.failure(stage, err)
}

// transact sends the envelope in c.now unless it was announced, and when there is somebody to send it to, the message.
func (c *client) transact(t, next *Transaction, verdicts []Verdict) error {
	piped := c.ext.pipelining
	if piped && !c.announced {
		c.start(c.now.out, 0, len(c.now.ends))
	}
	c.announced = false
	ready, err := c.envelope(verdicts)
	if piped {
		if err != nil {
			c.conn.Close() // ends a write that is still under way
		}
		if failed := c.finish(); err == nil && failed != nil {
			c.resp.code = 0
			err = c.failure("envelope", failed)
		}
	}
	switch {
	case err != nil || !ready:
		return err
	case len(c.now.took) == 0:
		return c.nothing()
	default:
		return c.message(t, next, verdicts)
	}
}

// envelope reads the responses to the commands in c.now. ready is true when the peer waits for the content.
func (c *client) envelope(verdicts []Verdict) (ready bool, err error) {
	c.now.asked = 0
	if c.dirty {
		if err := c.ask("RSET"); err != nil {
			return false, err
		}
		if c.resp.class() != 2 {
			return false, c.failure("RSET", nil)
		}
		c.dirty = false
	}
	if err := c.ask("MAIL"); err != nil {
		return false, err
	}
	open := c.resp.class() == 2
	switch c.resp.code {
	case 530:
		// It asks for AUTH or TLS: that is about us, and not about this message.
		return false, c.failure("MAIL", ErrCredentials)
	case 500, 502, 503:
		// Nor is this: whoever does not know MAIL, or not now, is somewhere else in the dialogue.
		return false, c.failure("MAIL", errOutOfStep)
	}
	if !open {
		c.refuse(verdicts, c.now.sent)
		for _, i := range c.now.sent {
			verdicts[i].Sender = true
		}
		if !c.ext.pipelining {
			return false, nil
		}
	}
	c.dirty = open
	for _, i := range c.now.sent {
		if err := c.ask("RCPT"); err != nil {
			return false, err
		}
		if open {
			c.recipient(&verdicts[i], i)
		}
	}
	if len(c.now.took) == 0 && !c.ext.pipelining {
		return false, nil
	}
	if err := c.ask("DATA"); err != nil {
		return false, err
	}
	if c.resp.class() == 3 {
		return true, nil
	}
	c.refuse(verdicts, c.now.took)
	return false, nil
}

// ask gets the response to the next command in c.now, which without pipelining is sent now.
func (c *client) ask(stage string) error {
	g := &c.now
	if !c.ext.pipelining {
		if c.in.Buffered() > 0 {
			return c.unasked(stage) // or what stands there would pass for the response to this
		}
		if err := c.write(g.command(g.asked), 0); err != nil {
			c.resp.code = 0
			return c.failure(stage, err)
		}
	}
	g.asked++
	patience, expected := c.wait.Command, 2
	if stage == "DATA" {
		patience, expected = c.wait.Data, 3
	}
	if err := c.read(patience); err != nil {
		return c.failure(stage, err)
	}
	if class := c.resp.class(); class <= 3 && class != expected {
		return c.failure(stage, errOutOfStep)
	}
	return nil
}

// recipient judges the response to one RCPT.
func (c *client) recipient(v *Verdict, i int) {
	switch {
	case c.resp.class() == 2:
		c.now.took = append(c.now.took, i)
	case len(c.now.took) > 0 && (c.resp.code == 452 || c.resp.code == 552):
		*v = Verdict{Fate: Again, Status: c.resp.status()}
	default:
		*v = Verdict{Fate: refusalFate(&c.resp), Status: c.resp.status()}
	}
}

func refusalFate(r *response) Fate {
	if r.class() == 5 {
		return Never
	}
	return Later
}

// refuse gives all of these recipients the response at hand.
func (c *client) refuse(verdicts []Verdict, which []int) {
	v := Verdict{Fate: refusalFate(&c.resp), Status: c.resp.status()}
	for _, i := range which {
		verdicts[i] = v
	}
}
