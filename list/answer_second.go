package list

import (
	"slices"
	"strings"
	"unicode"
)

// takesBack reports whether the sentence that a verb begins has another that says something else, so that nobody can tell which of them is meant:
// "ok, reject this", "approve… no wait, discard". The rest of the verb's line belongs to it, and whatever more the sentence takes. Behind "reject"
// stands a reason, and below "edit" a text, which may have any word.
func takesBack(a Answer, sentence string) bool {
	verb := decidingVerb(a.Verb, a.Rest)
	if verb == verbUnknown || verb == verbReject || verb == verbEdit {
		return false
	}
	words := clauseWords(sentence)
	for i, w := range words {
		said := heldWords[w.word]
		if _, decides := heldRuled[said]; !decides {
			if verb == verbApprove && w.ends && No(w.word) { // "ok? no."
				return true
			}
			continue
		}
		if said == verbSpecial && !(w.ends && (i == 0 || words[i-1].ends)) {
			continue // "approve, a special thanks to her"
		}
		if denied := w.denied(words[:i]); denied && said == verb || !denied && !implies(verb, said) {
			return true
		}
	}
	return false
}

// decidingVerb is the verb of a first word that decides something; verbUnknown: it decides nothing.
func decidingVerb(word, rest string) heldVerb {
	verb := verbOfWord(Answer{Verb: word, Rest: rest})
	if _, decides := heldRuled[verb]; !decides {
		return verbUnknown
	}
	return verb
}

// implies reports whether somebody who says a verb may say the other of the same post: who is banned is not to be heard, who is trusted is.
func implies(verb, other heldVerb) bool {
	return verb == other || verb == verbBan && other == verbDiscard || (verb == verbTrust || verb == verbSpecial) && other == verbApprove
}

// firstSentence is what follows a first word: the rest of its line, and of the lines of text below it what the sentence goes on to.
func firstSentence(line, rest, text string) string {
	for !strings.ContainsAny(line[max(len(line)-1, 0):], ".!?") && text != "" && len(rest) < lineShown*10 {
		line, text, _ = strings.Cut(text, "\n")
		if line = strings.TrimSpace(line); line == "" {
			break
		}
		if i := strings.IndexAny(line, ".!?"); i >= 0 {
			line = line[:i+1]
		}
		rest += " " + line
	}
	return rest
}

// clauseWord is a word of a sentence, in the form that the tables have.
type clauseWord struct {
	word string
	ends bool // punctuation follows, or nothing
}

// clauseWords are the words of a sentence.
func clauseWords(s string) (words []clauseWord) {
	for field := range strings.FieldsSeq(s) {
		parts := strings.FieldsFunc(field, func(r rune) bool { return strings.ContainsRune(`,;:!?…—–./()"«»“”`, r) })
		for i, p := range parts {
			if p = strings.TrimFunc(p, isOrnament); p == "" {
				continue
			}
			tail := i < len(parts)-1 || !strings.HasSuffix(field, parts[i])
			words = append(words, clauseWord{foldWord(p), tail})
		}
		if len(words) > 0 && !strings.ContainsFunc(field, unicode.IsLetter) { // a dash by itself
			words[len(words)-1].ends = true
		}
	}
	if n := len(words); n > 0 {
		words[n-1].ends = true
	}
	return words
}

// notWords deny the word behind them.
var notWords = wordSet("not isn't don't never pas jamais n'est nicht kein keine nunca non não")

// denied reports whether one of the two words before it in its clause says the opposite: "not spam", "ce n'est pas du spam". What "no" stands before
// is denied only where it is a thing: "no spam", but "no, discard".
func (w clauseWord) denied(before []clauseWord) bool {
	for n := len(before) - 1; n >= max(len(before)-2, 0) && !before[n].ends; n-- {
		if notWords[before[n].word] || w.word == "spam" && slices.Contains([]string{"no", "sin", "sans"}, before[n].word) {
			return true
		}
	}
	return false
}
