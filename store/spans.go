package store

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// span is a run of numbers, both ends included.
type span struct{ lo, hi uint32 }

// spans is a set of numbers: in order, and with a gap between any two.
type spans []span

// find returns the index of the first span that ends at n or later.
func (s spans) find(n uint32) int {
	i, _ := slices.BinarySearchFunc(s, n, func(v span, n uint32) int {
		if v.hi < n {
			return -1
		}
		return 1
	})
	return i
}

func (s spans) has(n uint32) bool {
	i := s.find(n)
	return i < len(s) && s[i].lo <= n
}

// add puts the numbers from lo to hi into the set.
func (s spans) add(lo, hi uint32) spans {
	if lo > hi {
		return s
	}
	i := s.find(lo - min(lo, 1)) // one that ends just before lo grows
	j := i
	for j < len(s) && (hi == ^uint32(0) || s[j].lo <= hi+1) {
		lo, hi = min(lo, s[j].lo), max(hi, s[j].hi)
		j++
	}
	return slices.Replace(s, i, j, span{lo, hi})
}

func (s spans) union(o spans) spans {
	for _, v := range o {
		s = s.add(v.lo, v.hi)
	}
	return s
}

// count returns how many numbers are in the set.
func (s spans) count() (n uint64) {
	for _, v := range s {
		n += uint64(v.hi) - uint64(v.lo) + 1
	}
	return n
}

// without returns the numbers from lo to hi but those in holes, which are in order.
func without(lo, hi uint32, holes []uint32) (s spans) {
	for _, n := range holes {
		if n > lo {
			s = append(s, span{lo, n - 1})
		}
		if n == ^uint32(0) {
			return s
		}
		lo = n + 1
	}
	if lo <= hi {
		s = append(s, span{lo, hi})
	}
	return s
}

// encode writes each span as two varints: the distance from the end of the one before, and the length less one.
func (s spans) encode() []byte {
	b := make([]byte, 0, 4*len(s)+2)
	at := uint32(0)
	for _, v := range s {
		b = binary.AppendUvarint(b, uint64(v.lo-at))
		b = binary.AppendUvarint(b, uint64(v.hi-v.lo))
		at = v.hi
	}
	return b
}

func decodeSpans(b []byte) (s spans, err error) {
	at := uint64(0)
	for len(b) > 0 {
		gap, n := binary.Uvarint(b)
		if n <= 0 {
			return nil, fmt.Errorf("%w: ranges", ErrCorrupt)
		}
		length, m := binary.Uvarint(b[n:])
		if m <= 0 || gap > 1<<32 || length > 1<<32 || at+gap+length >= 1<<32 || (len(s) > 0 && gap < 2) {
			return nil, fmt.Errorf("%w: ranges", ErrCorrupt)
		}
		b = b[n+m:]
		s = append(s, span{uint32(at + gap), uint32(at + gap + length)})
		at += gap + length
	}
	return s, nil
}
