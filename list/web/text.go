package web

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxDepth is how deep a quotation is shown; what is quoted further is shown as deep.
const maxDepth = 4

// block is a run of lines that are quoted as deep.
type block struct {
	Depth int // 0: the writer's own
	Text  string
}

// blocks divides a plain text by how deep its lines are quoted. A line that ends in a space goes on in the next, as format=flowed has it (RFC 3676 §4.2), so that it fits a
// narrow screen, too.
func blocks(text string) []block {
	var all []block
	var open *block
	flowing := false
	for line := range strings.SplitSeq(text, "\n") {
		depth, rest := quoted(line)
		if open == nil || open.Depth != depth {
			all = append(all, block{Depth: depth})
			open, flowing = &all[len(all)-1], false
		} else if !flowing {
			open.Text += "\n"
		}
		open.Text += rest
		flowing = strings.HasSuffix(rest, " ") && rest != "-- " && strings.TrimSpace(rest) != ""
	}
	kept := all[:0]
	for _, b := range all {
		if b.Text = unwrapped(strings.Trim(b.Text, "\n")); strings.TrimSpace(b.Text) != "" {
			kept = append(kept, b)
		}
	}
	return kept
}

// quoted takes the signs of quotation off a line: "> > text" and ">> text" are quoted twice.
func quoted(line string) (depth int, rest string) {
	rest = line
	for strings.HasPrefix(rest, ">") {
		depth++
		rest = rest[1:]
		if next := strings.TrimPrefix(rest, " "); strings.HasPrefix(next, ">") {
			rest = next
		}
	}
	if depth > 0 {
		rest = strings.TrimPrefix(rest, " ")
	}
	return min(depth, maxDepth), rest
}

// A paragraph whose longest line has from leastWrapped to mostWrapped characters was wrapped by a program, and a line within wrapSlack of that length goes on in the next
// unless the next word had room there.
const leastWrapped, mostWrapped, wrapSlack = 50, 80, 8

// unwrapped joins the lines of paragraphs that were wrapped for a screen of 80 columns, so that a narrower one wraps them by itself. What is indented, and lists, stay as they
// are.
func unwrapped(text string) string {
	paragraphs := strings.Split(text, "\n\n")
	for i, p := range paragraphs {
		lines := strings.Split(p, "\n")
		width := 0
		for _, l := range lines {
			width = max(width, utf8.RuneCountInString(l))
		}
		if width < leastWrapped || width > mostWrapped {
			continue
		}
		var b strings.Builder
		for j, l := range lines {
			if b.WriteString(l); j+1 == len(lines) {
				break
			}
			word, _, _ := strings.Cut(lines[j+1], " ")
			first, _ := utf8.DecodeRuneInString(word)
			goesOn := (unicode.IsLetter(first) || strings.ContainsRune("(\"'“‘«¿¡", first)) && !strings.HasPrefix(l, " ") && !strings.HasPrefix(l, "\t")
			if goesOn && utf8.RuneCountInString(l)+1+utf8.RuneCountInString(word) > width-wrapSlack {
				b.WriteByte(' ')
			} else {
				b.WriteByte('\n')
			}
		}
		paragraphs[i] = b.String()
	}
	return strings.Join(paragraphs, "\n\n")
}
