package list

import (
	"cmp"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"convene/list/message"
)

// shownName is the name of who wrote a post, in which no address is left.
func shownName(p *Post) string {
	name, _, _ := strings.Cut(cmp.Or(pageLine(p.FromName), p.From), "@")
	return cmp.Or(strings.TrimSpace(name), "…")
}

// mailAddress finds addresses in what people write: quoted ones by their end, and those of links, too, whose sign may be encoded. All characters of one are inAddress.
var mailAddress = regexp.MustCompile(`([\pL\pN!#$%&'*+/=?^_{|}~."-]+)(?:@|%40)([\pL\pN](?:[\pL\pN-]*[\pL\pN])?\.)+[\pL\pN-]*[\pL\pN]`)

// inAddress reports whether a character may stand in an address.
func inAddress(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.IndexByte("!#$%&'*+/=?^_{|}~.\"-@", byte(r)) >= 0
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r)
}

// withoutAddresses takes the domains off the addresses in a text, which readers of a public page could collect. Only what stands around a sign is searched for one: most of what
// people write has none.
func withoutAddresses(s string) string {
	sign := nextSign(s, 0)
	if sign < 0 {
		return s
	}
	var b strings.Builder
	for done := 0; ; {
		from, to := len(s), len(s)
		if sign >= 0 {
			from = done + strings.LastIndexFunc(s[done:sign], notInAddress)
			if from < done { // there is none: the text begins with it
				from = done
			}
			if n := strings.IndexFunc(s[sign:], notInAddress); n >= 0 {
				to = sign + n
			}
		}
		b.WriteString(s[done:from])
		if from == len(s) {
			return b.String()
		}
		b.WriteString(mailAddress.ReplaceAllStringFunc(s[from:to], linkOrName))
		done, sign = to, nextSign(s, to)
	}
}

// linkOrName is an address that mailAddress has found without its domain. Behind /m/ stands no address but a Message-ID, in a link to a post: it stays, or would lead nowhere.
func linkOrName(address string) string {
	if strings.Contains(address, pathPost) {
		return address
	}
	return mailAddress.ReplaceAllString(address, "$1@…")
}

func notInAddress(r rune) bool { return !inAddress(r) }

// nextSign is where the next sign of an address is, from a place on; -1: there is none.
func nextSign(s string, from int) int {
	for {
		n := strings.IndexAny(s[from:], "@%")
		if n < 0 {
			return -1
		}
		if from += n; s[from] == '@' || strings.HasPrefix(s[from:], "%40") {
			return from
		}
		from++
	}
}

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
	if len(s) <= lineShownAt && isPlain(s) && !strings.ContainsAny(s, "\t\n") && !strings.Contains(s, "  ") {
		return strings.Trim(s, " ")
	}
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
