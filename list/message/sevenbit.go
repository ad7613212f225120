package message

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// ErrSealed says that a message cannot be made 7-bit: what would have to change is signed or encrypted, or may not be encoded, or cannot be told apart.
var ErrSealed = errors.New("message: 8-bit content that may not change")

// SevenBit is the same message for a server without 8BITMIME (RFC 6152 §3): parts with octets over 127 are transfer-encoded (RFC 2045 §6), text as
// quoted-printable and all else as base64, and what holds them is no longer labelled 8bit. An enclosed message is never encoded, but what is in it is;
// what stands outside of all parts, where no reader looks, gets question marks. Every other octet stays as it is. A message whose body has no such
// octet is returned as it came; otherwise raw is not kept.
//
// Header fields, the message's own and those of parts, are left alone: a message with octets over 127 in them still has them.
//
// The error wraps ErrSealed: no part of multipart/signed or multipart/encrypted (RFC 1847 §2.1) and no piece of a message (message/partial, RFC 2046
// §5.2.2) may be encoded. What is application/pkcs7-mime may: its signature is of what is in it (RFC 8551 §3.2).
func SevenBit(raw []byte) ([]byte, error) {
	if !hasHigh(raw) {
		return raw, nil
	}
	c := converter{raw: raw}
	s := scanner{raw: raw, leaf: c.leaf, container: c.container, aside: c.aside}
	if err := s.scan(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSealed, err)
	}
	switch {
	case c.sealed:
		return nil, ErrSealed
	case !c.changed:
		return raw, nil
	}
	return c.bytes(), nil
}

// converter collects what has to change, in order of place.
type converter struct {
	raw     []byte
	edits   []replacement
	changed bool // there are edits that are not only of labels
	sealed  bool
}

// replacement puts with in the place of a range of raw.
type replacement struct {
	at   span
	with []byte
}

func (c *converter) bytes() []byte {
	size := len(c.raw)
	for _, e := range c.edits {
		size += len(e.with) - (e.at.end - e.at.start)
	}
	out, pos := make([]byte, 0, size), 0
	for _, e := range c.edits {
		out = append(out, c.raw[pos:e.at.start]...)
		out = append(out, e.with...)
		pos = e.at.end
	}
	return append(out, c.raw[pos:]...)
}

func (c *converter) replace(start, end int, with []byte) {
	c.edits = append(c.edits, replacement{span{start, end}, with})
}

// leaf encodes a part that needs it.
func (c *converter) leaf(e entity) {
	content := c.raw[e.body:e.end]
	if !hasHigh(content) {
		return
	}
	if e.sealed || e.media == "message/partial" {
		c.sealed = true
		return
	}
	c.changed = true
	encoding := e.encoding
	switch encoding {
	case "quoted-printable": // which it is only nearly
		content = appendQuotedPrintable(nil, content, 2*len(content)) // at most: a LF is read as CRLF
	case "base64":
		content = appendBase64(nil, content, len(content))
	default:
		encoding = "base64"
		if strings.HasPrefix(e.media, "text/") || strings.HasPrefix(e.media, "message/") {
			encoding = "quoted-printable"
		}
		c.label(e, encoding)
	}
	var with []byte
	if encoding == "quoted-printable" {
		with = encodeQuotedPrintable(content)
	} else if with = encodeBase64(content); e.end == len(c.raw) {
		with = append(with, "\r\n"...)
	}
	c.replace(e.body, e.end, with)
}

// container takes the label of 8-bit content from what will have none.
func (c *converter) container(e entity) {
	if !e.sealed && (e.encoding == "8bit" || e.encoding == "binary") {
		c.label(e, "7bit")
	}
}

// aside takes the octets over 127 out of what no reader shows.
func (c *converter) aside(at span, idle bool) {
	text := c.raw[at.start:at.end]
	if !hasHigh(text) {
		return
	}
	if !idle {
		c.sealed = true
		return
	}
	c.changed = true
	with := make([]byte, len(text))
	for i, b := range text {
		if b >= 0x80 {
			b = '?'
		}
		with[i] = b
	}
	c.replace(at.start, at.end, with)
}

// label writes the Content-Transfer-Encoding of an entity, once, and for a message that it is MIME at all.
func (c *converter) label(e entity, encoding string) {
	field := []byte("Content-Transfer-Encoding: " + encoding + "\r\n")
	header := Parse(c.raw[e.header:e.body])
	for _, f := range header.Fields {
		if f.is("Content-Transfer-Encoding") {
			c.replace(e.header+f.Start, e.header+f.End, field)
			field = nil
		}
	}
	if e.whole && header.Count("MIME-Version") == 0 {
		field = append(field, "MIME-Version: 1.0\r\n"...)
	}
	if len(field) > 0 {
		end := e.header + header.headerEnd()
		c.replace(end, end, field)
	}
}

// maxEncodedLine is how long lines of encoded content may be, without CRLF (RFC 2045 §6.7 and §6.8).
const maxEncodedLine = 76

func encodeBase64(src []byte) []byte {
	const octets = maxEncodedLine / 4 * 3
	out := make([]byte, 0, (len(src)/octets+1)*(maxEncodedLine+2))
	for len(src) > octets {
		out = base64.StdEncoding.AppendEncode(out, src[:octets])
		out = append(out, '\r', '\n')
		src = src[octets:]
	}
	return base64.StdEncoding.AppendEncode(out, src)
}

// encodeQuotedPrintable keeps CRLF as line ends and encodes a CR or LF alone. No line of the result can be taken for a boundary, the end of DATA or
// the "From " of an mbox (RFC 2049 §3).
func encodeQuotedPrintable(src []byte) []byte {
	const hex = "0123456789ABCDEF"
	out := make([]byte, 0, len(src)+len(src)/4)
	column := 0
	for i := 0; i < len(src); {
		c, rest := src[i], src[i+1:]
		if c == '\r' && len(rest) > 0 && rest[0] == '\n' {
			out = append(out, '\r', '\n')
			column, i = 0, i+2
			continue
		}
		last := len(rest) == 0 || len(rest) > 1 && rest[0] == '\r' && rest[1] == '\n'
		plain := isPlainOctet(c, last, column == 0, rest)
		width, room := 3, maxEncodedLine-1-column // one for the soft line break
		if plain {
			width = 1
		}
		if last {
			room++
		}
		if width > room {
			out = append(out, '=', '\r', '\n')
			column = 0
			continue
		}
		if plain {
			out = append(out, c)
		} else {
			out = append(out, '=', hex[c>>4], hex[c&15])
		}
		column, i = column+width, i+1
	}
	return out
}

// isPlainOctet reports whether c can stand for itself in quoted-printable, before rest.
func isPlainOctet(c byte, endsLine, startsLine bool, rest []byte) bool {
	switch {
	case c == ' ' || c == '\t':
		return !endsLine
	case c <= ' ' || c >= 0x7f || c == '=':
		return false
	case !startsLine:
		return true
	}
	return c != '.' && !(c == '-' && len(rest) > 0 && rest[0] == '-') && !(c == 'F' && strings.HasPrefix(string(rest[:min(len(rest), 4)]), "rom "))
}
