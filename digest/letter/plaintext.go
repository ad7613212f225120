package letter

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// foldAt is the longest line of the plain text, in characters.
const foldAt = 72

// text writes the plain part: paragraphs folded, links behind their words, emphasis as people write it, quotations behind "> ". No line ends in a space, so
// that nobody takes it for one that flows (RFC 3676).
func (d document) text() string {
	var lines []string
	d.write(func(l string) { lines = append(lines, strings.TrimRight(l, " ")) }, foldAt)
	return strings.TrimRight(strings.Join(lines, "\n"), "\n") + "\n"
}

// write hands over the lines of a document that has so many characters of width.
func (d document) write(line func(string), width int) {
	for i, b := range d {
		if i > 0 {
			line("")
		}
		b.write(line, width)
	}
}

func (b block) write(line func(string), width int) {
	switch b.kind {
	case paragraph:
		foldTo(line, flat(b.spans), width)
	case heading:
		longest := 0
		foldTo(func(l string) { line(l); longest = max(longest, utf8.RuneCountInString(l)) }, flat(unstyled(b.spans)), width)
		if b.level < 3 {
			line(strings.Repeat("-", max(longest, 3)))
		}
	case list:
		b.writeItems(line, width)
	case quotation:
		b.items[0].write(func(l string) { line("> " + l) }, max(width-2, 20))
	case preformatted:
		for l := range strings.SplitSeq(b.spans[0].text, "\n") {
			line("    " + clean(l))
		}
	case rule:
		line(strings.Repeat("-", 24))
	case table:
		b.writeRows(line, width)
	}
}

func (b block) writeItems(line func(string), width int) {
	for i, item := range b.items {
		if i > 0 && !b.tight {
			line("")
		}
		sign := "- "
		if b.ordered {
			sign = strconv.Itoa(b.start+i) + ". "
		}
		indent := strings.Repeat(" ", len(sign))
		first := true
		each := func(l string) {
			if first {
				line(sign + l)
			} else {
				line(indent + l)
			}
			first = false
		}
		if b.tight {
			for _, part := range item {
				part.write(each, max(width-len(sign), 20))
			}
		} else {
			item.write(each, max(width-len(sign), 20))
		}
		if first {
			line(sign)
		}
	}
}

// unstyled are spans without emphasis: a heading has its own.
func unstyled(spans []span) []span {
	out := make([]span, len(spans))
	for i, s := range spans {
		s.strong, s.emphatic = false, false
		out[i] = s
	}
	return out
}

// forScreens reports whether a span is a link that begins an answer to a post. In plain text that would be three lines of signs: it stands in HTML alone.
func forScreens(s span) bool {
	return strings.HasPrefix(s.href, "mailto:") && strings.Contains(s.href, "In-Reply-To=")
}

// withoutAnswers are spans without the links for screens, and without the comma before them.
func withoutAnswers(spans []span) (out []span) {
	if !slices.ContainsFunc(spans, forScreens) {
		return spans
	}
	for _, s := range spans {
		if !forScreens(s) {
			out = append(out, s)
		} else if last := len(out) - 1; last >= 0 {
			out[last].text = strings.TrimRight(out[last].text, ", ")
		}
	}
	return out
}

// flat is a paragraph as one text, with line ends where it has any.
func flat(spans []span) string {
	spans = withoutAnswers(spans)
	var b strings.Builder
	var before span
	for i := range len(spans) + 1 { // one more, which ends what the last began
		var s span
		if i < len(spans) {
			s = spans[i]
		}
		if before.emphatic && !s.emphatic {
			b.WriteByte('_')
		}
		if before.strong && !s.strong {
			b.WriteByte('*')
		}
		if before.href != "" && before.href != s.href {
			b.WriteString(behind(wordsOf(spans[:i], before.href), before.href))
		}
		if s.newline {
			b.WriteByte('\n')
		}
		if s.strong && !before.strong {
			b.WriteByte('*')
		}
		if s.emphatic && !before.emphatic {
			b.WriteByte('_')
		}
		b.WriteString(s.text)
		before = s
	}
	return b.String()
}

// wordsOf are the words of the link that ends the spans.
func wordsOf(spans []span, href string) string {
	words := ""
	for i := len(spans) - 1; i >= 0 && spans[i].href == href; i-- {
		words = spans[i].text + words
	}
	return words
}

// behind is what stands behind the words of a link: where it leads, unless they say so. Of a link that begins a mail that is the address, and nothing where
// it is the one that answers go to.
func behind(words, href string) string {
	if to := mailAddress(href); to != "" {
		href = to
		if to == ReplyTo {
			return ""
		}
	}
	if strings.Contains(words, href) {
		return ""
	}
	return " <" + href + ">"
}
