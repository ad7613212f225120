package mailer

import (
	"fmt"
	"strings"
)

// maxTXT is how many octets one string of a TXT record holds (RFC 1035 §3.3).
const maxTXT = 255

// TXTRecord is a TXT record for a zone file (RFC 1035 §5.1), in as many strings as the value needs: who reads it puts them together. name has no
// final dot.
func TXTRecord(name, value string) string {
	var quoted []string
	for {
		n := min(len(value), maxTXT)
		quoted = append(quoted, quoteTXT(value[:n]))
		if value = value[n:]; value == "" {
			break
		}
	}
	return name + ". IN TXT ( " + strings.Join(quoted, "\n    ") + " )"
}

func quoteTXT(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c > '~':
			fmt.Fprintf(&b, `\%03d`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
