package mailer

import (
	"fmt"
	"strconv"
)

// screen refuses what this peer can never be sent, and leaves the rest in c.sent.
func (c *client) screen(t *Transaction, verdicts []Verdict) {
	c.sent, c.took = c.sent[:0], c.took[:0]
	all := c.refusal(t)
	for i, to := range t.To {
		needsUTF8, ok := checkMailbox(to)
		switch {
		case all != "":
			verdicts[i] = Verdict{Never, all}
		case !ok:
			verdicts[i] = Verdict{Never, "5.1.3 not an address that SMTP can carry"}
		case needsUTF8 && !c.ext.utf8:
			verdicts[i] = Verdict{Never, "5.6.7 the next hop does not take addresses beyond ASCII"}
		default:
			c.sent = append(c.sent, i)
		}
	}
}

// refusal is why nobody at this peer can get the message; empty: no reason.
func (c *client) refusal(t *Transaction) string {
	if t.From != "" {
		// Return paths are ours, and ASCII (RFC 6783 §2.3).
		if needsUTF8, ok := checkMailbox(t.From); needsUTF8 || !ok {
			return "5.1.7 not a return path that SMTP can carry"
		}
	}
	switch size := t.Content.Size(); {
	case c.ext.size > 0 && size > c.ext.size:
		return fmt.Sprintf("5.3.4 message of %d octets; the next hop takes %d", size, c.ext.size)
	case t.Content.UTF8() && !c.ext.utf8:
		return "5.6.7 the next hop does not take headers beyond ASCII"
	case t.Content.EightBit() && !c.ext.eightBit:
		return "5.6.3 the next hop does not take 8-bit content"
	}
	return ""
}

// compose writes the envelope's commands into c.out: RSET if need be, MAIL, RCPT for each of c.sent, DATA.
func (c *client) compose(t *Transaction) {
	b, ends := c.out[:0], c.ends[:0]
	if c.dirty {
		b = append(b, "RSET\r\n"...)
		ends = append(ends, len(b))
	}
	b = append(append(append(b, "MAIL FROM:<"...), t.From...), '>')
	if c.ext.sized {
		b = strconv.AppendInt(append(b, " SIZE="...), t.Content.Size(), 10)
	}
	if t.Content.EightBit() {
		b = append(b, " BODY=8BITMIME"...)
	}
	if c.needsUTF8(t) {
		b = append(b, " SMTPUTF8"...)
	}
	b = append(b, '\r', '\n')
	ends = append(ends, len(b))
	for _, i := range c.sent {
		b = append(append(append(b, "RCPT TO:<"...), t.To[i]...), '>', '\r', '\n')
		ends = append(ends, len(b))
	}
	b = append(b, "DATA\r\n"...)
	c.out, c.ends = b, append(ends, len(b))
}

func (c *client) needsUTF8(t *Transaction) bool {
	if t.Content.UTF8() {
		return true
	}
	for _, i := range c.sent {
		if !isASCII(t.To[i]) {
			return true
		}
	}
	return false
}
