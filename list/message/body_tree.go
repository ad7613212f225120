package message

import "strings"

// node is one entity of a message with its place among the others.
type node struct {
	entity
	parent int  // index of what it is in; -1: it is the message
	leaf   bool // neither a multipart nor an enclosed message that can be read
	opaque bool // nothing in it may change (standards of S/MIME, OpenPGP, reports, enclosed messages)
	open   span // the line that divides it from what stands before it; empty for the message and for what an enclosed message holds
	until  int  // where the next line that divides stands, or the end
	close  span // of a multipart: its closing line; empty: there is none
	after  int  // index of the first entity that is not in it
}

// tree has the entities of a message in the order in which they stand; the first is the message itself.
type tree struct {
	raw   []byte
	nodes []node

	stack  []int // the containers that are open
	ending []int // multiparts that are closed, and what follows them has not ended
	open   span  // the last line that divided
	last   int   // the leaf that has just ended; -1: none
}

// growTree reads the structure of raw in one pass. The error is a *GuardError: the entities that were found are good, but there are more.
func growTree(raw []byte) (*tree, error) {
	t := &tree{raw: raw, last: -1}
	s := scanner{raw: raw, lim: Limits{Depth: textDepth, Parts: textParts}, leaf: t.addLeaf, container: t.addContainer, divide: t.divide}
	err := s.scan()
	t.end(len(raw), 0)
	return t, err
}

func (t *tree) add(e entity, leaf bool) int {
	n := node{entity: e, parent: -1, leaf: leaf, open: t.open, until: len(t.raw)}
	if len(t.stack) > 0 {
		n.parent = t.stack[len(t.stack)-1]
		n.opaque = t.nodes[n.parent].opaque
	}
	n.opaque = n.opaque || isOpaque(n.media)
	t.open = span{}
	t.nodes = append(t.nodes, n)
	return len(t.nodes) - 1
}

func (t *tree) addLeaf(e entity) {
	t.last = t.add(e, true)
	t.nodes[t.last].after = t.last + 1
}

func (t *tree) addContainer(e entity) { t.stack = append(t.stack, t.add(e, false)) }

func (t *tree) divide(i int, closing bool, at span) {
	if t.last >= 0 {
		t.nodes[t.last].until = at.start
		t.last = -1
	}
	if closing {
		t.end(at.start, i+1)
		t.nodes[t.stack[i]].close = at
		t.ending = append(t.ending, t.stack[i])
		t.nodes[t.stack[i]].after = len(t.nodes)
		t.stack = t.stack[:i]
		return
	}
	t.end(at.start, i+1)
	t.open = at
}

// end ends the containers from the level on, and those that were closed before, at pos.
func (t *tree) end(pos, level int) {
	level = min(level, len(t.stack))
	for _, i := range append(t.ending, t.stack[level:]...) {
		n := &t.nodes[i]
		n.until, n.end = pos, pos
		if pos < len(t.raw) {
			n.end = max(trimLineEnd(t.raw, pos), n.body)
		}
		if n.close.end == 0 {
			n.after = len(t.nodes)
		}
	}
	t.ending, t.stack = t.ending[:0], t.stack[:level]
}

// isOpaque reports whether nothing within such an entity may change: it is signed or encrypted (RFC 1847 §2.1, RFC 8551), a message of its own
// (RFC 2046 §5.2), a report that programs read (RFC 6522), or one thing in several parts.
func isOpaque(media string) bool {
	switch media {
	case "multipart/signed", "multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/report", "multipart/digest",
		"multipart/appledouble", "multipart/form-data", "multipart/byteranges":
		return true
	}
	return strings.HasPrefix(media, "message/")
}

// header is the header of an entity.
func (t *tree) header(i int) *Message { return Parse(t.raw[t.nodes[i].header:t.nodes[i].body]) }

// inside reports whether one of the entities that i is in has this media type.
func (t *tree) inside(i int, media string) bool {
	for i = t.nodes[i].parent; i >= 0; i = t.nodes[i].parent {
		if t.nodes[i].media == media {
			return true
		}
	}
	return false
}

// isIn reports whether the entity i stands directly in a multipart of this media type.
func (t *tree) isIn(i int, media string) bool {
	p := t.nodes[i].parent
	return p >= 0 && t.nodes[p].media == media
}

// children calls f for each entity that stands directly in i.
func (t *tree) children(i int, f func(child int)) {
	for c := i + 1; c < t.nodes[i].after; c = t.nodes[c].after {
		f(c)
	}
}

// root is the part of a multipart/related that shows the others: the one that start names, else the first (RFC 2387 §3.2); -1: there is none.
func (t *tree) root(i int) int {
	first, named := -1, -1
	start := strings.Trim(t.nodes[i].params["start"], "<> ")
	t.children(i, func(c int) {
		if first < 0 {
			first = c
		}
		if named < 0 && start != "" && contentID(t.header(c)) == start {
			named = c
		}
	})
	if named >= 0 {
		return named
	}
	return first
}

// contentID is the Content-ID without its brackets.
func contentID(header *Message) string { return strings.Trim(header.Get("Content-ID"), "<> ") }
