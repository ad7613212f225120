package message

import (
	"bytes"
	"html"
	"regexp"
	"strings"
)

// footerLine is what divides a text from the footer below it, unless that begins with such a line. It is what list servers have always written, so that
// programs and people know it.
const footerLine = "_______________________________________________"

// addedLines is what is to stand below a text: lines about what was taken out, and the footer.
type addedLines struct{ notices, footer []string }

func (a addedLines) empty() bool { return len(a.notices)+len(a.footer) == 0 }

// said is what that is, for those who look into the matter.
func (a addedLines) said() string {
	switch {
	case len(a.notices) == 0:
		return "the footer"
	case len(a.footer) == 0:
		return "a line about what was taken out"
	}
	return "a line about what was taken out, and the footer,"
}

// lines is what has to be added, in lines without spaces at their ends.
func (b *bodyChanger) lines() addedLines {
	var a addedLines
	for _, t := range b.taken {
		if b.Taken == nil {
			break
		}
		if line := strings.TrimSpace(oneLine(b.Taken(t))); line != "" {
			a.notices = append(a.notices, line)
		}
	}
	text := strings.Trim(strings.ReplaceAll(validUTF8(b.Footer), "\r\n", "\n"), "\n")
	if strings.TrimSpace(text) == "" {
		return a
	}
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimRight(oneLine(line), " \t")
		if i == 0 && !isFooterRule(line) {
			a.footer = append(a.footer, footerLine)
		}
		a.footer = append(a.footer, line)
	}
	return a
}

// join is the text of a part of its own.
func join(a addedLines) []byte {
	lines := append([]string(nil), a.notices...)
	if len(a.notices) > 0 && len(a.footer) > 0 {
		lines = append(lines, "")
	}
	lines = append(lines, a.footer...)
	if len(lines) == 0 {
		return []byte{}
	}
	return []byte(strings.Join(lines, "\r\n") + "\r\n")
}

// below is what stands below a plain text: an empty line divides it from what is above, which no text of format=flowed flows over (RFC 3676 §4.1).
func (a addedLines) below(text []byte, flowed bool) string {
	lines := string(join(a))
	if flowed {
		lines = stuffed.ReplaceAllString(lines, " $0")
	}
	last := trimLineEnd(text, len(text))
	switch {
	case last == 0 || last < len(text) && text[last-1] == '\n': // there is one
		if flowed && flows(text[:trimLineEnd(text, last)]) {
			return "\r\n" + lines
		}
		return lines
	case last < len(text):
		lines = "\r\n" + lines
	default:
		lines = "\r\n\r\n" + lines
	}
	if flowed && flows(text[:last]) {
		return "\r\n" + lines
	}
	return lines
}

// flows reports whether the last line of a text, without its end, goes on in the next: an empty one there ends the paragraph, and is not seen.
func flows(text []byte) bool {
	line := text[bytes.LastIndexByte(text, '\n')+1:]
	return bytes.HasSuffix(line, []byte(" ")) && !bytes.HasPrefix(line, []byte(">")) && string(line) != "-- "
}

// stuffed are lines that would be read as quoted or as stuffed in a text of format=flowed, and one that old programs change (RFC 3676 §4.4).
var stuffed = regexp.MustCompile(`(?m)^(?:[ >]|From )`)

// markup is the same as HTML. It is all ASCII, so that it can stand in every charset. What the footer says before a link is what one follows it by: the
// link itself can be longer than a phone is wide. It reads in the direction of its own language, whatever that of the text above, and stands below what
// floats at the side of that.
func (a addedLines) markup() string {
	var b strings.Builder
	for _, line := range a.notices {
		b.WriteString("<div>" + markLine(line) + "</div>\r\n")
	}
	if len(a.footer) > 0 {
		b.WriteString(`<div class="` + footerClass + `" dir="auto" style="clear:both"><hr>`)
		for i, line := range joinLinks(a.footer[1:]) {
			if i > 0 {
				b.WriteString("<br>\r\n")
			}
			b.WriteString(markLabel(line))
		}
		b.WriteString("</div>\r\n")
	}
	return b.String()
}

// footerClass names the element that a footer is in.
const footerClass = "convene-footer"

// followed are the addresses of pages and people in a line, without the punctuation that ends a sentence or encloses them.
var followed = regexp.MustCompile(`(?:https?://|mailto:)[^\s<>"]*[^\s<>"'.,;:!?)\]}]|[A-Za-z0-9.!#$%&*+/=?^_{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`)

// labelled is a line that ends with a link: what stands before its last sentence, that sentence, and the link.
var labelled = regexp.MustCompile(`^(.*[.!?] |)(\S.*?)[\s\x{a0}\x{202f}]*:[\s\x{a0}]+<?((?:https?://|mailto:)[^\s<>"]+)>?$`)

// linkAlone is a line that is nothing but a link.
var linkAlone = regexp.MustCompile(`^<?(?:https?://|mailto:)[^\s<>"]+>?$`)

// joinLinks puts a link that was folded onto a line of its own back behind what it is for.
func joinLinks(lines []string) []string {
	var joined []string
	for _, line := range lines {
		if last := len(joined) - 1; last >= 0 && strings.HasSuffix(joined[last], ":") && linkAlone.MatchString(line) {
			joined[last] += " " + line
			continue
		}
		joined = append(joined, line)
	}
	return joined
}

// markLabel is a line of a footer as HTML.
func markLabel(line string) string {
	m := labelled.FindStringSubmatch(line)
	if m == nil || followed.MatchString(m[2]) {
		return markLine(line)
	}
	return markLine(m[1]) + linkTo(m[3], m[2])
}

// markLine is a line as HTML, with the links in it.
func markLine(line string) string {
	var b strings.Builder
	pos := 0
	for _, at := range followed.FindAllStringIndex(line, -1) {
		link := line[at[0]:at[1]]
		target := link
		if !strings.Contains(link, ":") {
			target = "mailto:" + link
		}
		b.WriteString(escapeASCII(line[pos:at[0]]) + linkTo(target, link))
		pos = at[1]
	}
	b.WriteString(escapeASCII(line[pos:]))
	return b.String()
}

// linkTo is a link in the colour of the text around it, since the blue of programs cannot be read on the dark ground of some authors, and underlined whatever the
// author's own links are.
func linkTo(target, text string) string {
	return `<a href="` + escapeASCII(target) + `" style="color:inherit;text-decoration:underline">` + escapeASCII(text) + "</a>"
}

// escapeASCII is text in HTML that has nothing but ASCII.
func escapeASCII(s string) string {
	s = html.EscapeString(s)
	if isASCII(s) {
		return s
	}
	return numeric(s)
}
