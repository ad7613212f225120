package event

import (
	"strings"
	"unicode/utf8"
)

// isText reports whether a line is one that people write into.
func isText(line string) bool {
	for _, name := range []string{"DESCRIPTION", "SUMMARY", "LOCATION", "COMMENT"} {
		if rest, ok := strings.CutPrefix(line, name); ok && rest != "" && (rest[0] == ':' || rest[0] == ';') {
			return len(line) < maxLine
		}
	}
	return false
}

// isPrintable reports whether a line is in quoted-printable, as those of vCalendar 1.0 (1996) may be, which old telephones write.
func isPrintable(line string) bool {
	params, _, _ := strings.Cut(line, ":")
	return strings.Contains(strings.ToUpper(params), `;ENCODING="QUOTED-PRINTABLE"`)
}

// maxParams is how long the parameters of a line may be together, in octets.
const maxParams = 4000

// cutLine cuts a line into its parts (RFC 5545 §3.1), of which the parameters are written anew: what stands in quotes badly is without them. ok is false for what
// is no such line.
func cutLine(s string) (name, params, value string, ok bool) {
	i := strings.IndexAny(s, ";:")
	if i <= 0 {
		return "", "", "", false
	}
	name = strings.ToUpper(strings.TrimSpace(s[:i]))
	if strings.ContainsFunc(name, func(r rune) bool { return r != '-' && r != '_' && (r < '0' || r > '9' && r < 'A' || r > 'Z') }) {
		return "", "", "", false
	}
	var b strings.Builder
	for s[i] == ';' {
		equals := strings.IndexAny(s[i+1:], "=;:")
		if equals < 0 {
			return "", "", "", false
		}
		key := strings.ToUpper(strings.TrimSpace(s[i+1 : i+1+equals]))
		i += 1 + equals
		sign := ";" + key + "="
		for s[i] == '=' && key != "" || s[i] == ',' {
			var one string
			if one, i = paramValue(s, i+1); i >= len(s) {
				return "", "", "", false
			}
			if b.Len()+len(one) < maxParams {
				b.WriteString(sign + `"` + one + `"`)
				sign = ","
			}
		}
		if s[i] == '=' {
			return "", "", "", false
		}
	}
	return name, b.String(), s[i+1:], s[i] == ':'
}

// paramValue is one value of a parameter that begins at i, without quotes, and where it ends.
func paramValue(s string, i int) (string, int) {
	var b strings.Builder
	quoted := false
	for ; i < len(s); i++ {
		switch ch := s[i]; {
		case ch == '"':
			quoted = !quoted
		case !quoted && (ch == ';' || ch == ':' || ch == ','):
			return strings.TrimSpace(b.String()), i
		case ch >= ' ' || ch == '\t':
			b.WriteByte(ch)
		}
	}
	return b.String(), i
}

// cutText is a text of at most so many octets, cut between characters.
func cutText(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most] + "…"
}

// cutRunes is a text of at most so many characters: of a name, whatever script it is in.
func cutRunes(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}
