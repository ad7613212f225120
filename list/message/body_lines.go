package message

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// maxLine is how long a line may be, in octets without its CRLF (RFC 5321 §4.5.3.1.6).
const maxLine = 998

// isLong reports whether there is a longer line in b. It looks at few octets of one that has none.
func isLong(b []byte) bool {
	for len(b) > maxLine {
		i := bytes.LastIndexByte(b[:min(len(b), maxLine+2)], '\n')
		if i < 0 {
			return true
		}
		b = b[i+1:]
	}
	return false
}

// isRagged reports whether there is a CR or a LF in b that belongs to no line end.
func isRagged(b []byte) bool {
	return bytes.Count(b, []byte("\n")) != bytes.Count(b, []byte("\r"))
}

// fitLines encodes what has lines that do not pass every server.
func (b *bodyChanger) fitLines() {
	if body := b.raw[b.m.Body:]; !isLong(body) && !isRagged(body) {
		return
	}
	pos := b.m.Body // all before is a part, or was looked at
	for i := range b.nodes {
		n := &b.nodes[i]
		if b.gone[i] {
			continue
		}
		if i > 0 {
			b.fitAside(pos, max(pos, n.header))
			b.fitHeader(i)
			pos = max(pos, n.body)
		}
		if n.leaf {
			b.fitLeaf(i)
			pos = max(pos, n.end)
		}
	}
	b.fitAside(pos, len(b.raw))
}

func (b *bodyChanger) fitLeaf(i int) {
	n := &b.nodes[i]
	content := b.raw[n.body:n.end]
	if b.whole[i] || !isLong(content) && !isRagged(content) {
		return
	}
	if n.sealed || n.media == "message/partial" || b.m.Signed() {
		b.note("left long lines in the " + n.media + ": it is signed, or may not be encoded")
		return
	}
	octets := b.octets(i)
	if isIdentity(n.encoding) && strings.HasPrefix(n.media, "text/") {
		octets = tidyLineEnds(octets)
	}
	b.rewrite(i, octets)
	b.note("encoded the " + n.media + " anew: it has lines of more than 998 octets")
}

// fitHeader folds the fields of a part that are longer than a line.
func (b *bodyChanger) fitHeader(i int) {
	n := &b.nodes[i]
	if n.sealed || !isLong(b.raw[n.header:n.body]) {
		return
	}
	header := b.header(i)
	for _, f := range header.Fields {
		if with, ok := header.ShortField(f); ok {
			b.replace(n.header+f.Start, n.header+f.End, []byte(with))
			b.note("folded a field of a part")
		}
	}
}

// fitAside breaks long lines of what stands outside of all parts, where no reader looks.
func (b *bodyChanger) fitAside(from, to int) {
	if !isLong(b.raw[from:to]) {
		return
	}
	for pos := from; pos < to; {
		end := min(lineEnd(b.raw, pos), to)
		for end-pos > maxLine {
			at := pos + maxLine - 2
			for at > pos+1 && (b.raw[at] == '-' || b.raw[at] == '\r') { // no line is to look like one that divides
				at--
			}
			b.replace(at, at, []byte("\r\n"))
			pos = at
		}
		pos = end
	}
	b.note("broke long lines outside of all parts")
}

// tidyLineEnds makes every CR and LF alone a line end.
func tidyLineEnds(b []byte) []byte {
	if !isRagged(b) {
		return b
	}
	b = bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))
	b = bytes.ReplaceAll(b, []byte("\r"), []byte("\n"))
	return bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n"))
}

// contentSum is a name for content, of letters and digits.
func contentSum(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:12])
}
