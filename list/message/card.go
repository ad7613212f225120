package message

import (
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"time"
)

// Card is what mail programs ask about messages that they do not have. Encode and DecodeCard keep it in few octets.
type Card struct {
	Envelope  Envelope
	Structure Structure
}

// Card reads the card of a message.
func (m *Message) Card() Card { return Card{m.Envelope(), m.Structure()} }

// ErrCard: what was to be read is no card.
var ErrCard = errors.New("message: no card")

// CardVersion is the version of what Encode writes.
const CardVersion = 1

// Encode writes a card. The envelope stands in front, so that it can be read without the structure.
func (c *Card) Encode() []byte {
	w := cardWriter{make([]byte, 0, 256)}
	w.envelope(&c.Envelope)
	w.structure(&c.Structure)
	return w.b
}

// DecodeCard reads what Encode wrote, without the structure where that is not wanted. The error is ErrCard.
func DecodeCard(b []byte, structure bool) (c Card, err error) {
	r := cardReader{s: string(b)}
	c.Envelope = r.envelope()
	if structure {
		c.Structure = r.structure(0)
	}
	if r.bad || structure && r.s != "" {
		return Card{}, ErrCard
	}
	return c, nil
}

type cardWriter struct{ b []byte }

func (w *cardWriter) num(n uint64) { w.b = binary.AppendUvarint(w.b, n) }

func (w *cardWriter) str(s string) {
	w.num(uint64(len(s)))
	w.b = append(w.b, s...)
}

func (w *cardWriter) strs(all []string) {
	w.num(uint64(len(all)))
	for _, s := range all {
		w.str(s)
	}
}

func (w *cardWriter) params(m map[string]string) {
	w.num(uint64(len(m)))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		w.str(k)
		w.str(m[k])
	}
}

func (w *cardWriter) envelope(e *Envelope) {
	if e.Date.IsZero() {
		w.num(0)
	} else {
		_, offset := e.Date.Zone()
		w.num(uint64(e.Date.Unix()) + 1) // none is before 1970
		w.b = binary.AppendVarint(w.b, int64(offset))
	}
	w.str(e.Subject)
	for _, all := range [][]Correspondent{e.From, e.Sender, e.ReplyTo, e.To, e.Cc, e.Bcc} {
		w.num(uint64(len(all)))
		for _, c := range all {
			w.str(c.Name)
			w.str(c.Mailbox)
			w.str(c.Host)
		}
	}
	w.strs(e.InReplyTo)
	w.str(e.MessageID)
}

func (w *cardWriter) structure(s *Structure) {
	w.str(s.Type)
	w.str(s.Subtype)
	w.params(s.Params)
	w.strs([]string{s.ID, s.Description, s.Encoding, s.Disposition, s.Location})
	w.params(s.DispositionParams)
	w.strs(s.Language)
	w.num(uint64(s.Size))
	w.num(uint64(s.Lines))
	if s.Envelope == nil {
		w.num(0)
	} else {
		w.num(1)
		w.envelope(s.Envelope)
	}
	w.num(uint64(len(s.Parts)))
	for i := range s.Parts {
		w.structure(&s.Parts[i])
	}
}

// cardReader reads what is left of s; its strings are parts of it.
type cardReader struct {
	s   string
	bad bool
}

func (r *cardReader) num() uint64 {
	var n uint64
	for i := 0; i < len(r.s) && i < binary.MaxVarintLen64; i++ {
		c := r.s[i]
		n |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			r.s = r.s[i+1:]
			return n
		}
	}
	r.bad, r.s = true, ""
	return 0
}

// count is a number of things of which each takes an octet at least.
func (r *cardReader) count() int {
	n := r.num()
	if n > uint64(len(r.s)) {
		r.bad, r.s = true, ""
		return 0
	}
	return int(n)
}

func (r *cardReader) str() string {
	n := r.count()
	s := r.s[:n]
	r.s = r.s[n:]
	return s
}

func (r *cardReader) strs() (all []string) {
	for n := r.count(); n > 0 && !r.bad; n-- {
		all = append(all, r.str())
	}
	return all
}

func (r *cardReader) params() map[string]string {
	n := r.count()
	if n == 0 {
		return nil
	}
	m := make(map[string]string, n)
	for ; n > 0 && !r.bad; n-- {
		k := r.str()
		m[k] = r.str()
	}
	return m
}

func (r *cardReader) envelope() (e Envelope) {
	if at := r.num(); at > 0 {
		zigzag := r.num()
		offset := int64(zigzag>>1) ^ -int64(zigzag&1)
		if at > 253402300800 || offset < -86400 || offset > 86400 { // beyond the year 9999
			r.bad = true
			return e
		}
		zone := time.UTC
		if offset != 0 {
			zone = time.FixedZone("", int(offset))
		}
		e.Date = time.Unix(int64(at-1), 0).In(zone)
	}
	e.Subject = r.str()
	for _, into := range []*[]Correspondent{&e.From, &e.Sender, &e.ReplyTo, &e.To, &e.Cc, &e.Bcc} {
		n := r.count()
		if n > 0 {
			*into = make([]Correspondent, 0, min(n, 64))
		}
		for ; n > 0 && !r.bad; n-- {
			*into = append(*into, Correspondent{r.str(), r.str(), r.str()})
		}
	}
	e.InReplyTo, e.MessageID = r.strs(), r.str()
	return e
}

func (r *cardReader) structure(depth int) (s Structure) {
	if depth > textDepth+1 {
		r.bad = true
		return s
	}
	s.Type, s.Subtype, s.Params = r.str(), r.str(), r.params()
	if five := r.strs(); len(five) == 5 {
		s.ID, s.Description, s.Encoding, s.Disposition, s.Location = five[0], five[1], five[2], five[3], five[4]
	} else {
		r.bad = true
	}
	s.DispositionParams, s.Language = r.params(), r.strs()
	s.Size, s.Lines = int64(r.num()&(1<<62-1)), int64(r.num()&(1<<62-1))
	if r.num() != 0 {
		e := r.envelope()
		s.Envelope = &e
	}
	for n := r.count(); n > 0 && !r.bad; n-- {
		s.Parts = append(s.Parts, r.structure(depth+1))
	}
	if s.Envelope != nil && len(s.Parts) != 1 || s.Multipart() && len(s.Parts) == 0 {
		r.bad = true
	}
	return s
}
