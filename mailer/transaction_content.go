package mailer

// message sends the content with its end mark, and behind it the envelope of next; those who were accepted get the response. Whatever befalls
// the envelope of next is for its own Send to find out.
func (c *client) message(t, next *Transaction, verdicts []Verdict) error {
	if c.in.Buffered() > 0 {
		return c.unasked("content") // a 250 that stands there already would pass for the one to the end of data
	}
	c.announce(next)
	c.convey(t)
	err := c.answers(verdicts)
	switch {
	case err != nil:
		c.cut() // half a message is never ended by anything but the end of the connection
		fate := Undone
		if c.dotSent.Load() {
			fate = Lost
		}
		for _, i := range c.now.took[c.now.told:] {
			verdicts[i].Fate = fate
		}
		return err
	case c.announced:
		return nil
	}
	if failed := c.finish(); failed != nil {
		c.resp.code = 0
		return c.failure("content", failed)
	}
	return nil
}

// announce readies the envelope of next to go out behind the content at hand, where the peer can take it. Over LMTP it does not follow a content
// for several recipients: from a peer with fewer responses than recipients, those to the envelope would pass for theirs.
func (c *client) announce(next *Transaction) {
	c.ahead.out, c.ahead.ends = c.ahead.out[:0], c.ahead.ends[:0]
	if next == nil || !c.ext.pipelining || c.spent() || c.lmtp && len(c.now.took) > 1 {
		return
	}
	c.screen(&c.ahead, next, nil)
	if len(c.ahead.sent) == 0 {
		return
	}
	c.compose(&c.ahead, next, false) // whatever the reply to the end of data, it ends the transaction
	c.announced = true
	c.mails++
}

// convey begins to write the message of t and what was announced behind it. A small one is put together for one write.
func (c *client) convey(t *Transaction) {
	c.dotSent.Store(false)
	b := c.body[:0]
	if len(t.Head) > 0 {
		b, _ = dotStuff(b, t.Head)
		b = b[:len(b)-len(".\r\n")]
	}
	c.body = b
	if len(b)+t.Content.length+len(c.ahead.out) > block {
		c.startPieces(b, t.Content, c.ahead.out)
		return
	}
	for _, piece := range t.Content.wire {
		b = append(b, piece...)
	}
	dot := len(b)
	c.body = append(b, c.ahead.out...)
	c.start(c.body, dot, len(c.now.took)+len(c.ahead.ends))
}

// answers reads the response to the end of data, over LMTP one for each accepted recipient (RFC 2033 §4.2), and counts in c.now.told who has it.
func (c *client) answers(verdicts []Verdict) error {
	for c.now.told < len(c.now.took) {
		err := c.read(c.wait.Dot)
		if c.resp.code == 0 {
			return c.failure("content", err)
		}
		complete := c.dotSent.Load()
		whom := c.now.took[c.now.told:]
		if c.lmtp {
			whom = whom[:1]
		}
		switch class := c.resp.class(); {
		case class >= 4:
			c.refuse(verdicts, whom)
		case class == 2 && complete:
			v := Verdict{Fate: Accepted, Status: c.resp.status()}
			for _, i := range whom {
				verdicts[i] = v
			}
		default:
			return c.failure("content", errOutOfStep)
		}
		c.now.told += len(whom)
		if err == nil && !complete {
			err = errOutOfStep
		}
		if err != nil {
			return c.failure("content", err)
		}
	}
	c.dirty = false
	return nil
}

// nothing ends the data phase of a peer that asks for content although it accepted nobody (RFC 2920 §3.1: a lone dot). Over LMTP it must not
// ask, and nobody can say how often it answers.
func (c *client) nothing() error {
	if c.lmtp {
		return c.failure("DATA", errOutOfStep)
	}
	if err := c.write([]byte(".\r\n"), 0); err != nil {
		c.resp.code = 0
		return c.failure("end of data", err)
	}
	if err := c.read(c.wait.Dot); err != nil {
		return c.failure("end of data", err)
	}
	c.dirty = true
	return nil
}
