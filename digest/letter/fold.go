package letter

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// foldTo hands over the lines of a text, each of them folded between words. Signs that stand behind a space in French stay with their words.
func foldTo(line func(string), text string, width int) {
	for whole := range strings.SplitSeq(text, "\n") {
		words := units(whole)
		first, length := 0, 0 // of the line
		for i, word := range words {
			n := utf8.RuneCountInString(word)
			if i > first && length+1+n > width {
				line(strings.Join(words[first:i], " "))
				first, length = i, 0
			}
			if i > first {
				length++
			}
			length += n
		}
		line(strings.Join(words[first:], " "))
	}
}

// units are the words of a line that may stand at the beginning of one: a sign alone goes with the word before it, and an opening one with the next.
func units(s string) (all []string) {
	opened := false
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' }) {
		last := len(all) - 1
		hours := last >= 0 && word == "h" && endsInDigit(all[last]) // 15 h 00
		if last >= 0 && (opened || hours || closing(word)) && utf8.RuneCountInString(all[last]) < foldAt/2 {
			all[last] += " " + word
		} else {
			all = append(all, word)
		}
		opened = strings.HasSuffix(word, "«") || word == "—" || word == "–" || hours
	}
	return all
}

// endsInDigit reports whether a word ends in a number, as "(15" does.
func endsInDigit(word string) bool {
	last, _ := utf8.DecodeLastRuneInString(word)
	return unicode.IsDigit(last)
}

// closing reports whether a word is signs that French sets behind a space, or a point between words.
func closing(word string) bool {
	return strings.Trim(word, "?!:;»·") == "" || strings.HasPrefix(word, "»") && utf8.RuneCountInString(word) <= 3
}
