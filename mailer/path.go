package mailer

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// errPathSyntax is why a path of MAIL or RCPT is not one.
var errPathSyntax = errors.New("mailer: not an address in angle brackets")

// The lengths of RFC 5321 §4.5.3.1, in octets. A path is bounded by the command line.
const (
	maxLocal  = 64
	maxDomain = 255
)

// parsePath reads the path that arg begins with: <>, <local@domain>, <@route:local@domain>, or <postmaster> alone.
// It returns the mailbox in its one spelling: no route (RFC 5321 appendix C has them ignored), a quoted local part without its quotes where
// it can do without, the domain in lower case and as in DNS (RFC 5890 §2.3.2.1): only the local part may be beyond ASCII. rest is what stands behind the path.
func parsePath(arg string) (mailbox, rest string, err error) {
	if !strings.HasPrefix(arg, "<") {
		return "", "", errPathSyntax
	}
	s := arg[1:]
	if strings.HasPrefix(s, "@") {
		// The route ends at the first colon that is not part of an address literal, and routes have none.
		_, after, ok := strings.Cut(s, ":")
		if !ok {
			return "", "", errPathSyntax
		}
		s = after
	}
	local, s, err := parseLocal(s)
	if err != nil {
		return "", "", err
	}
	domain, rest, ok := strings.Cut(s, ">")
	if !ok || rest != "" && rest[0] != ' ' {
		return "", "", errPathSyntax
	}
	if local == "" && domain == "" && arg[1] == '>' {
		return "", rest, nil
	}
	if local == "" || len(local) > maxLocal {
		return "", "", errPathSyntax
	}
	if domain == "" {
		if !strings.EqualFold(local, "postmaster") {
			return "", "", errPathSyntax
		}
		return "postmaster", rest, nil
	}
	domain = domain[1:] // parseLocal stops at the @ or the >
	if !isASCII(domain) && utf8.ValidString(domain) {
		if domain, err = idna.Lookup.ToASCII(domain); err != nil {
			return "", "", errPathSyntax
		}
	}
	if !validDomain(domain) || !utf8.ValidString(local) || strings.IndexFunc(local, func(r rune) bool { return r > 0x7f && !unicode.IsGraphic(r) }) >= 0 {
		return "", "", errPathSyntax
	}
	return quoteLocal(local) + "@" + strings.ToLower(domain), rest, nil
}

// parseLocal reads a dot-string or a quoted string and returns what it means; rest begins with @ or >.
func parseLocal(s string) (local, rest string, err error) {
	if !strings.HasPrefix(s, `"`) {
		i := strings.IndexAny(s, "@>")
		if i < 0 {
			return "", "", errPathSyntax
		}
		if i > 0 && !isDotString(s[:i]) {
			return "", "", errPathSyntax
		}
		return s[:i], s[i:], nil
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c < ' ' || c == 0x7f:
			return "", "", errPathSyntax
		case c == '"':
			rest = s[i+1:]
			if b.Len() == 0 || !strings.HasPrefix(rest, "@") && !strings.HasPrefix(rest, ">") {
				return "", "", errPathSyntax
			}
			return b.String(), rest, nil
		case c == '\\' && i+1 < len(s) && s[i+1] >= ' ' && s[i+1] != 0x7f:
			i++
			b.WriteByte(s[i])
		case c == '\\':
			return "", "", errPathSyntax
		default:
			b.WriteByte(c)
		}
	}
	return "", "", errPathSyntax
}

// isDotString is true for atoms with single dots between them. Octets beyond ASCII may stand in them (RFC 6531 §3.3).
func isDotString(s string) bool {
	if s == "" || s[0] == '.' || s[len(s)-1] == '.' || strings.Contains(s, "..") {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c == 0x7f || strings.IndexByte(`()<>[]:;@\,"`, c) >= 0 {
			return false
		}
	}
	return true
}

// quoteLocal spells a local part without quotes where it can be.
func quoteLocal(local string) string {
	if isDotString(local) {
		return local
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(local) + `"`
}

// requote undoes what go-smtp does to a quoted local part: it hands "a b"@c over as a b@c. A domain has no @, so the last one divides.
func requote(address string) string {
	i := strings.LastIndexByte(address, '@')
	if i < 0 {
		return address
	}
	return quoteLocal(address[:i]) + address[i:]
}

// validDomain is true for a host name of letters, digits, hyphens and underscores, and for an address literal.
func validDomain(s string) bool {
	if s == "" || len(s) > maxDomain {
		return false
	}
	if s[0] == '[' {
		return len(s) > 2 && s[len(s)-1] == ']' && isLiteral(s[1:len(s)-1])
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := 0; i < len(label); i++ {
			c := label[i]
			if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
				return false
			}
		}
	}
	return true
}

// isLiteral is true for the inside of an address literal, as far as its octets go.
func isLiteral(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`[]\<>@"`, c) >= 0 {
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
