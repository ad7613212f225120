package words

import (
	"regexp"
	"strings"
)

// outside are the turns of a language by which a sentence leans on what stands outside of it, all in lower case.
type outside struct {
	// opens are those with which a sentence begins: "other than that", "the first just", "say I have".
	opens *regexp.Regexp
	// within are those that lean wherever they stand, unless rest begins what follows: "a similar problem", and not "a problem similar to".
	within, rest *regexp.Regexp
	// more compares, unless than stands behind it: "is much faster".
	more, than *regexp.Regexp
	// sequel tells that something was otherwise, unless once is in the sentence and tells when: "now it works", "since May it works now".
	sequel, once *regexp.Regexp
}

// What a sentence costs that leans by such a turn: too much for a quote, by any of them.
const (
	outsideOpens  = 0.6
	outsideWithin = 0.4
	outsideMore   = 0.35
	outsideSequel = 0.31
)

// outside is how much a sentence leans by its turns on what stands outside of it.
func (l *Lexicon) outside(sentence string) (cost float64) {
	o := outsides[l.tag]
	if o == nil {
		return 0
	}
	low := strings.ReplaceAll(strings.ToLower(sentence), "’", "'")
	if o.opens.MatchString(low) {
		return outsideOpens
	}
	if at := o.within.FindStringIndex(low); at != nil && !o.rest.MatchString(low[at[1]:]) {
		cost += outsideWithin
	}
	if at := o.more.FindStringIndex(low); at != nil && !o.than.MatchString(low[at[1]-1:]) && !l.names(low[at[1]-1:]) {
		cost += outsideMore
	}
	if o.sequel.MatchString(low) && !o.once.MatchString(low) {
		cost += outsideSequel
	}
	return cost
}

// names reports whether what follows a comparison is what it is said of: "even higher performance".
func (l *Lexicon) names(rest string) bool {
	if l.tag != "en" || !strings.HasPrefix(rest, " ") {
		return false
	}
	next := Words(rest[:min(len(rest), 40)])
	return len(next) > 0 && !l.Stop(next[0])
}

// turn makes an expression of parts of which each is one turn or several; whole words, and a blank for any white space.
func turn(before, after string, parts ...string) *regexp.Regexp {
	return regexp.MustCompile(before + `(?:` + strings.Join(parts, "|") + `)` + after)
}

// Where a turn begins and ends: \b knows of no letters but ASCII's.
const (
	atStart = `^[^\pL\pN]*`
	before  = `(?:^|[^\pL\pN])`
	behind  = `(?:$|[^\pL\pN])`
)

var outsides = map[string]*outside{"en": englishOutside, "fr": frenchOutside, "es": spanishOutside, "pt": portugueseOutside}
