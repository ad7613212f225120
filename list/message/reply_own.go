package message

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// reply walks through the lines of a reply, which are its own to change, and keeps those that are the writer's.
type reply struct {
	lines  []replyLine
	out    []string
	own    bool // there is a line of theirs in out that says something
	quotes bool // something quoted was passed
	gap    bool // and that just now: the empty lines around it are one
	above  int  // lines of out above the first thing quoted; -1: nothing is
	// torn says that something was left out which may be theirs: what looks like the end of a quoted line, which a program broke off, like a
	// gateway's warning, or like a quotation without marks.
	torn  bool
	split bool // something quoted stands between lines of theirs
	// every is for Written: to lose words of theirs is worse than to keep a line that may be somebody else's.
	every bool
	// doubtful introduced what is quoted below it, or so it seemed. It is theirs if nothing else is.
	doubtful []string
}

// ownText is what Own returns, and above what OwnAbove does. whole says that lines are all there are.
func ownText(lines []replyLine, whole bool) foundText {
	r := readOwn(lines)
	if !r.own && len(r.doubtful) > 0 {
		r.out, r.own, r.above = r.doubtful, true, -1
	}
	if !r.own {
		return foundText{read: whole && !r.torn}
	}
	own := tidyLines(r.out)
	above := own
	if r.above >= 0 {
		above = tidyLines(r.out[:r.above])
	}
	return foundText{own, above, true, r.torn || r.split || !whole}
}

// tidyLines joins lines without ornament and empty lines around them.
func tidyLines(lines []string) string {
	return strings.Trim(strings.Join(trimRules(lines), "\n"), "\n")
}

func readOwn(lines []replyLine) reply {
	r := reply{lines: lines, above: -1}
	r.walk(0)
	return r
}

func (r *reply) walk(i int) {
	for i >= 0 && i < len(r.lines) {
		i = r.step(i)
	}
}

// step looks at the line i and returns the next to look at; -1 when nothing below is theirs.
func (r *reply) step(i int) int {
	line := r.lines[i]
	switch {
	case line.quoted:
		return r.quotation(i)
	case line.text == "":
		if !r.gap {
			r.out = append(r.out, "")
		}
		return i + 1
	case len(line.text) > lineLimit:
		return r.keep(i)
	}
	if !r.own {
		if n, rest := banner(r.lines[i:]); n > 0 {
			if rest != "" { // "[EXTERNAL] yes"
				r.lines[i+n-1] = replyLine{text: rest, quoted: isQuoted(rest)}
				return i + n - 1
			}
			r.torn = r.torn || n > 1 || !bannerTag.MatchString(line.text)
			return i + n
		}
	}
	if r.every && r.shared(i) {
		return i
	}
	if end := r.introduction(i); end != 0 {
		return end
	}
	if signatureBegins(r.lines[i:]) {
		return r.signature(i)
	}
	if isFooterRule(line.text) && (r.own || r.quotes) && (!r.every || isFooter(r.lines[i+1:])) {
		r.torn = r.torn || r.own && says(r.lines[i+1:])
		return -1
	}
	if isDeviceLine(line.text) {
		return i + 1
	}
	if r.gap && omission.MatchString(line.text) {
		r.torn = true // "[no]" may be an answer
		return i + 1
	}
	return r.keep(i)
}

// introduction passes over what introduces a quotation that stands below, and reports where to go on: behind it where the quoted lines are
// marked, nowhere (-1) where they are not, so that no one can say where they end. Zero: the line i introduces nothing.
func (r *reply) introduction(i int) int {
	rest := r.lines[i:]
	if a, ok := attributionAt(rest, r.own); ok && (a.marked || !r.every || namesMail(rest[:a.lines])) {
		if !a.certain && len(r.doubtful) == 0 {
			for _, l := range rest[:a.lines] {
				r.doubtful = append(r.doubtful, l.text)
			}
		}
		// Unlike a header, which programs put below the place to write at, this may stand above an answer, with nothing to tell where that begins.
		r.torn = r.torn || !a.marked && says(rest[a.lines:])
		return r.passed(i+a.lines, a.marked)
	}
	if n := separatorAt(rest); n > 0 {
		i += n
		for i < len(r.lines) && r.lines[i].text == "" {
			i++
		}
		if i < len(r.lines) && !r.lines[i].quoted && len(r.lines[i].text) <= lineLimit { // an attribution or a header may stand below it
			return cmp.Or(r.introduction(i), -1)
		}
		return r.passed(i, i < len(r.lines))
	}
	if n := headerBlockAt(rest); n > 0 {
		return r.passed(i+n, nextIsQuoted(rest[n:]))
	}
	return 0
}

