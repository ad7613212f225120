package message

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// textDepth and textParts are how far Text looks into a message that did not go through Guard.
const (
	textDepth = 50
	textParts = 1000
)

// Text is what the author wrote, for people and for commands: the first text/plain part, else the first text/html part without its tags, decoded to
// UTF-8 with LF line ends and without control characters but tab. Attachments and enclosed messages are not looked at. It is at most max octets of
// whole code points, and empty if there is no text.
func (m *Message) Text(max int) string {
	if max <= 0 {
		return ""
	}
	var plain, markup *entity
	s := scanner{raw: m.Raw, lim: Limits{Depth: textDepth, Parts: textParts}}
	leaves := 0
	s.leaf = func(e entity) {
		leaves++
		if e.enclosed || e.attachment {
			return
		}
		if plain == nil && e.media == "text/plain" {
			plain = &e
		}
		if markup == nil && e.media == "text/html" {
			markup = &e
		}
	}
	err := s.scan() // what was found before a limit was hit is good
	switch {
	case plain != nil:
		return tidyText(m.decode(plain, max), max)
	case markup != nil:
		return tidyText(dropTags(m.decode(markup, 8*min(max, 1<<20)+64<<10)), max)
	case leaves == 0 && err == nil: // a multipart without any delimiter: all there is, is what stands there
		return tidyText(m.decode(&entity{body: m.Body, end: len(m.Raw)}, max), max)
	}
	return ""
}

// decode undoes transfer encoding and charset of a part, as far as it takes to get about limit octets of text.
func (m *Message) decode(e *entity, limit int) string {
	limit = min(limit, 1<<30)
	src := m.Raw[e.body:e.end]
	var b []byte
	switch e.encoding {
	case "base64":
		b = appendBase64(nil, src, 4*limit) // some charsets take four octets for what UTF-8 says in one
	case "quoted-printable":
		b = appendQuotedPrintable(nil, src, 4*limit)
	default:
		b = src[:min(len(src), 4*limit)]
	}
	s, ok := decodeCharset(e.params["charset"], b)
	if !ok {
		s = validUTF8(string(b))
	}
	return s
}

// tidyText makes line ends LF, drops controls, and cuts at a code point.
func tidyText(s string, max int) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	if !plainASCII(s) {
		s = dropControls(s)
	}
	if len(s) > max {
		for max > 0 && !utf8.RuneStart(s[max]) {
			max--
		}
		s = s[:max]
	}
	return s
}

// plainASCII reports whether there is nothing in s that dropControls would look at: true of most mail, and ten times as fast to see.
func plainASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= 0x7f || c < ' ' && c != '\n' && c != '\t' {
			return false
		}
	}
	return true
}

func dropControls(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r':
			return '\n'
		case r == '\uFEFF' || isControl(r):
			return -1
		}
		return r
	}, s)
}

// dropTags makes plain text of HTML: no markup, no scripts or styles, a line for each block.
func dropTags(s string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	hidden := "" // the element whose content is not text
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.TrimSpace(b.String())
		case html.TextToken:
			if hidden == "" {
				appendCollapsed(&b, string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			switch string(name) {
			case "script", "style", "title", "noscript", "template", "iframe", "noembed", "noframes":
				if hidden == "" {
					hidden = string(name)
				}
			case "br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "hr", "table", "ul", "ol", "section", "article":
				newLine(&b, string(name) == "br")
			case "td", "th":
				appendCollapsed(&b, " ")
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			switch string(name) {
			case hidden:
				hidden = ""
			case "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table", "ul", "ol", "section", "article":
				newLine(&b, false)
			}
		}
	}
}

// newLine ends the line; only a <br> makes an empty one.
func newLine(b *strings.Builder, always bool) {
	if s := b.String(); always || s != "" && s[len(s)-1] != '\n' {
		b.WriteByte('\n')
	}
}

// appendCollapsed appends s with each run of white space as one space, and none at the start of a line.
func appendCollapsed(b *strings.Builder, s string) {
	for _, r := range s {
		if r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\f' {
			if t := b.String(); t == "" || t[len(t)-1] == ' ' || t[len(t)-1] == '\n' {
				continue
			}
			r = ' '
		}
		b.WriteRune(r)
	}
}
