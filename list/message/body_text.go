package message

import (
	"bytes"
	"strings"
)

// leafChange is what becomes of a text.
type leafChange struct {
	node     int
	cuts     []span // of its octets
	at       int    // where add stands among them
	add      []byte
	octets   []byte // decoded; what stands in the message where that is not encoded
	charset  string // the new one; empty: as it was
	anew     bool   // the octets are in another charset than before
	original bool   // the octets are those that stand in the message
	footers  bool   // there are earlier footers in the cuts
	picture  bool   // there are pictures in the cuts
}

// Why a text cannot have anything added to it.
const (
	whyArmour   = "it is signed or encrypted in the text itself"
	whyCharset  = "its charset cannot be read"
	whyEncoding = "its transfer encoding is not known"
	whyMarkup   = "what is added at its end would not be shown"
)

// changeText takes an earlier footer, and pictures that are gone, out of a text and adds lines to it.
func (b *bodyChanger) changeText(i int, lines addedLines) (c leafChange, why string) {
	n := &b.nodes[i]
	switch n.encoding {
	case "", "7bit", "8bit", "binary", "base64", "quoted-printable":
	default:
		return c, whyEncoding
	}
	charset := strings.ToLower(strings.TrimSpace(n.params["charset"]))
	c = leafChange{node: i, octets: b.octets(i), original: isIdentity(n.encoding)}
	if bytes.Contains(c.octets, []byte(armour)) {
		return c, whyArmour
	}
	if !isKnownCharset(charset) {
		return c, whyCharset
	}
	if !readsASCII(charset) && (n.media == "text/html" || !endsInASCII(charset, c.octets)) {
		if why := c.convert(charset); why != "" {
			return c, why
		}
		charset = "utf-8"
	}
	text := ""
	if n.media == "text/html" {
		m := markupScanner{own: newOwnFooter(b.Footer), lost: b.lost, light: b.Light}
		if !m.scan(c.octets) && !lines.empty() {
			return c, whyMarkup
		}
		c.cuts, c.at, text = m.cuts, m.insert, lines.markup()
		c.footers, c.picture = m.footers, m.picture
	} else {
		c.cuts, c.at = newOwnFooter(b.Footer).find(c.octets, charset), len(c.octets)
		c.footers = len(c.cuts) > 0
		if !lines.empty() {
			text = lines.below(cut(c.octets, c.cuts), strings.EqualFold(strings.TrimSpace(n.params["format"]), "flowed"))
		}
	}
	if n.end < n.until && c.at == len(c.octets) {
		text = strings.TrimSuffix(text, "\r\n") // that belongs to the line that divides the parts
	}
	return c, c.encode(charset, text)
}

// encode writes text in the charset, or makes all of it UTF-8 where that has not all the characters.
func (c *leafChange) encode(charset, text string) (why string) {
	c.add = []byte(text)
	switch {
	case isASCII(text) || isUTF8(charset):
		return ""
	case isUnlabelled(charset) && !hasHigh(c.octets):
		c.charset = "utf-8"
		return ""
	}
	if in, ok := encodeCharset(charset, text); ok {
		c.add = in
		return ""
	}
	rest := leafChange{octets: cut(c.octets, c.cuts)}
	if why := rest.convert(charset); why != "" {
		return why
	}
	c.octets, c.cuts, c.at = rest.octets, nil, len(rest.octets)
	c.charset, c.anew, c.original = "utf-8", true, false
	return ""
}

// convert makes the octets UTF-8.
func (c *leafChange) convert(charset string) (why string) {
	s, ok := decodeCharset(charset, c.octets)
	if !ok || strings.Contains(s, "\uFFFD") {
		return whyCharset
	}
	c.octets, c.charset, c.anew, c.original = []byte(s), "utf-8", true, false
	return ""
}

// octets is the content of a leaf, decoded.
func (b *bodyChanger) octets(i int) []byte {
	n := &b.nodes[i]
	content := b.raw[n.body:n.end]
	switch n.encoding {
	case "base64":
		return appendBase64(make([]byte, 0, len(content)*3/4+3), content, len(content))
	case "quoted-printable":
		return appendQuotedPrintable(make([]byte, 0, len(content)), content, 2*len(content)+1)
	}
	return content
}

