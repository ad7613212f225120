package message

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// BodyChange says what is to become of a body. The zero BodyChange changes nothing.
type BodyChange struct {
	// Footer stands below the text, under a row of underscores (its own, if it begins with one), in lines with LF ends. Where it stands already, also quoted, it is not left twice:
	// a footer is known again by its words, with other addresses and other pages of the same site in it.
	Footer string
	// Light leaves text alone: no attachments, no pictures in the text, of several forms of a text the plain one.
	Light bool
	// Take says which attachments are taken out; nil: none, but for those that Light takes.
	Take func(Attachment) bool
	// Why says, for Notes, why one is taken out; nil, or empty: nothing is said.
	Why func(Attachment) string
	// Taken is the line that stands in the text for one that was taken out; nil, or an empty line: nothing does.
	Taken func(Attachment) string
	// Fit encodes what has lines of more than 998 octets (RFC 5322 §2.1.1), or a CR or LF that ends no line, so that no server on the way breaks them.
	Fit bool
}

// Body is a changed body, and what has to change in the header with it.
type Body struct {
	// Pieces is the new body. It shares all that did not change with the message. Nil: the message has the body that it came with.
	Pieces Pieces
	// Replace has new fields in the place of fields of the message, by their index; an empty one takes a field out. Append has further fields.
	Replace map[int]string
	Append  []string
	// Notes say what was done, and what was left alone and why, in English, for those who look into the matter.
	Notes []string
}

// Change takes the body, and the fields that describe it, into the edit.
func (e *Edit) Change(b Body) {
	if b.Pieces == nil {
		return
	}
	e.SetBody(b.Pieces)
	for i, field := range b.Replace {
		e.Replace(i, field)
	}
	for _, field := range b.Append {
		e.Append(field)
	}
}

// ChangeBody makes the body that c asks for. It depends on the message and on c alone, so that the same copy can be made again. What is signed or
// encrypted, reports, invitations and enclosed messages are left as they are, and so is all that cannot be read beyond doubt: rather no footer than a
// broken mail. A message that is signed gets none, not even around it (RFC 1847 would allow that): programs show the signature of the message itself,
// and several (Outlook, Thunderbird for S/MIME) none of a part.
func (m *Message) ChangeBody(c BodyChange) Body {
	t, err := growTree(m.Raw)
	if len(t.nodes) == 0 || c.Footer == "" && !c.Light && c.Take == nil && !c.Fit {
		return Body{}
	}
	b := &bodyChanger{m: m, tree: t, BodyChange: c, gone: make([]bool, len(t.nodes)), fields: map[int][]headerField{}, whole: map[int]bool{}}
	if err != nil {
		b.note("left the body alone: it has more parts than are looked at")
		return Body{Notes: b.notes}
	}
	if t.nodes[0].opaque {
		b.note("left the body as it is: nothing can be added to " + t.nodes[0].media)
	} else {
		b.takeOut()
		b.addText()
		b.collapse()
	}
	if c.Fit {
		b.fitLines()
	}
	return b.body()
}

// bodyChanger collects what has to change.
type bodyChanger struct {
	*tree
	BodyChange
	m       *Message
	gone    []bool // entities that are taken out, with all that is in them
	taken   []Attachment
	lost    map[string]bool       // Content-IDs of what was taken out
	edits   []replacement         // of the raw message; those that lie within what is taken out do not count
	whole   map[int]bool          // leaves whose content is replaced as a whole
	added   []int                 // multiparts that have got a part with text
	fields  map[int][]headerField // new fields of the headers of entities
	instead []byte                // of all, when nothing is left; nil: there is something
	lifted  int                   // the entity whose header becomes that of the message; zero: its own
	wrapped []byte                // the text that stands beside the message as it was; nil: nothing does
	notes   []string
}

// headerField is a field that takes the place of the one of that name; an empty text takes it out.
type headerField struct{ name, text string }

func (b *bodyChanger) note(text string) { b.notes = append(b.notes, text) }

func (b *bodyChanger) replace(start, end int, with []byte) {
	b.edits = append(b.edits, replacement{span{start, end}, with})
}

func (b *bodyChanger) setField(i int, name, value string) {
	b.fields[i] = append(b.fields[i], headerField{name, MakeField(name, value)})
}

// contentFields are the fields that say what the entity i is, with their changes, whole.
func (b *bodyChanger) contentFields(i int) []string {
	var all []string
	changed := slices.Clone(b.fields[i])
	header := b.header(i)
	for _, f := range header.Fields {
		if !isContentField(f.Name) {
			continue
		}
		text := string(header.Raw[f.Start:f.End])
		for k, c := range changed {
			if f.is(c.name) {
				text, changed[k].text = c.text, "" // the first of several counts, and takes the place of all
			}
		}
		if text != "" {
			all = append(all, text)
		}
	}
	for _, c := range changed {
		if c.text != "" {
			all = append(all, c.text)
		}
	}
	return all
}

