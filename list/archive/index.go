package archive

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
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

// tidyRemoved takes the words of removed posts out of the lists that have some.
func tidyRemoved(b *bolt.Bucket) error {
	var lists []uint32
	c := b.Cursor()
	for k, _ := c.Seek([]byte{ofUntidy}); len(k) == 5 && k[0] == ofUntidy; k, _ = c.Next() {
		lists = append(lists, binary.BigEndian.Uint32(k[1:]))
	}
	for _, id := range lists {
		s, err := readSurvey(b, id)
		if err == nil {
			err = s.tidy(b, id)
		}
		if err == nil {
			err = s.write(b, id)
		}
		if err == nil && len(s.dirty) == 0 {
			err = b.Delete(indexKey(ofUntidy, id))
		}
		if err != nil {
			return fmt.Errorf("list %d: %w", id, err)
		}
	}
	return nil
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

// writeRun writes what was read of posts as one run.
func writeRun(w *blockWriter, all []Entry, ids []uint32, order []int) error {
	type place struct {
		term *readTerm
		doc  uint32
	}
	n := 0
	for _, e := range all {
		n += len(e.Read.(*readPost).terms)
	}
	places := make([]place, 0, n)
	for _, i := range order {
		terms := all[i].Read.(*readPost).terms
		for k := range terms {
			places = append(places, place{&terms[k], ids[i]})
		}
	}
	slices.SortFunc(places, func(x, y place) int {
		if c := strings.Compare(x.term.term, y.term.term); c != 0 {
			return c
		}
		return cmp.Compare(x.doc, y.doc)
	})
	var term []byte
	for _, p := range places {
		term = append(term[:0], p.term.term...)
		if err := w.add(term, posting{doc: p.doc, count: p.term.count, subject: p.term.subject}, p.term.places); err != nil {
			return err
		}
	}
	return w.end()
}

// Remove forgets a post: it is found no more, and Put takes its words out.
func (x *Index) Remove(b *bolt.Bucket, r *list.Removal) error {
	s, err := readSurvey(b, r.List)
	if err != nil {
		return err
	}
	doc := r.Post
	if v := b.Get(indexKey(ofMoved, r.List, r.Post)); len(v) == 4 {
		doc = binary.BigEndian.Uint32(v)
	}
	d := (&documents{b: b, id: r.List}).get(doc)
	if !d.live {
		return nil
	}
	s.docs--
	s.words -= uint64(d.length)
	d.live = false
	docs := &records{b: b, id: r.List}
	if err := docs.set(doc, d); err != nil {
		return err
	}
	if err := docs.flush(); err != nil {
		return err
	}
	s.dirty = append(s.dirty, doc)
	if err := b.Put(indexKey(ofUntidy, r.List), []byte{}); err != nil {
		return err
	}
	return s.write(b, r.List)
}

// rewrites is how many runs are written again in one transaction for what was removed from them; the others have their turn with later posts.
const rewrites = 2

// tidy merges runs of one size, where there are enough of them, and takes the words of removed posts out of the others.
func (s *survey) tidy(b *bolt.Bucket, id uint32) error {
	docs := &documents{b: b, id: id}
	gone := func(doc uint32) bool { return !docs.get(doc).live }
	fresh := s.nextRun // runs from here on are written by this call
	for of := s.crowd(); of != nil; of = s.crowd() {
		if err := s.merge(b, id, of, gone); err != nil {
			return err
		}
	}
	left := s.dirty[:0]
	n := 0
	for _, doc := range s.dirty {
		later := false
		for _, r := range slices.Clone(s.runs) {
			if doc < r.first || doc > r.last || r.id >= fresh {
				continue
			}
			if n == rewrites {
				later = true
				continue
			}
			n++
			if err := s.merge(b, id, []run{r}, gone); err != nil {
				return err
			}
		}
		if later {
			left = append(left, doc)
		}
	}
	s.dirty = left
	return nil
}

// crowd are the runs of one size of which there are enough to be merged; nil: there are none such.
func (s *survey) crowd() []run {
	tiers := map[int][]run{}
	for _, r := range s.runs {
		if tier := r.tier(); tier >= 0 {
			if tiers[tier] = append(tiers[tier], r); len(tiers[tier]) == mergeRuns {
				return tiers[tier]
			}
		}
	}
	return nil
}
