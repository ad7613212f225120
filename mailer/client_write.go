package mailer

import (
	"errors"
	"os"
	"time"
)

// block is how much is written under one deadline (RFC 5321 §4.5.3.2.5), and the most that is put together for one write.
const block = 64 << 10

// inlineReplies is for how many responses a write of up to one block needs no goroutine of its own: of 512 octets each (RFC 5321 §4.5.3.1.5)
// they fit into the buffers of a socket, so that the peer can go on reading while we do not. Should one's not fit, Timeouts.Block ends it.
const inlineReplies = 128

// start begins to write b, which will bring so many replies; finish waits for it. dot is as write has it.
func (c *client) start(b []byte, dot, replies int) {
	if len(b) <= block && replies <= inlineReplies {
		c.wrote <- c.write(b, dot)
		return
	}
	go func() { c.wrote <- c.write(b, dot) }()
}

// startPieces is start for a message that is too large to be copied: what goes before its content, the content, what follows.
func (c *client) startPieces(before []byte, content *Content, behind []byte) {
	go func() { c.wrote <- c.writePieces(before, content, behind) }()
}

// writePieces puts what is small together until there is a block of it.
func (c *client) writePieces(before []byte, content *Content, behind []byte) error {
	dot, small := len(before)+content.length, before
	send := func(b []byte) error {
		err := c.write(b, dot)
		dot -= len(b)
		return err
	}
	for _, b := range append(content.wire[:len(content.wire):len(content.wire)], behind) {
		for len(b) > 0 {
			if whole := len(b) - len(b)%block; len(small) == 0 && whole > 0 {
				if err := send(b[:whole]); err != nil {
					return err
				}
				b = b[whole:]
				continue
			}
			n := min(len(b), max(block-len(small), 0))
			if small, b = append(small, b[:n]...), b[n:]; len(small) >= block {
				if err := send(small); err != nil {
					return err
				}
				small = small[:0]
			}
		}
	}
	c.body = small
	return send(small)
}

// finish waits for what was started.
func (c *client) finish() error { return <-c.wrote }

// write sends b. dot is where in b a message ends; zero: it does not. From the block on that has this place in it, it is open whether the
// peer has the whole of the message.
func (c *client) write(b []byte, dot int) error {
	for len(b) > 0 {
		part := b[:min(block, len(b))]
		if err := c.conn.SetWriteDeadline(time.Now().Add(c.wait.Block)); err != nil {
			return err
		}
		final := 0 < dot && dot <= len(part)
		if final {
			c.dotSent.Store(true)
		}
		if n, err := c.conn.Write(part); err != nil {
			if final && n < dot {
				c.dotSent.Store(false)
			}
			if errors.Is(err, os.ErrDeadlineExceeded) {
				c.conn.Close() // whoever waits for a reply now waits for nothing
			}
			return err
		}
		if dot > 0 {
			// Whoever waits for the reply already began to count before the peer had what it needs for it.
			_ = c.conn.SetReadDeadline(time.Now().Add(c.wait.Dot)) // fails on a closed connection only, as reading will
		}
		b, dot = b[len(part):], dot-len(part)
	}
	return nil
}
