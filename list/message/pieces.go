package message

import "io"

// Pieces is a message, or a part of one, as runs of octets that follow one another. What an edit leaves alone is a run of the message that came,
// not a copy of it, so that a large message is not held twice. Nobody changes the octets.
type Pieces [][]byte

// Len is the length in octets.
func (p Pieces) Len() int {
	n := 0
	for _, b := range p {
		n += len(b)
	}
	return n
}

// Bytes is the whole in one run; a single piece is returned as it is.
func (p Pieces) Bytes() []byte {
	if len(p) == 1 {
		return p[0]
	}
	out := make([]byte, 0, p.Len())
	for _, b := range p {
		out = append(out, b...)
	}
	return out
}

// WriteTo writes the pieces in order (io.WriterTo).
func (p Pieces) WriteTo(w io.Writer) (int64, error) {
	var done int64
	for _, b := range p {
		n, err := w.Write(b)
		done += int64(n)
		if err != nil {
			return done, err
		}
	}
	return done, nil
}
