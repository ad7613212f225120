package archive

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
	"strings"

	bolt "go.etcd.io/bbolt"

	"convene/list"
)

const (
	// mostPostings is how many postings one search reads, and mostPhrase in how many posts it looks whether the words of a phrase stand together: those
	// that came last.
	mostPostings = 4 << 20
	mostPhrase   = 50_000
	// subjectCounts is how much more a word counts in a subject.
	subjectCounts = 4
	// fresh is how much more a post of today counts, and halves in how many minutes half of that is gone.
	fresh, halves = 0.3, 365 * 24 * 60
	// saturation and lengths are k1 and b of BM25.
	saturation, longer = 1.2, 0.75
)

// Finder searches an index that stands in a file.
type Finder struct {
	File  *File
	Index *Index
}

// Find finds posts of a list by their words (list.Finder).
func (f *Finder) Find(id uint32, q list.Quest) (found list.Found, err error) {
	asked := parseQuery(q.Text, q.Zone)
	err = f.File.View(f.Index, func(b *bolt.Bucket) error {
		s, err := newSearch(b, id)
		if err != nil {
			return err
		}
		s.member, s.now = q.Member, minuteOf(q.Now)
		if found.Posts, found.Total, err = s.find(asked, q.Skip, q.Most); err != nil {
			return err
		}
		found.Marks = s.marker(asked).spans
		return nil
	})
	return found, err
}

// hit is a document that has what is looked for, and how much of it.
type hit struct {
	doc    uint32
	weight float32
}

// search is one search, while it runs.
type search struct {
	b         *bolt.Bucket
	c         *bolt.Cursor
	id        uint32
	survey    survey
	docs      *documents
	languages []*stems
	member    bool
	now       uint32
	left      int // postings
}

func newSearch(b *bolt.Bucket, id uint32) (*search, error) {
	survey, err := readSurvey(b, id)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(survey.runs, func(x, y run) int { return cmp.Compare(x.first, y.first) })
	s := &search{b: b, c: b.Cursor(), id: id, survey: survey, docs: &documents{b: b, id: id}, left: mostPostings}
	for _, tag := range survey.languages() {
		s.languages = append(s.languages, newStems(tag))
	}
	return s, nil
}

// find finds the posts that a query asks for, those first that fit best, and how many there are.
func (s *search) find(q query, skip, most int) (posts []uint32, total int, err error) {
	var hits []hit
	begun := false
	var scored []hit
	for _, c := range q.clauses {
		if c.not {
			continue
		}
		var of []hit
		for _, a := range c.any {
			one, err := s.atom(a)
			if err != nil {
				return nil, 0, err
			}
			of = union(of, s.score(one))
		}
		if scored = of; begun {
			scored = both(hits, of)
		}
		hits, begun = scored, true
	}
	if !begun && len(q.clauses) == 0 && !q.has && !q.hasNot && q.after == 0 && q.before == 0 {
		return nil, 0, nil
	}
	if !begun {
		s.docs.each(func(n uint32, _ document) { hits = append(hits, hit{doc: n}) })
		q.newest = true
	}
	for _, c := range q.clauses {
		if !c.not || len(hits) == 0 {
			continue
		}
		of, err := s.atom(c.any[0])
		if err != nil {
			return nil, 0, err
		}
		hits = without(hits, of)
	}
	posts, total = s.best(q, hits, skip, most)
	return posts, total, nil
}

// best are those of the documents that stand on the page that is asked for.
func (s *search) best(q query, hits []hit, skip, most int) (posts []uint32, total int) {
	top := &ranking{}
	for _, h := range hits {
		d := s.docs.get(h.doc)
		if !d.live || d.minute < q.after || q.before > 0 && d.minute >= q.before || q.has && !d.attachment || q.hasNot && d.attachment {
			continue
		}
		total++
		one := ranked{post: d.post, weight: float64(d.post)}
		if !q.newest {
			age := max(s.now, d.minute) - d.minute
			one.weight = float64(h.weight * (1 + fresh*halves/(halves+float32(age))))
		}
		if len(*top) < skip+most {
			heap.Push(top, one)
		} else if len(*top) > 0 && (*top)[0].less(one) {
			(*top)[0] = one
			heap.Fix(top, 0)
		}
	}
	all := []ranked(*top)
	slices.SortFunc(all, func(a, b ranked) int {
		if b.less(a) {
			return -1
		}
		return 1
	})
	for _, one := range all[min(skip, len(all)):] {
		posts = append(posts, one.post)
	}
	return posts, total
}

// score weighs what an atom has found (BM25).
func (s *search) score(hits []hit) []hit {
	n, all := float64(len(hits)), float64(max(s.survey.docs, 1))
	rare := math.Log(1 + max(all-n, 0)/(n+0.5))
	average := max(float64(s.survey.words)/all, 1)
	weight, least, each := float32((rare+0.01)*(saturation+1)), float32(saturation*(1-longer)), float32(saturation*longer/average)
	for i, h := range hits {
		hits[i].weight = weight * h.weight / (h.weight + least + each*float32(s.docs.length(h.doc)))
	}
	return hits
}

// atom are the documents that have it.
func (s *search) atom(a atom) ([]hit, error) {
	switch {
	case a.field == inTags:
		return s.terms([]string{ofTag + folded(strings.Join(a.words, ""))}, false)
	case a.field == inAddress, a.field == inFrom && strings.ContainsAny(a.text, "@."):
		if s.member {
			return s.terms([]string{ofAddress + folded(a.text)}, false)
		}
		if a = withoutDomain(a); len(a.words) == 0 {
			return nil, nil
		}
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
		var of []hit
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
		if !slices.IsSortedFunc(of, compareHits) {
			slices.SortFunc(of, compareHits)
		}
		all = union(all, of)
	}
	return all, nil
}

func compareHits(a, b hit) int { return cmp.Compare(a.doc, b.doc) }
