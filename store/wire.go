package store

import (
	"encoding/binary"
	"fmt"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

// encoder writes one record in the protobuf wire format. Zero values are left out.
type encoder struct{ b []byte }

func newEncoder(room int) *encoder { return &encoder{b: make([]byte, 0, room)} }

func (e *encoder) uint(n protowire.Number, v uint64) {
	if v != 0 {
		e.b = protowire.AppendVarint(protowire.AppendTag(e.b, n, protowire.VarintType), v)
	}
}

func (e *encoder) flag(n protowire.Number, v bool) { e.uint(n, protowire.EncodeBool(v)) }

func (e *encoder) str(n protowire.Number, s string) {
	if s != "" {
		e.b = protowire.AppendString(protowire.AppendTag(e.b, n, protowire.BytesType), s)
	}
}

// always writes s even when it is empty, for repeated fields.
func (e *encoder) always(n protowire.Number, s string) {
	e.b = protowire.AppendString(protowire.AppendTag(e.b, n, protowire.BytesType), s)
}

func (e *encoder) bytes(n protowire.Number, v []byte) {
	if len(v) > 0 {
		e.b = protowire.AppendBytes(protowire.AppendTag(e.b, n, protowire.BytesType), v)
	}
}

// time writes seconds and nanoseconds, so that no year is out of range.
func (e *encoder) time(n protowire.Number, t time.Time) {
	if t.IsZero() {
		return
	}
	var v [2 * binary.MaxVarintLen64]byte
	b := binary.AppendVarint(v[:0], t.Unix())
	e.bytes(n, binary.AppendUvarint(b, uint64(t.Nanosecond())))
}

// message writes a record within the record; it is written even when it is empty.
func (e *encoder) message(n protowire.Number, room int, f func(*encoder)) {
	sub := newEncoder(room)
	f(sub)
	e.b = protowire.AppendBytes(protowire.AppendTag(e.b, n, protowire.BytesType), sub.b)
}

// decoder reads what an encoder wrote, field by field. Its strings share one copy of the record.
type decoder struct {
	b        []byte // the record where it lies: gone with the transaction
	s        string // its copy
	off      int
	num      protowire.Number
	u        uint64
	from, to int
	err      error
}

func newDecoder(b []byte) *decoder { return &decoder{b: b, s: string(b)} }

// next steps to the next field and reports whether there is one. Field numbers that the caller does not know are simply passed over.
func (d *decoder) next() bool {
	if d.err != nil || d.off >= len(d.b) {
		return false
	}
	num, typ, n := protowire.ConsumeTag(d.b[d.off:])
	if n < 0 {
		return d.fail(n)
	}
	d.off += n
	d.num, d.u, d.from, d.to = num, 0, d.off, d.off
	switch typ {
	case protowire.VarintType:
		d.u, n = protowire.ConsumeVarint(d.b[d.off:])
	case protowire.BytesType:
		var v []byte
		v, n = protowire.ConsumeBytes(d.b[d.off:])
		if n >= 0 {
			d.from, d.to = d.off+n-len(v), d.off+n
		}
	default:
		n = protowire.ConsumeFieldValue(num, typ, d.b[d.off:])
	}
	if n < 0 {
		return d.fail(n)
	}
	d.off += n
	return true
}

func (d *decoder) fail(n int) bool {
	d.err = fmt.Errorf("%w: %w", ErrCorrupt, protowire.ParseError(n))
	return false
}

func (d *decoder) str() string   { return d.s[d.from:d.to] }
func (d *decoder) bytes() []byte { return d.b[d.from:d.to] }
func (d *decoder) flag() bool    { return d.u != 0 }
func (d *decoder) u32() uint32   { return uint32(d.u) }

func (d *decoder) id() (id [16]byte) {
	copy(id[:], d.bytes())
	return id
}

func (d *decoder) time() time.Time {
	s, n := binary.Varint(d.bytes())
	if n <= 0 {
		return time.Time{}
	}
	ns, _ := binary.Uvarint(d.bytes()[n:])
	return time.Unix(s, int64(ns%1e9)).UTC()
}

// sub reads the current field as a record within the record.
func (d *decoder) sub() *decoder { return &decoder{b: d.bytes(), s: d.str()} }
