package message

import (
	"slices"
	"strings"
)

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
// first text/html part without what nobody sees in it, and of either the first 64 KiB. Attachments, enclosed messages and what has the name of a file,
// unless it is the only text, are not looked at. It is empty if they wrote nothing.
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
	found := m.reply()
	return found.own, found.read
}

// OwnWhole is Own where it is to stand for itself, as a new text for something: whole is false if it may not be all that they wrote, since something
// that is quoted, or may be, stands within it, or the text is too long.
func (m *Message) OwnWhole() (own string, whole bool) {
	found := m.reply()
	return found.own, !found.torn
}

// OwnAbove is what of Own stands above everything that is quoted; more says that there is some below.
func (m *Message) OwnAbove() (above string, more bool) {
	found := m.reply()
	return found.above, found.above != found.own
}

// foundText is what was found in a reply.
type foundText struct {
	own, above string
	read       bool
	torn       bool // it may not be all of theirs, or not in one piece
}

func (m *Message) reply() foundText {
	lines, whole, found := m.replyText()
	if !found {
		return foundText{read: whole}
	}
	return ownText(lines, whole)
}

// replyText is the text of a reply in lines. whole says that they are all there are; where nothing is found, that there is nothing to be read.
func (m *Message) replyText() (lines []replyLine, whole, found bool) {
	var markup *Part
	empty := false
	parts, sure := m.replyParts()
	for _, p := range parts {
		if !p.decodes() {
			continue
		}
		empty = true
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
		return plainLines(text, p.Params), sure && len(text) < replyLimit-4, true
	}
	if markup == nil {
		return nil, sure && empty, false
	}
	lines, whole = markupLines(markup.of.decode(&markup.e, replyMarkup), replyLimit)
	return lines, whole && sure, true
}

// decodes reports whether something comes out of a part in which something is: of base64 without a letter of base64 nothing does.
func (p Part) decodes() bool {
	return p.of.decode(&p.e, 4) != "" || strings.TrimSpace(string(p.of.Raw[p.e.body:p.e.end])) == ""
}

// replyParts are the parts that may hold the text of a reply. sure is false where there may be more of it in what is left out: there is no text, or
// text with a file name stands in the mail as if it were the writer's.
func (m *Message) replyParts() (parts []Part, sure bool) {
	all := m.Parts()
	texts, named := 0, []Part(nil)
	for _, p := range all {
		if !p.Leaf || p.Enclosed || p.Media != "text/plain" && p.Media != "text/html" {
			continue
		}
		texts++
		switch {
		case p.Attachment:
		case p.isFile():
			named = append(named, p)
		default:
			parts = append(parts, p)
		}
	}
	if texts == 1 && len(named) == 1 { // some programs name all that they send
		return named, true
	}
	if len(all) == 1 && !all[0].Leaf && strings.HasPrefix(all[0].Media, "multipart/") { // without any delimiter: all there is, is what stands there
		text := all[0]
		text.Media, text.Leaf, text.e.body, text.e.end = "text/plain", true, m.Body, len(m.Raw)
		parts = append(parts, text)
	}
	says := func(p Part) bool { return strings.TrimSpace(p.Text(lineLimit)) != "" }
	return parts, len(parts) > 0 && !slices.ContainsFunc(named, says)
}

// isFile reports whether a part has the name of a file: that somebody sends along, in whatever place a program shows it, and has not written there.
func (p Part) isFile() bool {
	if p.Params["name"] != "" {
		return true
	}
	_, params := parseMedia(p.Fields.Get("Content-Disposition"))
	return params["filename"] != ""
}
