package digest

import (
	"cmp"
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
		wrap(b, "  ", cmp.Or(t.subject, i.words.untitled))
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
	for _, paragraph := range []string{dashless(i.shown(p)), i.filesText(p), i.linksText(p, last)} {
		if paragraph != "" {
			b.WriteString("\n" + paragraph + "\n")
		}
	}
}

// shown is the text of a post, or that there is none.
func (i *issue) shown(p *issuePost) string {
	text := i.words.trimmed(p.text)
	if text == "" && len(p.files) == 0 {
		return i.words.textless
	}
	return text
}

func (i *issue) filesText(p *issuePost) string {
	var all []string
	for _, f := range p.files {
		all = append(all, "["+strings.TrimRight(i.words.file+" "+f.name+", "+i.words.size(f.size)+" "+f.link, " ")+"]")
	}
	return strings.Join(all, "\n")
}

// linksText is how the last post of a topic is read on the web and answered.
func (i *issue) linksText(p *issuePost, last bool) string {
	var all []string
	if last && p.link != "" {
		all = append(all, i.words.read+" <"+p.link+">")
	}
	if last && p.answer != "" {
		all = append(all, i.words.answer+" <"+p.answer+">")
	}
	return strings.Join(all, "\n")
}

// dashless is a text of which no line is one of those that divide a digest: its first hyphen becomes a space (RFC 1153 §2). Many programs that take digests apart
// do not look at spaces behind the hyphens.
func dashless(text string) string {
	if !strings.Contains(text, postLine) {
		return text
	}
	lines := strings.Split(text, "\n")
	for n, l := range lines {
		if l = strings.TrimRight(l, " \t"); l == postLine || l == headLine {
			lines[n] = " " + l[1:]
		}
	}
	return strings.Join(lines, "\n")
}
