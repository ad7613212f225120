package message

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// markupKind is what an element of a reply in HTML says about the text in it.
type markupKind uint8

const (
	markupOwn    markupKind = iota
	markupHidden            // no text: scripts, titles
	markupQuoted            // quoted, or what introduces it, or a signature
	// markupHolder holds the whole quotation of Gmail. People write in it, too, below the quotation; what is in no blockquote is quoted only if
	// there is no blockquote.
	markupHolder
	markupRest // all from here on is quoted
)

// region is an element in which text is not simply the writer's own.
type region struct {
	kind  markupKind
	name  string // of the element
	open  int    // elements of that name which are open from this one on
	start int    // the first line in it
	quote bool   // of a holder: there was a blockquote in it
}

// markupReader makes lines of the tokens of HTML.
type markupReader struct {
	lines   []replyLine
	text    []byte // of the line that is open
	size    int
	limit   int
	regions []region // at most one of each kind
	rest    bool
	pre     int // <pre> that are open
	paints  paints
	unseen  bool // text was left out that is hidden, and nobody else's
}

// markupLines divides HTML into lines, one for each block, and says of each whether it is quoted. Text that nobody sees is none. whole is false when
// there is more than limit octets of text, and when some of the writer's was not seen: it may be that it is, by a program that knows more colours.
func markupLines(s string, limit int) (lines []replyLine, whole bool) {
	r := markupReader{limit: limit}
	z := html.NewTokenizer(strings.NewReader(s))
	for r.size < limit {
		switch z.Next() {
		case html.ErrorToken:
			r.endLine()
			whole = len(s) < replyMarkup && !r.inside(markupHidden) && !r.unseen
			for len(r.regions) > 0 {
				r.leave(len(r.regions) - 1)
			}
			return r.lines, whole
		case html.TextToken:
			r.write(string(z.Text()))
		case html.StartTagToken:
			r.start(z.Token(), false)
		case html.SelfClosingTagToken:
			r.start(z.Token(), true)
		case html.EndTagToken:
			name, _ := z.TagName()
			r.end(string(name))
		}
	}
	r.endLine()
	return r.lines, false
}

func (r *markupReader) inside(kind markupKind) bool {
	for _, g := range r.regions {
		if g.kind == kind {
			return true
		}
	}
	return false
}

// write adds text, with runs of white space as one space.
func (r *markupReader) write(text string) {
	if r.inside(markupHidden) {
		return
	}
	if !r.paints.shows() {
		r.unseen = r.unseen || !r.rest && len(r.regions) == 0 && strings.ContainsFunc(visible(text), func(c rune) bool { return unicode.IsGraphic(c) && !unicode.IsSpace(c) })
		return
	}
	for _, c := range text {
		space := c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == 0x00A0
		switch {
		case c == '\n' && r.pre > 0:
			r.endLine()
		case space && r.pre == 0 && (len(r.text) == 0 || r.text[len(r.text)-1] == ' '):
		case space:
			r.text = append(r.text, ' ')
		case c != '\uFFFD' && isControl(c):
		default:
			r.text = append(r.text, string(c)...)
		}
	}
}

// endLine ends the line that is open, if there is text in it.
func (r *markupReader) endLine() {
	if text := visible(string(r.text)); text != "" {
		r.add(text)
	}
	r.text = r.text[:0]
}

func (r *markupReader) add(text string) {
	text = firstRunes(text, max(r.limit-r.size, 0))
	r.size += len(text) + 1
	r.lines = append(r.lines, replyLine{text: text, quoted: r.rest || r.inside(markupQuoted) || isQuoted(text)})
}

// blankLine adds an empty line, but not two.
func (r *markupReader) blankLine() {
	r.endLine()
	if n := len(r.lines); n > 0 && r.lines[n-1].text != "" {
		r.add("")
	}
}

// start takes a tag that opens an element.
func (r *markupReader) start(t html.Token, empty bool) {
	r.paints.start(t)
	switch {
	case t.Data == "br":
		if visible(string(r.text)) == "" {
			r.text = r.text[:0]
			r.blankLine()
			return
		}
		r.endLine()
		return
	case t.Data == "td" || t.Data == "th":
		r.write(" ")
	case t.Data == "p" || t.Data == "hr":
		r.blankLine()
	case isBlock(t.Data):
		r.endLine()
	}
	if t.Data == "pre" && !empty {
		r.pre++
	}
	for i := range r.regions {
		if r.regions[i].name == t.Data && !empty && !isVoid(t.Data) {
			r.regions[i].open++
		}
		if r.regions[i].kind == markupHolder && t.Data == "blockquote" {
			r.regions[i].quote = true
		}
	}
	kind := markupOf(t)
	if kind == markupRest {
		r.endLine()
		r.rest = true
	} else if kind != markupOwn && !empty && !isVoid(t.Data) && !r.inside(kind) && !r.inside(markupQuoted) && !r.inside(markupHidden) {
		if kind != markupHidden {
			r.endLine()
		}
		r.regions = append(r.regions, region{kind: kind, name: t.Data, open: 1, start: len(r.lines)})
	}
}

// end takes a tag that closes an element.
func (r *markupReader) end(name string) {
	r.paints.end(name)
	switch {
	case name == "p":
		r.blankLine()
	case isBlock(name):
		r.endLine()
	}
	if name == "pre" && r.pre > 0 {
		r.pre--
	}
	for i := len(r.regions) - 1; i >= 0; i-- {
		if r.regions[i].name != name {
			continue
		}
		if r.regions[i].open--; r.regions[i].open == 0 {
			r.leave(i)
		}
	}
}

// leave ends the region i, and all that were opened in it: their own tags are missing.
func (r *markupReader) leave(i int) {
	if r.regions[i].kind != markupHidden {
		r.endLine()
	}
	if g := r.regions[i]; g.kind == markupHolder && !g.quote {
		for j := g.start; j < len(r.lines); j++ {
			r.lines[j].quoted = true
		}
	}
	r.regions = r.regions[:i]
}

// isBlock reports whether an element begins and ends lines.
func isBlock(name string) bool {
	switch name {
	case "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "hr", "table", "ul", "ol", "section", "article", "header", "footer", "center", "dl", "dt", "dd",
		"body", "address", "fieldset", "form", "includetail":
		return true
	}
	return false
}

// isVoid reports whether an element has no end tag.
func isVoid(name string) bool {
	switch name {
	case "br", "hr", "img", "meta", "link", "input", "base", "col", "area", "wbr", "embed", "source", "track", "param":
		return true
	}
	return false
}
