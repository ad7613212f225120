package message

import (
	"strings"
	"unicode"
)

// replyLine is one line of a reply, without white space at its end. One that is quoted is so for certain: by its first character, or by the element of
// HTML in which it stands.
type replyLine struct {
	text   string
	quoted bool
}

// plainLines divides plain text into lines, each paragraph of format=flowed being one.
func plainLines(text string, params map[string]string) []replyLine {
	if strings.EqualFold(strings.TrimSpace(params["format"]), "flowed") {
		text = unflow(text, strings.EqualFold(strings.TrimSpace(params["delsp"]), "yes"))
	}
	var lines []replyLine
	clear := clearText{}
	for line := range strings.SplitSeq(text, "\n") {
		line, keep := clear.line(visible(line))
		if keep {
			lines = append(lines, replyLine{text: line, quoted: isQuoted(line)})
		}
	}
	return lines
}

// visible is a line without white space at its end and without the marks of writing direction, joints and soft hyphens that programs strew in: they
// would hide the first character.
func visible(line string) string {
	return strings.TrimRightFunc(strings.Map(func(r rune) rune {
		switch {
		case r == 0x00AD, r == 0x034F, r == 0x061C, r == 0x200B, r == 0x200E, r == 0x200F, 0x202A <= r && r <= 0x202E, r == 0x2060,
			0x2066 <= r && r <= 0x2069, r == 0xFEFF:
			return -1
		case r == 0x00A0:
			return ' '
		}
		return r
	}, line), unicode.IsSpace)
}

// unflow joins the lines that were broken for the way (RFC 3676 §4.1) and takes out the space that was stuffed in front of some (§4.4). Lines that are
// quoted keep their marks. The line before a signature is never joined to it (§4.3).
func unflow(text string, delsp bool) string {
	b := make([]byte, 0, len(text))
	depth := -1 // of the line that is open; -1: none is
	for line := range strings.SplitSeq(text, "\n") {
		rest := strings.TrimLeft(line, ">")
		n := len(line) - len(rest)
		rest = strings.TrimPrefix(rest, " ")
		signature := rest == "-- "
		if depth != n || signature {
			if len(b) > 0 {
				b = append(b, '\n')
			}
			b = append(b, line[:n]...)
			if n > 0 {
				b = append(b, ' ')
			}
		}
		b = append(b, rest...)
		depth = -1
		if strings.HasSuffix(rest, " ") && !signature {
			depth = n
			if delsp {
				b = b[:len(b)-1]
			}
		}
	}
	return string(b)
}

// clearText takes the armour off text that is signed with OpenPGP in the text itself (RFC 9580 §7).
type clearText struct{ header, signed, signature bool }

// line is the line as it was signed; keep is false for armour.
func (c *clearText) line(line string) (text string, keep bool) {
	switch {
	case line == "-----BEGIN PGP SIGNED MESSAGE-----":
		c.header, c.signed = true, true
		return "", false
	case c.header: // "Hash: SHA256", up to an empty line
		c.header = line != ""
		return "", false
	case c.signed && line == "-----BEGIN PGP SIGNATURE-----":
		c.signed, c.signature = false, true
		return "", false
	case c.signature:
		c.signature = line != "-----END PGP SIGNATURE-----"
		return "", false
	case c.signed:
		line = strings.TrimPrefix(line, "- ")
	}
	return line, true
}
