package letter

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// wordLength is how many characters count as a word of a text that has no spaces between its words.
const wordLength = 12

// fairly shortens texts that have more words together than there is room for: the longest first, all of these to one length, so that nobody loses a word to somebody who wrote
// more. Of none are there fewer than least words, if it has them.
func fairly(texts []string, words, least int) []string {
	lengths := make([]int, len(texts))
	for i, text := range texts {
		lengths[i] = lengthOf(text)
	}
	most := max(evenly(lengths, words), least)
	all := make([]string, len(texts))
	for i, text := range texts {
		all[i] = shortened(text, most)
	}
	return all
}

// lengthOf is how many words a text has, as fairly counts them.
func lengthOf(text string) int {
	return max(len(strings.Fields(text)), utf8.RuneCountInString(text)/wordLength)
}

// evenly is how long each may be so that all have room together.
func evenly(lengths []int, room int) int {
	lengths = slices.Sorted(slices.Values(lengths))
	for i, n := range lengths {
		if each := room / (len(lengths) - i); n > each {
			return each
		}
		room -= n
	}
	return room + 1<<20 // they have: it is long enough for any
}

// shortened is the beginning of a text of so many words, to the end of a sentence or line where that is in its second half, with three points for the rest.
func shortened(text string, words int) string {
	text = strings.TrimSpace(text)
	if lengthOf(text) <= words {
		return text
	}
	end, sentence := 0, 0
	for range words {
		next := strings.IndexFunc(text[end:], func(r rune) bool { return !unicode.IsSpace(r) })
		if next < 0 {
			break
		}
		end += next
		if n := strings.IndexFunc(text[end:], unicode.IsSpace); n >= 0 {
			end += n
		} else {
			end = len(text)
		}
		if end < len(text) && (text[end] == '\n' || strings.ContainsRune(".!?", rune(text[end-1]))) {
			sentence = end
		}
	}
	if runes := []rune(text[:end]); len(runes) > words*wordLength {
		return string(runes[:words*wordLength-1]) + "…"
	}
	if 2*sentence > end {
		return text[:sentence] + " …"
	}
	return strings.TrimRight(text[:end], " ,;:.–—-(«“") + "…"
}
