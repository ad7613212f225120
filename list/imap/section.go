package imap

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"

	"convene/list/message"
)

// pieces are the sections that were asked for, in their order; those that are not there are empty.
func (s *session) pieces(p *post, o *goimap.FetchOptions) ([][]byte, error) {
	raw, err := s.read(p)
	if err != nil {
		return nil, err
	}
	all := message.Parse(raw).Sections()
	var out [][]byte
	for _, b := range o.BodySection {
		want := message.Section{Part: b.Part, What: string(b.Specifier), Fields: b.HeaderFields}
		if len(b.HeaderFieldsNot) > 0 {
			want.Fields, want.Not = b.HeaderFieldsNot, true
		}
		found, _ := all.Find(want)
		out = append(out, partial(found, b.Partial))
	}
	for _, b := range o.BinarySection {
		found, ok := all.Decoded(b.Part)
		if !ok {
			return nil, errUnknownCTE
		}
		out = append(out, partial(found, b.Partial))
	}
	for _, b := range o.BinarySectionSize {
		found, ok := all.Decoded(b.Part)
		if !ok {
			return nil, errUnknownCTE
		}
		out = append(out, found)
	}
	return out, nil
}

var errUnknownCTE = &goimap.Error{Type: goimap.StatusResponseTypeNo, Code: goimap.ResponseCodeUnknownCTE, Text: "There is no such part, or it cannot be decoded"}

// partial is a range of a piece; what is beyond its end is empty.
func partial(b []byte, p *goimap.SectionPartial) []byte {
	if p == nil {
		return b
	}
	if p.Offset < 0 || p.Size < 0 || p.Offset >= int64(len(b)) {
		return nil
	}
	return b[p.Offset:][:min(p.Size, int64(len(b))-p.Offset)]
}

// writePieces writes the sections; the decoded ones stand last (origins).
func writePieces(m *imapserver.FetchResponseWriter, o *goimap.FetchOptions, pieces [][]byte) {
	put := func(w io.WriteCloser, piece []byte) {
		_, _ = w.Write(piece) // an error shows at the end
		_ = w.Close()
	}
	bodies, binaries := len(o.BodySection), len(o.BodySection)+len(o.BinarySection)
	for i, b := range o.BodySection {
		put(m.WriteBodySection(b, int64(len(pieces[i]))), pieces[i])
	}
	for i, b := range o.BinarySectionSize {
		m.WriteBinarySectionSize(b, uint32(len(pieces[binaries+i])))
	}
	for i, b := range o.BinarySection {
		put(m.WriteBinarySection(b, int64(len(pieces[bodies+i]))), pieces[bodies+i])
	}
}

// origins puts into a response what go-imap leaves out: where a part of a decoded section begins (RFC 3516 §4.3). It goes from the end back, since what the sections hold may be
// anything, and how long each is is known.
func origins(response []byte, binary []*goimap.FetchItemBinarySection, pieces [][]byte) []byte {
	end := len(response) - len(")\r\n")
	for i := len(binary) - 1; i >= 0 && end > 0; i-- {
		size := fmt.Sprintf(" ~{%d}\r\n", len(pieces[i]))
		end -= len(pieces[i]) + len(size)
		if end < 0 || !bytes.HasPrefix(response[end:], []byte(size)) {
			return response // as it was
		}
		if p := binary[i].Partial; p != nil {
			response = slices.Insert(response, end, fmt.Appendf(nil, "<%d>", p.Offset)...)
		}
		end = bytes.LastIndex(response[:end], []byte("BINARY[")) - 1
	}
	return response
}

// partialBinary reports whether part of a decoded section is asked for.
func partialBinary(o *goimap.FetchOptions) bool {
	return slices.ContainsFunc(o.BinarySection, func(b *goimap.FetchItemBinarySection) bool { return b.Partial != nil })
}
