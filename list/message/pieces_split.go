package message

import "bytes"

// Cut is the first n octets, or all if there are fewer, and what follows them.
func (p Pieces) Cut(n int) (before, behind Pieces) {
	for i, b := range p {
		if n < len(b) {
			n = max(n, 0)
			return append(p[:i:i], b[:n]), append(Pieces{b[n:]}, p[i+1:]...)
		}
		n -= len(b)
	}
	return p, nil
}

// Split parses the header, which becomes one run if it is not, and returns it with the body that stands behind its empty line. What follows
// header.Body in header.Raw is a part of that body.
func (p Pieces) Split() (header *Message, body Pieces) {
	for len(p) > 0 && len(p[0]) == 0 {
		p = p[1:]
	}
	if len(p) == 0 {
		return Parse(nil), nil
	}
	head, rest := p[0], p[1:]
	for {
		m := Parse(head)
		if len(rest) == 0 || m.headerEnd() < m.Body {
			if m.Body < len(head) {
				rest = append(Pieces{head[m.Body:]}, rest...)
			}
			return m, rest
		}
		if len(head) > 0 && head[len(head)-1] == '\n' {
			if n := emptyLine(rest[0]); n > 0 {
				_, rest = rest.Cut(n)
				return m, rest
			}
		}
		head, rest = append(head[:len(head):len(head)], rest[0]...), rest[1:]
	}
}

// emptyLine is how long the empty line is that b begins with; zero: with none.
func emptyLine(b []byte) int {
	switch {
	case bytes.HasPrefix(b, []byte("\r\n")):
		return 2
	case bytes.HasPrefix(b, []byte("\n")):
		return 1
	}
	return 0
}

// EightBit reports whether header and body hold octets over 127, as Message.EightBit does.
func (p Pieces) EightBit() (header, body bool) {
	m, rest := p.Split()
	for _, b := range rest {
		if body = hasHigh(b); body {
			break
		}
	}
	return hasHigh(m.Raw[:m.Body]), body
}
