package mailer

import (
	"strconv"
	"strings"

	"convene/list/message"
)

// maxAddress is how long a word can be that is tried as an address.
const maxAddress = 330

// addressOf is the address in s, which may have angle brackets, quotes, SMTP: and the like around it; empty if there is none.
func addressOf(s string) string {
	if s = strings.TrimSpace(s); len(s) <= maxAddress && strings.Contains(s, "=?") { // QUIRK: an encoded local part (RFC 2047 forbids it)
		s = message.Decode(strings.ReplaceAll(s, "?=@", "?= @"))
		s = strings.ReplaceAll(s, " @", "@")
	}
	if open := strings.LastIndexByte(s, '<'); open >= 0 {
		if end := strings.IndexByte(s[open:], '>'); end > 0 {
			s = s[open+1 : open+end]
		}
	}
	s = strings.Trim(s, " \t\"'`<>()[]{},;:.*|!?=")
	if i := strings.IndexByte(s, ':'); i >= 0 && !strings.HasPrefix(s, `"`) { // SMTP:, mailto:, RFC822:, a source route
		s = s[i+1:]
	}
	if len(s) > maxAddress || strings.IndexByte(s, '@') < 1 {
		return ""
	}
	addr, err := message.ParseAddr(s)
	if err != nil {
		return ""
	}
	return addr
}

// recipientOf reads Original-Recipient or Final-Recipient (RFC 3464 §2.3.1, §2.3.2; RFC 6533 §3): a type, a semicolon, an address. Many leave out the
// type, or write angle brackets.
func recipientOf(value string, encoded bool) string {
	kind, addr, typed := strings.Cut(value, ";")
	if !typed {
		return addressOf(value)
	}
	addr = strings.TrimSpace(addr)
	switch strings.ToLower(strings.TrimSpace(kind)) {
	case "utf-8":
		return addressOf(decodeUnitext(addr))
	case "rfc822":
		if encoded {
			if plain := addressOf(decodeXtext(addr)); plain != "" {
				return plain
			}
		}
	}
	return addressOf(addr)
}

// decodeXtext undoes xtext (RFC 3461 §4): "+2B" for a plus sign. Hardly anybody writes it, so that a plus sign mostly is one: what would decode to
// something that no address holds stays as it is.
func decodeXtext(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '+' && i+2 < len(s) && isUpperHex(s[i+1]) && isUpperHex(s[i+2]) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil && n > ' ' && n < 0x7f {
				b.WriteByte(byte(n))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func isUpperHex(c byte) bool { return '0' <= c && c <= '9' || 'A' <= c && c <= 'F' }

// decodeUnitext undoes the "\x{E9}" of RFC 6533 §3.
func decodeUnitext(s string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(s, `\x{`)
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		digits, after, ok := strings.Cut(rest, "}")
		n, err := strconv.ParseUint(digits, 16, 21)
		if !ok || err != nil {
			b.WriteString(`\x{`)
			s = rest
			continue
		}
		b.WriteRune(rune(n))
		s = after
	}
}
