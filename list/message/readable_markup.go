package message

import (
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// How far markupText follows what is within one another, and the longest target of a link that it writes, in octets.
const (
	quoteDepth = 20
	listDepth  = 10
	maxTarget  = 2000
)

// markupWriter writes HTML as plain text.
type markupWriter struct {
	out    strings.Builder
	max    int
	line   []byte // that is open, without what stands before it
	blank  bool   // an empty line is due
	paints paints
	hidden string // the element whose content is no text
	quotes int    // blockquotes that are open
	rest   int    // one, where all from here on is quoted
	last   int    // depth of the line before
	lists  []int  // that are open: the number of the next item; zero: they are not numbered
	item   string // what stands before the next line of an item
	pre    int    // <pre> that are open
	cell   bool   // another cell of the row began
	target string // of the link that is open
	words  int    // where its words begin in line
}

// markupText writes HTML as plain text, at most about max octets of it.
func markupText(s string, max int) string {
	w := markupWriter{max: max}
	z := html.NewTokenizer(strings.NewReader(s))
	for w.out.Len() < max {
		switch z.Next() {
		case html.ErrorToken:
			w.endLink()
			w.endLine()
			return firstOctets(w.out.String(), max)
		case html.TextToken:
			w.write(string(z.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			w.start(z.Token())
		case html.EndTagToken:
			name, _ := z.TagName()
			w.end(string(name))
		}
	}
	return firstOctets(w.out.String(), max)
}

// seen reports whether what stands here is shown. Letters in the colour of paper are: what is behind them may be said in a style sheet.
func (w *markupWriter) seen() bool {
	p := w.paints.top()
	return w.hidden == "" && !p.gone && !p.invisible && !p.tiny
}

func (w *markupWriter) write(text string) {
	if !w.seen() {
		return
	}
	for _, r := range text {
		space := r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\f' || r == 0x00A0
		switch {
		case r == '\n' && w.pre > 0:
			w.breakLine()
			continue
		case space && w.pre == 0 && (len(w.line) == 0 || w.line[len(w.line)-1] == ' '):
			continue
		case space:
			w.line = append(w.line, ' ')
			continue
		case r != '\uFFFD' && isControl(r) || r == 0x00AD || r == 0x034F || r == 0x200B || r == 0xFEFF: // newsletters fill their overview with the latter
			continue
		}
		if w.cell {
			if w.cell = false; len(w.line) > 0 {
				w.line = append(w.line, "| "...)
			}
		}
		w.line = append(w.line, string(r)...)
	}
}

// endLine ends the line that is open, if there is text in it.
func (w *markupWriter) endLine() {
	if w.cell = false; strings.TrimSpace(string(w.line)) != "" {
		w.breakLine()
	}
	w.line, w.words = w.line[:0], 0
}

// breakLine ends the line that is open, even an empty one.
func (w *markupWriter) breakLine() {
	text := strings.TrimRight(string(w.line), " ")
	w.line, w.words = w.line[:0], 0
	depth := min(w.quotes+w.rest, quoteDepth)
	if w.out.Len() == 0 {
		w.blank = false
	}
	if text == "" {
		w.blank = true
		return
	}
	if w.blank || depth != w.last && w.out.Len() > 0 {
		w.out.WriteString(strings.Repeat(">", min(depth, w.last)) + "\n")
	}
	w.blank, w.last = false, depth
	if text == "--" {
		text = "-- "
	}
	if depth > 0 {
		w.out.WriteString(strings.Repeat(">", depth) + " ")
	}
	if w.pre > 0 {
		text = "    " + text
	}
	if n := len(w.lists); n > 0 && w.pre == 0 {
		text = strings.Repeat("  ", min(n, listDepth)-1) + w.item + text
		w.item = strings.Repeat(" ", len(w.item))
	}
	w.out.WriteString(text + "\n")
}

func (w *markupWriter) paragraph() {
	w.endLine()
	w.blank = w.blank || len(w.lists) == 0 && w.out.Len() > 0
}

func (w *markupWriter) start(t html.Token) {
	w.paints.start(t)
	if markupOf(t) == markupRest && w.seen() {
		w.endLine()
		w.rest = 1
	}
	switch t.Data {
	case "script", "style", "title", "noscript", "template", "iframe", "noembed", "noframes", "textarea", "object", "svg", "math", "select":
		if w.hidden == "" && t.Type == html.StartTagToken {
			w.hidden = t.Data
		}
	case "br":
		w.breakLine()
	case "p", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "table", "dl":
		w.paragraph()
	case "blockquote":
		w.endLine()
		w.quotes++
	case "pre":
		w.paragraph()
		w.pre++
	case "ul", "ol":
		w.paragraph()
		w.lists = append(w.lists, map[string]int{"ol": 1}[t.Data])
	case "li":
		w.endLine()
		w.newItem()
	case "td", "th":
		if len(w.line) > 0 && w.line[len(w.line)-1] != ' ' {
			w.line = append(w.line, ' ')
		}
		w.cell = true
	case "img":
		if alt := strings.TrimSpace(attribute(t, "alt")); alt != "" {
			w.write("[" + firstRunes(alt, 200) + "]")
		}
	case "a":
		w.endLink()
		if w.seen() {
			w.target, w.words = target(attribute(t, "href")), len(w.line)
		}
	default:
		if isBlock(t.Data) {
			w.endLine()
		}
	}
}

// newItem has the next line begin an item of the list that is open.
func (w *markupWriter) newItem() {
	if len(w.lists) == 0 {
		w.lists = append(w.lists, 0)
	}
	w.item = "- "
	if n := &w.lists[len(w.lists)-1]; *n > 0 {
		w.item = strconv.Itoa(*n) + ". "
		*n++
	}
}

func (w *markupWriter) end(name string) {
	switch name {
	case w.hidden:
		w.hidden = ""
	case "a":
		w.endLink()
	case "p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "dl":
		w.paragraph()
	case "blockquote":
		w.endLine()
		w.quotes = max(w.quotes-1, 0)
	case "pre":
		w.endLine()
		w.pre, w.blank = max(w.pre-1, 0), true
	case "ul", "ol":
		w.endLine()
		if n := len(w.lists); n > 0 {
			w.lists = w.lists[:n-1]
			w.item = ""
		}
		w.blank = w.blank || len(w.lists) == 0
	default:
		if isBlock(name) {
			w.endLine()
		}
	}
	w.paints.end(name)
}

// endLink writes the target of the link that is open behind its words, where they do not say it themselves.
func (w *markupWriter) endLink() {
	to := w.target
	w.target = ""
	if to == "" || !w.seen() {
		return
	}
	words := strings.TrimSpace(string(w.line[min(w.words, len(w.line)):]))
	bare := func(s string) string {
		s = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://"), "mailto:")
		return strings.TrimSuffix(strings.ToLower(s), "/")
	}
	switch {
	case words == "" && strings.HasPrefix(to, "mailto:"), strings.HasPrefix(to, "mailto:") && strings.Contains(bare(words), bare(to)):
	case bare(words) == bare(to):
		w.line = append(w.line[:w.words], strings.Replace(string(w.line[w.words:]), words, to, 1)...)
	default:
		if n := len(w.line); n > 0 && w.line[n-1] != ' ' {
			w.line = append(w.line, ' ')
		}
		w.write("<" + strings.TrimPrefix(to, "mailto:") + ">")
	}
}

// target is where a link leads, if it is on the web, or a mail that somebody is to write; empty: it is neither, or nothing that is written in a line.
func target(href string) string {
	href = strings.TrimSpace(href)
	u, err := url.Parse(href)
	if err != nil || len(href) > maxTarget {
		return ""
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		if u.Host == "" {
			return ""
		}
		return strings.NewReplacer("<", "%3C", ">", "%3E", " ", "%20", "\"", "%22").Replace(href)
	case "mailto":
		if address, _, _ := strings.Cut(u.Opaque, "?"); address != "" && !strings.ContainsAny(address, "<> ,") {
			return "mailto:" + address
		}
	}
	return ""
}

// attribute is the value of an attribute of an element; empty: it has none.
func attribute(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
