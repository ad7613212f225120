package message

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// replyMarkers are what mail programs put before a colon in the subject of a reply, in many languages. Compared without case.
var replyMarkers = []string{"Re", "AW", "Antw", "SV", "VS", "REF", "RES", "Rif", "R", "Odp", "YNT", "ATB", "VÁ", "ΑΠ", "ΣΧΕΤ", "НА", "השב", "回复", "回覆"}

// forwardMarkers do the same for forwarded mail. Single letters are left out: "I: " is more often a numeral or a name.
var forwardMarkers = []string{"Fwd", "Fw", "WG", "TR", "RV", "ENC", "VL", "VB", "FS", "PD", "YML", "İLT", "Doorst", "Továbbítás", "Továbbítva", "ΠΡΘ",
	"הועבר", "转发", "轉寄", "転送"}

// noSubject stands for a subject that is empty.
const noSubject = "(no subject)"

// ReplyMarker strips one reply marker, with its count ("Re[2]", "Re(2)", "Re*2", "Re^2") and its colon (also U+FF1A), from the start of a decoded
// subject. ok is false, and rest is s, if there is none.
func ReplyMarker(s string) (rest string, ok bool) { return cutMarker(s, replyMarkers) }

func cutMarker(s string, markers []string) (rest string, ok bool) {
	t := strings.TrimLeftFunc(s, unicode.IsSpace)
	n := 0 // the letters that t starts with; no marker has more than 10
	for i := 0; n < len(t) && i <= 10; i++ {
		r, size := utf8.DecodeRuneInString(t[n:])
		if !unicode.IsLetter(r) {
			break
		}
		n += size
	}
	if !isMarker(t[:n], markers) {
		return s, false
	}
	t = strings.TrimLeftFunc(cutCount(t[n:]), unicode.IsSpace)
	for _, colon := range []string{":", "\uFF1A"} {
		if rest, ok := strings.CutPrefix(t, colon); ok {
			return strings.TrimLeftFunc(rest, unicode.IsSpace), true
		}
	}
	return s, false
}

func isMarker(word string, markers []string) bool {
	for _, m := range markers {
		if strings.EqualFold(word, m) {
			return true
		}
	}
	return false
}

// cutCount strips the count of replies that some programs write behind the marker.
func cutCount(s string) string {
	t := strings.TrimLeft(s, " ")
	if t == "" || strings.IndexByte("[(*^", t[0]) < 0 {
		return s
	}
	digits := len(t[1:]) - len(strings.TrimLeft(t[1:], "0123456789"))
	rest, closed := t[1+digits:], true
	switch t[0] {
	case '[':
		rest, closed = strings.CutPrefix(rest, "]")
	case '(':
		rest, closed = strings.CutPrefix(rest, ")")
	}
	if digits == 0 || !closed {
		return s
	}
	return rest
}

// PrefixSubject puts the list's prefix before a decoded subject and leaves it there once, however often the subject was answered: the prefix is
// taken out wherever it stands, reply markers become one "Re: ", and an empty subject becomes "(no subject)". The prefix is compared without case; a
// number at its end ("[dev 42]") stands for the number of a post, so "[dev 41]" is the same prefix. An empty prefix changes nothing.
func PrefixSubject(subject, prefix string) string {
	prefix = strings.TrimSpace(oneLine(prefix))
	if prefix == "" {
		return subject
	}
	rest, reply := cutMarkers(removePrefix(oneLine(subject), prefix), replyMarkers)
	rest = strings.TrimSpace(rest)
	if rest == "" {
		rest = noSubject
	}
	if reply {
		rest = "Re: " + rest
	}
	return prefix + " " + rest
}

// cutMarkers strips all markers from the start.
func cutMarkers(s string, markers []string) (rest string, found bool) {
	for {
		t, ok := cutMarker(s, markers)
		if !ok {
			return s, found
		}
		s, found = t, true
	}
}

// listPrefix is a prefix ready to be found: what stands before the number of the post, whether there is one, and what stands behind it.
type listPrefix struct {
	before string
	number bool
	after  string
	// starts and ends say that the prefix starts and ends with a letter or digit: there it must not be part of a longer word.
	starts, ends bool
}

func newListPrefix(prefix string) listPrefix {
	first, _ := utf8.DecodeRuneInString(prefix)
	last, _ := utf8.DecodeLastRuneInString(prefix)
	p := listPrefix{before: prefix, starts: isWordRune(first), ends: isWordRune(last)}
	body, ok := strings.CutSuffix(prefix, "]")
	head := strings.TrimRight(body, "0123456789")
	if ok && head != "" && head != body && strings.IndexByte(" :#", head[len(head)-1]) >= 0 {
		p.before, p.number, p.after = head, true, "]"
	}
	return p
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// match returns how much of s is the prefix, or zero. inWord says that a letter or digit stands before s.
func (p listPrefix) match(s string, inWord bool) int {
	if p.starts && inWord {
		return 0
	}
	n := foldLen(s, p.before)
	if n < 0 {
		return 0
	}
	if p.number {
		digits := len(s[n:]) - len(strings.TrimLeft(s[n:], "0123456789"))
		tail := foldLen(s[n+digits:], p.after)
		if digits == 0 || tail < 0 {
			return 0
		}
		n += digits + tail
	}
	if next, _ := utf8.DecodeRuneInString(s[n:]); p.ends && isWordRune(next) {
		return 0
	}
	return n
}

// removePrefix takes prefix out of s wherever it stands as a word of its own, with the space around it closed up.
func removePrefix(s, prefix string) string {
	if prefix == "" {
		return s
	}
	p := newListPrefix(prefix)
	for range 8 { // what is left may make up a prefix again, but not in honest mail
		t := p.remove(s)
		if t == s {
			break
		}
		s = t
	}
	return s
}

func (p listPrefix) remove(s string) string {
	var b strings.Builder
	inWord := false
	for pos := 0; pos < len(s); {
		if n := p.match(s[pos:], inWord); n > 0 {
			rest := strings.TrimLeft(s[pos+n:], " ")
			pos = len(s) - len(rest)
			if out := b.String(); out != "" && out[len(out)-1] != ' ' && rest != "" {
				b.WriteByte(' ')
			}
			inWord = false
			continue
		}
		r, size := utf8.DecodeRuneInString(s[pos:])
		b.WriteString(s[pos : pos+size])
		inWord = isWordRune(r)
		pos += size
	}
	return b.String()
}

// foldLen is how many octets of s equal prefix without case; -1 if s does not start with it.
func foldLen(s, prefix string) int {
	n := 0
	for _, p := range prefix {
		r, size := utf8.DecodeRuneInString(s[n:])
		if size == 0 || r != p && unicode.ToLower(r) != unicode.ToLower(p) {
			return -1
		}
		n += size
	}
	return n
}
