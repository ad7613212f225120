package web

import "strings"

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
		if b.Text = strings.Trim(b.Text, "\n"); strings.TrimSpace(b.Text) != "" {
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
