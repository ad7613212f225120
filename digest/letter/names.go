package letter

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokens are the words of a text, in lower case.
func tokens(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
}

// mentions reports whether a text has a word of one of these names that is longer than two letters.
func mentions(s string, names []string) bool {
	words := map[string]bool{}
	for _, w := range tokens(s) {
		words[w] = true
	}
	for _, name := range names {
		for _, w := range tokens(name) {
			if utf8.RuneCountInString(w) > 2 && words[w] {
				return true
			}
		}
	}
	return false
}

// sorted are names by the alphabet, whatever their case.
func sorted(names []string) []string {
	out := slices.Clone(names)
	slices.SortStableFunc(out, func(a, b string) int {
		return cmp.Or(strings.Compare(strings.ToLower(a), strings.ToLower(b)), strings.Compare(a, b))
	})
	return out
}
