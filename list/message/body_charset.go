package message

import (
	"bytes"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/ianaindex"
)

func isUTF8(charset string) bool { return charset == "utf-8" || charset == "utf8" }

// isUnlabelled reports whether a text in the charset should have nothing but ASCII.
func isUnlabelled(charset string) bool {
	return charset == "" || charset == "us-ascii" || charset == "ascii"
}

func isKnownCharset(charset string) bool {
	_, ok := decodeCharset(charset, []byte("ab"))
	return ok
}

// readsASCII reports whether ASCII means itself wherever it stands in a text of this charset, and no octet of another character is one of markup.
func readsASCII(charset string) bool {
	if isUTF8(charset) || isUnlabelled(charset) || strings.HasPrefix(charset, "iso-8859-") || strings.HasPrefix(charset, "windows-125") {
		return true
	}
	if hasState(charset) {
		return false
	}
	const sample = "\r\n !\"#$%&'()*+,-./09:;<=>?@AZ[]^_`az{|}"
	s, ok := decodeCharset(charset, []byte(sample))
	return ok && s == sample
}

// hasState reports whether what an octet means in a charset depends on what stands before it.
func hasState(charset string) bool {
	for _, p := range [...]string{"iso-2022", "csiso2022", "hz", "utf-7", "utf-16", "utf-32", "unicode-1-1-utf-7"} {
		if strings.HasPrefix(charset, p) {
			return true
		}
	}
	return false
}

// endsInASCII reports whether a text of iso-2022-jp or its like has gone back to ASCII at its end, as it must (RFC 1468).
func endsInASCII(charset string, text []byte) bool {
	if !strings.HasPrefix(charset, "iso-2022-") || bytes.IndexByte(text, 0x0E) >= 0 {
		return false
	}
	i := bytes.LastIndexByte(text, 0x1B)
	return i < 0 || bytes.HasPrefix(text[i+1:], []byte("(B")) || bytes.HasPrefix(text[i+1:], []byte("(J"))
}

// encodeCharset writes text in a charset. It reports false where that has not all the characters.
func encodeCharset(charset, text string) ([]byte, bool) {
	e, err := ianaindex.MIME.Encoding(charset)
	if err != nil || e == nil {
		return nil, false
	}
	b, err := e.NewEncoder().Bytes([]byte(text))
	if err != nil {
		return nil, false
	}
	s, ok := decodeCharset(charset, b)
	return b, ok && s == text
}

// setParam puts a parameter into the value of a Content-Type field, in the place of the one that is there. All others stay as they are written.
func setParam(value, name, to string) string {
	if media, _ := parseMedia(value); !strings.HasPrefix(strings.ToLower(value), media) {
		return "text/plain; " + name + "=" + to
	}
	end := strings.IndexByte(value, ';')
	if end < 0 {
		return strings.TrimSpace(value) + "; " + name + "=" + to
	}
	var out strings.Builder
	out.WriteString(strings.TrimSpace(value[:end]) + "; " + name + "=" + to)
	for n := 0; n < maxParams; n++ {
		semi := strings.IndexByte(value[end:], ';')
		if semi < 0 {
			break
		}
		start := end + semi
		var found string
		found, _, end, _ = nextParam(value, start+1)
		if base, _, _ := strings.Cut(found, "*"); base != name && end > start+1 {
			out.WriteString(value[start:end])
		}
	}
	return out.String()
}

// numeric writes what is not ASCII as references of HTML.
func numeric(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < 0x80 {
			b.WriteByte(byte(r))
		} else {
			b.WriteString("&#" + strconv.Itoa(int(r)) + ";")
		}
	}
	return b.String()
}
