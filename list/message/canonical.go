package message

import (
	"bytes"
	"slices"
	"strings"
)

// Canonical is one of the two forms in which a signature reads a message (RFC 6376 §3.4): what is the same in that form is the same to it.
type Canonical uint8

// The forms. The zero value is the one of a signature that names none (RFC 6376 §3.5, c=).
const (
	Simple  Canonical = iota // as it stands, less the empty lines at the end of the body
	Relaxed                  // any white space as one space, none where it says nothing
)

// AppendField appends a whole field, with its line end, in that form.
func (c Canonical) AppendField(out, field []byte) []byte {
	if c == Simple {
		return append(out, field...)
	}
	name, value, _ := bytes.Cut(field, []byte(":"))
	out = append(out, bytes.ToLower(bytes.TrimRight(name, " \t"))...)
	out = append(out, ':')
	return append(AppendRelaxed(out, value, false), '\r', '\n')
}

// AppendRelaxed appends a field's value, or what follows the beginning of one (begun), in the relaxed form of RFC 6376 §3.4.2: unfolded, with runs
// of white space as one space, none at either end.
func AppendRelaxed(out, value []byte, begun bool) []byte {
	space := false
	for _, c := range value {
		switch c {
		case ' ', '\t':
			space = begun
		case '\r', '\n': // of folding, or of the end
		default:
			if space {
				out = append(out, ' ')
			}
			out = append(out, c)
			begun, space = true, false
		}
	}
	return out
}

// AppendFields appends fields of one name in the order in which they are signed: the last first (RFC 6376 §5.4.2).
func (c Canonical) AppendFields(out, raw []byte, fields []Field) []byte {
	for _, f := range slices.Backward(fields) {
		out = c.AppendField(out, raw[f.Start:f.End])
	}
	return out
}

// ByName are the fields that a signature may name, by lower-case name and in order. Space between name and colon, which only obsolete syntax has
// (RFC 5322 §4.5), is no part of the name: verifiers see it so.
func (m *Message) ByName() map[string][]Field {
	byName := make(map[string][]Field, len(m.Fields))
	for _, f := range m.Fields {
		name := f.Name
		if name == "" {
			before, _, found := bytes.Cut(m.Raw[f.Start:f.End], []byte(":"))
			if !found {
				continue
			}
			name = string(bytes.TrimRight(before, " \t"))
		}
		name = strings.ToLower(name)
		byName[name] = append(byName[name], f)
	}
	return byName
}
