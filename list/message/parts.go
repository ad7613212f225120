package message

// Part is one MIME entity: the message itself, a part of a multipart, or what an enclosed message holds.
type Part struct {
	Media  string            // lower case; text/plain where nothing is said, message/rfc822 in a digest
	Params map[string]string // of Content-Type, with names in lower case
	// Fields is its header. Of the first entity of a message, also of an enclosed one, that is the message's header: Whole says so.
	Fields *Message
	Whole  bool
	// Enclosed is set for all within a message/rfc822 or message/global; Leaf for what is neither multipart nor encloses a message that can be
	// read where it stands. Attachment is what Content-Disposition says.
	Enclosed, Leaf, Attachment bool

	of *Message
	e  entity
}

// Parts are all entities in the order in which they stand, at most 1000 and 50 deep: what is beyond is left out. It takes one pass.
func (m *Message) Parts() []Part {
	var parts []Part
	add := func(e entity, leaf bool) {
		p := Part{Media: e.media, Params: e.params, Whole: e.whole, Enclosed: e.enclosed, Leaf: leaf, Attachment: e.attachment, of: m, e: e}
		p.Fields = m
		if e.header > 0 {
			p.Fields = Parse(m.Raw[e.header:e.body])
		}
		parts = append(parts, p)
	}
	s := scanner{raw: m.Raw, lim: Limits{Depth: textDepth, Parts: textParts}}
	s.leaf = func(e entity) { add(e, true) }
	s.container = func(e entity) { add(e, false) }
	_ = s.scan() // what was found before a limit was hit is good
	return parts
}

// Text is the content of a leaf as text, as Message.Text has it: decoded, with LF line ends, without controls and without the tags of HTML, at most
// max octets. It is empty for what is no leaf.
func (p Part) Text(max int) string {
	if !p.Leaf || max <= 0 {
		return ""
	}
	if p.Media == "text/html" {
		return tidyText(dropTags(p.of.decode(&p.e, 8*min(max, 1<<20)+64<<10)), max)
	}
	return tidyText(p.of.decode(&p.e, max), max)
}

// Markup is the content of a leaf as it is, decoded to UTF-8: with the tags of HTML, none of which can be trusted. It is at most about max octets.
func (p Part) Markup(max int) string {
	if !p.Leaf || max <= 0 {
		return ""
	}
	return p.of.decode(&p.e, max)
}
