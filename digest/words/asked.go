package words

import (
	"regexp"
	"strings"
)

// Tells says how much a sentence sounds like somebody's who tells what they did and learned: 1 at most.
func (l *Lexicon) Tells(sentence string) float64 {
	n := 0
	for _, word := range Words(sentence) {
		low := strings.ReplaceAll(strings.ToLower(word), "’", "'")
		if i := strings.IndexByte(low, '\''); i > 0 && elided[low[:i]] {
			low = low[i+1:]
		}
		if l.telling[low] {
			n++
		}
	}
	return min(1, float64(n)/3)
}

// Thanks reports whether words of a sentence only greet, thank or take leave.
func (l *Lexicon) Thanks(words []string) bool {
	courtesies, says := 0, 0
	for _, word := range words {
		switch {
		case l.courtesies[strings.ToLower(word)]:
			courtesies++
		case !l.Stop(word) && !l.Weak(word):
			says++
		}
	}
	return courtesies > 0 && says <= 2 || courtesies == 0 && says == 0 && len(words) < 3
}

// asksOne is how a question begins that one person is asked who said something.
var asksOne = regexp.MustCompile(`(?i)^[¿\s]*(?:(?:so|but|and|et|mais|y|pero|e|mas),? )?(?:(?:are|were|do|did|have|had|will|would|can|could|don['’]t|didn['’]t|aren['’]t|haven['’]t) you` +
	`|(?:avez|êtes|pouvez|pourriez|voulez|voudriez|parlez|pensez|aviez)-vous|(?:as|es|peux|pourrais|veux|parles|penses)-tu|est-ce que (?:vous|tu)|(?:puede|podría|quiere|tiene) usted|você (?:pode|quer|tem|está))(?:$|[^\pL])`)

// AsksOne reports whether a question begins as one does that one person is asked who said something: "are you talking of".
func (l *Lexicon) AsksOne(sentence string) bool { return asksOne.MatchString(sentence) }

// QuestionAlone says how well a question to all can be quoted by itself: it may begin as no other sentence does, but leans as they do further on.
func (l *Lexicon) QuestionAlone(sentence string) float64 {
	n := l.AskedAlone(sentence, true) - 0.25
	if n <= 0 || len(sentence) > longSentence {
		return n
	}
	return n - l.owes(l.pieces(sentence), 1) - l.outside(sentence)
}

// AskedAlone says how well a question can be read by itself, as StandsAlone does of any sentence: it may begin as it likes. toAll says that who reads it is
// who was asked, so that "you" leans on nothing.
func (l *Lexicon) AskedAlone(sentence string, toAll bool) float64 {
	if unspaced(firstRune(strings.TrimLeft(sentence, openers))) {
		return 0.8
	}
	if len(sentence) > longSentence {
		return 0
	}
	words := Words(sentence)
	if len(words) == 0 || len(words) > 45 || l.machined(sentence) {
		return 0
	}
	if strings.ContainsAny(sentence, `"“”«»`) || strings.HasSuffix(strings.TrimSpace(sentence), ")") {
		return 0
	}
	if l.opens(l.leads, words) {
		return 0
	}
	score, says, half := 1.0, 0, 0
	if l.addressing[strings.ToLower(words[0])] {
		score -= 0.5
	}
	for i, word := range words {
		low := strings.ReplaceAll(strings.ToLower(word), "’", "'")
		switch {
		case l.echoes[low]:
			return 0
		case l.anybody[low]:
			toAll = true
			score += 0.2
		case l.addressing[low]:
			if !toAll {
				score -= 0.25
			}
		case i == 0 && l.pointing[low] && !l.askers[low]:
			score -= 0.8
			if len(words) > 1 && l.askers[strings.ToLower(words[1])] { // "But who decides…"
				score += 0.5
			}
		case l.leaning[low]:
			score -= 0.25
		case l.courtesies[low]:
			score -= 0.2
		case l.Stop(word):
		case l.Weak(word):
			half++
		default:
			says++
		}
	}
	if says == 0 || says+(half+1)/2 < 2 {
		return 0
	}
	if len(words) < 6 {
		score -= 0.2
	}
	return score + 0.03*float64(min(says, 8))
}
