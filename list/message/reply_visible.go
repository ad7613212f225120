package message

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// paint is how the text of an element is shown, as far as it says whether anybody sees it. What is not said is as in the element around it.
type paint struct {
	name              string
	gone              bool // neither it nor what is in it is shown
	invisible, tiny   bool // until an element within says otherwise
	color, background string
}

// paper is what text is on where nothing is said; nobody knows what a picture looks like.
var paper = paint{color: "#000000", background: "#ffffff"}

// paintDepth is how many elements within one another are looked at. Real mail has a few dozen.
const paintDepth = 256

// paints knows of each place in HTML whether text there can be seen. Programs that send newsletters hide a first line that is for a mailbox's
// overview, and whoever wrote a mail never saw what is hidden in it.
type paints struct {
	open  []paint
	names map[string]int // how many elements of a name are open
	below int            // elements that are open beyond paintDepth
}

func (p *paints) top() paint {
	if len(p.open) == 0 {
		return paper
	}
	return p.open[len(p.open)-1]
}

// shows reports whether text that stands here can be seen.
func (p *paints) shows() bool {
	t := p.top()
	return !t.gone && !t.invisible && !t.tiny && t.color != "transparent" && !alike(t.color, t.background)
}

// start opens an element. A slash at the end of its tag means nothing in HTML.
func (p *paints) start(t html.Token) {
	if closesParagraph(t.Data) && p.names["p"] > 0 {
		p.end("p")
	}
	switch t.Data { // which end where the next begins
	case "li", "td", "th", "tr", "dt", "dd", "option":
		if n := len(p.open); n > 0 && p.open[n-1].name == t.Data {
			p.end(t.Data)
		}
	}
	if isVoid(t.Data) {
		return
	}
	if len(p.open) >= paintDepth {
		p.below++
		return
	}
	now := p.top()
	now.name = t.Data
	for _, a := range t.Attr {
		switch value := strings.ToLower(strings.TrimSpace(a.Val)); a.Key {
		case "hidden":
			now.gone = true
		case "bgcolor":
			now.background = colorOf(value)
		case "background":
			now.background = ""
		case "color", "text":
			if t.Data == "font" || t.Data == "body" {
				now.color = colorOf(value)
			}
		}
	}
	for _, a := range t.Attr { // which counts for more than the others
		if a.Key == "style" {
			now.style(a.Val)
		}
	}
	if p.names == nil {
		p.names = map[string]int{}
	}
	p.names[t.Data]++
	p.open = append(p.open, now)
}

// end closes the innermost element of a name, and those in it.
func (p *paints) end(name string) {
	if p.below > 0 {
		p.below--
		return
	}
	for p.names[name] > 0 {
		last := p.open[len(p.open)-1].name
		p.open = p.open[:len(p.open)-1]
		if p.names[last]--; last == name {
			return
		}
	}
}

// closesParagraph reports whether a paragraph ends where such an element begins.
func closesParagraph(name string) bool {
	return isBlock(name) && name != "li" && name != "tr" && name != "dt" && name != "dd" && name != "body" && name != "includetail"
}

// styleComment is a comment in a style.
var styleComment = regexp.MustCompile(`/\*.*?\*/`)

// style reads the style of an element.
func (p *paint) style(s string) {
	if strings.Contains(s, "/*") {
		s = styleComment.ReplaceAllString(s, "")
	}
	flat, cut := false, false
	for declaration := range strings.SplitSeq(strings.ToLower(s), ";") {
		name, value, _ := strings.Cut(declaration, ":")
		value = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "!important"))
		switch name = strings.TrimSpace(name); name {
		case "display":
			p.gone = p.gone || value == "none"
		case "mso-hide":
			p.gone = p.gone || value == "all"
		case "visibility":
			p.invisible = value == "hidden" || value == "collapse" || value == "inherit" && p.invisible
		case "opacity":
			n, _, ok := length(value)
			p.gone = p.gone || ok && n < 0.05
		case "text-indent", "left", "top", "margin-left", "margin-top":
			n, _, ok := length(value)
			p.gone = p.gone || ok && n <= -900 // outside of every screen
		case "height", "max-height", "width", "max-width":
			n, _, ok := length(value)
			flat = flat || ok && n <= 0
		case "overflow", "overflow-x", "overflow-y":
			cut = cut || value == "hidden" || value == "clip"
		case "font-size", "font":
			p.size(value)
		case "color":
			if value != "inherit" {
				p.color = colorOf(value)
			}
		case "background", "background-color", "background-image":
			p.ground(name, value)
		}
	}
	p.gone = p.gone || flat && cut
}

// size reads the size of letters, alone or with their font.
func (p *paint) size(value string) {
	for word := range strings.FieldsSeq(value) {
		word, _, _ = strings.Cut(word, "/")
		n, unit, ok := length(word)
		switch {
		case strings.HasSuffix(word, "medium"), strings.HasSuffix(word, "small"), strings.HasSuffix(word, "large"), unit == "rem" && n > 0:
			p.tiny = false
		case !ok:
		case unit == "px" || unit == "pt":
			p.tiny = n <= 2
		case n <= 0.1: // a share of the size around it
			p.tiny = true
		}
	}
}

// ground reads what the text is on.
func (p *paint) ground(name, value string) {
	if strings.Contains(value, "url(") || strings.Contains(value, "gradient(") {
		p.background = ""
		return
	}
	if name == "background-image" {
		return
	}
	for word := range strings.FieldsSeq(strings.ReplaceAll(value, ", ", ",")) {
		if c := colorOf(word); strings.HasPrefix(c, "#") {
			p.background = c
		}
	}
}
