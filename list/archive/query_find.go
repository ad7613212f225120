package archive

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"sync"

	bolt "go.etcd.io/bbolt"

	"convene/list"
)

const (
	// mostPostings is how many postings one search reads, and mostPhrase in how many posts it looks whether the words of a phrase stand together: those
	// that came last.
	mostPostings = 4 << 20
	mostPhrase   = 50_000
	// mostTerms is how many terms one search looks up: a word has some for each language of its list, and one with a star many.
	mostTerms = 200
	// subjectCounts is how much more a word counts in a subject.
	subjectCounts = 4
	// fresh is how much more a post of today counts, and halves in how many minutes half of that is gone.
	fresh, halves = 0.3, 365 * 24 * 60
	// saturation and lengths are k1 and b of BM25.
	saturation, longer = 1.2, 0.75
)

// Finder searches an index that stands in a file. It may be used from many goroutines.
type Finder struct {
	File  *File
	Index *Index

	stems   sync.Map  // by language: *stems, so that words of excerpts are not stemmed again in each search
	scratch sync.Pool // of *hitList: a common word is in a third of all posts, and no search needs what it found of it for longer
}

// hitList is room for hits.
type hitList struct{ all []hit }

// mostScratch is how much room is kept from one search to the next, in hits.
const mostScratch = 1 << 20

// Find finds posts of a list by their words (list.Finder).
func (f *Finder) Find(id uint32, q list.Quest) (found list.Found, err error) {
	asked := parseQuery(q.Text, q.Zone)
	err = f.File.View(f.Index, func(b *bolt.Bucket) error {
		s, err := newSearch(b, id, f.stemsOf)
		if err != nil {
			return err
		}
		s.member, s.now, s.scratch = q.Member, minuteOf(q.Now), &f.scratch
		defer s.release()
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
	lookups   int // of terms, that are left
	scratch   *sync.Pool
	taken     []*hitList // from it
}

// room is room for hits until the end of the search.
func (s *search) room() *hitList {
	if s.scratch == nil {
		return &hitList{}
	}
	one, ok := s.scratch.Get().(*hitList)
	if !ok {
		one = &hitList{}
	}
	s.taken = append(s.taken, one)
	return one
}

// release gives all room back.
func (s *search) release() {
	for _, one := range s.taken {
		if cap(one.all) <= mostScratch {
			s.scratch.Put(one)
		}
	}
}

// stemsOf are those of a language, for all searches.
func (f *Finder) stemsOf(language string) *stems {
	if known, ok := f.stems.Load(language); ok {
		return known.(*stems)
	}
	known, _ := f.stems.LoadOrStore(language, newStems(language))
	return known.(*stems)
}

func newSearch(b *bolt.Bucket, id uint32, of func(language string) *stems) (*search, error) {
	survey, err := readSurvey(b, id)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(survey.runs, func(x, y run) int { return cmp.Compare(x.first, y.first) })
	s := &search{b: b, c: b.Cursor(), id: id, survey: survey, docs: newDocuments(b, id), left: mostPostings, lookups: mostTerms}
	for _, tag := range survey.languages() {
		s.languages = append(s.languages, of(tag))
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
			of = s.union(of, s.score(one))
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
	top := make(ranking, 0, min(skip+most, len(hits)))
	for len(hits) > 0 {
		value, first := s.docs.together(hits[0].doc)
		for ; len(hits) > 0 && hits[0].doc-first < recordsPerKey; hits = hits[1:] {
			h, at := hits[0], int(hits[0].doc-first)*recordSize
			if at+recordSize > len(value) || value[at+recordLives]&isLive == 0 {
				continue
			}
			d := decodeDocument(value[at : at+recordSize])
			if d.minute < q.after || q.before > 0 && d.minute >= q.before || q.has && !d.attachment || q.hasNot && d.attachment {
				continue
			}
			total++
			one := ranked{post: d.post, weight: float64(d.post)}
			if !q.newest {
				if len(top) == cap(top) && len(top) > 0 && float64(h.weight*(1+fresh+1e-6)) < top[0].weight {
					continue // however new it is
				}
				age := max(s.now, d.minute) - d.minute
				one.weight = float64(h.weight * (1 + fresh*halves/(halves+float32(age))))
			}
			top = top.with(one)
		}
	}
	slices.SortFunc(top, func(a, b ranked) int {
		if b.less(a) {
			return -1
		}
		return 1
	})
	for _, one := range top[min(skip, len(top)):] {
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
	for left := hits; len(left) > 0; {
		value, first := s.docs.together(left[0].doc)
		for ; len(left) > 0 && left[0].doc-first < recordsPerKey; left = left[1:] {
			h, length := &left[0], uint16(0)
			if at := int(h.doc-first)*recordSize + recordLength; at+2 <= len(value) {
				length = binary.BigEndian.Uint16(value[at:])
			}
			h.weight = weight * h.weight / (h.weight + least + each*float32(length))
		}
	}
	return hits
}
