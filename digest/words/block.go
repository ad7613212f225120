package words

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// block is a run of lines that can be read as one: a paragraph, or a point of a list. Code, tables, diffs and rows of ornament are in none.
type block struct {
	text string
	item bool // a point of a list
	// loose says that something that is no text stood right above: what the block begins with may be the end of that.
	loose bool
	// leads says that such stands right below it, so that it may end there.
	leads bool
}

// itemMark is what a point of a list begins with.
var itemMark = regexp.MustCompile(`^\s*(?:[-*+•·–—‣▪●○]|\(?\p{Nd}{1,2}(?:\.\p{Nd}{1,2})?[.):\]]-?\)?|\[?\p{Nd}{1,2}\]|\(?[a-zA-Z]\)|[Qq]\p{Nd}{0,2}[:.)])\s+`)

// blocks divides a text into its blocks, in order.
func blocks(text string) []block {
	var all []block
	all = appendBlocks(all, strings.Split(text, "\n"))
	return all
}

func appendBlocks(all []block, rows []string) []block {
	code := codeRows(rows)
	loose := false
	for i := 0; i < len(rows); {
		if strings.TrimSpace(rows[i]) == "" {
			loose = false
			i++
			continue
		}
		if code[i] {
			loose = true
			i++
			continue
		}
		end, width := i+1, max(narrow, utf8.RuneCountInString(rows[i]))
		for end < len(rows) && !code[end] && strings.TrimSpace(rows[end]) != "" && !itemMark.MatchString(rows[end]) && !breaks(rows[end-1], width, rows[end]) {
			width = max(width, utf8.RuneCountInString(rows[end]))
			end++
		}
		b := block{loose: loose, leads: leadsToCode(code, rows, end)}
		first := rows[i]
		if mark := itemMark.FindString(first); mark != "" && len(mark) < len(first) {
			b.item, first = true, first[len(mark):]
		}
		b.text = joinRows(first, rows[i+1:end])
		all = append(all, b)
		loose, i = false, end
	}
	return all
}

// joinRows makes one line of those that were broken for the width of a screen.
func joinRows(first string, rows []string) string {
	var s strings.Builder
	s.WriteString(strings.Join(strings.Fields(first), " "))
	for _, row := range rows {
		row = strings.Join(strings.Fields(row), " ")
		last, _ := utf8.DecodeLastRuneInString(s.String())
		next, _ := utf8.DecodeRuneInString(row)
		if !(unspaced(last) && unspaced(next)) {
			s.WriteByte(' ')
		}
		s.WriteString(row)
	}
	return s.String()
}

// unspaced reports whether a character is of a script that puts no spaces between words.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) || r >= 0x3001 && r <= 0x303F || r >= 0xFF00 && r <= 0xFF65
}

// narrow is how wide text is broken at least, in characters: a line that is shorter, with room for the word below it, was ended by its writer.
const narrow = 58

// breaks reports whether the next row begins something of its own: the last one ended long before the width of its paragraph, and the next word would
// have had room there and begins like a sentence. Names and addresses stand so, and headings.
func breaks(last string, width int, next string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(next), " ")
	r, _ := utf8.DecodeRuneInString(word)
	if unicode.IsLower(r) {
		return false
	}
	return utf8.RuneCountInString(last)+1+utf8.RuneCountInString(word)+2 < width-width/8
}

// leadsToCode reports whether the next row that is not empty is no prose.
func leadsToCode(code []bool, rows []string, at int) bool {
	for at < len(rows) && strings.TrimSpace(rows[at]) == "" {
		at++
	}
	return at < len(rows) && code[at]
}
