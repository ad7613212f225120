package mailer

import (
	"fmt"
	"strconv"
)

// group is the commands of one envelope. Its slices are used over and over.
type group struct {
	out   []byte // RSET if need be, MAIL, RCPT for each of sent, DATA
	ends  []int  // where each command ends in out
	sent  []int  // which recipients of the transaction stand in it
	asked int    // how many commands were asked for their response
	took  []int  // which recipients were accepted
	told  int    // how many of these have the response to the content
}

// command is the nth command, from 0.
func (g *group) command(n int) []byte {
	if n == 0 {
		return g.out[:g.ends[0]]
	}
	return g.out[g.ends[n-1]:g.ends[n]]
}

// screen refuses what this peer can never be sent, and leaves the rest in g.sent. Without verdicts nobody is told.
func (c *client) screen(g *group, t *Transaction, verdicts []Verdict) {
	g.sent, g.took, g.told = g.sent[:0], g.took[:0], 0
	all := c.refusal(t)
	for i, to := range t.To {
		no := all
		switch needsUTF8, ok := checkMailbox(to); {
		case all != "":
		case !ok:
			no = "5.1.3 not an address that SMTP can carry"
		case needsUTF8 && !c.ext.utf8:
			no = "5.6.7 the next hop does not take addresses beyond ASCII"
		default:
			g.sent = append(g.sent, i)
			continue
		}
		if verdicts != nil {
			verdicts[i] = Verdict{Fate: Never, Status: no}
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
	switch size := t.size(); {
	case c.ext.size > 0 && size > c.ext.size:
		return fmt.Sprintf("5.3.4 message of %d octets; the next hop takes %d", size, c.ext.size)
	case t.Content.UTF8() && !c.ext.utf8:
		return "5.6.7 the next hop does not take headers beyond ASCII"
	case t.Content.EightBit() && !c.ext.eightBit:
		return "5.6.3 the next hop does not take 8-bit content"
	}
	return ""
}

// compose writes the envelope's commands for those in g.sent. Parameters are given where they say something and the peer offered them: a
// plain ASCII message asks for neither 8BITMIME nor SMTPUTF8 (RFC 6531 §3.4).
func (c *client) compose(g *group, t *Transaction, reset bool) {
	b, ends := g.out[:0], g.ends[:0]
	if reset {
		b = append(b, "RSET\r\n"...)
		ends = append(ends, len(b))
	}
	b = append(append(append(b, "MAIL FROM:<"...), t.From...), '>')
	if c.ext.sized {
		b = strconv.AppendInt(append(b, " SIZE="...), t.size(), 10)
	}
	if t.Content.EightBit() {
		b = append(b, " BODY=8BITMIME"...)
	}
	if needsUTF8(g, t) {
		b = append(b, " SMTPUTF8"...)
	}
	if c.ext.dsn {
		b = appendReturn(b, t.EnvelopeID)
	}
	b = append(b, '\r', '\n')
	ends = append(ends, len(b))
	for _, i := range g.sent {
		b = append(append(append(b, "RCPT TO:<"...), t.To[i]...), '>')
		if c.ext.dsn {
			b = appendNotify(b, t.To[i])
		}
		b = append(b, '\r', '\n')
		ends = append(ends, len(b))
	}
	b = append(b, "DATA\r\n"...)
	g.out, g.ends = b, append(ends, len(b))
}

func needsUTF8(g *group, t *Transaction) bool {
	if t.Content.UTF8() {
		return true
	}
	for _, i := range g.sent {
		if !isASCII(t.To[i]) {
			return true
		}
	}
	return false
}
