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
	starts := make([][]uint32, len(docs))
	if err := s.places(terms[0], docs, starts); err != nil {
		return nil, err
	}
	for i := 1; i < len(terms) && len(docs) > 0; i++ { // fewer and fewer are left to be looked at
		places := make([][]uint32, len(docs))
		if err := s.places(terms[i], docs, places); err != nil {
			return nil, err
		}
		n := 0
		for k, h := range docs {
			if at := followed(starts[k], places[k], uint32(i)); len(at) > 0 {
				docs[n], starts[n] = h, at
				n++
			}
		}
		docs, starts = docs[:n], starts[:n]
	}
	found := docs[:0]
	for k, h := range docs {
		h.weight = 0
		for _, at := range starts[k] {
			inside := at+uint32(len(terms)) <= subjectWords
			if a.field == inSubject && !inside {
				break
			}
			if h.weight++; h.weight == 1 && inside {
				h.weight += subjectCounts
			}
		}
		if h.weight > 0 {
			found = append(found, h)
		}
	}
	return found, nil
}

// followed are those of some places behind which, so far on, is one of others.
func followed(starts, places []uint32, on uint32) []uint32 {
	left := starts[:0]
	for _, at := range starts {
		for len(places) > 0 && places[0] < at+on {
			places = places[1:]
		}
		if len(places) > 0 && places[0] == at+on {
			left = append(left, at)
		}
	}
	return left
}

// places finds where terms stand in documents.
func (s *search) places(terms []string, docs []hit, into [][]uint32) error {
	var in []hit
	var all []uint32                             // what is put into most of them, in one piece
	sparse := len(docs)*100 < int(s.survey.docs) // most entries have none of them then
	for k, term := range terms {
		for _, r := range s.survey.runs {
			at, _ := slices.BinarySearchFunc(docs, r.first, func(h hit, first uint32) int { return cmp.Compare(h.doc, first) })
			err := r.find(s.c, s.id, []byte(term), func(e entry) (err error) {
				if s.left -= e.n; s.left < 0 || at == len(docs) {
					return nil
				}
				if sparse {
					if in, err = e.appendHits(in[:0], r.first, false); err != nil || len(in) == 0 || in[len(in)-1].doc < docs[at].doc {
						return err
					}
				}
				return e.each(r.first, true, func(p posting, pos []byte) {
					for at < len(docs) && docs[at].doc < p.doc {
						at++
					}
					if at < len(docs) && docs[at].doc == p.doc {
						if into[at] == nil {
							from := len(all)
							all = placesOf(all, pos)
							into[at] = all[from:len(all):len(all)]
						} else if into[at] = placesOf(into[at], pos); k > 0 {
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
