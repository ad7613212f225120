package message

import (
	"bytes"
	"strings"
)

// place is where text is to stand: at the end of a leaf, or in a part of its own, the last of a multipart.
type place struct {
	node int
	last bool
}

// places finds where text must stand so that everybody reads it: in each form of a multipart/alternative, in the part of a multipart/related that
// shows the others, and in the text of any other multipart. Where that has several texts, a part of its own is the end of them all.
func (b *bodyChanger) places() []place {
	all := make([][]place, len(b.nodes))
	files := map[int]bool{}
	for _, a := range b.attachments() {
		files[a.node] = true
	}
	for i := len(b.nodes) - 1; i >= 0; i-- {
		n := &b.nodes[i]
		switch {
		case b.gone[i] || n.opaque || files[i]:
		case n.leaf:
			if isBodyText(n.media) && b.headed(i) {
				all[i] = []place{{node: i}}
			}
		case n.media == "multipart/alternative":
			b.children(i, func(c int) { all[i] = append(all[i], all[c]...) })
		case n.media == "multipart/related":
			if c := b.root(i); c >= 0 {
				all[i] = all[c]
			}
		default:
			all[i] = b.mixedPlaces(i, all)
		}
	}
	return all[0]
}

// mixedPlaces chooses among the parts of a multipart that are shown one below the other.
func (b *bodyChanger) mixedPlaces(i int, all [][]place) []place {
	var found []place
	texts := 0
	b.children(i, func(c int) {
		if len(all[c]) > 0 {
			found = all[c]
			texts++
		}
	})
	if texts < 2 || b.nodes[i].close.end == 0 || len(found) == 1 && b.endsInFooter(found[0]) {
		return found
	}
	return []place{{node: i, last: true}}
}

// endsInFooter reports whether a text has an earlier footer at its end: it is where one stands.
func (b *bodyChanger) endsInFooter(p place) bool {
	n := &b.nodes[p.node]
	if p.last || n.media != "text/plain" {
		return false
	}
	text := b.octets(p.node)
	found := newOwnFooter(b.Footer).find(text, n.params["charset"])
	return len(found) > 0 && len(bytes.TrimSpace(text[found[len(found)-1].end:])) == 0
}

// headed reports whether the header of a part ends as it must: the message does not break off in it.
func (b *bodyChanger) headed(i int) bool {
	n := &b.nodes[i]
	if i == 0 {
		return true
	}
	line := bytes.LastIndexByte(b.raw[n.header:max(n.header, n.body-1)], '\n') + 1
	return n.body > n.header && isBlank(b.raw[n.header+line:n.body])
}

// addText puts what is to be read below the text.
func (b *bodyChanger) addText() {
	lines := b.lines()
	if b.gone[0] {
		b.instead = join(lines)
		b.note("put a text in the place of the message, of which nothing was left")
		return
	}
	if lines.empty() && len(b.lost) == 0 && !b.Light {
		return
	}
	places := b.places()
	var changes []leafChange
	for _, p := range places {
		if p.last {
			continue
		}
		change, why := b.changeText(p.node, lines)
		if why != "" {
			b.note("left the " + b.nodes[p.node].media + " alone: " + why)
			if why == whyArmour && len(lines.notices) == 0 {
				return
			}
			places, changes = nil, nil
			break
		}
		changes = append(changes, change)
	}
	if lines.empty() {
		b.write(changes, lines)
		return
	}
	if len(places) == 0 {
		b.addBeside(lines)
		return
	}
	b.write(changes, lines)
	for _, p := range places {
		if p.last {
			b.addPart(p.node, lines)
		}
	}
}

// addBeside puts text into a part of its own where it can stand in none.
func (b *bodyChanger) addBeside(lines addedLines) {
	top := &b.nodes[0]
	multipart := strings.HasPrefix(top.media, "multipart/")
	switch {
	case multipart && (top.close.end == 0 || top.after == 1):
		b.note("added nothing: the message has no text part, and its end is missing")
	case multipart && top.media != "multipart/alternative" && top.media != "multipart/related":
		b.addPart(0, lines)
	case isKept(top.media) || strings.HasPrefix(top.media, "message/"):
		b.note("added nothing: the message is " + top.media)
	default:
		b.wrapped = join(lines)
		b.note("put " + lines.said() + " into a part of its own beside the " + top.media)
	}
}

// addPart puts a part with text at the end of the multipart i.
func (b *bodyChanger) addPart(i int, lines addedLines) {
	n := &b.nodes[i]
	text := join(lines)
	part := "--" + strings.TrimRight(n.params["boundary"], " \t") + "\r\n" + strings.Join(textFields(text), "") + "\r\n"
	b.replace(n.close.start, n.close.start, append([]byte(part), encodeText(text)...))
	b.added = append(b.added, i)
	b.note("put " + lines.said() + " into a part of its own at the end of the " + n.media)
}

// textFields are those of a part of text.
func textFields(text []byte) []string {
	encoding := "7bit"
	if needsEncoding(text) {
		encoding = "quoted-printable"
	}
	return []string{"Content-Type: text/plain; charset=utf-8\r\n", "Content-Transfer-Encoding: " + encoding + "\r\n", "Content-Disposition: inline\r\n"}
}

// encodeText writes text in the encoding that textFields names.
func encodeText(text []byte) []byte {
	if needsEncoding(text) {
		return encodeQuotedPrintable(text)
	}
	return text
}

func needsEncoding(text []byte) bool { return hasHigh(text) || isLong(text) }
