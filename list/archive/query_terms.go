package archive

import (
	"cmp"
	"slices"
	"strings"
)

// atom are the documents that have it.
func (s *search) atom(a atom) ([]hit, error) {
	switch {
	case a.field == inTags:
		return s.terms([]string{ofTag + tagOf(a.text)}, false)
	case a.field == inAddress, a.field == inFrom && strings.ContainsAny(a.text, "@."):
		if !s.member {
			return s.standing(withoutDomain(a))
		}
		hits, err := s.terms([]string{ofAddress + folded(a.text)}, false)
		if err != nil || a.field == inAddress || strings.Contains(a.text, "@") {
			return hits, err
		}
		named, err := s.standing(a) // "from:j.smith" may be a name as well
		return s.union(hits, named), err
	}
	return s.standing(a)
}

// standing are the documents in which the words of an atom stand, behind one another where there are several.
func (s *search) standing(a atom) ([]hit, error) {
	if len(a.words) == 0 {
		return nil, nil
	}
	if len(a.words) > 1 {
		return s.phrase(a)
	}
	terms, err := s.termsOf(a, 0)
	if err != nil {
		return nil, err
	}
	return s.terms(terms, a.field == inSubject)
}

// withoutDomain leaves of an address what a stranger may look for.
func withoutDomain(a atom) atom {
	local, _, _ := strings.Cut(a.text, "@")
	if a.field == inAddress {
		a.field = anywhere
	}
	a.text, a.words, a.pairs = local, nil, nil
	eachWord(local, func(w word) bool {
		a.words, a.pairs = append(a.words, local[w.from:w.to]), append(a.pairs, w.pair)
		return len(a.words) < phraseWords
	})
	return a
}

// termsOf are the terms of a word of an atom, in all languages of the list.
func (s *search) termsOf(a atom, i int) (terms []string, err error) {
	w := a.words[i]
	add := func(term string) {
		if term != "" && !slices.Contains(terms, term) {
			terms = append(terms, term)
		}
	}
	if a.field != inFrom {
		for _, l := range s.languages {
			if a.pairs[i] {
				break
			}
			for _, term := range l.terms(w) {
				add(term)
			}
		}
		if a.pairs[i] {
			add(folded(w))
		}
	}
	if a.field == inFrom || a.field == anywhere && len(a.words) == 1 {
		add(ofName + folded(w))
	}
	if a.field == inFrom && s.member && len(a.words) == 1 {
		add(ofAddress + folded(w))
	}
	if !a.star || i != len(a.words)-1 {
		return terms, nil
	}
	begin := folded(w)
	if a.field == inFrom {
		begin = ofName + begin
	}
	for _, r := range s.survey.runs {
		err := r.expand(s.b, s.id, []byte(begin), func(term []byte) bool {
			add(string(term))
			return len(terms) < queryPrefix
		})
		if err != nil {
			return nil, err
		}
	}
	return terms, nil
}

// terms are the documents that have one of some terms.
func (s *search) terms(terms []string, subject bool) (all []hit, err error) {
	for _, term := range terms {
		if s.lookups--; s.lookups < 0 {
			break
		}
		room := s.room()
		of := room.all[:0]
		for _, r := range s.survey.runs {
			err := r.find(s.c, s.id, []byte(term), func(e entry) error {
				if s.left -= e.n; s.left < 0 {
					return nil
				}
				var err error
				of, err = e.appendHits(of, r.first, subject)
				return err
			})
			if err != nil {
				return nil, err
			}
		}
		room.all = of
		if !slices.IsSortedFunc(of, compareHits) {
			slices.SortFunc(of, compareHits)
		}
		all = s.union(all, of)
	}
	return all, nil
}

func compareHits(a, b hit) int { return cmp.Compare(a.doc, b.doc) }
