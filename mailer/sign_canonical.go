package mailer

import (
	"bufio"
	"bytes"
	"io"
	"slices"
	"strings"

	"convene/list/message"
)

// signedFields are the fields of m that may be signed, by lower-case name and in order. Space between name and colon, which only obsolete syntax
// has (RFC 5322 §4.5), is no part of the name: verifiers have to see it so.
func signedFields(m *message.Message) map[string][]message.Field {
	byName := make(map[string][]message.Field, len(m.Fields))
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
		if slices.Contains(sharedFields, name) || slices.Contains(ownFields, name) {
			byName[name] = append(byName[name], f)
		}
	}
	return byName
}

// appendRelaxedUp appends fields of one name in the order in which they are signed: the last first (RFC 6376 §5.4.2).
func appendRelaxedUp(out, raw []byte, fields []message.Field) []byte {
	for _, f := range slices.Backward(fields) {
		out = appendRelaxed(out, raw[f.Start:f.End])
	}
	return out
}

// appendRelaxed appends a whole field in the relaxed form of RFC 6376 §3.4.2: the name in lower case, the value unfolded, runs of white space as one
// space, none around the colon or at the end; and CRLF.
func appendRelaxed(out, field []byte) []byte {
	name, value, _ := bytes.Cut(field, []byte(":"))
	out = append(out, bytes.ToLower(bytes.TrimRight(name, " \t"))...)
	out = append(out, ':')
	return append(appendRelaxedText(out, value, false), '\r', '\n')
}

// appendRelaxedText appends a value, or what follows the beginning of one, in that form.
func appendRelaxedText(out, value []byte, started bool) []byte {
	space := false
	for _, c := range value {
		switch c {
		case ' ', '\t':
			space = started
		case '\r', '\n': // of folding, or of the end
		default:
			if space {
				out = append(out, ' ')
			}
			out = append(out, c)
			started, space = true, false
		}
	}
	return out
}

// relaxedBody writes a body in the relaxed form of RFC 6376 §3.4.4: runs of white space as one space, none at the end of a line, no empty lines at
// the end; what is not empty ends in CRLF. w must be one whose Write cannot fail.
func relaxedBody(w io.Writer, body []byte) {
	out := bufio.NewWriterSize(w, 16<<10)
	defer out.Flush()
	space, empty := false, true
	ends := 0 // line ends that have not been written: they may be the last
	for len(body) > 0 {
		n := plainRun(body)
		switch {
		case n > 0:
		case body[0] == ' ' || body[0] == '\t':
			space, body = true, body[1:]
			continue
		case len(body) > 1 && body[0] == '\r' && body[1] == '\n':
			space, body = false, body[2:]
			ends++
			continue
		default: // a control: a CR alone, too, is an octet like others
			n = 1
		}
		for ; ends > 0; ends-- {
			out.WriteString("\r\n")
		}
		if space {
			out.WriteByte(' ')
		}
		out.Write(body[:n])
		space, empty, body = false, false, body[n:]
	}
	if !empty {
		out.WriteString("\r\n")
	}
}

// plainRun is how many octets at the start of b are canonical as they stand: words with single spaces between them.
func plainRun(b []byte) int {
	for i, c := range b {
		if c <= ' ' && (c != ' ' || i == 0 || i+1 == len(b) || b[i+1] <= ' ') {
			return i
		}
	}
	return len(b)
}

// foldColumn is how long lines of a signature field are at most, in octets without CRLF.
const foldColumn = 76

// folder writes a header field, folding it where that is allowed.
type folder struct {
	out    []byte
	column int
}

// word writes what cannot be broken, on the line where it fits.
func (f *folder) word(s string) {
	if f.column+len(s) > foldColumn && f.column > 1 {
		if n := len(f.out); n > 0 && f.out[n-1] == ' ' {
			f.out = f.out[:n-1]
		}
		f.line()
	}
	f.out = append(f.out, s...)
	f.column += len(s)
}

// line begins another line of the field.
func (f *folder) line() {
	f.out = append(f.out, "\r\n "...)
	f.column = 1
}

// mark writes what stays on the line of the word before it: punctuation, or the space that word takes back where the line ends.
func (f *folder) mark(c byte) {
	f.out = append(f.out, c)
	f.column++
}

// names writes a name of h= n times, with a colon before each but the first of all.
func (f *folder) names(name string, n int) {
	for range n {
		if f.out[len(f.out)-1] != '=' {
			f.mark(':')
		}
		f.word(name)
	}
}

// text writes what may be broken anywhere.
func (f *folder) text(s string) {
	for len(s) > 0 {
		n := min(len(s), max(foldColumn-f.column, 0))
		f.out = append(f.out, s[:n]...)
		f.column += n
		if s = s[n:]; len(s) > 0 {
			f.line()
		}
	}
}
