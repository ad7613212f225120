package list

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// FoldAddress is what stands for an address wherever two are compared: in lower case, since no provider tells addresses apart by case. A letter that
// is none of ASCII never becomes one: the long s and the sign for Kelvin are not s and k, or whoever gets such an address from a provider would be
// somebody else here.
func FoldAddress(address string) string {
	if isASCII(address) {
		return strings.ToLower(address)
	}
	return strings.Map(func(r rune) rune {
		if l := unicode.ToLower(r); r < utf8.RuneSelf || l >= utf8.RuneSelf {
			return l
		}
		return r
	}, address)
}

// SameAddress reports whether two addresses are one.
func SameAddress(a, b string) bool {
	return a == b || FoldAddress(a) == FoldAddress(b)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
