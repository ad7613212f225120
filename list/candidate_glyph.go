package list

import (
	"bytes"
	"html"
	"unicode/utf8"
)

// glyphAt reads what begins at i with one of the special octets: the octet that it stands for, zero for noise, and its length.
func (r *disguiseReader) glyphAt(i int) (c byte, size int) {
	text := r.text[i:]
	switch text[0] {
	case '%':
		return percentAt(text)
	case '&':
		return entityAt(text)
	case '=':
		return softAt(text)
	case '<':
		return 0, r.tagAt(i)
	}
	char, size := utf8.DecodeRune(text)
	if isDash(char) || size == 1 && (text[0] == 0x96 || text[0] == 0x97) && (i == 0 || r.text[i-1] < utf8.RuneSelf) { // of Windows
		return '-', size
	}
	return 0, size
}

// percentAt reads a percent escape, which may be escaped itself.
func percentAt(text []byte) (c byte, size int) {
	i := 1
	for i+1 < len(text) && text[i] == '2' && text[i+1] == '5' {
		i += 2
	}
	if i+1 >= len(text) || !isHex(text[i]) || !isHex(text[i+1]) {
		return '%', 1
	}
	return plainOctet(rune(hexValue(text[i])<<4 | hexValue(text[i+1]))), i + 2
}

// entityAt reads an entity of HTML, which may be escaped itself.
func entityAt(text []byte) (c byte, size int) {
	const longest = 24
	i := 1
	for bytes.HasPrefix(text[i:], []byte("amp;")) {
		i += len("amp;")
	}
	end := i + bytes.IndexByte(text[i:min(len(text), i+longest)], ';')
	if end <= i {
		return '&', 1
	}
	name := "&" + string(text[i:end+1])
	said := html.UnescapeString(name)
	if said == name {
		return '&', 1
	}
	char, _ := utf8.DecodeRuneInString(said)
	return plainOctet(char), end + 1
}

// softAt reads a soft line break, or a sign, of quoted-printable that nobody has decoded.
func softAt(text []byte) (c byte, size int) {
	i := 1
	for i < len(text) && (text[i] == ' ' || text[i] == '\t' || text[i] == '\r') && i < 80 {
		i++
	}
	switch {
	case i < len(text) && text[i] == '\n':
		return 0, i + 1
	case hasPrefixFold(text, "=2d"):
		return '-', 3
	case hasPrefixFold(text, "=2f"):
		return '/', 3
	}
	return '=', 1
}

// tagAt is the length of a tag or comment of HTML at i where those are noise; else that of the sign alone.
func (r *disguiseReader) tagAt(i int) int {
	if !r.tags || i+1 >= len(r.text) {
		return 1
	}
	end, which := ">", 0
	switch next := r.text[i+1]; {
	case bytes.HasPrefix(r.text[i:], []byte("<!--")):
		end, which = "-->", 1
	case next != '/' && next != '!' && next != '?' && (next|0x20 < 'a' || next|0x20 > 'z'):
		return 1
	}
	if r.endless[which] {
		return 1
	}
	n := bytes.Index(r.text[i:], []byte(end))
	if r.endless[which] = n < 0; n < 0 {
		return 1
	}
	return n + len(end)
}

// plainOctet is the octet that a character stands for: zero for noise.
func plainOctet(char rune) byte {
	switch {
	case char == '&' || char == '<' || char == '=' || char == '%':
		return byte(char)
	case char < utf8.RuneSelf && octetKinds[byte(char)] != octetNoise:
		return byte(char)
	case isDash(char):
		return '-'
	}
	return 0
}

// isDash reports whether a character is one of the dashes that programs put for a hyphen.
func isDash(char rune) bool {
	return '\u2010' <= char && char <= '\u2015' || char == '\u2212' || char == '\uFE58' || char == '\uFE63' || char == '\uFF0D'
}

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f' }

func hexValue(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}
