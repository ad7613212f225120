package words

import (
	"strings"
	"unicode"

	"github.com/abadojack/whatlanggo"
)

const (
	// enoughLetters are what trigrams need to tell a language by, and enoughWords what its small words do.
	enoughLetters = 60
	enoughWords   = 5
	// readLetters is how much of a text is looked at, in octets.
	readLetters = 8 << 10
)

// Language is the language in which a text is, as BCP 47: "fr". sure is false, and the tag empty, where that cannot be said: the text is too short, or
// mixed, or two languages are as near.
//
// A known language is recognised by its small words, which a line has already; others by trigrams, where that is reliable.
func Language(text string) (tag string, sure bool) {
	if len(text) > readLetters {
		text = strings.ToValidUTF8(text[:readLetters], "")
	}
	if tag, sure = bySmallWords(text); sure {
		return tag, true
	}
	letters := 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
			if unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana, unicode.Thai) {
				letters += 4 // each says as much as some letters
			}
		}
	}
	if letters < enoughLetters {
		return "", false
	}
	info := whatlanggo.Detect(text)
	if !info.IsReliable() {
		return "", false
	}
	tag = info.Lang.Iso6391()
	return tag, tag != ""
}

// known are the languages with lists, in the order in which a tie would be decided.
var known = []string{"en", "fr", "es", "pt", "de", "it", "nl", "sw"}

// bySmallWords tells the known language of which a text has the most small words: a fifth of all at least, and clearly more than of any other.
func bySmallWords(text string) (tag string, sure bool) {
	var hits [8]int
	n := 0
	for word := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' }) {
		word = strings.ReplaceAll(word, "’", "'")
		n++
		for i, tag := range known {
			if lexicons[tag].stop[word] {
				hits[i]++
			} else if head, _, ok := strings.Cut(word, "'"); ok && (tag == "fr" || tag == "it") && elided[head] {
				hits[i]++
			}
		}
	}
	best, next := 0, -1
	for i := range hits {
		if hits[i] > hits[best] {
			best = i
		}
	}
	for i := range hits {
		if i != best && (next < 0 || hits[i] > hits[next]) {
			next = i
		}
	}
	if n < enoughWords || hits[best]*5 < n || hits[best] < 2 || hits[next]*3 > hits[best]*2 {
		return "", false
	}
	return known[best], true
}
