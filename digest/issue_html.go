package digest

import (
	"cmp"
	"fmt"
	"html"
	"regexp"
	"strings"
)

// The frame of a letter's HTML, and the rule between its head and its foot.
const (
	pageEnd  = "</main>"
	pageRule = "<hr>\n"
)

// html is the digest as a page: the head of the letter, the contents with a link to every post, the posts, the foot.
func (i *issue) html() string {
	frame, end, _ := strings.Cut(i.mail.HTML, pageEnd)
	head, foot, _ := strings.Cut(frame, pageRule)
	var b strings.Builder
	b.WriteString(head)
	b.WriteString("<p><b>" + html.EscapeString(i.words.contents) + "</b></p>\n")
	n := 0
	for _, t := range i.topics {
		b.WriteString("<p>" + html.EscapeString(cmp.Or(t.subject, i.words.untitled)))
		for _, p := range t.posts {
			n++
			fmt.Fprintf(&b, "<br>\n%d. <a href=\"#post%[1]d\">%s</a>", n, html.EscapeString(p.author))
		}
		b.WriteString("</p>\n")
	}
	n = 0
	for _, t := range i.topics {
		b.WriteString(pageRule + "<h2>" + html.EscapeString(cmp.Or(t.subject, i.words.untitled)) + "</h2>\n")
		for _, p := range t.posts {
			n++
			i.postHTML(&b, p, n)
		}
	}
	b.WriteString(pageRule + foot + pageEnd + end)
	return b.String()
}

func (i *issue) postHTML(b *strings.Builder, p *issuePost, n int) {
	fmt.Fprintf(b, "<h3 id=\"post%d\">%[1]d. %s</h3>\n<p><small>%s</small></p>\n", n, html.EscapeString(p.author), html.EscapeString(p.date.In(i.at.Location()).Format("2006-01-02 15:04 MST")))
	b.WriteString("<div dir=\"auto\">\n")
	if markup := i.words.trimmedHTML(p.markup); markup != "" {
		b.WriteString(markup)
	} else {
		b.WriteString(textHTML(i.shown(p)))
	}
	b.WriteString("\n</div>\n")
	if len(p.files) > 0 {
		b.WriteString("<p>" + html.EscapeString(i.words.files))
		for _, f := range p.files {
			b.WriteString("<br>\n" + anchor(f.link, f.name) + ", " + html.EscapeString(i.words.size(f.size)))
		}
		b.WriteString("</p>\n")
	}
	var links []string
	if p.answer != "" {
		links = append(links, anchor(p.answer, unlabelled(i.words.answer)))
	}
	if p.link != "" {
		links = append(links, anchor(p.link, unlabelled(i.words.read)))
	}
	if len(links) > 0 {
		b.WriteString("<p>" + strings.Join(links, " · ") + "</p>\n")
	}
}

// anchor is a link, or its words alone.
func anchor(to, words string) string {
	if to == "" {
		return html.EscapeString(words)
	}
	return `<a href="` + html.EscapeString(to) + `">` + html.EscapeString(words) + "</a>"
}

// webLink is an address that stands in a text, without what ends the sentence.
var webLink = regexp.MustCompile(`https?://[^\s<>"]*[^\s<>".,;:!?')\]]`)

// textHTML is a plain text as HTML: its paragraphs and lines, quoted lines as a quotation, addresses of pages as links.
func textHTML(text string) string {
	var b strings.Builder
	quoted, open := false, false
	end := func() {
		if open {
			b.WriteString("</p>\n")
		}
		open = false
	}
	for line := range strings.SplitSeq(text, "\n") {
		rest, isQuoted := strings.CutPrefix(line, ">")
		if isQuoted != quoted {
			end()
			b.WriteString(map[bool]string{true: "<blockquote>\n", false: "</blockquote>\n"}[isQuoted])
			quoted = isQuoted
		}
		if rest = strings.TrimSpace(rest); rest == "" {
			end()
			continue
		}
		if open {
			b.WriteString("<br>\n")
		} else {
			b.WriteString("<p>")
		}
		open = true
		b.WriteString(linkedHTML(rest))
	}
	end()
	if quoted {
		b.WriteString("</blockquote>\n")
	}
	return b.String()
}

// linkedHTML is a line with its addresses as links.
func linkedHTML(line string) string {
	var b strings.Builder
	at := 0
	for _, m := range webLink.FindAllStringIndex(line, -1) {
		b.WriteString(html.EscapeString(line[at:m[0]]) + anchor(line[m[0]:m[1]], line[m[0]:m[1]]))
		at = m[1]
	}
	b.WriteString(html.EscapeString(line[at:]))
	return b.String()
}
