package message

import (
	"bytes"
	"regexp"
	"strings"
)

// ownFooter knows a footer again that stands in a text already: by its words, whatever pages of the same site and whatever addresses are in it, and
// however its lines were broken anew when it was quoted.
type ownFooter struct{ words []string }

func newOwnFooter(footer string) *ownFooter {
	own := &ownFooter{}
	for _, w := range strings.Fields(validUTF8(footer)) {
		if w = footerWord(w); w != "" && (len(own.words) > 0 || !footerRule.MatchString(w)) {
			own.words = append(own.words, w)
		}
	}
	return own
}

// footerWord is a word with which a footer is compared: of a page its site, of an address that it is one. It is empty for punctuation.
func footerWord(w string) string {
	w = strings.Trim(w, `<>()[]{}.,;:!?"'`)
	if i := strings.Index(w, "://"); i >= 0 {
		host := w[i+3:]
		if end := strings.IndexAny(host, "/?#"); end >= 0 {
			host = host[:end]
		}
		return strings.ToLower(w[:i+3] + host)
	}
	if strings.Contains(w, "@") {
		return "@"
	}
	return w
}

// find finds each such footer in a plain text, with the line that divides it from what is above and, where it is quoted, the empty one above that.
func (o *ownFooter) find(text []byte, charset string) []span {
	if len(o.words) == 0 || !bytes.Contains(text, []byte("_____")) && !bytes.Contains(text, []byte("-----")) {
		return nil
	}
	var found []span
	for pos, blank := 0, -1; pos < len(text); {
		end := lineEnd(text, pos)
		line, quoted := unquote(text[pos:end])
		if quotedRule.Match(line) {
			if to := o.match(text, end, charset); to > 0 {
				from := pos
				if quoted && blank >= 0 {
					from = blank
				}
				if len(bytes.TrimSpace(text[to:])) == 0 {
					to = len(text)
				}
				found = append(found, span{from, to})
				pos, blank = to, -1
				continue
			}
		}
		if len(line) > 0 {
			blank = -1
		} else if blank < 0 {
			blank = pos
		}
		pos = end
	}
	return found
}

// quotedRule is what divides a footer from the text in plain text: the line that it came with, or what a mail program makes of that in HTML.
var quotedRule = regexp.MustCompile(`^(?:_{5,}|-{5,})$`)

// isLinkWord reports whether a word of a footer is a link. In HTML, and in the plain text that a program makes of that, it need not be seen.
func isLinkWord(w string) bool { return w == "@" || strings.Contains(w, "://") }

// next is how many words of the footer have been read when w is read after the first n; -1: w is not the word that follows.
func (o *ownFooter) next(n int, w string) int {
	for ; n < len(o.words); n++ {
		if o.words[n] == w {
			return n + 1
		}
		if !isLinkWord(o.words[n]) {
			break
		}
	}
	return -1
}

// whole reports whether nothing but links is missing after the first n words.
func (o *ownFooter) whole(n int) bool {
	for _, w := range o.words[n:] {
		if !isLinkWord(w) {
			return false
		}
	}
	return n > 0
}

// match reads the words of a footer from pos on, and returns where they end, at the end of a line; zero: they are others.
func (o *ownFooter) match(text []byte, pos int, charset string) (to int) {
	for n := 0; pos < len(text) && n < len(o.words); {
		end := lineEnd(text, pos)
		line, _ := unquote(text[pos:end])
		s, ok := decodeCharset(charset, line)
		if !ok {
			return to
		}
		read := false
		for _, w := range strings.Fields(strings.ReplaceAll(s, "<", " <")) { // a link may stand close behind what it is for
			if w = footerWord(w); w == "" {
				continue
			}
			if n = o.next(n, w); n < 0 {
				return to
			}
			read = true
		}
		if pos = end; read && o.whole(n) {
			to = pos
		}
	}
	return to
}

// unquote is a line without the marks of quotation in front of it and the space around it.
func unquote(line []byte) (rest []byte, quoted bool) {
	line = bytes.TrimSpace(line)
	rest = bytes.TrimLeft(line, "> |\t")
	return rest, len(rest) < len(line)
}

// cut is text without these ranges, which are in order.
func cut(text []byte, gone []span) []byte {
	if len(gone) == 0 {
		return text
	}
	var out []byte
	pos := 0
	for _, at := range gone {
		out = append(out, text[pos:at.start]...)
		pos = at.end
	}
	return append(out, text[pos:]...)
}
