package list

import (
	"encoding/binary"
	"slices"
)

// Run is a run of UIDs that follow each other, both ends included.
type Run struct{ First, Last uint32 }

// Runs are UIDs in ascending order, in as few runs as they have: what a member has read, for example.
type Runs []Run

// Has reports whether a UID is among them.
func (s Runs) Has(uid uint32) bool {
	i, _ := slices.BinarySearchFunc(s, uid, func(r Run, uid uint32) int { return int(min(1, max(-1, int64(r.Last)-int64(uid)))) })
	return i < len(s) && s[i].First <= uid
}

// With is s and all of one run.
func (s Runs) With(r Run) Runs {
	if r.First == 0 || r.Last < r.First {
		return s
	}
	out := make(Runs, 0, len(s)+1)
	for i, one := range s {
		switch {
		case uint64(one.Last)+1 < uint64(r.First):
			out = append(out, one)
		case uint64(r.Last)+1 < uint64(one.First):
			return append(append(out, r), s[i:]...)
		default:
			r = Run{min(r.First, one.First), max(r.Last, one.Last)}
		}
	}
	return append(out, r)
}

// Encode writes runs as distances, each a varint: to the first of a run from the last of the one before, and to its own last.
func (s Runs) Encode() []byte {
	var b []byte
	at := uint32(0)
	for _, one := range s {
		b = binary.AppendUvarint(b, uint64(one.First-at))
		b = binary.AppendUvarint(b, uint64(one.Last-one.First))
		at = one.Last
	}
	return b
}

// DecodeRuns reads what Encode wrote; what cannot be read is as if it were not there.
func DecodeRuns(b []byte) (s Runs) {
	at := uint64(0)
	for len(b) > 0 {
		gap, n := binary.Uvarint(b)
		if n <= 0 {
			return s
		}
		length, k := binary.Uvarint(b[n:])
		if k <= 0 || gap == 0 || gap > 1<<32 || length > 1<<32 || at+gap+length >= 1<<32 {
			return s
		}
		b = b[n+k:]
		s = append(s, Run{uint32(at + gap), uint32(at + gap + length)})
		at += gap + length
	}
	return s
}
