package message

import (
	"bytes"
	"html"
	"net/url"
	"slices"
	"strings"

	nethtml "golang.org/x/net/html"
)

// markupScanner goes through the HTML of a text: it finds where something can be added that is shown, footers of ours, and pictures that are gone.
type markupScanner struct {
	own   *ownFooter
	lost  map[string]bool // Content-IDs of pictures that are gone
	light bool            // all of them are
	cuts  []span
	// insert is where to add: before the last </body>, else before the last </html>, else at the end.
	insert int

	text    []byte
	body    int // -1: none
	end     int // of the html element; -1: none
	raw     string
	wrapper span   // the start of the element of a footer, if that was the last tag
	words   int    // of the footer that have been read; -1: none is open
	block   []span // of it
	footers bool   // there was one
	picture bool   // there was a picture that is gone
	closing bool   // a footer has just ended in an element of its own
	tail    bool   // a footer has just ended, perhaps within a link
	link    bool   // it may go on with a link that it ends with
	before  []span // tags in front of that
}

// scan reports whether what is added is shown.
func (m *markupScanner) scan(text []byte) bool {
	m.text, m.body, m.end, m.words = text, -1, -1, -1
	z := nethtml.NewTokenizer(bytes.NewReader(text))
	pos, open := 0, false
	for {
		kind := z.Next()
		if kind == nethtml.ErrorToken {
			break
		}
		at := span{pos, pos + len(z.Raw())}
		pos = at.end
		open = false
		switch kind {
		case nethtml.TextToken:
			open = bytes.HasSuffix(text[at.start:at.end], []byte("</")) // what follows would become part of a tag
			if m.raw == "" {
				m.readText(at)
			}
		case nethtml.CommentToken:
			open = !bytes.HasSuffix(text[at.start:at.end], []byte(">"))
		case nethtml.StartTagToken, nethtml.SelfClosingTagToken:
			m.start(z, at, kind == nethtml.SelfClosingTagToken)
		case nethtml.EndTagToken:
			m.endTag(at)
		}
	}
	m.joinCuts()
	m.insert = len(text)
	switch {
	case m.body >= 0:
		m.insert = m.body
	case m.end >= 0:
		m.insert = m.end
	case pos != len(text) || open || m.raw != "":
		return false
	}
	return true
}

// joinCuts puts the cuts in order, and takes out white space between them.
func (m *markupScanner) joinCuts() {
	slices.SortFunc(m.cuts, func(a, b span) int { return a.start - b.start })
	var joined []span
	for _, at := range m.cuts {
		if last := len(joined) - 1; last >= 0 && len(bytes.TrimSpace(m.text[joined[last].end:at.start])) == 0 {
			joined[last].end = at.end
			continue
		}
		joined = append(joined, at)
	}
	m.cuts = joined
}

// start takes a tag that opens an element.
func (m *markupScanner) start(z *nethtml.Tokenizer, at span, empty bool) {
	before := m.wrapper
	m.wrapper = span{}
	var room [maxTagName + 1]byte
	name := tagName(room[:0], m.text[at.start+len("<"):at.end])
	if m.tail && m.link && (string(name) == "a" || string(name) == "br") {
		m.before = append(m.before, at)
		return
	}
	m.closing, m.tail = false, false
	switch string(name) {
	case "hr":
		m.words, m.block = -1, nil
		if len(m.own.words) > 0 {
			m.words = 0
			if before.end == at.start && before.end > 0 {
				m.block = append(m.block, before)
			}
			m.block = append(m.block, at)
		}
	case "br", "a":
		if m.words >= 0 {
			m.block = append(m.block, at)
		}
	case "div":
		for more := true; more; {
			var key, value []byte
			key, value, more = z.TagAttr()
			if string(key) == "class" && bytes.Contains(value, []byte(footerClass)) {
				m.wrapper = at
			}
		}
	case "img":
		if m.isLost(z) {
			m.picture = true
			m.cuts = append(m.cuts, at)
		}
	case "script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript", "plaintext", "template":
		if !empty && m.raw == "" {
			m.raw = string(name)
		}
	}
}