func (r *reply) passed(end int, marked bool) int {
	if !marked {
		return -1
	}
	r.leaveOut()
	return end
}

// quotation passes over quoted lines, and over the single lines between two of them that are the ends of quoted lines: programs that wrap what they
// quote tear them off.
func (r *reply) quotation(i int) int {
	r.quotes = true
	r.leaveOut()
	for i < len(r.lines) && r.lines[i].quoted {
		i++
		if i+1 < len(r.lines) && (tornOff(r.lines[i-1], r.lines[i], r.lines[i+1]) || r.every && tornLink(r.lines[i], r.lines[i+1])) {
			r.torn = true
			i++
		}
	}
	return i
}

// tornOff reports whether line is the end of the quoted line before it: that one is as long as lines get and ends no sentence, the first word had no
// room there, and the quotation goes on.
func tornOff(before, line, after replyLine) bool {
	const full = 72
	if line.quoted || line.text == "" || !after.quoted || line.text[0] == ' ' || line.text[0] == '\t' {
		return false
	}
	room := utf8.RuneCountInString(before.text)
	if room > 2*full || utf8.RuneCountInString(line.text) > room || strings.ContainsAny(before.text[len(before.text)-1:], ".!?:") {
		return false
	}
	word, _, _ := strings.Cut(line.text, " ")
	return room+1+utf8.RuneCountInString(word) >= full
}

// signature passes over a signature: to the quotation below it where nothing of theirs was found yet, or all that they wrote is looked for, since some
// answer below it, too; else to the end.
func (r *reply) signature(i int) int {
	if r.own && !r.every {
		return -1
	}
	for i++; i < len(r.lines) && !r.lines[i].quoted; i++ {
		if r.lines[i].text == "" || len(r.lines[i].text) > lineLimit {
			continue
		}
		if end := r.introduction(i); end != 0 {
			return end
		}
	}
	return i
}

func (r *reply) keep(i int) int {
	text := r.lines[i].text
	r.split = r.split || r.own && r.gap
	r.out = append(r.out, text)
	r.own, r.gap = r.own || !isRule(text), false
	return i + 1
}

// leaveOut puts one empty line where something is left out.
func (r *reply) leaveOut() {
	if r.above < 0 {
		r.above = len(r.out)
	}
	if n := len(r.out); n > 0 && r.out[n-1] != "" {
		r.out = append(r.out, "")
	}
	r.gap = true
}

// trimRules drops rows of dashes and the like, and empty lines, at both ends.
func trimRules(lines []string) []string {
	for len(lines) > 0 && isRule(lines[0]) {
		lines = lines[1:]
	}
	for len(lines) > 0 && isRule(lines[len(lines)-1]) {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// isRule reports whether a line is nothing but ornament.
func isRule(line string) bool { return strings.Trim(line, "-_=*~#—–―·• \t") == "" }

// says reports whether lines are more than empty ones.
func says(lines []replyLine) bool {
	return slices.ContainsFunc(lines, func(l replyLine) bool { return l.text != "" })
}

// omission is what people put in the place of quoted lines that they take out: "[...]", "<snip>".
var omission = regexp.MustCompile(`(?i)^(?:[\[<({*~-] ?(?:\.{2,}|…|snip|snipped|cut|elided|deleted|trimmed|gekürzt|coupé|recortado)\W?.{0,60}[\])>}*~-]|\[[^\[\]]{1,60}\])$`)

// nextIsQuoted reports whether the next line that is not empty is quoted, or stands for something quoted.
func nextIsQuoted(lines []replyLine) bool {
	for _, l := range lines {
		if l.text != "" && (l.quoted || len(l.text) > lineLimit || !omission.MatchString(l.text)) {
			return l.quoted
		}
	}
	return false
}
