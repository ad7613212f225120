package mailer

import "bytes"

// Content is a finished message as all copies of it share it. It does not change.
type Content struct {
	wire     []byte // dot-stuffed, with the end mark
	stuffed  bool   // wire without its end mark is not the message
	size     int64
	eightBit bool
	utf8     bool
}

// NewContent prepares a message with CRLF line ends and without dot-stuffing. raw is not kept.
func NewContent(raw []byte) *Content {
	wire, stuffed := dotStuff(make([]byte, 0, len(raw)+len(raw)/64+8), raw)
	c := &Content{wire: wire, stuffed: stuffed, size: int64(len(raw))}
	if at := firstHigh(raw); at >= 0 {
		c.eightBit = true
		header := bytes.Index(raw, []byte("\r\n\r\n"))
		c.utf8 = header < 0 || at < header
	}
	return c
}

// firstHigh is the place of the first octet over 127; -1: there is none.
func firstHigh(b []byte) int {
	for i, c := range b {
		if c >= 0x80 {
			return i
		}
	}
	return -1
}

// Size is the message's length in octets as RFC 1870 counts it: line ends are two, stuffing and the end mark nothing.
func (c *Content) Size() int64 { return c.size }

// EightBit reports whether there are octets over 127 anywhere.
func (c *Content) EightBit() bool { return c.eightBit }

// UTF8 reports whether there are octets over 127 in the header, which only SMTPUTF8 may carry (RFC 6531).
func (c *Content) UTF8() bool { return c.utf8 }

// Message is the message itself with CRLF line ends. The caller must not change it.
func (c *Content) Message() []byte {
	if !c.stuffed {
		return c.wire[:len(c.wire)-len(".\r\n")]
	}
	return unstuff(make([]byte, 0, len(c.wire)), c.wire)
}
