package message

import (
	"bytes"
	"strings"
)

// Message is one RFC 5322 message as the bytes that arrived. It is made by Parse and not changed after that, so any number of goroutines may read it.
type Message struct {
	Raw    []byte
	Fields []Field // in order, end to end from the first octet: they tile the header
	Body   int     // offset of the body; len(Raw) when there is none
	// Malformed counts the lines of the header that are no field: no colon, space before the colon, an mbox "From " line.
	Malformed int
}

// Field is one header field as byte offsets in Raw: the whole field with its line end is Raw[Start:End], what follows the colon is Raw[Value:End].
type Field struct {
	Name              string // as written; empty for a malformed line, whose Value is its Start
	Start, Value, End int
}

// Parse splits the header into fields. It never fails: lines that are no field are kept as fields without a name. Lines may end in LF alone, as
// they do in mbox files. The Message holds on to raw, which must not change any more.
func Parse(raw []byte) *Message {
	m := &Message{Raw: raw, Body: len(raw), Fields: make([]Field, 0, 24)}
	for pos := 0; pos < len(raw); {
		end := lineEnd(raw, pos)
		line := raw[pos:end]
		if isBlank(line) {
			m.Body = end
			break
		}
		if n := len(m.Fields); n > 0 && (line[0] == ' ' || line[0] == '\t') {
			m.Fields[n-1].End = end
		} else {
			m.Fields = append(m.Fields, splitField(line, pos))
			if m.Fields[n].Name == "" {
				m.Malformed++
			}
		}
		pos = end
	}
	return m
}

// splitField reads the first line of a field, which starts at pos.
func splitField(line []byte, pos int) Field {
	f := Field{Start: pos, Value: pos, End: pos + len(line)}
	for i, c := range line {
		if c == ':' && i > 0 {
			f.Name, f.Value = string(line[:i]), pos+i+1
			break
		}
		if c <= ' ' || c >= 0x7f || c == ':' { // ftext of RFC 5322 §3.6.8
			break
		}
	}
	return f
}

// headerEnd is the offset behind the last field: of the empty line, if there is one.
func (m *Message) headerEnd() int {
	if n := len(m.Fields); n > 0 {
		return m.Fields[n-1].End
	}
	return 0
}

// Value is the field's content without its folding and without space around it; of a malformed line it is the line.
func (m *Message) Value(f Field) string { return unfold(m.Raw[f.Value:f.End]) }

// Get is the value of the first field of that name, in whatever case; empty if there is none.
func (m *Message) Get(name string) string {
	for _, f := range m.Fields {
		if f.is(name) {
			return m.Value(f)
		}
	}
	return ""
}

// Values are the values of all fields of that name, in order.
func (m *Message) Values(name string) []string {
	var vs []string
	for _, f := range m.Fields {
		if f.is(name) {
			vs = append(vs, m.Value(f))
		}
	}
	return vs
}

// Count is how many fields of that name there are.
func (m *Message) Count(name string) int {
	n := 0
	for _, f := range m.Fields {
		if f.is(name) {
			n++
		}
	}
	return n
}

func (f Field) is(name string) bool {
	return len(f.Name) == len(name) && strings.EqualFold(f.Name, name)
}

// unfold removes folding (RFC 5322 §2.2.3) and the space around a value. A CR or LF that folds nothing becomes a space.
func unfold(b []byte) string {
	b = bytes.TrimSpace(b)
	if bytes.IndexByte(b, '\n') < 0 && bytes.IndexByte(b, '\r') < 0 {
		return string(b)
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		c := b[i]
		if c != '\r' && c != '\n' {
			out = append(out, c)
			continue
		}
		if c == '\r' && i+1 < len(b) && b[i+1] == '\n' {
			i++
			c = '\n'
		}
		if c == '\n' && i+1 < len(b) && (b[i+1] == ' ' || b[i+1] == '\t') {
			continue
		}
		out = append(out, ' ')
	}
	return string(out)
}
