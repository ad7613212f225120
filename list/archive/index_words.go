package archive

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"convene/digest/words"
)

// What stands before a term that is no word of a text.
const (
	ofName    = "\x01" // a word of the author's name
	ofAddress = "\x02" // an address, or the domain of one, of the author or in the text: who is no member finds nothing by it
	ofTag     = "\x03" // a hashtag
)

const (
	// longestWord is how long a word is that is indexed, in octets: what is longer is no word that anybody looks for.
	longestWord = 64
)

// word is one word in a text, from and to in octets. Of scripts that do not divide words each two letters that follow one another are one.
type word struct {
	from, to int
	pair     bool
	tag      bool // a hash stands before it
}

// unspaced reports whether a letter is of a script in which words are found by their letters alone: Chinese, Japanese, and Korean.
func unspaced(r rune) bool {
	return r >= 0x1100 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

func wordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// eachWord calls f for the words of a text, until it returns false (UAX #29 as far as it matters here: letters, digits and marks, and an apostrophe between letters).
func eachWord(text string, f func(word) bool) {
	for at := 0; at < len(text); {
		r, size := rune(text[at]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[at:])
		}
		if !wordRune(r) {
			at += size
			continue
		}
		from := at
		if unspaced(r) {
			if at = eachPair(text, from, f); at < 0 {
				return
			}
			continue
		}
		at = wordEnd(text, from+size)
		w := word{from: from, to: at, tag: from > 0 && text[from-1] == '#' && (from == 1 || !wordRune(rune(text[from-2])) && text[from-2] < utf8.RuneSelf)}
		if w.to-w.from <= longestWord && !f(w) {
			return
		}
	}
}

// tagOf is the hashtag at the beginning of a text that stands behind its hash: letters, digits and underscores, folded.
func tagOf(text string) string {
	end := strings.IndexFunc(text, func(r rune) bool { return !wordRune(r) && r != '_' })
	if end < 0 {
		end = len(text)
	}
	return folded(text[:min(end, longestWord)])
}

// wordEnd is where a word ends that goes on at.
func wordEnd(text string, at int) int {
	for at < len(text) {
		r, size := rune(text[at]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[at:])
		}
		if r == '\'' || r == '’' {
			if next, _ := utf8.DecodeRuneInString(text[at+size:]); !unicode.IsLetter(next) || unspaced(next) {
				return at
			}
		} else if !wordRune(r) || unspaced(r) {
			return at
		}
		at += size
	}
	return at
}

// eachPair calls f for the pairs of letters from a place on, and for the last letter alone; it returns where they end, -1 where f did.
func eachPair(text string, from int, f func(word) bool) int {
	for {
		_, size := utf8.DecodeRuneInString(text[from:])
		next, more := utf8.DecodeRuneInString(text[from+size:])
		if !unspaced(next) {
			if !f(word{from: from, to: from + size, pair: true}) {
				return -1
			}
			return from + size
		}
		if !f(word{from: from, to: from + size + more, pair: true}) {
			return -1
		}
		from += size
	}
}

// folded is a word without what people leave out when they look for it: case, accents, and what is written in several ways.
func folded(s string) string {
	if lower, ok := lowerASCII(s); ok {
		return lower
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(norm.NFKC.String(s))) {
		switch {
		case r >= 0x300 && r <= 0x36f, r >= 0x591 && r <= 0x5c7, r >= 0x64b && r <= 0x652: // accents, and points of Hebrew and Arabic
		case r == 'ß':
			b.WriteString("ss")
		case r == 'æ':
			b.WriteString("ae")
		case r == 'œ':
			b.WriteString("oe")
		case r == 'ø':
			b.WriteByte('o')
		case r == 'đ':
			b.WriteByte('d')
		case r == 'ł':
			b.WriteByte('l')
		case r == 'ı':
			b.WriteByte('i')
		case r == '’':
			b.WriteByte('\'')
		default:
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String()) // syllables of Hangul are whole again
}

// lowerASCII is s in lower case, if it is ASCII.
func lowerASCII(s string) (string, bool) {
	upper := false
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return "", false
		}
		upper = upper || s[i] >= 'A' && s[i] <= 'Z'
	}
	if upper {
		s = strings.ToLower(s)
	}
	return s, true
}

// stems finds the terms of words of one language, and remembers those that it found. It may be used from many goroutines.
type stems struct {
	lexicon *words.Lexicon
	mu      sync.Mutex
	known   map[string][2]string
}

// mostStems is how many words one remembers.
const mostStems = 1 << 15

// stemmed reports whether words of a language have stems; those of all others are taken as they are, and count as one language.
func stemmed(language string) bool {
	switch language {
	case "en", "fr", "es", "pt", "de", "it", "nl", "da", "fi", "hu", "no", "nb", "nn", "ro", "ru", "sv", "tr":
		return true
	}
	return false
}

func newStems(language string) *stems {
	return &stems{lexicon: words.Of(language), known: map[string][2]string{}}
}

// terms are those of a word: its stem, without accents, and, where this is another one, the stem of the word as it is written without accents. So
// "été" is found by "ete", and the other way round, whatever the stemmer makes of either.
func (s *stems) terms(w string) [2]string {
	s.mu.Lock()
	found, ok := s.known[w]
	s.mu.Unlock()
	if ok {
		return found
	}
	w = strings.Clone(w) // what it was found in is not kept
	plain := folded(w)
	terms := [2]string{folded(s.lexicon.Stem(plain))}
	if _, ok := lowerASCII(w); !ok {
		if other := folded(s.lexicon.Stem(norm.NFC.String(w))); other != terms[0] {
			terms[1] = other
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.known) >= mostStems {
		clear(s.known)
	}
	s.known[w] = terms
	return terms
}
