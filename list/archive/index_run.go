package archive

import (
	"bytes"
	"encoding/binary"
	"slices"

	bolt "go.etcd.io/bbolt"
)

const (
	// mergeRuns is how many runs of about the same size become one of the next size, and topRun how many documents one has that is merged no more: so a
	// document is moved a few times, a merge never takes long, and there are never many runs to be asked.
	mergeRuns = 8
	topRun    = 16 << 10
)

// tier is of which size a run is; -1: it is merged no more.
func (r run) tier() int {
	if r.docs >= topRun {
		return -1
	}
	tier := 0
	for n := r.docs; n >= mergeRuns; n /= mergeRuns {
		tier++
	}
	return tier
}

// runReader goes through a run, term by term. It finds each block anew, since the bucket may be written to on the way.
type runReader struct {
	b      *bolt.Bucket
	first  uint32
	prefix []byte
	key    []byte // of the block that is read
	block  blockReader
	e      entry
	done   bool
}

func newRunReader(b *bolt.Bucket, id uint32, r run) *runReader {
	return &runReader{b: b, first: r.first, prefix: indexKey(ofRun, id, r.id)}
}

// next goes to the next entry; done says that there is none.
func (r *runReader) next() error {
	for {
		e, ok := r.block.next()
		if ok {
			r.e = e
			return nil
		}
		if r.block.d.broken {
			return errIndex
		}
		c := r.b.Cursor()
		var k, v []byte
		if r.key == nil {
			k, v = c.Seek(r.prefix)
		} else if k, v = c.Seek(r.key); bytes.Equal(k, r.key) {
			k, v = c.Next()
		}
		if !bytes.HasPrefix(k, r.prefix) {
			r.done = true
			return nil
		}
		r.key = append(r.key[:0], k...)
		r.block = blockReader{d: decoder{rest: append([]byte{}, v...)}}
	}
}

// find calls f for each entry of a term in a run.
func (r run) find(c *bolt.Cursor, id uint32, term []byte, f func(entry) error) error {
	prefix := indexKey(ofRun, id, r.id)
	at := binary.BigEndian.AppendUint32(append(append(slices.Clone(prefix), term...), 0), 0)
	k, v := c.Seek(at)
	if k == nil {
		k, v = c.Last()
	} else if !bytes.Equal(k, at) {
		k, v = c.Prev()
	}
	if !bytes.HasPrefix(k, prefix) { // the term may begin the run
		k, v = c.Seek(prefix)
	}
	for ; bytes.HasPrefix(k, prefix); k, v = c.Next() {
		if first := k[len(prefix):]; len(first) < 5 || bytes.Compare(first[:len(first)-5], term) > 0 {
			return nil
		}
		block := blockReader{d: decoder{rest: v}}
		for {
			e, ok := block.next()
			if !ok && block.d.broken {
				return errIndex
			}
			if !ok {
				break
			}
			switch bytes.Compare(block.term, term) {
			case 1:
				return nil
			case 0:
				if err := f(e); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// expand calls f for the terms in a run that begin so, in order, until it returns false.
func (r run) expand(b *bolt.Bucket, id uint32, begin []byte, f func(term []byte) bool) error {
	reader := newRunReader(b, id, r)
	c := b.Cursor()
	back := c.Prev
	if k, _ := c.Seek(append(slices.Clone(reader.prefix), begin...)); k == nil {
		back = c.Last
	}
	k, v := back()
	if bytes.HasPrefix(k, reader.prefix) {
		reader.key = slices.Clone(k)
		reader.block = blockReader{d: decoder{rest: v}}
	}
	for {
		if err := reader.next(); err != nil || reader.done {
			return err
		}
		term := reader.block.term
		if bytes.HasPrefix(term, begin) {
			if !f(term) {
				return nil
			}
		} else if bytes.Compare(term, begin) > 0 {
			return nil
		}
	}
}
