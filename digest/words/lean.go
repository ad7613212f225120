package words

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// props are the words of a language by which a sentence leans on what stood before it, and those by which it does not.
type props struct {
	// these point at what was said, unless one of who or of periods follows: "those who", "this week".
	these, who, periods map[string]bool
	// that is a word that points only where a verb of being follows, behind what no noun is.
	that, being map[string]bool
	// taking are words behind which it always points.
	taking map[string]bool
	// the is a definite article. What it stands before is not given where one of held follows ("the end of the road"), nor where it is one of known.
	// ranks are words behind the article that say which it is: "the youngest nurse"; near are those that may belong to the verb as well.
	the, held, known, ranks, near map[string]bool
	// shells are nouns for whatever was said: "the problem", behind one of definite, perhaps with one of skipped between ("the other problem"), unless one of
	// owned goes on with it: "the problem of".
	shells, definite, skipped, owned map[string]bool
	// it may be for nothing, where one of being follows, or one of makes stands before it, and one of tells further on: "it is easier to call".
	it, makes, tells map[string]bool
	// after are words that lean only at the end, or before a word that says nothing: "We came, too."
	after map[string]bool
	// turning are words that answer what was said, within a sentence; openings are those of one that left out its subject, or shows agreement.
	turning, openings map[string]bool
	// comparing are words that compare with something, which one of than names.
	comparing, than map[string]bool
	// here are words for a place that only who writes sees, unless it is named behind it.
	here, in map[string]bool
	// own are words for whose something is, which mostly the same sentence named before.
	own map[string]bool
	// harsh are words that nobody wants to be quoted with.
	harsh map[string]bool
	// verbs are those that no list of verbs of a phrase has; without them in a sentence, and without the endings of others, it has none.
	verbs map[string]bool
	// pronouns stand before a word for what was named where it is one: "j'en ai", and not "en une semaine".
	pronouns map[string]bool
}

// piece is a word of a sentence as what leans is looked for.
type piece struct {
	low  string // in lower case, without what was elided before it
	word string
	ends bool // a sign stands behind it
}

// pieces are the words of a sentence.
func (l *Lexicon) pieces(sentence string) []piece {
	all := make([]piece, 0, strings.Count(sentence, " ")+2)
	var words []string
	for field := range strings.FieldsSeq(sentence) {
		if isAddress(field) {
			continue
		}
		ends := strings.ContainsRune(",;:.!?)…\"”»", lastRune(field))
		words = appendWords(words[:0], field)
		for _, word := range words {
			low := strings.ReplaceAll(strings.ToLower(word), "’", "'")
			if i := strings.IndexByte(low, '\''); l.tag == "fr" && i > 0 && elided[low[:i]] && low != "c'est" && low != "c'était" {
				all = append(all, piece{low: low[:i], word: low[:i]})
				low, word = low[i+1:], low[i+1:]
			}
			all = append(all, piece{low: low, word: word})
		}
		if len(all) > 0 {
			all[len(all)-1].ends = ends
		}
	}
	return all
}

// owes is how much words, from one on, lean on what stood before them: nothing, or about half for each that can only be understood from there.
func (l *Lexicon) owes(all []piece, from int) (owed float64) {
	says, compared := 0, false
	for i := range all {
		cost := l.owed(all, i, says, &compared)
		if i >= from {
			owed += cost
		}
		if p := all[i]; !l.Stop(p.word) && !l.leaning[p.low] && !l.courtesies[p.low] && !l.addressing[p.low] && !l.adding[p.low] {
			says++
		}
	}
	return owed
}

// owed is how much one of the words leans; says is how many before it say something, and compared whether one compared.
func (l *Lexicon) owed(all []piece, i, says int, compared *bool) float64 {
	p := all[i]
	var before, next piece
	if i > 0 {
		before = all[i-1]
	}
	if i+1 < len(all) && !p.ends {
		next = all[i+1]
	}
	behind := before.ends || l.Stop(before.word) // what stands before it is no noun
	switch {
	case i == 0 && l.props.openings[p.low]:
		return 0.6
	case l.props.these[p.low]:
		if !l.props.who[next.low] && !l.props.periods[next.low] {
			return 0.6
		}
	case l.props.that[p.low]:
		if next.low == "" || behind && (l.props.being[next.low] || strings.Contains(p.low, "'")) {
			return 0.45
		}
		if i+2 == len(all) && !l.Stop(next.word) && !l.verbs[next.low] { // "uses that session."
			return 0.45
		}
		if l.props.taking[before.low] && !before.ends { // "from that", "make that argument"
			return 0.45
		}
	case l.leaning[p.low] && l.props.own[p.low] && says > 0: // "the clinics lost their ovens"
		return 0.1
	case l.leaning[p.low]:
		if !l.empty(all, i) {
			return forgotten(i, says)
		}
	case l.props.shells[p.low] && !l.props.owned[next.low] && l.definite(all[:i]):
		return 0.4
	case l.props.comparing[p.low] && !*compared:
		if *compared = true; !l.compares(all[i:]) && !l.definite(all[:i]) {
			return 0.35
		}
	case l.props.after[p.low]:
		if i > 0 && (next.low == "" || l.Stop(next.word)) && !l.props.held[next.low] {
			return 0.35
		}
	case l.props.turning[p.low] && i > 0:
		return 0.35
	case l.props.here[p.low] && !l.props.in[next.low]:
		return 0.2
	case l.props.harsh[p.low]:
		return 0.3
	case l.adding[p.low]:
		return 0.1
	}
	return 0
}

