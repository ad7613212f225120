package message

import "strings"

// takeOut decides which parts go.
func (b *bodyChanger) takeOut() {
	if b.Take == nil && !b.Light {
		return
	}
	b.lost = map[string]bool{}
	for _, a := range b.attachments() {
		if n := b.nodes[a.node]; a.Signed || b.nodes[max(n.parent, 0)].opaque {
			b.note("left " + a.Name + " in: it is in what is signed, or in a part that may not change")
			continue
		}
		a.Size = decodedSize(a.content, a.encoding)
		if !b.Light && !b.Take(a) {
			continue
		}
		b.gone[a.node] = true
		b.taken = append(b.taken, a)
		if a.ContentID != "" {
			b.lost[a.ContentID] = true
		}
		note := "took out " + a.Name + " (" + a.Media + ")"
		if b.Why != nil {
			if why := b.Why(a); why != "" {
				note += ": " + why
			}
		}
		b.note(note)
	}
	if b.Light {
		b.lighten()
	}
	b.empty()
	for i := range b.nodes {
		if p := b.nodes[i].parent; p >= 0 && b.gone[p] {
			b.gone[i] = true
		} else if b.gone[i] && i > 0 {
			b.replace(b.nodes[i].open.start, b.nodes[i].until, nil)
		}
	}
}

// lighten takes out the forms of the text that are not the plain one, and what belongs to them.
func (b *bodyChanger) lighten() {
	for i := range b.nodes {
		if b.nodes[i].opaque {
			continue
		}
		keep := -1
		switch b.nodes[i].media {
		case "multipart/related":
			keep = b.root(i)
		case "multipart/alternative":
			keep = b.plainest(i)
		}
		if keep < 0 {
			continue
		}
		b.children(i, func(c int) {
			if c != keep && !b.gone[c] && !isKept(b.nodes[c].media) {
				b.gone[c] = true
				b.note("took out " + b.nodes[c].media)
			}
		})
	}
}

// plainest is the first of several forms of a text in which there is plain text, else in which there is HTML; -1: there is neither.
func (b *bodyChanger) plainest(i int) int {
	for _, media := range [...]string{"text/plain", "text/html"} {
		for c := i + 1; c < b.nodes[i].after; c = b.nodes[c].after {
			for k := c; k < b.nodes[c].after; k++ {
				if b.nodes[k].leaf && b.nodes[k].media == media && !b.gone[k] && !b.nodes[k].opaque {
					return c
				}
			}
		}
	}
	return -1
}

// empty takes out the multiparts that have lost all their parts.
func (b *bodyChanger) empty() {
	for i := len(b.nodes) - 1; i >= 0; i-- {
		if !strings.HasPrefix(b.nodes[i].media, "multipart/") || b.nodes[i].opaque {
			continue
		}
		had, has := false, false
		b.children(i, func(c int) { had, has = true, has || !b.gone[c] })
		b.gone[i] = b.gone[i] || had && !has
	}
}

// collapse puts in the place of each multipart that has lost parts the one that it has left.
func (b *bodyChanger) collapse() {
	top := 0
	for i := range b.nodes {
		n := &b.nodes[i]
		if b.gone[i] || n.opaque || b.wrapped != nil {
			continue
		}
		left, lost := -1, 0
		b.children(i, func(c int) {
			if b.gone[c] {
				lost++
			} else if left >= 0 {
				lost = -len(b.nodes) // there are two
			} else {
				left = c
			}
		})
		if lost <= 0 || left < 0 || b.beside(i) || n.close.end == 0 {
			continue
		}
		c := b.nodes[left]
		if i == top { // its header is that of the message
			var end []byte
			if i == 0 {
				end = []byte("\r\n") // the one that ended this part belonged to the line that divided it
			}
			b.replace(c.end, n.end, end)
			b.replace(n.body, c.body, nil)
			b.lifted, top = left, left
			continue
		}
		b.replace(n.header, c.header, nil)
		b.replace(c.end, n.end, nil)
	}
}

// beside reports whether a part with text was put into the multipart i.
func (b *bodyChanger) beside(i int) bool {
	for _, at := range b.added {
		if at == i {
			return true
		}
	}
	return false
}
