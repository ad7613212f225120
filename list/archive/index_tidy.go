package archive

import (
	"encoding/binary"
	"fmt"
	"slices"

	bolt "go.etcd.io/bbolt"

	"convene/list"
)

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