// write makes the changes.
func (b *bodyChanger) write(changes []leafChange, lines addedLines) {
	for _, c := range changes {
		if len(c.cuts) == 0 && len(c.add) == 0 {
			continue
		}
		media := b.nodes[c.node].media
		if c.footers {
			b.note("took an earlier footer of the list out of the " + media)
		}
		if c.picture {
			b.note("took the place of a picture that is gone out of the " + media)
		}
		if len(c.add) > 0 {
			b.note("put " + lines.said() + " below the " + media)
		}
		if c.charset != "" {
			b.note("made the charset of the " + media + " " + c.charset)
			b.setField(c.node, "Content-Type", setParam(b.header(c.node).Get("Content-Type"), "charset", c.charset))
		}
		if !b.splice(c) {
			b.rewrite(c.node, c.result())
		}
	}
}

// splice changes a text where it stands, which leaves all the rest of it as it is, if that can be.
func (b *bodyChanger) splice(c leafChange) bool {
	n := &b.nodes[c.node]
	content := b.raw[n.body:n.end]
	if c.anew || b.Fit && (isLong(content) || isLong(c.add)) {
		return false
	}
	switch add := c.add; {
	case c.original && (!hasHigh(add) || hasHigh(content)):
		for _, at := range c.cuts {
			b.replace(n.body+at.start, n.body+at.end, nil)
		}
		b.replace(n.body+c.at, n.body+c.at, add)
		return true
	case n.encoding == "quoted-printable" && len(c.cuts) == 0 && c.at == len(c.octets):
		join := ""
		content = bytes.TrimRight(content, " \t") // which is read as nothing as long as it stands at the end of a line
		switch {
		case bytes.HasSuffix(content, []byte("=")):
			join = "\r\n" // a soft line break, that needs its line end
		case !bytes.HasSuffix(content, []byte("\n")) && bytes.HasSuffix(c.octets, []byte("\n")):
			join = "=\r\n"
		}
		b.replace(n.body+len(content), n.end, append([]byte(join), encodeQuotedPrintable(add)...))
		return true
	case n.encoding == "quoted-printable" && len(c.cuts) == 0:
		at := sameTag(content, c.octets, c.at)
		if at < 0 {
			return false
		}
		b.replace(n.body+at, n.body+at, append([]byte("=\r\n"), encodeQuotedPrintable(add)...))
		return true
	}
	return false
}

// sameTag finds in quoted-printable HTML the tag that stands at this place of what it says; -1: it cannot be told which it is.
func sameTag(content, octets []byte, at int) int {
	if end := octets[at:]; bytes.HasSuffix(content, end) && bytes.IndexByte(end, '=') < 0 && !bytes.HasSuffix(content[:len(content)-len(end)], []byte("=")) {
		return len(content) - len(end) // nothing behind it is encoded, which is so nearly always
	}
	tag := octets[at:min(len(octets), at+len("</body>"))]
	if bytes.LastIndex(octets, tag) != at || bytes.Count(octets, tag) != bytes.Count(content, tag) {
		return -1
	}
	return bytes.LastIndex(content, tag)
}

// result is the changed text, decoded.
func (c leafChange) result() []byte {
	out := make([]byte, 0, len(c.octets)+len(c.add))
	pos, added := 0, false
	for _, at := range append(c.cuts, span{len(c.octets), len(c.octets)}) {
		if !added && c.at <= at.start {
			out = append(append(out, c.octets[pos:c.at]...), c.add...)
			pos, added = c.at, true
		}
		out = append(out, c.octets[pos:at.start]...)
		pos = at.end
	}
	return out
}

// rewrite encodes the content of a leaf anew: as it was, if it was encoded; otherwise in the shorter of the two ways if it must be.
func (b *bodyChanger) rewrite(i int, octets []byte) {
	n := &b.nodes[i]
	encoding := n.encoding
	if isIdentity(encoding) && (hasHigh(octets) || isLong(octets) || isRagged(octets)) {
		encoding = b.encodingFor(n.media, octets)
		b.setField(i, "Content-Transfer-Encoding", encoding)
		b.note("encoded the " + n.media + " as " + encoding)
	}
	with := octets
	switch encoding {
	case "base64":
		with = encodeBase64(octets)
	case "quoted-printable":
		with = encodeQuotedPrintable(octets)
	}
	if n.end == n.until && !bytes.HasSuffix(with, []byte("\n")) {
		with = append(with, "\r\n"...)
	}
	b.whole[i] = true
	b.replace(n.body, n.end, with)
}

// encodingFor is quoted-printable for text that is mostly ASCII, and base64 for all else.
func (b *bodyChanger) encodingFor(media string, octets []byte) string {
	if !strings.HasPrefix(media, "text/") {
		return "base64"
	}
	high := 0
	for _, c := range octets {
		if c >= 0x80 {
			high++
		}
	}
	if high > len(octets)/4 {
		return "base64"
	}
	return "quoted-printable"
}
