package web

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ownPieces divides lines that are quoted as deep as one another: paragraphs, lists, what is fixed, and a signature at the end.
func ownPieces(lines []textLine) (all []piece) {
	var open []string
	fence := false
	close := func() {
		if len(open) > 0 {
			all = append(all, paragraph(open)...)
		}
		open = nil
	}
	for i, l := range lines {
		switch {
		case strings.HasPrefix(l.text, "```"):
			if fence {
				all = append(all, fixed(open))
				open = nil
			} else {
				close()
			}
			fence = !fence
		case fence:
			open = append(open, l.text)
		case l.text == "-- " || l.text == "--" && len(lines)-i <= 12:
			close()
			if inner := ownPieces(lines[i+1:]); len(inner) > 0 {
				all = append(all, piece{Kind: pieceSign, Pieces: inner})
			}
			return joined(all)
		case blank(l.text):
			close()
		default:
			open = append(open, l.text)
		}
	}
	if fence && len(open) > 0 {
		all = append(all, fixed(open))
		open = nil
	}
	close()
	return joined(all)
}

// joined makes one of two pieces of code that an empty line divides.
func joined(all []piece) []piece {
	kept := all[:0]
	for _, p := range all {
		if n := len(kept); n > 0 && p.Kind == pieceFixed && kept[n-1].Kind == pieceFixed {
			kept[n-1].Runs = append(append(kept[n-1].Runs, run{Text: "\n\n"}), p.Runs...)
			kept[n-1].Wide = kept[n-1].Wide || p.Wide
			continue
		}
		kept = append(kept, p)
	}
	return kept
}

// paragraph makes pieces of lines between which none is empty.
func paragraph(lines []string) []piece {
	if isFixed(lines) {
		return []piece{fixed(lines)}
	}
	if len(lines) > 1 && underlined(lines[0], lines[1]) {
		head := piece{Kind: pieceHead, Runs: runs(strings.TrimSpace(lines[0]))}
		if len(lines) == 2 {
			return []piece{head}
		}
		return append([]piece{head}, plainParagraph(lines[2:])...)
	}
	return plainParagraph(lines)
}

// plainParagraph makes pieces of lines of which the first is no heading.
func plainParagraph(lines []string) []piece {
	if items := counted(lines); len(items) > 0 {
		return []piece{{Kind: pieceText, Runs: runs(strings.Join(items, "\n"))}}
	}
	first := 0
	for first < len(lines) && bullet(lines[first]) == 0 {
		first++
	}
	items := itemsOf(lines[first:], 0)
	if len(items) < 2 {
		return []piece{{Kind: pieceText, Runs: runs(unwrapped(lines))}}
	}
	list := piece{Kind: pieceList, Items: items}
	if first == 0 {
		return []piece{list}
	}
	return []piece{{Kind: pieceText, Runs: runs(unwrapped(lines[:first]))}, list}
}

// underlined reports whether a line is the heading of what follows: the one below it is of strokes alone, and about as long.
func underlined(line, below string) bool {
	below = strings.TrimSpace(below)
	long := utf8.RuneCountInString(strings.TrimSpace(line))
	return len(below) > 2 && len(below) <= 2*long && 2*len(below) >= long && (strings.Trim(below, "-") == "" || strings.Trim(below, "=") == "")
}

var number = regexp.MustCompile(`^[0-9]{1,2}[.)] +\S`)

// counted are the items of a list with numbers, each with the indented lines that it goes on in; none: it is no such list.
func counted(lines []string) (items []string) {
	for _, l := range lines {
		switch {
		case number.MatchString(l):
			items = append(items, strings.TrimRight(l, " "))
		case len(items) > 0 && strings.HasPrefix(l, "  ") && bullet(l) == 0:
			items[len(items)-1] += " " + strings.TrimSpace(l)
		default:
			return nil
		}
	}
	return items
}

// bullet is how many octets the sign of an item takes at the beginning of a line, with the white space around it; zero: there is none.
func bullet(line string) int {
	rest := strings.TrimLeft(line, " ")
	for _, sign := range [...]string{"- ", "* ", "• ", "– ", "·  "} {
		if strings.HasPrefix(rest, sign) && !blank(rest[len(sign):]) {
			return len(line) - len(rest) + len(sign)
		}
	}
	return 0
}

// maxLists is how many lists are in one another.
const maxLists = 3

