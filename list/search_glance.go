package list

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"convene/list/message"
)

// hit reads of a post what is shown of it: its own words, not those that it quotes.
func (e *Engine) hit(p *Post, marks func(string) []Span, member bool, zone *time.Location) (SearchHit, error) {
	raw, err := e.Store.Raw(p.Ref)
	if err != nil {
		return SearchHit{}, fmt.Errorf("list: post %d: %w", p.Number, err)
	}
	m := message.Parse(raw)
	text := glanceLine(unquoted(m.Text(glanceText)), member)
	found := marks(text)
	if len(found) == 0 { // it was found by something else: how its author begins
		text, _ = m.Written()
		text = glanceLine(text, member)
		found = marks(text)
	}
	subject := lineFor(member, p.Subject)
	return SearchHit{Post: p.Number, MessageID: p.MessageID, Topic: p.Topic, Name: shownName(p), Date: p.Date.In(zone),
		Subject: segments(subject, 0, len(subject), marks(subject)), Text: glance(text, found)}, nil
}

// unquoted is a text without the lines that are marked as quoted: quickly, since what matters of it is around words that its author wrote.
func unquoted(text string) string {
	var b strings.Builder
	for line := range strings.SplitAfterSeq(text, "\n") {
		if !strings.HasPrefix(strings.TrimLeft(line, " "), ">") {
			b.WriteString(line)
		}
	}
	return b.String()
}

// glanceLine makes one line of a text, as a member may read it, or a stranger.
func glanceLine(text string, member bool) string {
	if len(text) > glanceText {
		text = strings.ToValidUTF8(text[:glanceText], "")
	}
	if text = spacedOnce(plainText(text)); !member && strings.ContainsAny(text, "@%") {
		text = withoutAddresses(text)
	}
	return text
}

// isRule reports whether a word is a line that was drawn: below a heading, or between parts.
func isRule(word string) bool { return len(word) > 2 && strings.Trim(word, "-=_*~#+") == "" }

// spacedOnce is a text with one space where it had white space, none around it, and without lines that were drawn.
func spacedOnce(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for word := range strings.FieldsSeq(text) {
		if isRule(word) {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(word)
	}
	return b.String()
}

// glance is the piece of a text in which most stands that was looked for.
func glance(text string, marks []Span) []Segment {
	from, most := 0, 0
	for i, m := range marks {
		n := 0
		for _, other := range marks[i:] {
			if other.To > m.From+glanceLength*2/3 {
				break
			}
			n++
		}
		if n > most {
			from, most = m.From, n
		}
	}
	if from = max(from-glanceLength/3, 0); from > 0 {
		if i := strings.IndexByte(text[from:], ' '); i >= 0 && i < glanceLength/3 {
			from += i + 1
		}
	}
	for from > 0 && !utf8.RuneStart(text[from]) {
		from--
	}
	to := min(from+glanceLength, len(text))
	if to < len(text) {
		if i := strings.LastIndexByte(text[from:to], ' '); i > glanceLength/2 {
			to = from + i
		}
		for !utf8.RuneStart(text[to]) {
			to--
		}
	}
	all := segments(text, from, to, marks)
	if len(all) > 0 && from > 0 {
		all = append([]Segment{{Text: "… "}}, all...)
	}
	if len(all) > 0 && to < len(text) {
		all = append(all, Segment{Text: " …"})
	}
	return all
}

// segments divides a piece of a text by its marks.
func segments(text string, from, to int, marks []Span) (all []Segment) {
	at := from
	for _, m := range marks {
		if m.From < at || m.From >= to {
			continue
		}
		if m.From > at {
			all = append(all, Segment{Text: text[at:m.From]})
		}
		at = min(m.To, to)
		all = append(all, Segment{Text: text[m.From:at], Marked: true})
	}
	if at < to {
		all = append(all, Segment{Text: text[at:to]})
	}
	return all
}
