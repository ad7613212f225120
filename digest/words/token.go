package words

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Words are the words of a text, as they are written: letters and digits, and what stands between two of them within a word ("e-mail", "l'appel",
// "web2.log"). Addresses and links are none.
func Words(text string) []string {
	var all []string
	for piece := range strings.FieldsSeq(text) {
		if isAddress(piece) {
			continue
		}
		all = appendWords(all, piece)
	}
	return all
}

func appendWords(all []string, piece string) []string {
	if strings.IndexFunc(piece, func(r rune) bool { return !wordRune(r) }) < 0 {
		return append(all, piece)
	}
	begin := -1
	rest := []rune(piece)
	for i, r := range rest {
		inner := i > 0 && i+1 < len(rest) && wordRune(rest[i-1]) && wordRune(rest[i+1]) && strings.ContainsRune("-'’._·", r)
		switch {
		case wordRune(r) || inner:
			if begin < 0 {
				begin = i
			}
		case begin >= 0:
			all = append(all, string(rest[begin:i]))
			begin = -1
		}
	}
	if begin >= 0 {
		all = append(all, string(rest[begin:]))
	}
	return all
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// isAddress reports whether a piece of text between spaces is an address of mail or of the web.
func isAddress(piece string) bool {
	return strings.Contains(piece, "://") || strings.HasPrefix(piece, "www.") || strings.Contains(piece, "@") && strings.Contains(piece, ".")
}

// Count is how many words a text has; of scripts without spaces, two characters count as one.
func Count(text string) int {
	n := 0
	for _, word := range Words(text) {
		if unspaced(firstRune(word)) {
			n += (utf8.RuneCountInString(word) + 1) / 2
		} else {
			n++
		}
	}
	return n
}
