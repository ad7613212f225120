package message

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The ways in which an address-list can be wrong.
var (
	errAddress = errors.New("message: not an address")
	errTwo     = errors.New("message: two addresses in one mailbox")
	errGroup   = errors.New("message: group within a group")
)

// addressParser reads one address-list from left to right. pos only ever grows, so the time is linear; comments are counted, not recursed into.
type addressParser struct {
	s      string
	pos    int
	found  []Mailbox
	groups int
	err    error // the first thing that was wrong; reading goes on behind the next comma

	inGroup bool
	comment string // content of the last comment: the name in "ann@author.example (Ann Author)"
}

// word is one atom or quoted-string of a phrase or local part.
type word struct {
	text   string
	quoted bool
	spaced bool // white space or a comment stands before it
}

func (p *addressParser) fail(err error) {
	if p.err == nil {
		p.err = err
	}
}

func (p *addressParser) list() {
	for {
		p.comment = ""
		words := p.words()
		if p.pos >= len(p.s) {
			if len(words) > 0 {
				p.fail(errAddress)
			}
			return
		}
		switch c := p.s[p.pos]; c {
		case ':':
			p.pos++
			if p.groups++; p.inGroup {
				p.fail(errGroup)
			}
			p.inGroup = true
		case ',', ';': // ';' ends a group; outside of one it is how some separate addresses
			if p.pos++; len(words) > 0 {
				p.fail(errAddress)
			}
			p.inGroup = p.inGroup && c == ','
		case '<':
			p.pos++
			p.angle(displayName(words))
		case '@':
			p.pos++
			p.bare(words)
		default: // a stray '>' and the like
			p.pos++
			p.fail(errAddress)
		}
	}
}

// bare reads an address without angle brackets, of which words is the local part. If brackets follow, all before them was a name.
func (p *addressParser) bare(words []word) {
	from := p.pos
	domain, ok := p.domain()
	addr, valid := joinAddr(words, domain)
	p.space()
	if p.pos < len(p.s) && p.s[p.pos] == '<' {
		name := displayName(words) + "@" + tidyName(p.s[from:p.pos])
		p.pos++
		n := len(p.found)
		p.angle(oneLine(name))
		if len(p.found) == n || !valid || !strings.EqualFold(p.found[n].Addr, addr) {
			p.fail(errTwo)
		}
		return
	}
	if !ok || !valid || !p.atEnd() {
		p.fail(errAddress)
		p.skip()
		return
	}
	p.found = append(p.found, Mailbox{Name: tidyName(p.comment), Addr: addr})
}

// angle reads behind '<': an optional route (RFC 5322 §4.4), the address, '>'.
func (p *addressParser) angle(name string) {
	p.space()
	for p.pos < len(p.s) && p.s[p.pos] == '<' { // "<<ann@author.example>>"
		p.pos++
		p.fail(errAddress)
		p.space()
	}
	if p.pos < len(p.s) && p.s[p.pos] == '@' {
		p.route()
	}
	words := p.words()
	if p.pos >= len(p.s) || p.s[p.pos] != '@' {
		p.fail(errAddress)
		p.skip()
		return
	}
	p.pos++
	domain, ok := p.domain()
	p.space()
	addr, valid := joinAddr(words, domain)
	if !ok || !valid {
		p.fail(errAddress)
		p.skip()
		return
	}
	if p.pos < len(p.s) && p.s[p.pos] == '>' {
		p.pos++
	} else {
		p.fail(errAddress)
	}
	p.space()
	if name == "" {
		name = tidyName(p.comment)
	}
	p.found = append(p.found, Mailbox{Name: name, Addr: addr})
	if !p.atEnd() {
		p.fail(errAddress)
		p.skip()
	}
}

// route skips "@a.example,@b.example:"; what it says has had no meaning since RFC 1123 §5.3.3.
func (p *addressParser) route() {
	for p.pos < len(p.s) && (p.s[p.pos] == '@' || p.s[p.pos] == ',') {
		comma := p.s[p.pos] == ','
		p.pos++
		if !comma {
			if _, ok := p.domain(); !ok {
				return
			}
		}
		p.space()
	}
	if p.pos < len(p.s) && p.s[p.pos] == ':' {
		p.pos++
	} else {
		p.fail(errAddress)
	}
}

// atEnd reports whether the mailbox is over: a separator or the end comes next.
func (p *addressParser) atEnd() bool {
	return p.pos >= len(p.s) || p.s[p.pos] == ',' || p.s[p.pos] == ';'
}

// skip goes on to the next separator outside quoted-strings and comments.
func (p *addressParser) skip() {
	for p.pos < len(p.s) && !p.atEnd() {
		if n := len(p.words()); n == 0 && !p.atEnd() && p.pos < len(p.s) {
			p.pos++
		}
	}
}

// space skips white space and comments, and reports whether there were any.
func (p *addressParser) space() bool {
	start := p.pos
	for p.pos < len(p.s) {
		switch c := p.s[p.pos]; {
		case c == '(':
			p.skipComment()
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			p.pos++
		default:
			return p.pos > start
		}
	}
	return p.pos > start
}

