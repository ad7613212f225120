package letter

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// markdown is text that is safe to stand in a body: escaped, or written by ourselves.
type markdown string

// maxWords is the most of one text of somebody's that goes into a mail, in characters. A sentence is shorter.
const maxWords = 1500

// ReplyTo stands where the address belongs that answers to a mail go to, which is known only when it is sent: see Mail.Reply. It is of private use, so
// that no text that somebody wrote has it: clean takes it out.
const ReplyTo = "\uE000reply\uE001"

// TokenPlace stands for the token of a mail, behind the address of the page where it is answered, in the same way.
const TokenPlace = "\uE000token\uE001"

// Marks of the place of foreign Markdown, with its number between them.
const (
	markBegin = "\uE002"
	markEnd   = "\uE003"
)

// unseen reports whether a character can only mislead: those that turn the direction of what follows, private use, and controls but line ends and tabs.
func unseen(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069: // bidirectional embeddings, overrides and isolates
		return true
	case r == 0xFEFF || r == 0x00AD || r == 0x200B || r == 0x2060 || r == 0x180E:
		return true
	case r >= 0xE0000 && r <= 0xE007F: // tags
		return true
	case r == utf8.RuneError:
		return false
	}
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Co, r)
}

// clean takes out what cannot be seen, and makes line ends and spaces ordinary ones. Octets that are no UTF-8 become U+FFFD.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch r {
		case '\r', '\u0085', '\u2028', '\u2029':
			return '\n'
		case '\v', '\f':
			return ' '
		}
		if r >= ' ' && r < 0x7f || !unseen(r) {
			return r
		}
		return -1
	}, s)
}

// oneLine is a text on one line, cleaned, and cut to a number of characters.
func oneLine(s string, most int) string {
	if longest := 4*utf8.UTFMax*most/2 + 64; len(s) > longest { // what is cut off can hardly be seen
		s = s[:longest]
	}
	return cutAt(strings.Join(strings.FieldsFunc(clean(s), func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' }), " "), most)
}

// cutAt cuts a text behind a word, so that it has at most so many characters with the three points behind it, which are one character.
func cutAt(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	r := []rune(s)[:max(most-1, 0)]
	cut := string(r)
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:.–—-(«“") + "…"
}

// punctuation are the characters that may mean something in Markdown.
const punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

// escape makes somebody's words stand in Markdown as they were written, on one line.
func escape(s string) markdown {
	s = oneLine(s, maxWords)
	b := make([]byte, 0, len(s)+len(s)/4+4)
	for i := range len(s) {
		if strings.IndexByte(punctuation, s[i]) >= 0 {
			b = append(b, '\\')
		}
		b = append(b, s[i])
	}
	return markdown(b)
}

// escaped is what stands in a body for any value of the data.
func escaped(v any) markdown {
	switch v := v.(type) {
	case nil:
		return ""
	case markdown:
		return v
	case string:
		return escape(v)
	}
	return escape(fmt.Sprint(v))
}

// plain is what stands in a subject for any value of the data.
func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return oneLine(v, maxWords)
	case yielding:
		return markBegin + string(v) + markEnd
	}
	return oneLine(fmt.Sprint(v), maxWords)
}

// yielding is what gives way to the rest of a subject: a title, so that the date behind it stays.
type yielding string

// maxSubject is the longest subject, in characters.
const maxSubject = 60

// subjectLine cuts a subject to its length: first what is yielding in it, down to a word or two. A hashtag at its end stays whole.
func subjectLine(s string) string {
	if before, rest, ok := strings.Cut(s, markBegin); ok {
		what, after, _ := strings.Cut(rest, markEnd)
		s = before + cutAt(what, max(maxSubject-utf8.RuneCountInString(before+after), 10)) + after
	}
	s = oneLine(s, 10*maxSubject)
	if utf8.RuneCountInString(s) <= maxSubject {
		return s
	}
	if i := strings.LastIndexByte(s, ' '); i > 0 && s[i+1] == '#' {
		tag := s[i:]
		if n := utf8.RuneCountInString(tag); n <= maxSubject/2 {
			return cutAt(s[:i], maxSubject-n) + tag
		}
	}
	return cutAt(s, maxSubject)
}
