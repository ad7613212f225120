package mailer

import (
	"bytes"

	"convene/list/message"
)

// dotStuff appends src to dst as DATA carries it (RFC 5321 §4.5.2): a dot at the start of a line is doubled, the last line is ended, and the
// line with the lone dot follows, so that a whole message is one write. Nothing else of a message in CRLF form is changed. A bare CR or LF
// becomes CRLF, because sending it would let a lax receiver see an end of data that is none (S04). It reports whether the octets differ
// from src other than by the end mark.
func dotStuff(dst, src []byte) (wire []byte, changed bool) {
	for len(src) > 0 {
		end, skip := lineEnd(src)
		if src[0] == '.' {
			dst = append(dst, '.')
			changed = true
		}
		if skip == 2 {
			dst = append(dst, src[:end+2]...)
		} else {
			dst = append(append(dst, src[:end]...), '\r', '\n')
			changed = true
		}
		src = src[end+skip:]
	}
	return append(dst, '.', '\r', '\n'), changed
}

// apart is from how many octets on a run of a large message is not copied to stand beside its neighbours.
const apart = 1 << 10

// stuffPieces is dotStuff for a message whose lines all end in CRLF, in pieces of it with dots between them.
func stuffPieces(mail message.Pieces) message.Pieces {
	var wire message.Pieces
	var small []byte
	add := func(b []byte) {
		large := len(b) >= apart
		if len(small) > 0 && (large || len(small) >= block) {
			wire, small = append(wire, small), nil
		}
		if large {
			wire = append(wire, b)
		} else {
			small = append(small, b...)
		}
	}
	start := true
	for _, b := range mail {
		for len(b) > 0 {
			if start && b[0] == '.' {
				add(b[:1])
			}
			end := len(b)
			if at := bytes.Index(b, []byte("\n.")); at >= 0 {
				end = at + 1
			}
			add(b[:end])
			start = b[end-1] == '\n'
			b = b[end:]
		}
	}
	return append(wire, append(small, ".\r\n"...))
}

// lineEnd finds the first line of b: how many octets it has, and how many its end has: 2 for CRLF, 1 for a bare CR or LF, 0 for none.
func lineEnd(b []byte) (end, skip int) {
	lf := bytes.IndexByte(b, '\n')
	line := b
	if lf >= 0 {
		line = b[:lf]
	}
	switch cr := bytes.IndexByte(line, '\r'); {
	case cr < 0 && lf < 0:
		return len(b), 0
	case cr < 0:
		return lf, 1
	case lf >= 0 && cr == lf-1:
		return cr, 2
	default:
		return cr, 1
	}
}

// unstuff undoes dotStuff: it appends the message that wire carries to dst, without the end mark.
func unstuff(dst, wire []byte) []byte {
	for len(wire) > 0 {
		end, skip := lineEnd(wire)
		line := wire[:end+skip]
		wire = wire[end+skip:]
		if line[0] == '.' {
			if len(wire) == 0 && end == 1 {
				break
			}
			line = line[1:]
		}
		dst = append(dst, line...)
	}
	return dst
}
