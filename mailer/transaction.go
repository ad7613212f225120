package mailer

import "errors"

// Send implements Conn. With PIPELINING (RFC 2920) the whole envelope is one write, otherwise each command waits for the reply to the one
// before.
func (c *client) Send(t, _ *Transaction, verdicts []Verdict) error {
	c.screen(t, verdicts)
	if len(c.sent) == 0 {
		return nil
	}
	c.dotSent.Store(false)
	c.compose(t)
	err := c.transact(t, verdicts)
	if err != nil {
		// Those without an answer of their own get the reason why there will be none.
		status := oneLine(err.Error())
		for _, i := range c.sent {
			if v := &verdicts[i]; v.Fate == Undone || v.Fate == Lost {
				v.Status = status
			}
		}
	}
	return err
}

// transact sends the envelope that compose wrote and, when there is somebody to send it to, the message.
func (c *client) transact(t *Transaction, verdicts []Verdict) error {
	if c.ext.pipelining {
		c.start(c.out, false)
	}
	ready, err := c.envelope(verdicts)
	if c.ext.pipelining {
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
	case len(c.took) == 0:
		return c.nothing()
	default:
		return c.message(t, verdicts)
	}
}

// envelope reads the responses to the commands of compose, each sent first where there is no pipelining. ready is true when the peer waits
// for the content.
func (c *client) envelope(verdicts []Verdict) (ready bool, err error) {
	at := 0
	next := func(stage string) error {
		patience := c.wait.Command
		if stage == "DATA" {
			patience = c.wait.Data
		}
		if !c.ext.pipelining {
			begin := 0
			if at > 0 {
				begin = c.ends[at-1]
			}
			if err := c.write(c.out[begin:c.ends[at]], false); err != nil {
				c.resp.code = 0
				return c.failure(stage, err)
			}
		}
		at++
		if err := c.read(patience); err != nil {
			return c.failure(stage, err)
		}
		if class := c.resp.class(); class == 3 && stage != "DATA" || class == 2 && stage == "DATA" {
			return c.failure(stage, errOutOfStep)
		}
		return nil
	}
	if c.dirty {
		if err := next("RSET"); err != nil {
			return false, err
		}
		c.dirty = false
	}
	if err := next("MAIL"); err != nil {
		return false, err
	}
	open := c.resp.class() == 2
	if !open {
		if c.resp.code == 530 {
			// It asks for AUTH or TLS: that is about us, and not about this message.
			return false, c.failure("MAIL", ErrCredentials)
		}
		c.refuse(verdicts, c.sent)
		if !c.ext.pipelining {
			return false, nil
		}
	}
	c.dirty = open
	for _, i := range c.sent {
		if err := next("RCPT"); err != nil {
			return false, err
		}
		if open {
			c.recipient(&verdicts[i], i)
		}
	}
	if len(c.took) == 0 && !c.ext.pipelining {
		return false, nil
	}
	if err := next("DATA"); err != nil {
		return false, err
	}
	if c.resp.class() == 3 {
		return true, nil
	}
	c.refuse(verdicts, c.took)
	return false, nil
}

// errOutOfStep is a reply that no peer in its right mind gives there: what it takes the next octets for cannot be known.
var errOutOfStep = errors.New("out of step")

// recipient judges the response to one RCPT.
func (c *client) recipient(v *Verdict, i int) {
	switch {
	case c.resp.class() == 2:
		c.took = append(c.took, i)
	case len(c.took) > 0 && (c.resp.code == 452 || c.resp.code == 552):
		*v = Verdict{Again, c.resp.status()}
	default:
		*v = Verdict{refusalFate(&c.resp), c.resp.status()}
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
	v := Verdict{refusalFate(&c.resp), c.resp.status()}
	for _, i := range which {
		verdicts[i] = v
	}
}

// nothing ends the data phase of a peer that asks for content although it accepted nobody (RFC 2920 §3.1: a lone dot).
func (c *client) nothing() error {
	if err := c.write([]byte(".\r\n"), false); err != nil {
		c.resp.code = 0
		return c.failure("end of data", err)
	}
	if err := c.read(c.wait.Dot); err != nil {
		return c.failure("end of data", err)
	}
	c.dirty = true
	return nil
}

// message sends the content and the end mark, and gives those who were accepted the response.
func (c *client) message(t *Transaction, verdicts []Verdict) error {
	c.start(t.Content.wire, true)
	err := c.read(c.wait.Dot)
	complete := c.dotSent.Load()
	if err != nil && c.resp.code == 0 || !complete {
		c.conn.Close() // half a message is never ended by anything but the end of the connection
	}
	failed := c.finish()
	if c.resp.code == 0 {
		fate := Undone
		if complete = c.dotSent.Load(); complete {
			fate = Lost
		}
		for _, i := range c.took {
			verdicts[i].Fate = fate
		}
		return c.failure("content", err)
	}
	c.dirty = false
	switch c.resp.class() {
	case 2, 3:
		if !complete || c.resp.class() == 3 {
			return c.failure("content", errOutOfStep)
		}
		status := c.resp.status()
		for _, i := range c.took {
			verdicts[i] = Verdict{Accepted, status}
		}
	default:
		c.refuse(verdicts, c.took)
	}
	switch {
	case err != nil:
		return c.failure("content", err)
	case !complete:
		return c.failure("content", errOutOfStep)
	case failed != nil:
		return c.failure("content", failed)
	}
	return nil
}
