package mailer

import "convene/list/message"

// Content is a finished message as all copies of it share it. It does not change.
type Content struct {
	plain    message.Pieces // the message with CRLF line ends
	wire     message.Pieces // dot-stuffed, with the end mark
	length   int            // of wire
	size     int64
	eightBit bool
	utf8     bool
}

// NewContent prepares a message without dot-stuffing, in one run or several. A small one is copied, so that it goes out in one write; the runs of
// another are kept, and nobody may change them.
func NewContent(mail ...[]byte) *Content {
	c := &Content{plain: mail}
	if n := c.plain.Len(); n > block && hasCRLFOnly(mail) {
		c.wire = stuffPieces(mail)
	} else {
		wire, changed := dotStuff(make([]byte, 0, n+n/64+8), c.plain.Bytes())
		plain := wire[:len(wire)-len(".\r\n")]
		if changed {
			plain = unstuff(make([]byte, 0, len(wire)), wire)
		}
		c.plain, c.wire = message.Pieces{plain}, message.Pieces{wire}
	}
	c.length, c.size = c.wire.Len(), int64(c.plain.Len())
	header, body := c.plain.EightBit()
	c.eightBit, c.utf8 = header || body, header
	return c
}

// hasCRLFOnly reports whether every line of mail ends in CRLF, the last one too, and no CR or LF stands elsewhere.
func hasCRLFOnly(mail message.Pieces) bool {
	cr, last := false, byte('\n')
	for _, b := range mail {
		if len(b) == 0 {
			continue
		}
		if cr != (b[0] == '\n') {
			return false
		}
		last = b[len(b)-1]
		if cr {
			b = b[1:]
		}
		if cr = last == '\r'; cr && len(b) > 0 {
			b = b[:len(b)-1]
		}
		for len(b) > 0 {
			end, skip := lineEnd(b)
			if skip == 1 {
				return false
			}
			b = b[end+skip:]
		}
	}
	return last == '\n'
}

// Size is the message's length in octets as RFC 1870 counts it: line ends are two, stuffing and the end mark nothing.
func (c *Content) Size() int64 { return c.size }

// EightBit reports whether there are octets over 127 anywhere.
func (c *Content) EightBit() bool { return c.eightBit }

// UTF8 reports whether there are octets over 127 in the header, which only SMTPUTF8 may carry (RFC 6531).
func (c *Content) UTF8() bool { return c.utf8 }

// Message is the message itself with CRLF line ends. The caller must not change it.
func (c *Content) Message() message.Pieces { return c.plain }
