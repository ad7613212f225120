package message

import (
	"bytes"
	"encoding/base64"
)

// appendUnescaped appends s to b with each escape and two hex digits decoded: "=41" of quoted-printable and "%41" of RFC 2231. What is no such
// escape stays as it is.
func appendUnescaped[T []byte | string](b []byte, s T, escape byte) []byte {
	for i := 0; i < len(s); i++ {
		if s[i] == escape && i+2 < len(s) {
			hi, ok1 := unhex(s[i+1])
			lo, ok2 := unhex(s[i+2])
			if ok1 && ok2 {
				b = append(b, hi<<4|lo)
				i += 2
				continue
			}
		}
		b = append(b, s[i])
	}
	return b
}

func unhex(c byte) (byte, bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10, true
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10, true
	}
	return 0, false
}

// appendBase64 appends what src holds, which may have line ends, foreign characters and no padding (RFC 2045 §6.8), and stops at limit octets.
func appendBase64(b, src []byte, limit int) []byte {
	var quad [4]byte
	var out [3]byte
	n := 0
	for _, c := range src {
		if c == '=' { // what follows padding is another run, or garbage
			b = append(b, out[:decodeQuad(&out, quad[:n])]...)
			n = 0
			continue
		}
		if !isBase64(c) {
			continue
		}
		quad[n] = c
		if n++; n == 4 {
			b = append(b, out[:decodeQuad(&out, quad[:])]...)
			n = 0
			if len(b) >= limit {
				return b
			}
		}
	}
	return append(b, out[:decodeQuad(&out, quad[:n])]...)
}

// decodeQuad decodes up to four characters, which are all of the alphabet, so that no error can come; a single one holds no octet.
func decodeQuad(out *[3]byte, quad []byte) int {
	if len(quad) < 2 {
		return 0
	}
	n, _ := base64.RawStdEncoding.Decode(out[:], quad)
	return n
}

func isBase64(c byte) bool { return base64Alphabet[c] == 1 }

// base64Alphabet has 1 for each octet that stands for six bits. No processor can guess which of a file comes next, so nothing is asked of them in turn.
var base64Alphabet = func() (in [256]byte) {
	for _, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" {
		in[c] = 1
	}
	return in
}()

// appendQuotedPrintable appends what src holds (RFC 2045 §6.7), with soft line breaks and the space before line ends gone, and stops at limit octets.
func appendQuotedPrintable(b, src []byte, limit int) []byte {
	for len(src) > 0 && len(b) < limit {
		end := lineEnd(src, 0)
		line := src[:end]
		src = src[end:]
		text := line[:trimLineEnd(line, len(line))]
		ended := len(text) < len(line)
		for len(text) > 0 && (text[len(text)-1] == ' ' || text[len(text)-1] == '\t') {
			text = text[:len(text)-1]
		}
		if n := len(text); n > 0 && text[n-1] == '=' {
			text, ended = text[:n-1], false
		}
		if bytes.IndexByte(text, '=') < 0 {
			b = append(b, text...)
		} else {
			b = appendUnescaped(b, text, '=')
		}
		if ended {
			b = append(b, '\r', '\n')
		}
	}
	return b
}
