package message

import (
	"bytes"
	"strings"
)

// Edit collects changes to the header of a Message, and may have another body for it. Every field that it is not told about comes out as the
// bytes that went in.
//
// Fields handed in are whole ones ("Name: value\r\n", as EncodeText, EncodeMailboxes and MakeField make them). A line break in them that is no
// proper folding becomes a space, as does NUL, so no value can add a field. What has no valid name is not written at all.
type Edit struct {
	m       *Message
	removed []bool
	instead map[int]string
	top     []string
	bottom  []string
	body    Pieces // instead of the message's own; nil: that stays
}

// NewEdit starts an edit that changes nothing.
func NewEdit(m *Message) *Edit { return &Edit{m: m, removed: make([]bool, len(m.Fields))} }

// Remove drops the fields of the message for which f is true; f is called with the name as written (empty for a malformed line) and the unfolded
// value. Fields that were replaced before are dropped too.
func (e *Edit) Remove(f func(name, value string) bool) {
	for i, field := range e.m.Fields {
		if !e.removed[i] && f(field.Name, e.m.Value(field)) {
			e.removed[i] = true
		}
	}
}

// Replace puts field in the place of Fields[i]; an empty field, or one without a valid name, leaves nothing there. An i out of range does nothing.
func (e *Edit) Replace(i int, field string) {
	if i < 0 || i >= len(e.removed) {
		return
	}
	if e.instead == nil {
		e.instead = make(map[int]string)
	}
	e.instead[i] = field
}

// Prepend adds a field at the top of the header. Several stand there in the order of the calls. A first line of the message that starts with space,
// and so continues no field, is left out then.
func (e *Edit) Prepend(field string) { e.top = append(e.top, field) }

// Append adds a field at the end of the header.
func (e *Edit) Append(field string) { e.bottom = append(e.bottom, field) }

// SetBody gives the message another body: what stands behind the empty line that ends the header.
func (e *Edit) SetBody(body Pieces) { e.body = body }

// BodyChanged reports whether SetBody gave it another body.
func (e *Edit) BodyChanged() bool { return e.body != nil }

// Bytes is the edited message in one run. It may be called again after further changes.
func (e *Edit) Bytes() []byte { return e.Pieces().Bytes() }

// Pieces is the edited message: its header, and its body, which is not copied. It may be called again after further changes.
func (e *Edit) Pieces() Pieces {
	raw := e.m.Raw
	end := e.m.headerEnd()
	header := e.header(end)
	if e.body == nil {
		return Pieces{header, raw[end:]}
	}
	if blank := raw[end:e.m.Body]; len(blank) > 0 {
		header = append(header, blank...)
	} else {
		if n := len(header); n > 0 && header[n-1] != '\n' { // the message ends within its header
			header = append(header, e.lineEnd()...)
		}
		header = append(header, e.lineEnd()...)
	}
	return append(Pieces{header}, e.body...)
}

// header is the edited header without the empty line that ends it.
func (e *Edit) header(end int) []byte {
	raw := e.m.Raw
	size := end + 4
	for _, f := range e.top {
		size += len(f) + 2
	}
	for _, f := range e.bottom {
		size += len(f) + 2
	}
	for _, f := range e.instead {
		size += len(f) + 2
	}
	out := make([]byte, 0, size)
	eol := e.lineEnd()
	for _, f := range e.top {
		out = appendField(out, f, eol)
	}
	for i, f := range e.m.Fields {
		if e.removed[i] || len(out) > 0 && isOrphan(raw, f) {
			continue
		}
		if field, ok := e.instead[i]; ok {
			out = appendField(out, field, eol)
			continue
		}
		out = append(out, raw[f.Start:f.End]...)
	}
	if len(e.bottom) > 0 && len(out) > 0 && out[len(out)-1] != '\n' { // a header that ends with the file, within a line
		out = append(out, eol...)
	}
	for _, f := range e.bottom {
		out = appendField(out, f, eol)
	}
	return out
}

// isOrphan reports whether f is a first line that continues nothing. Behind a field that was put before it, it would become part of that.
func isOrphan(raw []byte, f Field) bool { return f.Start == 0 && (raw[0] == ' ' || raw[0] == '\t') }

// lineEnd is how the message ends its lines, so that one from an mbox file stays readable.
func (e *Edit) lineEnd() string {
	raw := e.m.Raw
	if i := bytes.IndexByte(raw, '\n'); i == 0 || i > 0 && raw[i-1] != '\r' {
		return "\n"
	}
	return "\r\n"
}

// appendField writes one whole field, whatever field is.
func appendField(out []byte, field, eol string) []byte {
	field = strings.TrimRight(field, "\r\n \t")
	if splitField([]byte(field), 0).Name == "" {
		return out
	}
	for len(field) > 0 {
		i := strings.IndexAny(field, "\r\n\x00")
		if i < 0 {
			break
		}
		out = append(out, field[:i]...)
		rest := field[i:]
		next, broken := strings.CutPrefix(rest, "\r\n")
		switch {
		case broken && isFolded(next):
			out = append(out, eol...)
			field = next
		case broken:
			out = append(out, ' ')
			field = next
		default:
			out = append(out, ' ')
			field = rest[1:]
		}
	}
	out = append(out, field...)
	return append(out, eol...)
}

// isFolded reports whether s can follow a line break within a field: white space, and then something on the same line (RFC 5322 §3.2.2 lets nobody
// write a line of white space alone).
func isFolded(s string) bool {
	text := strings.TrimLeft(s, " \t")
	return len(text) < len(s) && text != "" && text[0] != '\r' && text[0] != '\n' && text[0] != 0
}
