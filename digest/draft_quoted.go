package digest

import (
	"regexp"
	"strings"
	"unicode"
)

// quotedMost is how much of a mail is looked at for a quotation, in octets.
const quotedMost = 256 << 10

// quotationOf is what a mail quotes, without the marks of the quotation: the longest run of lines that begin with ">", of which each level is one mark. Lines
// that a program has broken, and left without a mark, are joined to those before them.
func quotationOf(text string) string {
	var best, run []string
	size := func(lines []string) (n int) {
		for _, l := range lines {
			n += len(l)
		}
		return n
	}
	broken := 0
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n")+"\n\n\n", "\n") {
		rest, ok := strings.CutPrefix(line, ">")
		switch {
		case ok:
			run, broken = append(run, strings.TrimPrefix(rest, " ")), 0
		case len(run) > 0 && strings.TrimSpace(line) != "" && broken == 0 && len(line) < 40:
			run[len(run)-1] += " " + strings.TrimSpace(line)
			broken++
		default:
			if size(run) > size(best) {
				best = run
			}
			run, broken = nil, 0
		}
	}
	return strings.Join(best, "\n")
}

// ruled is a line that divides the parts of a draft: the cover, the mail, and what stands below it. Below a line of text it is a heading's.
var ruled = regexp.MustCompile(`^\s*(?:[-–—_*] ?){3,}\s*$`)

// shownMail is the mail that a draft shows: what is between its rules, down to the one that its footer stands behind.
func shownMail(draft string) string {
	var parts [][]string
	current := []string{}
	for line := range strings.SplitSeq(draft, "\n") {
		if n := len(current); ruled.MatchString(line) && (n == 0 || strings.TrimSpace(current[n-1]) == "") {
			parts = append(parts, current)
			current = nil
			continue
		}
		current = append(current, line)
	}
	if len(parts) == 0 {
		return ""
	}
	parts = append(parts, current)
	return strings.Trim(strings.Join(parts[1], "\n"), "\n ")
}

// lastParagraph is what stands behind the last empty line of a text.
func lastParagraph(text string) string { return text[strings.LastIndex(text, "\n\n")+1:] }

// sameWords reports whether two texts are the same but for how their lines are broken.
func sameWords(a, b string) bool {
	words := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) || r == '>' {
				return -1
			}
			return r
		}, s)
	}
	return words(a) == words(b)
}

var (
	markAt   = regexp.MustCompile(`(?m)^([\s>#*_-]*?)([*_]{0,2})[⚙✎]\x{FE0F}? ?`)
	labelAt  = regexp.MustCompile(`(?m)^([\s>#-]*)[*_]{0,2}[qnt]\d{1,3}[*_]{0,2} `)
	themeAt  = regexp.MustCompile(`(?m)^([\s#]*)\d{1,2}\. ([“«"„])`)
	remarkAt = regexp.MustCompile(`\s*[*_]\((?:[^()\n]|\n)*\)[*_]`)
	authorAt = regexp.MustCompile(`([^\n\\])(\n(?:> ?)*— )`)
)

// unmarked is a text from a draft without what only the draft shows: the marks of who wrote what, the numbers of what can be dropped, and remarks. Who is
// quoted stays on a line of their own.
func unmarked(text string) string {
	text = markAt.ReplaceAllString(text, "$1$2")
	text = labelAt.ReplaceAllString(text, "$1")
	text = themeAt.ReplaceAllString(text, "$1$2")
	text = remarkAt.ReplaceAllString(text, "")
	return strings.TrimSpace(authorAt.ReplaceAllString(text, "$1\\$2"))
}
