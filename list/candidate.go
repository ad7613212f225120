package list

import (
	"bytes"
	"slices"
	"strings"
)

// candidate is what looks like a token of ours, where one would stand.
type candidate struct {
	purpose purpose
	address string // of the list that a bounce mark says it is of, in lower case; empty: it says none
	token   string // in lower case
}

// eachCandidate calls f for what looks like a token in an address or a link, in whatever case, and also in the form that such have within other
// links ("%2F" for a slash), with the place of the token. It looks for the octet in front of a token, which is rare, and then closer.
func eachCandidate(text []byte, f func(c candidate, at int)) {
	for _, sign := range []byte("-/%") {
		for i := bytes.IndexByte(text, sign); i >= 0; {
			if c, at, ok := candidateAt(text, i); ok {
				f(c, at)
			}
			next := bytes.IndexByte(text[i+1:], sign)
			if next < 0 {
				break
			}
			i += 1 + next
		}
	}
}

// secretWords stand before the dash in front of a secret's token.
var secretWords = []string{"confirm", "held", "draft", "plan", "rsvp", "feed", "imap"}

// candidateAt reads what stands around the separator at i.
func candidateAt(text []byte, i int) (c candidate, at int, ok bool) {
	if i == 0 {
		return c, 0, false
	}
	switch text[i-1] | 0x20 {
	case 'e', 'u', 'm', 'd', 'c', 'p', 't', 'n':
	default:
		return c, 0, false // as nearly always
	}
	sign, at := text[i], i+1
	if sign == '%' {
		switch at = i + 3; {
		case hasPrefixFold(text[i:], "%2d"):
			sign = '-'
		case hasPrefixFold(text[i:], "%2f"):
			sign = '/'
		}
	}
	before := text[:i]
	switch {
	case sign == '/' && (hasSuffixFold(before, "/u") || hasSuffixFold(before, "%2fu")), sign == '-' && hasSuffixFold(before, "leave"):
		c.purpose = forLeave
	case sign == '-' && hasSuffixFold(before, "bounce"):
		c.purpose = forBounce
	case sign == '/' && (hasSuffixFold(before, "/c") || hasSuffixFold(before, "%2fc")),
		sign == '-' && slices.ContainsFunc(secretWords, func(word string) bool { return hasSuffixFold(before, word) }):
		c.purpose = forSecret
	default:
		return c, 0, false
	}
	if len(text) < at+tokenLength {
		return c, 0, false
	}
	for _, b := range text[at : at+tokenLength] {
		if !isTokenByte(b) {
			return c, 0, false
		}
	}
	c.token = strings.ToLower(string(text[at : at+tokenLength]))
	if c.purpose == forBounce {
		c.address = listAround(before[:len(before)-len("bounce")], text[at+tokenLength:])
	}
	return c, at, true
}

// listAround reads the address of a list whose local part ends, with a plus, where before does, and whose domain begins, with an at sign, where
// after does. Empty: there is none.
func listAround(before, after []byte) string {
	const longest = 64 + 1 + 255
	before = before[max(0, len(before)-longest):]
	after = after[:min(len(after), longest)]
	switch {
	case hasSuffixFold(before, "+"):
		before = before[:len(before)-1]
	case hasSuffixFold(before, "%2b"):
		before = before[:len(before)-3]
	default:
		return ""
	}
	switch {
	case hasPrefixFold(after, "@"):
		after = after[1:]
	case hasPrefixFold(after, "%40"):
		after = after[3:]
	default:
		return ""
	}
	start, end := len(before), 0
	for start > 0 && isNameByte(before[start-1]) {
		start--
	}
	for end < len(after) && isNameByte(after[end]) {
		end++
	}
	return strings.ToLower(string(before[start:]) + "@" + strings.TrimRight(string(after[:end]), "."))
}

// isNameByte reports whether c can stand in the local part or the domain of a list.
func isNameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '.' || c == '-' || c == '_'
}

// hasPrefixFold reports whether b begins with s, which is ASCII in lower case, in whatever case.
func hasPrefixFold(b []byte, s string) bool {
	if len(b) < len(s) {
		return false
	}
	for i := range len(s) {
		c := b[i]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if c != s[i] {
			return false
		}
	}
	return true
}

func hasSuffixFold(b []byte, s string) bool {
	return len(b) >= len(s) && hasPrefixFold(b[len(b)-len(s):], s)
}

// HideTokens overwrites what looks like a token of ours, in an address or a link, with x: for what others say about our mail, before it gets into
// logs and notices.
func HideTokens(text string) string {
	b := []byte(text)
	hidden := false
	eachCandidate([]byte(text), func(_ candidate, at int) {
		hidden = true
		for i := range tokenLength {
			b[at+i] = 'x'
		}
	})
	if !hidden {
		return text
	}
	return string(b)
}