func (m *markupScanner) isLost(z *nethtml.Tokenizer) bool {
	for more := true; more; {
		var key, value []byte
		key, value, more = z.TagAttr()
		if string(key) != "src" {
			continue
		}
		id, found := strings.CutPrefix(strings.TrimSpace(string(value)), "cid:")
		if !found {
			return false
		}
		if plain, err := url.PathUnescape(id); err == nil {
			id = plain
		}
		return m.light || m.lost[id]
	}
	return false
}

// endTag takes a tag that closes an element.
func (m *markupScanner) endTag(at span) {
	m.wrapper = span{}
	var room [maxTagName + 1]byte
	name := string(tagName(room[:0], m.text[at.start+len("</"):at.end]))
	switch {
	case m.raw == name:
		m.raw = ""
	case m.raw != "":
	case name == "body":
		m.body = at.start
	case name == "html":
		m.end = at.start
	case name == "a" && m.words >= 0:
		m.block = append(m.block, at)
	case name == "a" && m.tail:
		m.cuts = append(m.cuts, at)
	case name == "div" && m.closing:
		if bytes.HasPrefix(m.text[at.end:], []byte("\r\n")) {
			at.end += 2
		}
		m.cuts = append(m.cuts, at)
	}
	m.closing, m.tail = m.closing && name == "a", m.tail && name == "a"
}

// maxTagName is how long the names are that matter here.
const maxTagName = len("plaintext")

// tagName appends the name at the beginning of a tag, in lower case, to b, which is empty; of a longer one than matters its
// beginning. The tokenizer would make two copies of each.
func tagName(b, tag []byte) []byte {
	for _, c := range tag {
		if isSpace(c) || c == '/' || c == '>' || len(b) > maxTagName {
			break
		}
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		b = append(b, c)
	}
	return b
}

// readText reads the words of a text, and follows a footer in them.
func (m *markupScanner) readText(at span) {
	if len(m.own.words) == 0 {
		return
	}
	if m.words < 0 && !m.closing && !m.tail && m.wrapper == (span{}) && !bytes.Contains(m.text[at.start:at.end], []byte("_____")) {
		return // no footer is open, and none begins
	}
	for pos := at.start; pos < at.end; {
		if isSpace(m.text[pos]) {
			pos++
			continue
		}
		end := pos
		for end < at.end && !isSpace(m.text[end]) {
			end++
		}
		m.word(span{pos, end})
		pos = end
	}
}

func (m *markupScanner) word(at span) {
	if m.tail {
		w := footerWord(html.UnescapeString(string(m.text[at.start:at.end])))
		switch {
		case m.link && isLinkWord(w):
			m.cuts = append(append(m.cuts, m.before...), at)
			m.link = false
			return
		case w == "": // what ends a sentence that ends with a link
			m.cuts = append(m.cuts, at)
			return
		}
	}
	m.closing, m.tail, m.wrapper = false, false, span{}
	if bytes.HasPrefix(m.text[at.start:at.end], []byte("_____")) {
		m.words, m.block = 0, []span{at}
		return
	}
	if m.words < 0 {
		return
	}
	for _, w := range strings.Fields(html.UnescapeString(validUTF8(string(m.text[at.start:at.end])))) {
		if w = footerWord(w); w == "" {
			continue
		}
		if m.words = m.own.next(m.words, w); m.words < 0 {
			m.block = nil
			return
		}
	}
	m.block = append(m.block, at)
	if m.own.whole(m.words) {
		m.footers = true
		m.link, m.before = m.words < len(m.own.words), nil
		m.closing = m.text[m.block[0].start+1]|0x20 == 'd' // it has an element of its own
		m.cuts = append(m.cuts, m.block...)
		m.tail, m.words, m.block = true, -1, nil
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' }
