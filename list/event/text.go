package event

import (
	"io"
	"mime/quotedprintable"
	"strings"

	"github.com/emersion/go-ical"
)

func plain(s string) Texts {
	if s == "" {
		return nil
	}
	return Texts{"": s}
}

// propText is a property of type TEXT, without its escapes. QUIRK: some programs do not escape commas and semicolons, so that go-ical would cut at the first.
func propText(props ical.Props, name string, most int) string {
	p := props.Get(name)
	if p == nil {
		return ""
	}
	value := p.Value
	if strings.EqualFold(p.Params.Get("ENCODING"), "QUOTED-PRINTABLE") {
		if plain, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(value))); err == nil {
			value = strings.ToValidUTF8(string(plain), "\ufffd")
		}
	}
	var b strings.Builder
	escaped := false
	for _, c := range value {
		switch {
		case escaped && (c == 'n' || c == 'N'):
			b.WriteByte('\n')
		case escaped && c != '\\' && c != ';' && c != ',' && c != '"' && c != ':':
			b.WriteString(`\` + string(c))
		case !escaped && c == '\\':
			escaped = true
			continue
		case c >= ' ' && c != 0x7f || c == '\t' || c == '\n':
			b.WriteRune(c)
		}
		escaped = false
	}
	if escaped {
		b.WriteByte('\\')
	}
	return cutText(strings.TrimSpace(b.String()), most)
}

var paramPlain = strings.NewReplacer("^^", "^", "^n", "\n", "^N", "\n", "^'", `"`)

// paramText is the value of a parameter without the escapes of RFC 6868.
func paramText(s string) string {
	return paramPlain.Replace(s)
}

// oneLine is a text without line breaks, which a header of a mail could not have.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
