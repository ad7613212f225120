package archive

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"sync"

	bolt "go.etcd.io/bbolt"

	"convene/list"
)

// indexFormat is the version of what the index writes, and of which words it finds in a post.
const indexFormat = 1

// Index is the part by which posts are found by their words.
type Index struct {
	// Language is that of a list by its number: of posts that are too short to tell. It may be called at any time. Nil: English.
	Language func(id uint32) string

	readers sync.Pool
}

// Name is that of its bucket.
func (x *Index) Name() string { return "index" }

// Version is of what it writes.
func (x *Index) Version() uint64 { return indexFormat }

// Read finds the words of a post.
func (x *Index) Read(p *list.Post, raw []byte) any {
	r, _ := x.readers.Get().(*reader)
	if r == nil {
		r = newReader()
	}
	defer x.readers.Put(r)
	language := ""
	if x.Language != nil {
		language = x.Language(p.List)
	}
	return r.read(p, raw, cmp.Or(language, "en"))
}

// Put enters posts: those of each list as a run of their own, which is merged with others of its size.
func (x *Index) Put(b *bolt.Bucket, all []Entry) error {
	b.FillPercent = 1 // runs are written in order
	lists := map[uint32][]Entry{}
	var order []uint32
	for _, e := range all {
		if lists[e.Post.List] == nil {
			order = append(order, e.Post.List)
		}
		lists[e.Post.List] = append(lists[e.Post.List], e)
	}
	for _, id := range order {
		if err := putPosts(b, id, lists[id]); err != nil {
			return fmt.Errorf("list %d: %w", id, err)
		}
	}
	return tidyRemoved(b)
}

func putPosts(b *bolt.Bucket, id uint32, all []Entry) error {
	s, err := readSurvey(b, id)
	if err != nil {
		return err
	}
	docs := &records{b: b, id: id}
	ids := make([]uint32, len(all))
	for i, e := range all {
		if ids[i], err = s.enter(b, docs, id, e); err != nil {
			return err
		}
	}
	if err := docs.flush(); err != nil {
		return err
	}
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(x, y int) int { return cmp.Compare(ids[x], ids[y]) })
	r := run{id: s.nextRun, docs: uint32(len(all)), first: ids[order[0]], last: ids[order[len(order)-1]]}
	s.nextRun++
	w := &blockWriter{prefix: indexKey(ofRun, id, r.id), first: r.first, put: b.Put}
	if err := writeRun(w, all, ids, order); err != nil {
		return err
	}
	s.runs = append(s.runs, r)
	if err := s.tidy(b, id); err != nil {
		return err
	}
	return s.write(b, id)
}

// enter gives a post its document.
func (s *survey) enter(b *bolt.Bucket, docs *records, id uint32, e Entry) (doc uint32, err error) {
	read, p := e.Read.(*readPost), e.Post
	d := document{post: p.Number, minute: minuteOf(p.Date), length: uint16(min(read.words, 1<<16-1)), attachment: read.attachment, live: true}
	doc = p.Number
	if (&documents{b: b, id: id}).get(doc).post != 0 || doc >= firstMoved {
		s.moved++
		doc = firstMoved + s.moved
		if err := b.Put(indexKey(ofMoved, id, p.Number), binary.BigEndian.AppendUint32(nil, doc)); err != nil {
			return 0, err
		}
	}
	s.docs++
	s.words += uint64(d.length)
	s.speaks(read.language)
	return doc, docs.set(doc, d)
}

// writeRun writes what was read of posts as one run. Only the terms are sorted, and not every place of one: there are some hundred posts, in order.
func writeRun(w *blockWriter, all []Entry, ids []uint32, order []int) error {
	type place struct {
		term *readTerm
		doc  uint32
		next int32 // place of the same term; zero: there is none
	}
	type chain struct{ first, last int32 }
	places := make([]place, 1)
	chains := map[string]chain{}
	for _, i := range order {
		terms := all[i].Read.(*readPost).terms
		for k := range terms {
			at := int32(len(places))
			places = append(places, place{term: &terms[k], doc: ids[i]})
			c, ok := chains[terms[k].term]
			if ok {
				places[c.last].next = at
			} else {
				c.first = at
			}
			c.last = at
			chains[terms[k].term] = c
		}
	}
	var term []byte
	for _, one := range slices.Sorted(maps.Keys(chains)) {
		term = append(term[:0], one...)
		for at := chains[one].first; at != 0; at = places[at].next {
			p := &places[at]
			if err := w.add(term, posting{doc: p.doc, count: p.term.count, subject: p.term.subject}, p.term.places); err != nil {
				return err
			}
		}
	}
	return w.end()
}
