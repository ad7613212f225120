package digest

import (
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// markupShown is how much of a post's HTML is shown, in octets as it comes; of more, the text is.
const markupShown = 100 << 10

// What a digest shows of a quotation in HTML, in octets of text: see quoteFloor.
const (
	markupQuoteKept  = 160
	markupQuoteFloor = 400
)

// safePolicy is what a post may show in a digest: text and its plain shapes, and links. Nothing is loaded, nothing runs, nothing is hidden by a style.
func safePolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "div", "b", "strong", "i", "em", "u", "s", "sub", "sup", "code", "pre", "ul", "ol", "li", "blockquote", "h4", "h5", "h6",
		"table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	return p
}

// safeHTML is the HTML of a post as it may be shown; empty: it is too long, or nothing of it is left.
func safeHTML(p *bluemonday.Policy, markup string) string {
	if len(markup) > markupShown {
		return ""
	}
	safe := p.Sanitize(markup)
	if strings.TrimSpace(html.UnescapeString(stripTags(safe))) == "" {
		return ""
	}
	return safe
}

// stripTags is the text of HTML that safePolicy let through.
func stripTags(s string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			b.Write(z.Text())
		}
	}
}

// trimmedHTML is trimmed of HTML that safeHTML gave: long quotations are cut, a signature is left out, and every element is closed. Empty: there is none.
func (w *issueWords) trimmedHTML(safe string) string {
	if safe == "" {
		return ""
	}
	body := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	nodes, err := html.ParseFragment(strings.NewReader(safe), body)
	if err != nil {
		return ""
	}
	for _, n := range nodes {
		body.AppendChild(n)
	}
	cutSignature(body)
	w.cutQuotes(body)
	var b strings.Builder
	for n := body.FirstChild; n != nil; n = n.NextSibling {
		if html.Render(&b, n) != nil {
			return ""
		}
	}
	return strings.TrimSpace(b.String())
}

// cutQuotes leaves of every long quotation its beginning, unless it is all there is.
func (w *issueWords) cutQuotes(in *html.Node) {
	for n := in.FirstChild; n != nil; n = n.NextSibling {
		if n.Type != html.ElementNode || n.DataAtom != atom.Blockquote {
			w.cutQuotes(n)
			continue
		}
		text := strings.Join(strings.Fields(textOf(n)), " ")
		if len(text) <= markupQuoteFloor || strings.TrimSpace(textOf(rootOf(n))) == strings.TrimSpace(textOf(n)) {
			continue
		}
		for n.FirstChild != nil {
			n.RemoveChild(n.FirstChild)
		}
		n.AppendChild(&html.Node{Type: html.TextNode, Data: strings.ToValidUTF8(text[:markupQuoteKept], "") + " […]"})
	}
}

// cutSignature takes out the last line of two hyphens and a space, and what stands beside it below.
func cutSignature(root *html.Node) {
	var last *html.Node
	for n := range root.Descendants() {
		if n.Type == html.TextNode && (n.Data == "-- " || n.Data == "--\u00a0" || strings.TrimLeft(n.Data, "\r\n") == "-- ") {
			last = n
		}
	}
	if last == nil || last.PrevSibling == nil && last.Parent == root {
		return
	}
	for last != nil {
		next := last.NextSibling
		last.Parent.RemoveChild(last)
		last = next
	}
}

func rootOf(n *html.Node) *html.Node {
	for n.Parent != nil {
		n = n.Parent
	}
	return n
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return b.String()
}
