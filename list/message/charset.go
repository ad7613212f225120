package message

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-message/charset"
	"golang.org/x/text/encoding/charmap"
)

// decodeCharset turns b into UTF-8. It reports false for a charset that nobody here knows; the caller decides what is shown then.
func decodeCharset(name string, b []byte) (string, bool) {
	name = strings.ToLower(strings.TrimSpace(name))
	switch name {
	case "", "utf-8", "utf8", "us-ascii", "ascii", "unicode-1-1-utf-8":
		return validUTF8(string(b)), true
	case "iso-8859-1", "latin1": // what is labelled so is windows-1252, of which it is a subset
		name = "windows-1252"
	}
	if len(name) > 40 {
		return "", false
	}
	r, err := charset.Reader(name, bytes.NewReader(b))
	if err != nil {
		return "", false
	}
	out, err := io.ReadAll(r)
	if err != nil {
		return "", false
	}
	s := strings.ToValidUTF8(string(out), "\uFFFD")
	if s == "\uFFFD" && len(b) > 1 { // the "replacement" encoding: a charset that is known to be unsafe
		return "", false
	}
	return s, true
}

// validUTF8 makes s valid UTF-8. Octets that are not are read as windows-1252, which is what unlabelled 8-bit text mostly is.
func validUTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + len(s)/8)
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && n == 1 {
			r = charmap.Windows1252.DecodeByte(s[0])
		}
		b.WriteRune(r)
		s = s[n:]
	}
	return b.String()
}

// isControl reports whether r must not get into a line of text: C0 and C1 controls and the Unicode line ends.
func isControl(r rune) bool {
	return r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029'
}

// oneLine makes s valid UTF-8 with a space for each control character, so that no decoded text can end a line.
func oneLine(s string) string {
	s = validUTF8(s)
	if strings.IndexFunc(s, isControl) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if isControl(r) {
			return ' '
		}
		return r
	}, s)
}
