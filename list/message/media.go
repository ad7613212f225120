package message

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// ContentType is the lower-case media type of the message and its parameters, whose names are in lower case. A message without one, or with one that
// cannot be read, is text/plain (RFC 2045 §5.2).
func (m *Message) ContentType() (string, map[string]string) {
	for _, f := range m.Fields {
		if f.is("Content-Type") {
			return parseMedia(m.Value(f))
		}
	}
	return "text/plain", nil
}

// Signed reports whether the content is signed or encrypted as a whole, so that no octet of it may change.
func (m *Message) Signed() bool {
	switch media, _ := m.ContentType(); media {
	case "multipart/signed", "multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime":
		return true
	}
	return false
}

// maxParams bounds how many parameters and pieces of parameters (RFC 2231 §3) are looked at: nobody needs more than a few.
const maxParams = 100

// piece is one numbered piece of a parameter that was split into several.
type piece struct {
	number   int
	value    string
	extended bool
}

// parseMedia reads a Content-Type value. It takes what senders really write: comments, stray semicolons, unquoted spaces, a missing closing quote.
func parseMedia(s string) (string, map[string]string) {
	end := strings.IndexAny(s, "; \t(")
	if end < 0 {
		end = len(s)
	}
	media := strings.ToLower(s[:end])
	if t, sub, ok := strings.Cut(media, "/"); !ok || !isToken(t) || !isToken(sub) {
		media = "text/plain"
	}
	params, pieces := readParams(s, end)
	for name, ps := range pieces {
		if _, taken := params[name]; !taken {
			params[name] = joinPieces(ps)
		}
	}
	return media, params
}

// readParams reads the parameters behind end: those that stand as they are, and those that are extended or in pieces (RFC 2231).
func readParams(s string, end int) (params map[string]string, pieces map[string][]piece) {
	params, pieces = make(map[string]string), make(map[string][]piece)
	for n := 0; n < maxParams; n++ {
		semi := strings.IndexByte(s[end:], ';')
		if semi < 0 {
			break
		}
		var name, value string
		var ok bool
		name, value, end, ok = nextParam(s, end+semi+1)
		if ok {
			addParam(params, pieces, name, value)
		}
	}
	return params, pieces
}

// nextParam reads name=value from pos and returns where it ended.
func nextParam(s string, pos int) (name, value string, end int, ok bool) {
	eq := strings.IndexAny(s[pos:], "=;")
	if eq < 0 {
		return "", "", len(s), false
	}
	if s[pos+eq] == ';' {
		return "", "", pos + eq, false
	}
	name = strings.ToLower(strings.TrimSpace(s[pos : pos+eq]))
	pos += eq + 1
	for pos < len(s) && (s[pos] == ' ' || s[pos] == '\t') {
		pos++
	}
	if pos < len(s) && s[pos] == '"' {
		value, end = quotedString(s, pos)
		return name, value, end, isToken(name)
	}
	end = len(s)
	if i := strings.IndexByte(s[pos:], ';'); i >= 0 {
		end = pos + i
	}
	value = s[pos:end]
	if i := strings.Index(value, " ("); i >= 0 {
		value = value[:i]
	}
	return name, strings.TrimSpace(value), end, isToken(name)
}

// quotedString reads the quoted-string that starts at pos: its content, and the offset behind it. Without a closing quote it goes to the end.
func quotedString(s string, pos int) (string, int) {
	var b strings.Builder
	for pos++; pos < len(s); pos++ {
		switch s[pos] {
		case '"':
			return b.String(), pos + 1
		case '\\':
			if pos+1 < len(s) {
				pos++
			}
		}
		b.WriteByte(s[pos])
	}
	return b.String(), pos
}

func addParam(params map[string]string, pieces map[string][]piece, name, value string) {
	base, rest, split := strings.Cut(name, "*")
	if !split {
		if _, twice := params[name]; !twice {
			params[name] = value
		}
		return
	}
	number, extended := strings.CutSuffix(rest, "*")
	if rest == "" { // name*=charset'language'value
		number, extended = "0", true
	}
	if n, err := strconv.Atoi(number); err == nil && n >= 0 {
		pieces[base] = append(pieces[base], piece{n, value, extended})
	}
}

// joinPieces puts a parameter together (RFC 2231 §3 and §4), up to the first gap in the numbers.
func joinPieces(ps []piece) string {
	slices.SortStableFunc(ps, func(a, b piece) int { return cmp.Compare(a.number, b.number) })
	var b []byte
	charset := ""
	for i, p := range ps {
		if p.number != i {
			break
		}
		v := p.value
		if p.extended && i == 0 {
			if c, rest, ok := strings.Cut(v, "'"); ok {
				if _, text, ok := strings.Cut(rest, "'"); ok {
					charset, v = c, text
				}
			}
		}
		if p.extended {
			b = appendUnescaped(b, v, '%')
		} else {
			b = append(b, v...)
		}
	}
	s, ok := decodeCharset(charset, b)
	if !ok {
		s = validUTF8(string(b))
	}
	return s
}

func isToken(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`()<>@,;:\"/[]?=`, c) >= 0 {
			return false
		}
	}
	return s != ""
}
