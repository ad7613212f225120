package web

import (
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"
)

// run is some words of a text, or the address of a page in it.
type run struct {
	Text string
	Link string // where it leads; empty: nowhere
}

// webAddress finds the addresses of pages in what people write.
var webAddress = regexp.MustCompile(`(?i)\bhttps?://[^\s<>"«»“”]+`)

// runs divides a text by the addresses of pages in it.
func runs(text string) []run {
	if !strings.Contains(text, "://") {
		return []run{{Text: text}}
	}
	var all []run
	at := 0
	for _, found := range webAddress.FindAllStringIndex(text, -1) {
		address := text[found[0] : found[0]+addressEnd(text[found[0]:found[1]])]
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || u.User != nil { // "https://bank.example@elsewhere.example/" is there to be misread
			continue
		}
		if found[0] > at {
			all = append(all, run{Text: text[at:found[0]]})
		}
		all = append(all, run{Text: shortAddress(address, len(u.Scheme)+len("://")+len(u.Host)), Link: address})
		at = found[0] + len(address)
	}
	if at < len(text) {
		all = append(all, run{Text: text[at:]})
	}
	return all
}

// addressEnd is where an address ends, without what belongs to the sentence it stands in.
func addressEnd(s string) int {
	for len(s) > 0 {
		last, n := utf8.DecodeLastRuneInString(s)
		switch {
		case strings.ContainsRune(".,;:!?'’*_…", last):
		case last == ')' && strings.Count(s, "(") < strings.Count(s, ")"), last == ']' && strings.Count(s, "[") < strings.Count(s, "]"):
		default:
			return len(s)
		}
		s = s[:len(s)-n]
	}
	return 0
}

// shownAddress is how much of an address is shown, in characters: it fills three lines of a telephone. What newsletters count their readers by takes ten.
const shownAddress = 100

// shortAddress is an address as it is shown: never without all of its host, which is the first octets of it.
func shortAddress(address string, host int) string {
	r := []rune(address)
	if len(r) <= shownAddress {
		return address
	}
	return string(r[:max(shownAddress, utf8.RuneCountInString(address[:host]))]) + "…"
}

// plain is the text of runs.
func plain(all []run) string {
	if len(all) == 1 {
		return all[0].Text
	}
	var b strings.Builder
	for _, r := range all {
		b.WriteString(r.Text)
	}
	return b.String()
}
