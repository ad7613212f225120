package letter

import (
	"strings"
	"unicode/utf8"
)

// Bounds of what somebody wrote that stands in a mail with its paragraphs.
const (
	mostLines = 40 // of it; each may be a character long
	folded    = 80 // characters: a longer line no program has folded
	unfolded  = 64 // characters: a program would have put the next word behind a shorter one
)

// paragraphsOf is what somebody wrote, with its paragraphs and the line ends that they set, within so many characters; it stands alone. What is cut off is three points. A line end that a
// program has put, since its next word would not have fitted, is a space.
func paragraphsOf(most int, s string) markdown {
	var b strings.Builder
	left, lines, before := min(max(most, 1), maxWords), 0, ""
	for line := range strings.SplitSeq(clean(s), "\n") {
		if line = oneLine(line, maxWords); line == "" {
			before = ""
			continue
		}
		switch {
		case left <= 0 || lines >= mostLines:
			b.WriteString(" …")
			return markdown("\n\n" + b.String() + "\n\n")
		case b.Len() == 0:
		case before == "":
			b.WriteString("\n\n")
		case foldedInto(before, line):
			b.WriteByte('\n')
		default:
			b.WriteString("\\\n")
		}
		shown := cutAt(line, left)
		b.WriteString(string(escape(shown)))
		if shown != line {
			return markdown("\n\n" + b.String() + "\n\n")
		}
		left, lines, before = left-utf8.RuneCountInString(line), lines+1, line
	}
	if b.Len() == 0 {
		return ""
	}
	return markdown("\n\n" + b.String() + "\n\n")
}

// foldedInto reports whether a program broke a line into two.
func foldedInto(line, next string) bool {
	word, _, _ := strings.Cut(next, " ")
	last := line[strings.LastIndexByte(line, ' ')+1:]
	length := utf8.RuneCountInString(line)
	return length <= folded && length+1+utf8.RuneCountInString(word) > unfolded && !item.MatchString(next) && !strings.Contains(last, "://") && !strings.HasSuffix(word, ":")
}
