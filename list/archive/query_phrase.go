package archive

import (
	"cmp"
	"slices"
)

// phrase are the documents in which the words of an atom follow one another.
func (s *search) phrase(a atom) ([]hit, error) {
	terms := make([][]string, len(a.words))
	for i := range a.words {
		var err error
		if terms[i], err = s.termsOf(a, i); err != nil {
			return nil, err
		}
	}
	return s.together(a, terms)
}

// together are the documents in which words follow one another that have these terms each.
func (s *search) together(a atom, terms [][]string) ([]hit, error) {
	var docs []hit
	for i := range terms {
		of, err := s.terms(terms[i], a.field == inSubject)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			docs = of
		} else {
			docs = both(docs, of)
		}
		if len(docs) == 0 {
			return nil, nil
		}
	}
	docs = docs[max(len(docs)-mostPhrase, 0):]
	places := make([][][]uint32, len(a.words))
	for i := range a.words {
		places[i] = make([][]uint32, len(docs))
		if err := s.places(terms[i], docs, places[i]); err != nil {
			return nil, err
		}
	}
	found := docs[:0]
	for n, h := range docs {
		h.weight = 0
		for _, at := range places[0][n] {
			last := at + uint32(len(a.words)) - 1
			if a.field == inSubject && last >= subjectWords {
				break
			}
			if follows(places, n, at) {
				if h.weight++; h.weight == 1 && last < subjectWords {
					h.weight += subjectCounts
				}
			}
		}
		if h.weight > 0 {
			found = append(found, h)
		}
	}
	return found, nil
}

// follows reports whether all words of a phrase stand behind one another in the document n, from a place on.
func follows(places [][][]uint32, n int, at uint32) bool {
	for i := 1; i < len(places); i++ {
		if _, ok := slices.BinarySearch(places[i][n], at+uint32(i)); !ok {
			return false
		}
	}
	return true
}

// places finds where terms stand in documents.
func (s *search) places(terms []string, docs []hit, into [][]uint32) error {
	for k, term := range terms {
		for _, r := range s.survey.runs {
			at, _ := slices.BinarySearchFunc(docs, r.first, func(h hit, first uint32) int { return cmp.Compare(h.doc, first) })
			err := r.find(s.c, s.id, []byte(term), func(e entry) error {
				if s.left -= e.n; s.left < 0 {
					return nil
				}
				return e.each(r.first, true, func(p posting, pos []byte) {
					for at < len(docs) && docs[at].doc < p.doc {
						at++
					}
					if at < len(docs) && docs[at].doc == p.doc {
						if into[at] = placesOf(into[at], pos); k > 0 {
							slices.Sort(into[at])
						}
					}
				})
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// union is the documents of both, each with what it has of either.
func union(a, b []hit) []hit {
	if len(a) == 0 {
		return b
	}
	if len(b) == 0 {
		return a
	}
	all := make([]hit, 0, len(a)+len(b))
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
	return append(append(all, a...), b...)
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
