package list

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// FoldAddress is what stands for an address wherever two are compared: in lower case, since no provider tells addresses apart by case; with a letter and
// its marks as one (NFC, RFC 6532 §3.1), since keyboards differ in that; and with its domain as in DNS, since both spellings of it reach the same server.
// A letter of a local part that is none of ASCII never becomes one: the long s and the sign for Kelvin are not s and k, or whoever gets such an address
// from a provider would be somebody else here.
func FoldAddress(address string) string {
	if isASCII(address) {
		return strings.ToLower(address)
	}
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return foldBeyond(address)
	}
	labels := strings.Split(strings.ToLower(address[at+1:]), ".")
	for i, label := range labels { // one by one, since of a pattern some are stars
		if ascii, err := idna.Lookup.ToASCII(label); err == nil {
			labels[i] = ascii
		}
	}
	return foldBeyond(address[:at]) + "@" + strings.Join(labels, ".")
}

// foldBeyond folds what may have letters that are none of ASCII. One that would become one of ASCII stays as it is, and alone.
func foldBeyond(s string) string {
	var b strings.Builder
	run := 0 // where what is not written yet begins
	write := func(end int) {
		for _, r := range norm.NFC.String(s[run:end]) {
			if l := unicode.ToLower(r); r < utf8.RuneSelf || l >= utf8.RuneSelf {
				r = l
			}
			b.WriteRune(r)
		}
	}
	for i, r := range s {
		if r >= utf8.RuneSelf && isASCII(norm.NFC.String(string(r))) {
			write(i)
			b.WriteRune(r)
			run = i + utf8.RuneLen(r)
		}
	}
	write(len(s))
	return b.String()
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
