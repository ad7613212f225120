package archive

import (
	"encoding/binary"
	"slices"
)

// A run is blocks of about blockSize octets under keys that ascend: of the run, the first term in the block, and the first document that it has of that. In a block
// stand entries in the order of their terms, each with the documents in which the term is; a term of more than a block goes on in the next one, as an entry of
// its own. So two blocks fill one page of the file, a term is found by one seek, and what is added is written once and moved by merges alone.
//
//	entry      shared uvarint, of the term before it · length uvarint and rest of the term · number of documents uvarint · octets of them uvarint ·
//	           octets of the positions uvarint · documents · positions
//	documents  for each: distance<<1 uvarint from the one before it, the first one's from the first of the run; the lowest bit is set where the term is there
//	           once, and not in the subject; else count<<1 uvarint follows, with the lowest bit set where it is in the subject
//	positions  for each document, for each time: distance uvarint from the one before

// blockSize is how long a key and its block are together, in octets: with what bbolt adds two fill a page of 4096.
const blockSize = 2024

// posting is a document that has a term.
type posting struct {
	doc     uint32
	count   uint32
	subject bool
}

// entry is what one block has of a term, encoded.
type entry struct {
	n         int
	docs, pos []byte
}

// blockReader goes through the entries of a block.
type blockReader struct {
	d    decoder
	term []byte
}

// next is the next entry; false: there is none, or the block is damaged, which d.broken says.
func (r *blockReader) next() (e entry, ok bool) {
	if len(r.d.rest) == 0 {
		return e, false
	}
	shared := r.d.uvarint()
	if shared > uint64(len(r.term)) {
		r.d.broken = true
		return e, false
	}
	r.term = append(r.term[:shared], r.d.bytes(r.d.count())...)
	n := r.d.uvarint()
	docs, pos := r.d.uvarint(), r.d.uvarint()
	if n > docs || docs > uint64(len(r.d.rest)) || pos > uint64(len(r.d.rest)) || docs+pos > uint64(len(r.d.rest)) {
		r.d.broken = true
		return e, false
	}
	e = entry{n: int(n), docs: r.d.bytes(int(docs)), pos: r.d.bytes(int(pos))}
	return e, !r.d.broken
}

// each calls f for the documents of an entry, those of its run behind first, with the positions as they are encoded, where these are asked for.
func (e entry) each(first uint32, positions bool, f func(p posting, pos []byte)) error {
	d, doc := decoder{rest: e.docs}, uint64(first)
	pos := e.pos
	for range e.n {
		code := d.uvarint()
		doc += code >> 1
		p := posting{doc: uint32(doc), count: 1}
		if code&1 == 0 {
			code = d.uvarint()
			p.count, p.subject = uint32(min(code>>1, maxCount)), code&1 != 0
		}
		if d.broken || doc > 1<<32-1 {
			return errIndex
		}
		if !positions {
			f(p, nil)
			continue
		}
		end := 0
		for range p.count {
			for end < len(pos) && pos[end] >= 0x80 {
				end++
			}
			if end++; end > len(pos) {
				return errIndex
			}
		}
		f(p, pos[:end])
		pos = pos[end:]
	}
	return nil
}

// appendHits adds the documents of an entry, those of its run behind first; of a subject those alone that have the term there. It is each without what no search needs,
// and takes a third of its time: common words are in most posts.
func (e entry) appendHits(all []hit, first uint32, subject bool) ([]hit, error) {
	doc, docs, at := uint64(first), e.docs, 0
	number := func() (n uint64) {
		n, size := binary.Uvarint(docs[min(at, len(docs)):])
		at += max(size, 1)
		return n
	}
	if !subject {
		all = slices.Grow(all, min(e.n, len(docs))) // each has one octet at least
	}
	for range e.n {
		var code uint64
		if at < len(docs) && docs[at] < 0x80 {
			code = uint64(docs[at])
			at++
		} else {
			code = number()
		}
		doc += code >> 1
		h := hit{uint32(doc), 1}
		if code&1 == 0 {
			code = number()
			if h.weight = float32(min(code>>1, maxCount)); code&1 != 0 {
				h.weight += subjectCounts
			} else if subject {
				continue
			}
		} else if subject {
			continue
		}
		all = append(all, h)
	}
	if at > len(docs) || doc > 1<<32-1 {
		return all, errIndex
	}
	return all, nil
}

// placesOf are the positions that are encoded so, behind those of all.
func placesOf(all []uint32, pos []byte) []uint32 {
	at := uint64(0)
	for len(pos) > 0 {
		n, size := binary.Uvarint(pos)
		if size <= 0 {
			return all
		}
		at += n
		pos = pos[size:]
		all = append(all, uint32(at))
	}
	return all
}
