package message

import (
	"bytes"
	"encoding/base64"
	"slices"
)

// encodedPiece is a range of a message in base64, or in quoted-printable or Q, which differ in what matters to nobody here.
type encodedPiece struct {
	at     span
	base64 bool
}

// decode appends what the piece says to b.
func (p encodedPiece) decode(b, raw []byte) []byte {
	src := raw[p.at.start:p.at.end]
	if !p.base64 {
		return appendEscaped(b, src)
	}
	from := len(b)
	b = slices.Grow(b, base64.StdEncoding.DecodedLen(len(src)))
	b = b[:from+base64.StdEncoding.DecodedLen(len(src))]
	if n, err := base64.StdEncoding.Decode(b[from:], src); err == nil {
		return b[:from+n]
	}
	return appendBase64(b[:from], src, from+len(src)) // which copes with everything, and is slow
}

// rewrite calls write for every octet of raw that must change so that the piece, which says was, says is. They are equally long.
func (p encodedPiece) rewrite(raw, was, is []byte, write func(i int, c byte)) {
	if p.base64 {
		p.rewriteBase64(raw, was, is, write)
		return
	}
	n := 0
	for i := p.at.start; i < p.at.end; {
		size, octet := 1, true
		if raw[i] == '=' {
			_, size, octet = unescape(raw[i:p.at.end])
		}
		if octet {
			if c := is[n]; c != was[n] && size == 3 {
				write(i+1, hexDigits[c>>4])
				write(i+2, hexDigits[c&15])
			} else if c != was[n] {
				write(i, c)
			}
			n++
		}
		i += size
	}
}

// rewriteBase64 encodes each group of three octets that changed into the four characters that it had, wherever line ends are between them.
func (p encodedPiece) rewriteBase64(raw, was, is []byte, write func(i int, c byte)) {
	var at [4]int
	var quad [4]byte
	chars, n := 0, 0
	flush := func() {
		if octets := chars * 6 / 8; octets > 0 {
			if group := is[n : n+octets]; !bytes.Equal(was[n:n+octets], group) {
				base64.RawStdEncoding.Encode(quad[:chars], group)
				for i := range chars {
					write(at[i], quad[i])
				}
			}
			n += octets
		}
		chars = 0
	}
	for i := p.at.start; i < p.at.end; i++ {
		switch c := raw[i]; {
		case c == '=':
			flush()
		case isBase64(c):
			at[chars] = i
			if chars++; chars == 4 {
				flush()
			}
		}
	}
	flush()
}

// appendEscaped appends what quoted-printable src says. Line ends, and the space before them, stay as they are.
func appendEscaped(b, src []byte) []byte {
	for len(src) > 0 {
		i := bytes.IndexByte(src, '=')
		if i < 0 {
			return append(b, src...)
		}
		b = append(b, src[:i]...)
		c, size, octet := unescape(src[i:])
		if octet {
			b = append(b, c)
		}
		src = src[i+size:]
	}
	return b
}

// unescape reads what starts with an equals sign: an octet in hexadecimal, a soft line break (no octet), or the sign itself.
func unescape(src []byte) (c byte, size int, octet bool) {
	if len(src) >= 3 {
		hi, ok1 := unhex(src[1])
		lo, ok2 := unhex(src[2])
		if ok1 && ok2 {
			return hi<<4 | lo, 3, true
		}
	}
	end := 1
	for end < len(src) && (src[end] == ' ' || src[end] == '\t' || src[end] == '\r') {
		end++
	}
	if end == len(src) {
		return 0, end, false
	}
	if src[end] == '\n' {
		return 0, end + 1, false
	}
	return '=', 1, true
}
