package message

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// The ways in which an addr-spec can be wrong.
var (
	errAddrLength  = errors.New("message: address too long")
	errAddrLocal   = errors.New("message: the part of the address before the @ is not valid")
	errAddrDomain  = errors.New("message: the domain of the address is not valid")
	errAddrLiteral = errors.New("message: the address has an IP address instead of a domain")
	errAddrNoAt    = errors.New("message: the address has no @")
)

// ParseAddr reads one address as it stands in SMTP commands and in configs (Mailbox of RFC 5321 §4.1.2, with UTF-8 as in RFC 6531 §3.3), without
// angle brackets. Local part, domain and the whole have at most 64, 255 and 254 octets (§4.5.3.1). Spaces and controls are refused even in quotes,
// and so are address literals: no list has a use for them. The result has the domain in lower case and quotes only where they are needed.
func ParseAddr(s string) (string, error) {
	if len(s) > 254+2 { // two quotes that may turn out to be needless
		return "", errAddrLength
	}
	if !utf8.ValidString(s) || strings.IndexFunc(s, func(r rune) bool { return isControl(r) || unicode.IsSpace(r) }) >= 0 {
		return "", errAddrLocal
	}
	local, domain, err := splitAddr(s)
	if err != nil {
		return "", err
	}
	domain, err = parseDomain(domain)
	if err != nil {
		return "", err
	}
	if local = quoteLocal(local); len(local) > 64 || len(local)+1+len(domain) > 254 {
		return "", errAddrLength
	}
	return local + "@" + domain, nil
}

// splitAddr takes an address apart, and the quotes off its local part.
func splitAddr(s string) (local, domain string, err error) {
	if strings.HasPrefix(s, `"`) {
		l, end := quotedString(s, 0)
		if !strings.HasPrefix(s[end:], "@") || s[end-1] != '"' || l == "" {
			return "", "", errAddrLocal
		}
		return l, s[end+1:], nil
	}
	at := strings.IndexByte(s, '@')
	if at < 0 {
		return "", "", errAddrNoAt
	}
	if !isDotAtom(s[:at]) {
		return "", "", errAddrLocal
	}
	return s[:at], s[at+1:], nil
}

// parseDomain checks a domain label by label and returns it in lower case, as A-labels or U-labels just as it came.
func parseDomain(d string) (string, error) {
	if strings.HasPrefix(d, "[") {
		return "", errAddrLiteral
	}
	if len(d) > 255 {
		return "", errAddrLength
	}
	d = strings.ToLower(d)
	plain := true
	for label := range strings.SplitSeq(d, ".") {
		if !isLabel(label) {
			return "", errAddrDomain
		}
		plain = plain && isASCII(label) && !strings.HasPrefix(label, "xn--")
	}
	if plain {
		return d, nil
	}
	// Internationalised: it must be in the one form that it maps to, or two domains that look different could be the same.
	a, err := idna.Lookup.ToASCII(d)
	if err != nil || len(a) > 255 {
		return "", errAddrDomain
	}
	if u, err := idna.Lookup.ToUnicode(a); err != nil || a != d && u != d {
		return "", errAddrDomain
	}
	return d, nil
}

// isLabel checks a label of a domain (RFC 1035 §2.3.1 with RFC 1123 §2.1; what is not ASCII is left to IDNA).
func isLabel(s string) bool {
	if s == "" || len(s) > 63 && isASCII(s) || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c >= 0x80) {
			return false
		}
	}
	return true
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
