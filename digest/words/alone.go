package words

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longSentence is how long a sentence is at most that is looked at closer, in octets.
const longSentence = 2000

// saysMuch is how many words say something in a sentence that does not say too little.
const saysMuch = 4

// namedBefore is how many words say something before one that may be for any of them.
const namedBefore = 5

// StandsAlone says how well a sentence can be read by itself, without what stood around it: 1 at best; zero or less is not at all. It should be whole.
//
// Against it speak that it begins with a word that points back, that it says "it" and "they" more than it names things, that it is very short or long,
// that it greets or thanks, that it talks to one person, and that something for machines stands in it.
func (l *Lexicon) StandsAlone(sentence string) float64 {
	if unspaced(firstRune(strings.TrimLeft(sentence, openers))) {
		if n := utf8.RuneCountInString(sentence); n >= 8 && n <= 120 {
			return 0.8
		}
		return 0
	}
	if len(sentence) > longSentence {
		return 0
	}
	words := Words(sentence)
	if len(words) < 5 || len(words) > 55 || utf8.RuneCountInString(sentence) > 360 || l.machined(sentence) {
		return 0
	}
	if l.leans(sentence, words) {
		return 0
	}
	score, says := 1.0, 0
	if l.starts[strings.ToLower(words[0])] {
		score -= 0.35
	}
	for _, word := range words {
		low := strings.ReplaceAll(strings.ToLower(word), "’", "'")
		switch {
		case l.echoes[low]:
			return 0
		case l.leaning[low], l.adding[low]:
		case l.courtesies[low]:
			score -= 0.3
		case l.addressing[low]:
			score -= 0.25
		case !l.Stop(word):
			says++
		}
	}
	if says < 2 {
		return 0
	}
	if says < saysMuch {
		score -= 0.25
	}
	pieces := l.pieces(sentence)
	score -= l.owes(pieces, 0) + l.broken(sentence, pieces) + l.outside(sentence)
	switch n := len(words); {
	case n < 7:
		score -= 0.3
	case n < 9:
		score -= 0.15
	case n > 32:
		score -= 0.02 * float64(n-32)
	}
	if strings.Contains(sentence, "://") || strings.ContainsAny(sentence, "[]*") {
		score -= 0.4
	}
	if strings.ContainsAny(sentence, "()") {
		score -= 0.1
	}
	return score - 0.15*float64(coded(words))
}

// coded is how many words are names in a program: with a capital letter or a full stop within.
func coded(words []string) (n int) {
	for _, word := range words {
		dot := strings.IndexByte(word, '.')
		if dot > 0 && len(word) > 4 && strings.IndexFunc(word, unicode.IsDigit) < 0 || unicode.IsLower(firstRune(word)) && strings.ContainsFunc(word, unicode.IsUpper) {
			n++
		}
	}
	return n
}

// leans reports whether a sentence begins with what points back, or has words in it that do; whether it is somebody else's, in quotation marks or in
// brackets; and whether it is a reference, full of initials.
func (l *Lexicon) leans(sentence string, words []string) bool {
	first := strings.ReplaceAll(strings.ToLower(words[0]), "’", "'")
	if l.pointing[first] && !l.opensNew(l.pieces(sentence)) || l.courtesies[first] || strings.HasPrefix(sentence, "(") || strings.HasPrefix(sentence, "[") {
		return true
	}
	if r := firstRune(sentence); strings.ContainsRune(`"“«'‘„`, r) && strings.ContainsRune(`"”»'’“`, lastRune(sentence)) {
		return true
	}
	if l.opens(l.leads, words) {
		return true
	}
	low := " " + strings.ReplaceAll(strings.ToLower(strings.Join(words, " ")), "’", "'") + " "
	for _, turn := range l.turns {
		if strings.Contains(low, " "+turn+" ") {
			return true
		}
	}
	initials := 0
	for _, word := range words {
		if r := firstRune(word); unicode.IsUpper(r) && (len(word) == utf8.RuneLen(r) && word != "I" && word != "A" || len(word) > 2 && word[1] == '.') {
			initials++
		}
	}
	return initials > 2
}

// opens reports whether one of the turns stands at the beginning of words.
func (l *Lexicon) opens(turns, words []string) bool {
	low := strings.ReplaceAll(strings.ToLower(strings.Join(words[:min(len(words), 6)], " ")), "’", "'") + " "
	return slices.ContainsFunc(turns, func(turn string) bool { return strings.HasPrefix(low, turn+" ") })
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// machined reports whether something for machines stands in a sentence: names with underscores, calls, operators, paths.
func (l *Lexicon) machined(sentence string) bool {
	if symbolic(sentence) > 0.07 || strings.ContainsAny(sentence, "{}\\^~|`=$#<>") || strings.Contains(sentence, "->") || strings.Contains(sentence, "()") || strings.Contains(sentence, "--") {
		return true
	}
	digits, all := 0, 0
	for word := range strings.FieldsSeq(sentence) {
		all++
		if strings.ContainsFunc(word, unicode.IsDigit) && !strings.ContainsFunc(word, unicode.IsLetter) {
			digits++
		}
		word = strings.TrimFunc(word, func(r rune) bool { return strings.ContainsRune(closers+enders+openers+",;:", r) })
		if strings.Contains(word, "_") || strings.HasPrefix(word, "/") || strings.HasPrefix(word, "-") || strings.Contains(word, "@") || strings.Count(word, "/") > 1 && !strings.Contains(word, "://") {
			return true
		}
	}
	return digits*4 > all
}

// Calendar reports whether a word, in lower case, is the name of a day or a month in one of the languages that are known best.
func Calendar(word string) bool { return calendar[word] }

var calendar = set(`monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december
	lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars avril mai juin juillet août septembre octobre novembre décembre
	lunes martes miércoles jueves viernes sábado domingo enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
	segunda-feira terça-feira quarta-feira quinta-feira sexta-feira janeiro fevereiro março maio junho julho setembro outubro novembro dezembro
	montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar märz juni juli oktober dezember
	jumatatu jumanne jumatano alhamisi ijumaa jumamosi jumapili`)

// Addresses reports whether a sentence talks to somebody.
func (l *Lexicon) Addresses(sentence string) bool {
	return slices.ContainsFunc(Words(sentence), func(word string) bool { return l.addressing[strings.ReplaceAll(strings.ToLower(word), "’", "'")] })
}

// Contrasts reports whether a sentence tells something else than what was said, as far as a word in it shows that.
func (l *Lexicon) Contrasts(sentence string) bool {
	for _, word := range Words(sentence) {
		if l.contrast[strings.ReplaceAll(strings.ToLower(word), "’", "'")] {
			return true
		}
	}
	return false
}

// Readable reports whether a sentence is for people: not too long, and nothing for machines in it.
func (l *Lexicon) Readable(sentence string) bool {
	return utf8.RuneCountInString(sentence) <= 400 && !l.machined(sentence)
}
