package mailer

import (
	"strings"
	"unicode/utf8"
)

// checkMailbox says whether an address may stand between the angle brackets of MAIL and RCPT, whoever it came from: an address that was
// learned from mail is not believed to be one (T28). utf8 is true when only SMTPUTF8 can carry it. Domains are as in DNS, literals are
// allowed; local parts are dot-strings or quoted strings. Consecutive and trailing dots are let through, since some providers have such
// addresses (QUIRK: docomo.ne.jp and ezweb.ne.jp, until 2009).
func checkMailbox(addr string) (needsUTF8, ok bool) {
	at := strings.LastIndexByte(addr, '@')
	if at < 1 || at > maxLocal || len(addr)-at-1 > maxDomain || len(addr) > 254 {
		return false, false
	}
	local, domain := addr[:at], addr[at+1:]
	plain, ok := checkLocal(local)
	if !ok {
		return false, false
	}
	if isASCII(domain) {
		return !plain, validDomain(domain)
	}
	// A domain in Unicode has no other rule here than not to leave its place.
	return true, utf8.ValidString(domain) && strings.IndexFunc(domain, func(r rune) bool {
		return r <= ' ' || r == 0x7f || strings.ContainsRune(`<>()[]:;@\,"`, r)
	}) < 0
}

// checkLocal is checkMailbox for a local part; ascii says that it needs no SMTPUTF8.
func checkLocal(s string) (ascii, ok bool) {
	quoted := len(s) > 2 && s[0] == '"' && s[len(s)-1] == '"'
	if quoted {
		s = s[1 : len(s)-1]
	}
	ascii = true
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 0x80:
			ascii = false
		case c < ' ' || c == 0x7f:
			return false, false
		case quoted && c == '\\':
			if i++; i == len(s) || s[i] < ' ' || s[i] >= 0x7f {
				return false, false
			}
		case quoted && c == '"':
			return false, false
		case !quoted && strings.IndexByte(" ()<>[]:;@\\,\"", c) >= 0:
			return false, false
		}
	}
	return ascii, ascii || utf8.ValidString(s)
}