// broken is how much speaks against a sentence that was cut, is a point of a list with its name, or has no verb.
func (l *Lexicon) broken(sentence string, all []piece) (cost float64) {
	if len(all) < 2 {
		return 0
	}
	if last := all[len(all)-1].word; len(last) == 1 && unicode.IsUpper(firstRune(last)) { // it was cut at an initial
		cost += 0.5
	}
	if labelled.MatchString(sentence) || garbled.MatchString(sentence) || l.tag == "en" && dangling.MatchString(sentence) {
		cost += 0.4
	}
	if strings.HasSuffix(sentence, "..") || strings.HasSuffix(sentence, "…") {
		cost += 0.35
	}
	if l.props.verbs != nil && !slices.ContainsFunc(all, func(p piece) bool {
		return l.props.verbs[p.low] || l.verbs[p.low] || strings.Contains(p.low, "'") || strings.HasSuffix(p.low, "ed") || len(p.low) > 3 && strings.HasSuffix(p.low, "s")
	}) {
		cost += 0.4
	}
	return cost
}

// labelled is a point of a list that begins with its name: "Delete - a link to a page".
var labelled = regexp.MustCompile(`^\S+ [-–—:] `)

// dangling is an English clause that waits for another: "As soon as somebody decides."
var dangling = regexp.MustCompile(`^(?:As soon as|As long as|Until|Unless|Whereas|While|Although|Even if|Not that) [^,;:]*$`)

// garbled is a word with a sign in it that was another in the character set of its writer: "I?m".
var garbled = regexp.MustCompile(`\pL[?\x{FFFD}]\pL`)

// definite reports whether what words end with is named as known: an article, and perhaps what counts.
func (l *Lexicon) definite(before []piece) bool {
	n := len(before)
	if n > 0 && !before[n-1].ends && l.props.skipped[before[n-1].low] {
		n--
	}
	return n > 0 && l.props.definite[before[n-1].low]
}

// forgotten is how much a word leans that is for something named before: the later it stands, the likelier that was named in the same sentence.
func forgotten(at, says int) float64 {
	switch {
	case at < 6:
		return 0.6
	case says < namedBefore:
		return 0.3
	}
	return 0.15
}

// empty reports whether a word that may be for something is for nothing: "it" of "it is easy to", "il" of "il faut", "one" of "one person".
func (l *Lexicon) empty(all []piece, i int) bool {
	var before, next piece
	if i > 0 {
		before = all[i-1]
	}
	if i+1 < len(all) && !all[i].ends {
		next = all[i+1]
	}
	low := all[i].low
	switch {
	case l.props.who[next.low] && !l.numeral(low): // "celles qui"
		return true
	case strings.HasPrefix(low, "c'") && before.ends: // "le premier appel, c'est"
		return true
	case l.props.pronouns != nil && (low == "en" || low == "y"):
		return !l.props.pronouns[before.low] && !l.props.being[next.low] || low == "y" && before.low == "il"
	case l.numeral(low):
		return next.low != "" && !l.Stop(next.word) || next.low == "of" || before.low == "no" || before.low == "de"
	case l.props.it[low]:
		if !l.props.makes[before.low] && !(i == 0 || before.ends || l.Stop(before.word)) || !l.props.makes[before.low] && !l.props.being[next.low] && !strings.Contains(low, "'") {
			return false
		}
		near := 8
		if i == 0 { // where it is more often for something
			near = 5
		}
		for k := i + 1; k < min(len(all), i+near); k++ {
			if l.props.tells[all[k].low] && (i > 0 || !l.props.than[all[k].low]) {
				return true
			}
		}
	}
	return false
}

// opensNew reports whether the word that a sentence begins with only looks as if it pointed back: "ce qui", "no farmer", "si l'aînée", "it is easy to".
func (l *Lexicon) opensNew(all []piece) bool {
	if len(all) < 2 || all[0].ends {
		return false
	}
	switch first, next := all[0].low, all[1]; first {
	case "no", "não":
		return !l.Stop(next.word)
	case "si":
		return l.tag == "fr"
	default:
		return l.props.who[next.low] || l.empty(all, 0)
	}
}

// numeral reports whether a word that may be for something is a number as well.
func (l *Lexicon) numeral(low string) bool { return l.tag == "en" && low == "one" }

func (l *Lexicon) compares(all []piece) bool {
	for _, p := range all {
		if l.props.than[p.low] {
			return true
		}
	}
	return false
}