// itemsOf are the items of a list; none: it is no list, since there are lines that belong to no item.
func itemsOf(lines []string, level int) (items []item) {
	if len(lines) == 0 {
		return nil
	}
	indent := len(lines[0]) - len(strings.TrimLeft(lines[0], " "))
	for i := 0; i < len(lines); {
		n := bullet(lines[i])
		if n == 0 || level == 0 && len(lines[i])-len(strings.TrimLeft(lines[i], " ")) < indent {
			return nil
		}
		text := []string{lines[i][n:]}
		for i++; i < len(lines) && bullet(lines[i]) == 0; i++ {
			if len(text[len(text)-1]) < leastWrapped && !strings.HasPrefix(lines[i], " ") {
				return nil // a line that was not broken by a program, and is not indented
			}
			text = append(text, strings.TrimLeft(lines[i], " \t"))
		}
		inner := i
		for i < len(lines) && level < maxLists && len(lines[i])-len(strings.TrimLeft(lines[i], " ")) > indent {
			i++
		}
		one := item{Runs: runs(strings.Join(text, " "))}
		if i > inner {
			one.Items = itemsOf(lines[inner:i], level+1)
			if one.Items == nil {
				return nil
			}
		}
		items = append(items, one)
	}
	return items
}

// columns finds what divides columns within a line, and ruled lines of a table that is drawn.
var (
	columns = regexp.MustCompile(`\S(\t| {2,}\t| {3,})\s*\S`)
	ruled   = regexp.MustCompile(`^\s*[+|│┌├└╔║].*[+|│┐┤┘╗║]\s*$`)
)

// isFixed reports whether lines are only right in letters of one width: all indented, in columns, ruled, or the difference of two files.
func isFixed(lines []string) bool {
	indented, inColumns := 0, 0
	for _, l := range lines {
		if ofDifference(l) {
			return true
		}
		if strings.HasPrefix(l, "    ") || strings.HasPrefix(l, "\t") {
			indented++
		}
		if isColumns(strings.TrimSpace(l)) {
			inColumns++
		}
	}
	return indented == len(lines) || inColumns >= 2 && 3*inColumns >= 2*len(lines)
}

// ofDifference reports whether a line is one of those that only the difference of two files has.
func ofDifference(l string) bool {
	if rest, ok := strings.CutPrefix(l, "@@ -"); ok {
		return rest != "" && rest[0] >= '0' && rest[0] <= '9'
	}
	return strings.HasPrefix(l, "diff --git ") || strings.HasPrefix(l, "--- a/") || strings.HasPrefix(l, "+++ b/")
}

// isColumns reports whether a line stands in columns, or is ruled. Most are not: that is seen without the expressions, which are slow.
func isColumns(l string) bool {
	if l == "" {
		return false
	}
	wide := strings.IndexByte(l, '\t') >= 0 || strings.Contains(l, "   ")
	return wide && columns.MatchString(l) || (l[0] == '+' || l[0] == '|' || l[0] >= utf8.RuneSelf) && ruled.MatchString(l)
}

// fitsAll is how wide what is fixed may be for the narrowest telephone, in characters.
const fitsAll = 30

// fixed is a piece in letters of one width, without what all its lines are indented by.
func fixed(lines []string) piece {
	indent := -1
	for _, l := range lines {
		if n := len(l) - len(strings.TrimLeft(l, " ")); !blank(l) && (indent < 0 || n < indent) {
			indent = n
		}
	}
	p := piece{Kind: pieceFixed}
	cut := make([]string, len(lines))
	for i, l := range lines {
		cut[i] = strings.TrimRight(l[min(max(indent, 0), len(l)):], " ")
		p.Wide = p.Wide || utf8.RuneCountInString(strings.ReplaceAll(cut[i], "\t", "    ")) > fitsAll
	}
	p.Runs = runs(strings.Join(cut, "\n"))
	return p
}

// A paragraph whose longest line has from leastWrapped to mostWrapped characters was wrapped by a program, and a line within wrapSlack of that length goes on in the next
// unless the next word had room there.
const leastWrapped, mostWrapped, wrapSlack = 50, 80, 8

// unwrapped joins the lines of a paragraph that was wrapped for a screen of 80 columns, so that a narrower one wraps them by itself. What is indented stays as it is.
func unwrapped(lines []string) string {
	width := 0
	for _, l := range lines {
		width = max(width, utf8.RuneCountInString(strings.TrimRight(l, " ")))
	}
	if width < leastWrapped || width > mostWrapped {
		return strings.Join(lines, "\n")
	}
	var b strings.Builder
	for i, l := range lines {
		l = strings.TrimRight(l, " ")
		if b.WriteString(l); i+1 == len(lines) {
			break
		}
		word, _, _ := strings.Cut(lines[i+1], " ")
		first, _ := utf8.DecodeRuneInString(word)
		goesOn := (unicode.IsLetter(first) || strings.ContainsRune("(\"'“‘«¿¡", first)) && !strings.HasPrefix(l, " ") && !strings.HasPrefix(l, "\t")
		if goesOn && utf8.RuneCountInString(l)+1+utf8.RuneCountInString(word) > width-wrapSlack {
			b.WriteByte(' ')
		} else {
			b.WriteByte('\n')
		}
	}
	return b.String()
}
