package digest

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// The lines that divide a digest (RFC 1153 §2): one of 70 hyphens behind its head, one of 30 behind every message.
var (
	headLine  = strings.Repeat("-", 70)
	postLine  = strings.Repeat("-", 30)
	digestRow = 70 // characters to a line of our own
)

// text is the digest as RFC 1153 has it: what takes digests apart again finds every post in it.
func (i *issue) text() string {
	var b strings.Builder
	b.WriteString(i.preamble())
	b.WriteString(headLine + "\n\n")
	for _, t := range i.topics {
		for n, p := range t.posts {
			i.message(&b, p, n == len(t.posts)-1)
			b.WriteString("\n" + postLine + "\n\n")
		}
	}
	end := "End of " + i.name()
	b.WriteString(end + "\n" + strings.Repeat("*", utf8.RuneCountInString(end)) + "\n")
	return b.String()
}

// name is what the digest is called where programs read it.
func (i *issue) name() string {
	if i.number == 0 {
		return i.title + " Digest"
	}
	return fmt.Sprintf("%s Digest V%d Issue #%d", i.title, i.volume, i.number)
}

// preamble is what stands above the first line of hyphens: which issue it is, what it has, and what can be done.
func (i *issue) preamble() string {
	var b strings.Builder
	b.WriteString(i.title + " Digest     " + i.at.Format("Mon, 2 Jan 2006"))
	if i.number != 0 {
		fmt.Fprintf(&b, "     Volume %d : Issue %d", i.volume, i.number)
	}
	b.WriteString("\n\n" + dashless(i.head()) + "\n\n")
	i.contents(&b)
	if foot := i.foot(); foot != "" {
		b.WriteString("\n" + dashless(foot) + "\n")
	}
	b.WriteString("\n")
	return b.String()
}

// contentsText is the text before posts that are enclosed whole.
func (i *issue) contentsText() string { return strings.TrimRight(i.preamble(), "\n") + "\n" }

// contents lists the posts by topic, each with its number in this digest.
func (i *issue) contents(b *strings.Builder) {
	b.WriteString(i.words.contents + "\n\n")
	n := 0
	for _, t := range i.topics {
		wrap(b, "  ", t.subject)
		for _, p := range t.posts {
			n++
			wrap(b, fmt.Sprintf("  %4d. ", n), p.author)
		}
	}
}

// wrap writes words behind an indent, and further lines below the first word.
func wrap(b *strings.Builder, indent, words string) {
	room := digestRow - len(indent)
	line := ""
	for _, w := range strings.Fields(words) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(w) > room {
			b.WriteString(indent + line + "\n")
			indent, line = strings.Repeat(" ", len(indent)), ""
		}
		line = strings.TrimPrefix(line+" "+w, " ")
	}
	b.WriteString(indent + line + "\n")
}

// message writes one post: the fields in the order of RFC 1153 §2, its text, its files, and behind the last of a topic how to answer it.
func (i *issue) message(b *strings.Builder, p *issuePost, last bool) {
	for _, f := range [][2]string{{"Date", p.date.Format(time.RFC1123Z)}, {"From", p.from}, {"To", p.to}, {"Cc", p.cc}, {"Subject", p.subject}, {"Message-ID", p.id}, {"Keywords", p.keywords}} {
		if f[1] != "" {
			b.WriteString(f[0] + ": " + f[1] + "\n")
		}
	}
	b.WriteString("\n")
	if text := i.words.trimmed(p.text); text != "" {
		b.WriteString(dashless(text) + "\n")
	}
	if len(p.files) > 0 {
		b.WriteString("\n")
	}
	for _, f := range p.files {
		b.WriteString("[" + i.words.file + " " + f.name + ", " + i.words.size(f.size))
		if f.link != "" {
			b.WriteString(" " + f.link)
		}
		b.WriteString("]\n")
	}
	if !last {
		return
	}
	if p.link != "" || p.answer != "" {
		b.WriteString("\n")
	}
	if p.link != "" {
		b.WriteString(i.words.read + " <" + p.link + ">\n")
	}
	if p.answer != "" {
		b.WriteString(i.words.answer + " <" + p.answer + ">\n")
	}
}

// dashless is a text of which no line is one of those that divide a digest: its first hyphen becomes a space (RFC 1153 §2).
func dashless(text string) string {
	if !strings.Contains(text, postLine) {
		return text
	}
	lines := strings.Split(text, "\n")
	for n, l := range lines {
		if l == postLine || l == headLine {
			lines[n] = " " + l[1:]
		}
	}
	return strings.Join(lines, "\n")
}
