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

// ranking is the best so far, as many as it has room for: a heap, of which the least is the first.
type ranking []ranked

// with is it with one more, if that is better than the least; it takes that one's place where there is no room.
func (r ranking) with(one ranked) ranking {
	if len(r) < cap(r) {
		r = append(r, one)
		for i := len(r) - 1; i > 0 && r[i].less(r[(i-1)/2]); i = (i - 1) / 2 {
			r[i], r[(i-1)/2] = r[(i-1)/2], r[i]
		}
		return r
	}
	if len(r) == 0 || !r[0].less(one) {
		return r
	}
	i := 0
	for {
		least := 2*i + 1
		if least >= len(r) {
			break
		}
		if least+1 < len(r) && r[least+1].less(r[least]) {
			least++
		}
		if !r[least].less(one) {
			break
		}
		r[i], i = r[least], least
	}
	r[i] = one
	return r
}
