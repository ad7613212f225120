package message

import "strings"

const (
	// replyLimit is how much of a reply's text is looked at, in octets. A person answers in less; what follows is what they quote.
	replyLimit = 64 << 10
	// replyMarkup is how much HTML is read to find it.
	replyMarkup = 1 << 20
	// lineLimit is the longest line that can be anything but somebody's own words, in octets.
	lineLimit = 600
)

// Own is what a person wrote themselves in a reply: no quoted or forwarded message, no line that introduces one, no signature and no banner of a
// gateway; LF line ends, without blank lines around. It reads the first text/plain part that says something (also format=flowed, RFC 3676), else the
// first text/html part, and of either the first 64 KiB. Attachments and enclosed messages are not looked at. It is empty if they wrote nothing.
//
// It errs on the side of what is safe when the first word decides something: what may be quoted is left out.
func (m *Message) Own() string {
	own, _ := m.Reply()
	return own
}

// Reply is Own, and whether that is an answer to the question: false where there is no text that can be read, as in encrypted mail and in a lone
// picture, where the text is too long to be read to its end, and where a line cannot be told from a quotation. Nobody should take an empty reply
// that was not read for "they wrote nothing".
func (m *Message) Reply() (own string, read bool) {
	var markup *Part
	var found bool
	for _, p := range m.replyParts() {
		if !p.decodes() {
			continue
		}
		found = true
		if p.Media == "text/html" {
			if markup == nil {
				markup = &p
			}
			continue
		}
		text := p.Text(replyLimit)
		if strings.TrimSpace(text) == "" {
			continue // some programs put an empty one beside their HTML
		}
		return ownText(plainLines(text, p.Params), len(text) < replyLimit-4)
	}
	if markup == nil {
		return "", found
	}
	lines, whole := markupLines(markup.of.decode(&markup.e, replyMarkup), replyLimit)
	return ownText(lines, whole)
}

// decodes reports whether something comes out of a part in which something is: of base64 without a letter of base64 nothing does.
func (p Part) decodes() bool {
	return p.of.decode(&p.e, 4) != "" || strings.TrimSpace(string(p.of.Raw[p.e.body:p.e.end])) == ""
}

// replyParts are the parts that may hold the text of a reply.
func (m *Message) replyParts() []Part {
	var parts []Part
	all := m.Parts()
	for _, p := range all {
		if p.Leaf && !p.Enclosed && !p.Attachment && (p.Media == "text/plain" || p.Media == "text/html") {
			parts = append(parts, p)
		}
	}
	if len(all) == 1 && !all[0].Leaf && strings.HasPrefix(all[0].Media, "multipart/") { // without any delimiter: all there is, is what stands there
		text := all[0]
		text.Media, text.Leaf, text.e.body, text.e.end = "text/plain", true, m.Body, len(m.Raw)
		parts = append(parts, text)
	}
	return parts
}
