package list

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// signOctets begin what may be the sign in front of a token, in whatever form.
var signOctets = []byte("-/%&=\x96\x97\xE2\xEF")

// endsOther says of each octet whether nothing that a token follows ends with it, in any form: a glance that spares most signs a longer look.
var endsOther = func() (ends [256]bool) {
	for i, kind := range octetKinds {
		c := byte(i)
		word := kind == octetWord && !isHex(c) && c|0x20 != 'u' && c|0x20 != 'm' // and in hexadecimal nearly everything ends
		ends[i] = word || kind == octetSign || kind == octetOther && c != ';'
	}
	return ends
}()

// mayDisguise reports whether eachDisguised could find anything in a text: some sign in it stands behind what may be the end of a word that a token
// follows. Most mail has no such place, and to see that takes a small part of the time of reading it.
func mayDisguise(text []byte) bool {
	for _, c := range signOctets {
		for i := bytes.IndexByte(text, c); i >= 0; {
			if i > 0 && !endsOther[text[i-1]] && mayAnchor(text[:i], c) && (c != '-' && c != '/' || mayBeToken(text[i+1:])) {
				return true
			}
			next := bytes.IndexByte(text[i+1:], c)
			if next < 0 {
				break
			}
			i += 1 + next
		}
	}
	return false
}

// mayAnchor reports whether what is before a sign may be the end of "held", "leave", "bounce", "confirm", "imap", "/u" or "/c", with noise in it. In case of
// doubt it may.
func mayAnchor(before []byte, sign byte) bool {
	before, doubt := cutNoise(before)
	n := len(before)
	if doubt || n == 0 {
		return doubt
	}
	for _, word := range anchorWords {
		if sign == '-' && word[0] == '/' || sign == '/' && word[0] != '/' {
			continue
		}
		same := 0
		for same < len(word) && same < n && before[n-1-same]|0x20 == word[len(word)-1-same] {
			same++
		}
		if same == len(word) {
			return true
		}
		if same == 0 || same == n {
			continue
		}
		switch before[n-1-same] {
		case ' ', '\t': // "an e-mail"
		case 'f', 'F':
			return word[0] == '/'
		case ';', '<':
			return true
		default:
			if kind := octetKinds[before[n-1-same]]; kind == octetNoise || kind == octetSpecial || endsPercent(before[:n-same]) {
				return true
			}
		}
	}
	return false
}

// mayBeToken reports whether the letters of a token may follow. In case of doubt they may.
func mayBeToken(text []byte) bool {
	const longest = 2 << 10
	n := 0
	for _, c := range text[:min(len(text), longest)] {
		switch octetKinds[c] {
		case octetNoise:
		case octetWord:
			if !isTokenByte(c) {
				return false
			}
			if n++; n == tokenLength {
				return true
			}
		default:
			return octetKinds[c] == octetSpecial
		}
	}
	return len(text) > longest
}

// anchorWords stand before the sign in front of a token, in lower case; a slash keeps its value with the bit that makes letters small.
var anchorWords = []string{"held", "leave", "bounce", "confirm", "imap", "/u", "/c"}

// cutNoise takes plain noise from the end of a text. doubt says that what is at the end then may be noise, or a letter, in another form.
func cutNoise(text []byte) (rest []byte, doubt bool) {
	const longest = 64
	n := len(text)
	for ; n > 0 && octetKinds[text[n-1]] == octetNoise; n-- {
		if c := text[n-1]; c == 0 || c == '>' && !isQuoteMark(text[:n-1]) || len(text)-n > longest {
			return nil, true
		}
	}
	if n == 0 {
		return nil, false
	}
	switch c := text[n-1]; {
	case c >= utf8.RuneSelf:
		char, _ := utf8.DecodeLastRune(text[:n])
		return text[:n], !unicode.IsLetter(char)
	case c == ';':
		return text[:n], bytes.IndexByte(text[max(0, n-24):n], '&') >= 0
	case c == '=':
		return text[:n], n < len(text)
	}
	return text[:n], endsPercent(text[:n])
}

// endsPercent reports whether a text ends with a percent escape, which may be escaped itself.
func endsPercent(text []byte) bool {
	n := len(text) - 2
	if n < 1 || !isHex(text[n]) || !isHex(text[n+1]) {
		return false
	}
	for text = text[max(0, n-20):n]; bytes.HasSuffix(text, []byte("25")); {
		text = text[:len(text)-2]
	}
	return bytes.HasSuffix(text, []byte("%"))
}

// isQuoteMark reports whether a ">" behind before is the mark of a quotation and not the end of a tag.
func isQuoteMark(before []byte) bool {
	for n := len(before); n > 0 && len(before)-n < 16; n-- {
		switch before[n-1] {
		case ' ', '>':
		case '\n':
			return true
		default:
			return false
		}
	}
	return true
}
