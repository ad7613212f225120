package archive

import "slices"

// union is the documents of both, each with what it has of either.
func (s *search) union(a, b []hit) []hit {
	if len(a) == 0 {
		return b
	}
	if len(b) == 0 {
		return a
	}
	room := s.room()
	all := slices.Grow(room.all[:0], len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].doc < b[0].doc:
			all, a = append(all, a[0]), a[1:]
		case a[0].doc > b[0].doc:
			all, b = append(all, b[0]), b[1:]
		default:
			all = append(all, hit{a[0].doc, a[0].weight + b[0].weight})
			a, b = a[1:], b[1:]
		}
	}
	room.all = append(append(all, a...), b...)
	return room.all
}

// both is the documents that are in both.
func both(a, b []hit) []hit {
	all := make([]hit, 0, min(len(a), len(b)))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].doc < b[0].doc:
			a = a[1:]
		case a[0].doc > b[0].doc:
			b = b[1:]
		default:
			all = append(all, hit{a[0].doc, a[0].weight + b[0].weight})
			a, b = a[1:], b[1:]
		}
	}
	return all
}

// without is the documents of a that are not in b.
func without(a, b []hit) []hit {
	left := make([]hit, 0, len(a))
	for _, h := range a {
		for len(b) > 0 && b[0].doc < h.doc {
			b = b[1:]
		}
		if len(b) == 0 || b[0].doc != h.doc {
			left = append(left, h)
		}
	}
	return left
}

// ranked is a post that was found.
type ranked struct {
	post   uint32
	weight float64
}

// less reports whether one fits less than another; of two that fit the same the earlier one does.
func (r ranked) less(other ranked) bool {
	if r.weight != other.weight {
		return r.weight < other.weight
	}
	return r.post < other.post
}

// ranking is the best so far, the least of them first (container/heap).
type ranking []ranked

func (r ranking) Len() int           { return len(r) }
func (r ranking) Less(i, j int) bool { return r[i].less(r[j]) }
func (r ranking) Swap(i, j int)      { r[i], r[j] = r[j], r[i] }

// Push and Pop are heap.Interface's.
func (r *ranking) Push(x any) { *r = append(*r, x.(ranked)) }

// Pop takes the last one.
func (r *ranking) Pop() any {
	all := *r
	last := all[len(all)-1]
	*r = all[:len(all)-1]
	return last
}
