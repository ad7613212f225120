package message

import "strings"

// Section names a piece of a message as mail programs ask a server for it (RFC 9051 §6.4.5.1).
type Section struct {
	// Part is the path of a part, each number from 1; empty: the message itself.
	Part []int
	// What is "HEADER", "TEXT", or of a part "MIME"; empty: the body of the part, or the whole message.
	What string
	// Fields are names of fields: of a HEADER those alone, or with Not all others; empty: all.
	Fields []string
	Not    bool
}

// Sections finds the pieces of one message. It is made by Message.Sections, and reads the structure once.
type Sections struct {
	m *Message
	t *tree
}

// Sections prepares for Find.
func (m *Message) Sections() *Sections { return &Sections{m: m} }

// Find is the octets of a piece as they stand in the message; false: there is no such piece.
func (s *Sections) Find(want Section) ([]byte, bool) {
	if len(want.Part) == 0 {
		switch want.What {
		case "HEADER":
			return pick(s.m, s.m.Raw[:s.m.Body], want), true
		case "TEXT":
			return s.m.Raw[s.m.Body:], true
		}
		return s.m.Raw, want.What == ""
	}
	i, ok := s.part(want.Part)
	if !ok {
		return nil, false
	}
	n := &s.t.nodes[i]
	switch want.What {
	case "":
		return s.t.raw[n.body:n.end], true
	case "MIME":
		return s.t.raw[n.header:n.body], true
	}
	if n.leaf || i+1 >= n.after || strings.HasPrefix(n.media, "multipart/") {
		return nil, false
	}
	e := &s.t.nodes[i+1] // the message that it encloses
	if want.What == "TEXT" {
		return s.t.raw[e.body:max(e.body, n.end)], true
	}
	header := s.t.raw[e.header:e.body]
	return pick(s.t.header(i+1), header, want), true
}

// Decoded is the content of a part without its transfer encoding (BINARY, RFC 3516); false: there is no such part, or it cannot be decoded.
func (s *Sections) Decoded(part []int) ([]byte, bool) {
	if len(part) == 0 {
		return s.m.Raw, true
	}
	i, ok := s.part(part)
	if !ok {
		return nil, false
	}
	n := &s.t.nodes[i]
	src := s.t.raw[n.body:n.end]
	switch n.encoding {
	case "base64":
		return appendBase64(nil, src, len(src)), true
	case "quoted-printable":
		return appendQuotedPrintable(nil, src, len(src)), true
	case "", "7bit", "8bit", "binary":
		return src, true
	}
	return nil, false
}

// part finds the entity of a path.
func (s *Sections) part(path []int) (at int, ok bool) {
	if s.t == nil {
		s.t, _ = growTree(s.m.Raw)
	}
	if len(s.t.nodes) == 0 {
		return 0, false
	}
	at, ok = s.numbered(0, path[0])
	for _, number := range path[1:] {
		if !ok {
			break
		}
		n := &s.t.nodes[at]
		switch {
		case strings.HasPrefix(n.media, "multipart/"):
			at, ok = s.child(at, number)
		case !n.leaf && at+1 < n.after: // the numbers below it are those of the message that it encloses
			at, ok = s.numbered(at+1, number)
		default:
			return 0, false
		}
	}
	return at, ok
}

// numbered is a part of a message, which has itself as its part 1 where it is no multipart (RFC 9051 §6.4.5.1).
func (s *Sections) numbered(of, number int) (int, bool) {
	if strings.HasPrefix(s.t.nodes[of].media, "multipart/") {
		return s.child(of, number)
	}
	return of, number == 1
}

func (s *Sections) child(of, number int) (found int, ok bool) {
	s.t.children(of, func(c int) {
		if number--; number == 0 {
			found, ok = c, true
		}
	})
	return found, ok
}

// pick takes the fields of a header that are wanted, with the empty line behind them.
func pick(m *Message, header []byte, want Section) []byte {
	if len(want.Fields) == 0 {
		return header
	}
	names := make(map[string]bool, len(want.Fields))
	for _, name := range want.Fields {
		names[strings.ToLower(name)] = true
	}
	var out []byte
	for _, f := range m.Fields {
		if names[strings.ToLower(f.Name)] != want.Not && (f.Name != "" || want.Not) {
			out = append(out, m.Raw[f.Start:f.End]...)
		}
	}
	return append(out, '\r', '\n')
}
