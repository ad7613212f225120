package archive

import (
	"bytes"
	"slices"

	bolt "go.etcd.io/bbolt"
)

// merge makes one run of several, without the documents that are gone.
func (s *survey) merge(b *bolt.Bucket, id uint32, old []run, gone func(doc uint32) bool) error {
	made := run{id: s.nextRun, first: ^uint32(0)}
	for _, r := range old {
		made.first, made.last, made.docs = min(made.first, r.first), max(made.last, r.last), made.docs+r.docs
	}
	s.nextRun++
	if err := mergeInto(b, id, old, made, gone); err != nil {
		return err
	}
	for _, r := range old {
		if err := dropRun(b, id, r); err != nil {
			return err
		}
	}
	s.runs = slices.DeleteFunc(s.runs, func(r run) bool { return slices.Contains(old, r) })
	s.runs = append(s.runs, made)
	return nil
}

// heldPosting is a posting with its positions, while runs are merged.
type heldPosting struct {
	posting
	pos []byte
}

func mergeInto(b *bolt.Bucket, id uint32, old []run, made run, gone func(doc uint32) bool) error {
	w := blockWriter{prefix: indexKey(ofRun, id, made.id), first: made.first, put: b.Put}
	var readers []*runReader
	for _, r := range old {
		reader := newRunReader(b, id, r)
		if err := reader.next(); err != nil {
			return err
		}
		readers = append(readers, reader)
	}
	var term []byte
	var all []heldPosting
	for {
		readers = slices.DeleteFunc(readers, func(r *runReader) bool { return r.done })
		if len(readers) == 0 {
			return w.end()
		}
		term = append(term[:0], slices.MinFunc(readers, func(x, y *runReader) int { return bytes.Compare(x.block.term, y.block.term) }).block.term...)
		all = all[:0]
		for _, r := range readers {
			for !r.done && bytes.Equal(r.block.term, term) {
				err := r.e.each(r.first, true, func(p posting, pos []byte) {
					if !gone(p.doc) {
						all = append(all, heldPosting{p, pos})
					}
				})
				if err == nil {
					err = r.next()
				}
				if err != nil {
					return err
				}
			}
		}
		if !slices.IsSortedFunc(all, byDoc) {
			slices.SortFunc(all, byDoc)
		}
		for _, p := range all {
			if err := w.add(term, p.posting, p.pos); err != nil {
				return err
			}
		}
	}
}

func byDoc(a, b heldPosting) int { return int(int64(a.doc) - int64(b.doc)) }

func dropRun(b *bolt.Bucket, id uint32, r run) error {
	prefix := indexKey(ofRun, id, r.id)
	var keys [][]byte
	c := b.Cursor()
	for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = c.Next() {
		keys = append(keys, slices.Clone(k))
	}
	for _, k := range keys {
		if err := b.Delete(k); err != nil {
			return err
		}
	}
	return nil
}
