package web

import (
	"slices"
	"strconv"
	"strings"
)

// languages are those that there are pages in. The first is for whoever reads none of them.
var languages = [...]string{"en", "fr", "es"}

// language is what a page is written in: what is known of the member or the list counts for more than what the browser asks for, since a mail
// that is read on somebody else's telephone is in that language too.
func (v *visit) language(known string) string {
	if language := ours(known); language != "" {
		return language
	}
	if language := accepted(v.r.Header.Get("Accept-Language")); language != "" {
		return language
	}
	return languages[0]
}

// ours is the language of ours that a tag (BCP 47) or a range (RFC 4647 §2.1) asks for; empty: none.
func ours(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
	if slices.Contains(languages[:], base) {
		return base
	}
	return ""
}

// accepted is the language of ours that an Accept-Language field (RFC 9110 §12.5.4) likes best, the first of several; empty: none.
func accepted(field string) (best string) {
	most := 0.0
	for part := range strings.SplitSeq(field, ",") {
		tag, weight, weighed := strings.Cut(part, ";")
		quality := 1.0
		if weighed {
			q, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(weight)), "q=")
			var err error
			if quality, err = strconv.ParseFloat(q, 64); err != nil || !ok || quality > 1 {
				continue
			}
		}
		if language := ours(tag); language != "" && quality > most {
			best, most = language, quality
		}
	}
	return best
}
