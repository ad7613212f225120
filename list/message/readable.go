package message

import "strings"

// Readable is the text of a message for who reads it where lines break by themselves, on a page: all parts that are text and no files, in the order in which they
// stand, of several forms of the same thing the plain one if it says something. Paragraphs of format=flowed are one line each (RFC 3676), the armour of
// OpenPGP is left out, and HTML is written as people write plain text: quotations behind ">", items behind "-", the target of a link behind its words, what is
// preformatted four columns in, the cells of a row with bars between them. None of its markup is left, and nothing that nobody sees. It is at most max octets.
func (m *Message) Readable(max int) string {
	if max <= 0 {
		return ""
	}
	t, _ := growTree(m.Raw) // what was found before a limit was hit is good
	var all []string
	left := max
	written := t.written(m)
	for _, i := range written {
		text := strings.Trim(m.readablePart(&t.nodes[i].entity, left), "\n")
		if strings.TrimSpace(text) == "" {
			continue
		}
		all = append(all, text)
		if left -= len(text) + 2; left <= 0 {
			break
		}
	}
	if len(written) == 0 {
		return m.Text(max) // of a multipart without any delimiter
	}
	return firstOctets(strings.Join(all, "\n\n"), max)
}

// written are the parts that people read as the text of a message.
func (t *tree) written(m *Message) (parts []int) {
	named := t.namedText()
	chosen := map[int]string{} // of each multipart/alternative: the media type that is read
	var found []int
	for i := range t.nodes {
		n := &t.nodes[i]
		if !n.leaf || n.enclosed || !isBodyText(n.media) || i != named && t.isAttachment(i) {
			continue
		}
		a := t.forms(i)
		if n.media == "text/plain" && a >= 0 && chosen[a] == "text/plain" {
			continue // the first says all
		}
		found = append(found, i)
		if a >= 0 && (n.media == "text/html" || strings.TrimSpace(m.decode(&n.entity, 4096)) != "") && chosen[a] != "text/plain" {
			chosen[a] = n.media
		}
	}
	for _, i := range found {
		if a := t.forms(i); a < 0 || t.nodes[i].media == chosen[a] {
			parts = append(parts, i)
		}
	}
	return parts
}

// forms is the outermost multipart/alternative that i is in; -1: none.
func (t *tree) forms(i int) int {
	found := -1
	for i = t.nodes[i].parent; i >= 0; i = t.nodes[i].parent {
		if t.nodes[i].media == "multipart/alternative" {
			found = i
		}
	}
	return found
}

func (m *Message) readablePart(e *entity, max int) string {
	if e.media == "text/html" {
		return markupText(m.decode(e, 8*min(max, 1<<20)+64<<10), max)
	}
	text := tidyText(m.decode(e, max), max)
	if strings.EqualFold(strings.TrimSpace(e.params["format"]), "flowed") {
		text = unflow(text, strings.EqualFold(strings.TrimSpace(e.params["delsp"]), "yes"))
	}
	if !strings.Contains(text, "-----BEGIN PGP SIGNED MESSAGE-----") {
		return text
	}
	var kept []string
	clear := clearText{}
	for line := range strings.SplitSeq(text, "\n") {
		if line, keep := clear.line(line); keep {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

// firstOctets is the beginning of s, in whole code points.
func firstOctets(s string, max int) string {
	if len(s) <= max {
		return s
	}
	return tidyText(s, max)
}
