package words

import (
	"slices"
	"unicode/utf8"
)

const (
	// pairWords and pairLength are how many words and characters two sentences have at most to be quoted as one.
	pairWords  = 52
	pairLength = 320
	// resolved is how many words of the second may lean on the first.
	resolved = 3
)

// Follows says how well two sentences, the second right behind the first, stand by themselves as StandsAlone does of one: what the second begins with may
// lean on the first.
func (l *Lexicon) Follows(first, second string) float64 {
	alone := l.StandsAlone(first)
	if n := utf8.RuneCountInString(first) + utf8.RuneCountInString(second); alone <= 0 || n > pairLength || l.machined(second) {
		return 0
	}
	one, two := l.pieces(first), l.pieces(second)
	if len(one)+len(two) > pairWords || len(two) < 4 || l.courtesies[two[0].low] || l.Addresses(second) {
		return 0
	}
	if slices.ContainsFunc(two, func(p piece) bool { return l.echoes[p.low] }) {
		return 0
	}
	return min(alone, 1-l.owes(slices.Concat(one, two), len(one)+min(resolved, len(two)))-l.broken(second, two))
}