func isContentField(name string) bool {
	return len(name) > len("Content-") && strings.EqualFold(name[:len("Content-")], "Content-")
}

// body puts all together.
func (b *bodyChanger) body() Body {
	out := Body{Notes: b.notes}
	if len(b.edits) == 0 && b.instead == nil && b.wrapped == nil && len(b.fields[0]) == 0 && b.lifted == 0 {
		return out
	}
	fields := b.contentFields(b.lifted)
	switch {
	case b.instead != nil:
		out.Pieces = Pieces{b.instead}
		fields = textFields(b.instead)
	case b.wrapped != nil:
		boundary := b.boundary()
		head := "--" + boundary + "\r\n" + strings.Join(fields, "") + "\r\n"
		tail := "\r\n--" + boundary + "\r\n" + strings.Join(textFields(b.wrapped), "") + "\r\n"
		out.Pieces = append(Pieces{[]byte(head)}, b.pieces(b.m.Body, len(b.raw))...)
		out.Pieces = append(out.Pieces, []byte(tail), encodeText(b.wrapped), []byte("--"+boundary+"--\r\n"))
		fields = []string{`Content-Type: multipart/mixed; boundary="` + boundary + "\"\r\n"}
	default:
		out.Pieces = b.pieces(b.m.Body, len(b.raw))
	}
	b.describe(&out, fields)
	return out
}

// describe makes fields the Content- fields of the message: each in the place of the one of its name.
func (b *bodyChanger) describe(out *Body, fields []string) {
	out.Replace = map[int]string{}
	rest := slices.Clone(fields)
	for i, f := range b.m.Fields {
		if !isContentField(f.Name) {
			continue
		}
		k := slices.IndexFunc(rest, func(field string) bool { return splitField([]byte(field), 0).is(f.Name) })
		if k < 0 {
			out.Replace[i] = ""
			continue
		}
		if rest[k] != string(b.raw[f.Start:f.End]) {
			out.Replace[i] = rest[k]
		}
		rest = slices.Delete(rest, k, k+1)
	}
	out.Append = rest
	if len(fields) > 0 && b.m.Count("MIME-Version") == 0 {
		out.Append = append([]string{"MIME-Version: 1.0\r\n"}, rest...)
	}
}

// pieces is a range of the message with the edits in it.
func (b *bodyChanger) pieces(from, to int) Pieces {
	for i, changed := range b.fields {
		if i > 0 && i != b.lifted {
			b.writeFields(i, changed)
		}
	}
	slices.SortStableFunc(b.edits, func(x, y replacement) int { // what is put in stands before what is taken out from there on
		return cmp.Or(cmp.Compare(x.at.start, y.at.start), cmp.Compare(min(x.at.end-x.at.start, 1), min(y.at.end-y.at.start, 1)))
	})
	var out Pieces
	add := func(p []byte) {
		if len(p) > 0 {
			out = append(out, p)
		}
	}
	for _, e := range b.edits {
		if e.at.start < from || e.at.end > to { // within what is taken out, or in the header
			if e.at.end > from && e.at.start <= from {
				add(e.with)
				from = e.at.end
			}
			continue
		}
		add(b.raw[from:e.at.start])
		add(e.with)
		from = e.at.end
	}
	add(b.raw[from:to])
	if out == nil {
		out = Pieces{}
	}
	return out
}

// writeFields changes the header of a part.
func (b *bodyChanger) writeFields(i int, changed []headerField) {
	header, at := b.header(i), b.nodes[i].header
	for _, c := range changed {
		found := false
		for _, f := range header.Fields {
			if f.is(c.name) {
				with := []byte(nil)
				if !found {
					with = []byte(c.text)
				}
				found = true
				b.replace(at+f.Start, at+f.End, with)
			}
		}
		if !found {
			b.replace(at+header.headerEnd(), at+header.headerEnd(), []byte(c.text))
		}
	}
}

// boundary is one that stands nowhere in the message. It is made of the content, so that every copy has the same, and nobody can write what holds it.
func (b *bodyChanger) boundary() string {
	sum := contentSum(b.raw)
	for n := 0; ; n++ {
		boundary := "=_" + sum
		if n > 0 {
			boundary += "." + strconv.Itoa(n)
		}
		if !bytes.Contains(b.raw, []byte(boundary)) && !bytes.Contains(b.wrapped, []byte(boundary)) {
			return boundary
		}
	}
}