// skipComment reads a comment with the comments in it (RFC 5322 §3.2.2); an open one goes to the end.
func (p *addressParser) skipComment() {
	start, depth := p.pos+1, 0
	for ; p.pos < len(p.s); p.pos++ {
		switch p.s[p.pos] {
		case '\\':
			p.pos++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				p.comment = p.s[start:p.pos]
				p.pos++
				return
			}
		}
	}
	p.pos = len(p.s)
	p.fail(errAddress)
}

// words reads atoms, dots and quoted-strings up to something else. An encoded-word is one word whatever is in it, so that nothing in it is syntax.
func (p *addressParser) words() []word {
	var ws []word
	for {
		spaced := p.space()
		if p.pos >= len(p.s) {
			return ws
		}
		c := p.s[p.pos]
		if c == '"' {
			text, end := quotedString(p.s, p.pos)
			if p.s[end-1] != '"' || end-p.pos < 2 {
				p.fail(errAddress)
			}
			p.pos = end
			ws = append(ws, word{text, true, spaced})
			continue
		}
		start := p.pos
		if strings.HasPrefix(p.s[p.pos:], "=?") {
			if _, end, ok := parseWord(p.s, p.pos); ok && strings.IndexByte(p.s[start:end], ' ') < 0 {
				p.pos = end
			}
		}
		for p.pos < len(p.s) && isWordByte(p.s[p.pos]) {
			p.pos++
		}
		if p.pos == start {
			return ws
		}
		ws = append(ws, word{p.s[start:p.pos], false, spaced})
	}
}

// isWordByte reports whether c is part of an atom, or of what senders write where an atom should be: dots, and brackets as in "[dev] Ann".
func isWordByte(c byte) bool {
	return c > ' ' && c != 0x7f && strings.IndexByte(`()<>@,;:"`, c) < 0
}

// domain reads a domain or a domain-literal, with the space and comments that the obsolete form allows around dots.
func (p *addressParser) domain() (string, bool) {
	p.space()
	if p.pos < len(p.s) && p.s[p.pos] == '[' {
		end := strings.IndexAny(p.s[p.pos:], "]<>()\",; \t\r\n@")
		if end < 0 || p.s[p.pos+end] != ']' {
			return "", false
		}
		d := p.s[p.pos : p.pos+end+1]
		p.pos += end + 1
		return strings.ToLower(d), utf8.ValidString(d)
	}
	var d strings.Builder
	for {
		from := p.pos
		for p.pos < len(p.s) && (p.s[p.pos] == '.' || isAtext(p.s[p.pos])) {
			p.pos++
		}
		d.WriteString(p.s[from:p.pos])
		if p.pos == from || !p.space() || p.pos >= len(p.s) || p.s[p.pos] != '.' && !strings.HasSuffix(d.String(), ".") {
			break
		}
	}
	s := strings.ToLower(d.String())
	return s, validDomainText(s)
}

// validDomainText reports whether s can be taken for a domain: no empty label, and nothing in it that is not text.
func validDomainText(s string) bool {
	if s == "" || s[0] == '.' || s[len(s)-1] == '.' || strings.Contains(s, "..") {
		return false
	}
	return isText(s)
}

// isText reports whether s is valid UTF-8 without controls and without spaces other than ASCII's.
func isText(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return isControl(r) || r > ' ' && unicode.IsSpace(r) }) < 0
}

// joinAddr makes an address of the words of a local part and a domain.
func joinAddr(words []word, domain string) (string, bool) {
	var local strings.Builder
	for i, w := range words {
		if i > 0 { // words of a local part are joined by dots, around which the obsolete form allows space
			prev := words[i-1]
			dot := !prev.quoted && strings.HasSuffix(prev.text, ".") || !w.quoted && strings.HasPrefix(w.text, ".")
			if !dot {
				return "", false
			}
		}
		for j := 0; !w.quoted && j < len(w.text); j++ {
			if w.text[j] != '.' && !isAtext(w.text[j]) {
				return "", false
			}
		}
		local.WriteString(w.text)
	}
	l := local.String()
	if len(words) == 0 || domain == "" || !isText(l) {
		return "", false
	}
	return quoteLocal(l) + "@" + domain, true
}

// quoteLocal quotes a local part that is no dot-atom.
func quoteLocal(l string) string {
	if isDotAtom(l) {
		return l
	}
	return quote(l)
}

func isDotAtom(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] == '.' {
			if i == 0 || i == len(s)-1 || s[i-1] == '.' {
				return false
			}
		} else if !isAtext(s[i]) {
			return false
		}
	}
	return s != ""
}

// displayName makes the name of a phrase.
func displayName(words []word) string {
	var b strings.Builder
	for i, w := range words {
		if w.spaced && i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.text)
	}
	return tidyName(b.String())
}

// tidyName decodes a name and takes the white space out of it that is of no use.
func tidyName(s string) string { return strings.Join(strings.Fields(Decode(s)), " ") }
