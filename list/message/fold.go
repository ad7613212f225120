package message

import (
	"cmp"
	b64 "encoding/base64"
	"strings"
	"unicode/utf8"
)

const (
	wordLine  = 76  // RFC 2047 §2: a line that holds an encoded-word
	plainLine = 78  // RFC 5322 §2.1.1: what lines should keep to
	maxToken  = 900 // what stays unbroken: with a name and a space well below the 998 of RFC 5322 §2.1.1
)

// folder writes one field and folds it between tokens.
type folder struct {
	b     []byte
	start int // where the line starts to have content: behind "Name: ", then at zero
	col   int
}

func newFolder(name string) *folder {
	f := &folder{b: make([]byte, 0, 128)}
	f.b = append(f.b, fieldName(name)...)
	f.b = append(f.b, ": "...)
	f.start, f.col = len(f.b), len(f.b)
	return f
}

// fieldName makes name one that a field can have (RFC 5322 §3.6.8).
func fieldName(name string) string {
	valid := strings.Map(func(r rune) rune {
		if r <= ' ' || r >= 0x7f || r == ':' {
			return '-'
		}
		return r
	}, name)
	if valid == "" {
		return "X"
	}
	return valid[:min(len(valid), wordLine-8)]
}

// add appends space (spaces only) and token, on a new line if the line would grow beyond width. A token that starts the field stays beside its name.
func (f *folder) add(space, token string, width int) {
	if f.col == f.start && f.start > 0 {
		space = ""
	}
	if f.col+len(space)+len(token) > width && f.col > f.start {
		space = f.fold(space)
	}
	f.b = append(f.b, space...)
	f.b = append(f.b, token...)
	f.col += len(space) + len(token)
}

// fold starts a new line and returns space, or the one space that must start it.
func (f *folder) fold(space string) string {
	f.b = append(f.b, "\r\n"...)
	f.start, f.col = 0, 0
	return cmp.Or(space, " ")
}

// words appends text as encoded-words of whole code points (RFC 2047 §5), as many as it takes: in Q where
// most of it stays readable, else in B.
func (f *folder) words(space, text string) {
	const frame = len("=?utf-8?q?" + "?=")
	base64 := qLen(text) > 2*len(text)
	for text != "" {
		if f.col == f.start && f.start > 0 {
			space = ""
		}
		if wordLine-f.col-len(space)-frame < 12 { // too little for a code point of four octets
			space = f.fold(space)
		}
		room := min(75, wordLine-f.col-len(space)) - frame
		n, used := 0, 0
		for n < len(text) {
			_, size := utf8.DecodeRuneInString(text[n:])
			if base64 {
				used = (n + size + 2) / 3 * 4
			} else {
				used += qLen(text[n : n+size])
			}
			if used > room {
				break
			}
			n += size
		}
		f.add(space, encodeWord(text[:n], base64), wordLine)
		text, space = text[n:], " "
	}
}

// encodeWord makes one encoded-word, with the characters that stand for themselves held down to those that may do so in a phrase (RFC 2047 §5 (3)).
func encodeWord(s string, base64 bool) string {
	if base64 {
		return "=?utf-8?b?" + b64.StdEncoding.EncodeToString([]byte(s)) + "?="
	}
	var b strings.Builder
	b.WriteString("=?utf-8?q?")
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == ' ':
			b.WriteByte('_')
		case qSafe(c):
			b.WriteByte(c)
		default:
			b.WriteByte('=')
			b.WriteByte(hexDigits[c>>4])
			b.WriteByte(hexDigits[c&15])
		}
	}
	b.WriteString("?=")
	return b.String()
}

const hexDigits = "0123456789ABCDEF"

// qLen is the length of s in the Q encoding.
func qLen(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		if n++; s[i] != ' ' && !qSafe(s[i]) {
			n += 2
		}
	}
	return n
}

func qSafe(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '!' || c == '*' || c == '+' || c == '-' || c == '/'
}

// line ends the field.
func (f *folder) line() string { return string(append(f.b, "\r\n"...)) }

// EncodeText writes a whole unstructured field, folded and with its line end: ASCII stays as it is, the rest becomes encoded-words in lines of at
// most 76 octets (RFC 2047 §2). Decoding its value gives text back, but for controls, which become spaces, and space at the ends.
func EncodeText(name, text string) string {
	f := newFolder(name)
	text = strings.Trim(oneLine(text), " ")
	for text != "" {
		space, token, rest := nextToken(text)
		if !needsWord(token) {
			if strings.HasPrefix(token, "=?") && f.col+len(space)+len(token) > wordLine {
				space = f.fold(space)
			}
			f.add(space, token, wordLine)
			text = rest
			continue
		}
		run := token // neighbours that need encoding share their words, and the space between them
		for rest != "" {
			gap, token, after := nextToken(rest)
			if !needsWord(token) {
				break
			}
			run += gap + token
			rest = after
		}
		f.words(space, run)
		text = rest
	}
	return f.line()
}

// nextToken takes the spaces that s starts with, the token behind them, and what is left. Spaces that would fill a line count as one.
func nextToken(s string) (space, token, rest string) {
	token = strings.TrimLeft(s, " ")
	space = s[:len(s)-len(token)]
	if len(space) > wordLine/2 {
		space = " "
	}
	if i := strings.IndexByte(token, ' '); i >= 0 {
		return space, token[:i], token[i:]
	}
	return space, token, ""
}

// needsWord reports whether token cannot stand in a field as it is. One encoded-word of a charset that is not known can: it is what came.
func needsWord(token string) bool {
	if len(token) > maxToken {
		return true
	}
	for i := 0; i < len(token); i++ {
		if token[i] >= 0x7f {
			return true
		}
	}
	if !strings.Contains(token, "=?") {
		return false
	}
	if !strings.HasPrefix(token, "=?") {
		return true
	}
	_, end, ok := parseWord(token, 0)
	return !ok || end != len(token) || len(token) > 75 || Decode(token) != token
}

// MakeField writes a whole structured field of ASCII, folded at spaces to lines of 78 octets where there are any, with its line end. CR, LF and NUL
// in value become spaces.
func MakeField(name, value string) string {
	f := newFolder(name)
	value = strings.Trim(strings.Map(func(r rune) rune {
		if r == '\r' || r == '\n' || r == 0 || r == '\t' {
			return ' '
		}
		return r
	}, value), " ")
	for value != "" {
		space, token, rest := nextToken(value)
		f.add(space, token, plainLine)
		value = rest
	}
	return f.line()
}
