package words

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// fewWords is how many words of its own a question has at least: "Any news?" asks nobody anything that can be answered a week later.
const fewWords = 4

// Asks reports whether a sentence asks something that others could answer: not how people are, nor whether they see the point, not so little that nobody
// knows about what, and not in a few words behind a colon what somebody else asked.
func (l *Lexicon) Asks(sentence string) bool {
	if len(sentence) > longSentence || !IsQuestion(sentence) {
		return false
	}
	if i := strings.LastIndex(sentence, ": "); i >= 0 && Count(sentence[i:]) < fewWords && !unspaced(firstRune(sentence)) { // "They asked each other: why her?"
		return false
	}
	plain := strings.ToLower(strings.TrimFunc(sentence, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
	plain = strings.ReplaceAll(plain, "’", "'")
	if l.idle[plain] {
		return false
	}
	if i := strings.LastIndexByte(plain, ','); i >= 0 && utf8.RuneCountInString(plain[i:]) < 14 && l.idle[strings.TrimSpace(plain[i+1:])] { // "…, right?"
		return false
	}
	if unspaced(firstRune(plain)) {
		return utf8.RuneCountInString(plain) >= 6
	}
	n, say := 0, 0
	for _, word := range Words(sentence) {
		n++
		if !l.Stop(word) && !l.courtesies[strings.ToLower(word)] && utf8.RuneCountInString(word) > 2 {
			say++
		}
	}
	return n >= fewWords && say >= 2
}

// IsQuestion reports whether a sentence ends as questions do in its script.
func IsQuestion(sentence string) bool {
	s := strings.TrimRight(sentence, closers+" !")
	r, _ := utf8.DecodeLastRuneInString(s)
	switch r {
	case '?', '？', '؟', '⁇', '⁈', '՞':
		return true
	case ';', 0x037E: // Greek
		return strings.ContainsFunc(s, func(r rune) bool { return unicode.In(r, unicode.Greek) })
	case '。', '.':
		return strings.HasSuffix(s, "か。")
	}
	return false
}
