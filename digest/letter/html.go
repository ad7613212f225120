package letter

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"unicode/utf8"
)

// pageHead is all that the HTML part has for a head. Its sizes hold where a program drops styles: there the text is as large as its reader set it.
const pageHead = `<!DOCTYPE html>
<html lang="%s"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark"><title>%s</title>
<style>:root{color-scheme:light dark}
body{margin:0;padding:12px}
main{display:block;max-width:36em;margin:0 auto;font:17px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:break-word}
h1,h2,h3{line-height:1.25;margin:1.4em 0 .4em}h1{font-size:1.3em}h2{font-size:1.15em}h3{font-size:1em}
p{margin:.7em 0}ul,ol{padding-left:1.3em;margin:.7em 0}li{margin:.3em 0}
blockquote{margin:.7em 0;padding:.1em 0 .1em .9em;border-left:3px solid #999}blockquote p{margin:.3em 0}
pre{white-space:pre-wrap}hr{border:0;border-top:1px solid #999;margin:1.4em 0}
a{color:#0b57d0}@media (prefers-color-scheme:dark){body{background:#121212;color:#e8e8e8}a{color:#8ab4f8}}</style>
</head><body><main>
`

// fromTheRight are languages that are written from the right: a site may have texts in them.
var fromTheRight = map[string]bool{"ar": true, "fa": true, "he": true, "ps": true, "ur": true}

const pageFoot = "</main></body></html>\n"

// page writes the HTML part: a few plain elements, nothing that is loaded, no script.
func (d document) page(language, title string) string {
	var b strings.Builder
	head := pageHead
	if slices.ContainsFunc(d, func(k block) bool { return k.kind == table }) {
		head = strings.Replace(head, "</style>", tableStyle+"</style>", 1)
	}
	if fromTheRight[base(language)] { // on what is left of it where a program drops the page's own elements, too
		head = strings.Replace(strings.Replace(head, `<html lang="%s"`, `<html lang="%s" dir="rtl"`, 1), "<main>", `<main dir="rtl">`, 1)
	}
	fmt.Fprintf(&b, head, html.EscapeString(language), html.EscapeString(title))
	d.html(&b)
	b.WriteString(pageFoot)
	return b.String()
}

func (d document) html(b *strings.Builder) {
	for _, one := range d {
		one.html(b)
	}
}

func (k block) html(b *strings.Builder) {
	switch k.kind {
	case paragraph:
		b.WriteString("<p>" + inline(k.spans) + "</p>\n")
	case heading:
		fmt.Fprintf(b, "<h%d>%s</h%[1]d>\n", min(k.level, 3), inline(unstyled(k.spans)))
	case list:
		k.htmlItems(b)
	case quotation:
		b.WriteString("<blockquote dir=\"auto\">\n")
		k.items[0].html(b)
		b.WriteString("</blockquote>\n")
	case preformatted:
		b.WriteString("<pre>" + html.EscapeString(k.spans[0].text) + "</pre>\n")
	case rule:
		b.WriteString("<hr>\n")
	case table:
		k.htmlTable(b)
	}
}

func (k block) htmlItems(b *strings.Builder) {
	element, open := "ul", "<ul>\n"
	if k.ordered {
		element, open = "ol", "<ol>\n"
		if k.start != 1 {
			open = fmt.Sprintf("<ol start=\"%d\">\n", k.start)
		}
	}
	b.WriteString(open)
	for _, item := range k.items {
		b.WriteString("<li>")
		if len(item) > 0 && item[0].kind == paragraph && k.tight {
			b.WriteString(inline(item[0].spans))
			item = item[1:]
		}
		item.html(b)
		b.WriteString("</li>\n")
	}
	b.WriteString("</" + element + ">\n")
}

// inline writes the text of a paragraph.
func inline(spans []span) string {
	var b strings.Builder
	for i := 0; i < len(spans); {
		end := i + 1
		for end < len(spans) && spans[end].href == spans[i].href {
			end++
		}
		if spans[i].href != "" {
			b.WriteString(`<a href="` + html.EscapeString(encoded(spans[i].href)) + `">`)
		}
		for _, s := range spans[i:end] {
			b.WriteString(styled(s))
		}
		if spans[i].href != "" {
			b.WriteString("</a>")
		}
		i = end
	}
	return b.String()
}

// styled is a span with its emphasis.
func styled(s span) string {
	if s.newline {
		return "<br>\n"
	}
	text := kept(html.EscapeString(s.text))
	if s.emphatic {
		text = "<em>" + text + "</em>"
	}
	if s.strong {
		text = "<strong>" + text + "</strong>"
	}
	return text
}

// kept is a text in which the signs that French sets behind a space stay with their words.
func kept(s string) string {
	for _, sign := range []string{"?", "!", ":", ";", "»"} {
		s = strings.ReplaceAll(s, " "+sign, "\u00a0"+sign)
	}
	return strings.ReplaceAll(s, "« ", "«\u00a0")
}

// encoded is an address with everything beyond ASCII percent-encoded, but ReplyTo.
func encoded(href string) string {
	if at := strings.Index(href, ReplyTo); at >= 0 {
		return encoded(href[:at]) + ReplyTo + encoded(href[at+len(ReplyTo):])
	}
	var b strings.Builder
	for i := range len(href) {
		if c := href[i]; c >= utf8.RuneSelf || c <= ' ' || c == 0x7f {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
