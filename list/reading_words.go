package list

import (
	"cmp"
	"regexp"
	"strings"

	"convene/list/message"
)

// shownName is the name of who wrote a post, in which no address is left.
func shownName(p *Post) string {
	name, _, _ := strings.Cut(cmp.Or(pageLine(p.FromName), p.From), "@")
	return cmp.Or(strings.TrimSpace(name), "…")
}

// mailAddress finds addresses in what people write: quoted ones by their end, and those of links, too, whose sign may be encoded.
var mailAddress = regexp.MustCompile(`([\pL\pN!#$%&'*+/=?^_{|}~."-]+)(?:@|%40)([\pL\pN](?:[\pL\pN-]*[\pL\pN])?\.)+[\pL\pN-]*[\pL\pN]`)

// withoutAddresses takes the domains off the addresses in a text, which readers of a public page could collect.
func withoutAddresses(s string) string { return mailAddress.ReplaceAllString(s, "$1@…") }

// WithoutAddresses is a text as who is no member may read it: addresses that stand in it have lost their domains.
func WithoutAddresses(s string) string { return withoutAddresses(s) }

// lineFor is a line that others wrote, as a member may read it, or a stranger.
func lineFor(member bool, s string) string {
	if member {
		return pageLine(s)
	}
	return withoutAddresses(pageLine(s))
}

// languageOfMail is what the author's program says of the language of the text; empty: nothing, or several.
func languageOfMail(m *message.Message) string {
	if tag := strings.TrimSpace(m.Get("Content-Language")); languageTag.MatchString(tag) {
		return tag
	}
	return ""
}

// lineShownAt is how much of a subject or a name a page shows, in characters.
const lineShownAt = 300

// pageLine makes one line of what others wrote, without what turns the direction of what stands beside it.
func pageLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
			return -1
		}
		return r
	}, plainText(s))
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > lineShownAt {
		return string(r[:lineShownAt]) + "…"
	}
	return s
}
