package archive

import (
	"encoding/binary"
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

// blockWriter writes a run.
type blockWriter struct {
	put    func(key, block []byte) error
	prefix []byte // of the run's keys
	first  uint32 // document of the run

	key   []byte // of the block that is being made
	block []byte
	was   []byte // the term that stands last in it
	term  []byte
	e     entry
	begun uint32 // the first document of e
	last  uint32
}

// add adds a document of a term. Terms come in order, and in each its documents.
func (w *blockWriter) add(term []byte, p posting, pos []byte) error {
	if string(term) != string(w.term) {
		if err := w.close(); err != nil {
			return err
		}
		w.term = append(w.term[:0], term...)
	}
	if w.e.n > 0 && w.room() < len(pos) {
		if err := w.close(); err != nil {
			return err
		}
	}
	if w.e.n == 0 {
		if len(w.block) > 0 && w.room() < len(pos) {
			if err := w.flush(); err != nil {
				return err
			}
		}
		w.begun, w.last = p.doc, w.first
	}
	if p.count == 1 && !p.subject {
		w.e.docs = binary.AppendUvarint(w.e.docs, uint64(p.doc-w.last)<<1|1)
	} else {
		w.e.docs = binary.AppendUvarint(w.e.docs, uint64(p.doc-w.last)<<1)
		code := uint64(p.count) << 1
		if p.subject {
			code |= 1
		}
		w.e.docs = binary.AppendUvarint(w.e.docs, code)
	}
	w.last = p.doc
	w.e.pos = append(w.e.pos, pos...)
	w.e.n++
	return nil
}

// room is how much more fits into the block, at least, beside the numbers of one more document.
func (w *blockWriter) room() int {
	key := w.key
	if len(w.block) == 0 {
		key = w.keyOf()
	}
	const numbers = 24
	return blockSize - len(key) - len(w.block) - len(w.term) - len(w.e.docs) - len(w.e.pos) - numbers
}

func (w *blockWriter) keyOf() []byte {
	return binary.BigEndian.AppendUint32(append(append(w.prefix[:len(w.prefix):len(w.prefix)], w.term...), 0), w.begun)
}

// close puts the entry into the block.
func (w *blockWriter) close() error {
	if w.e.n == 0 {
		return nil
	}
	if len(w.block) == 0 {
		w.key, w.was = w.keyOf(), w.was[:0]
	}
	shared := 0
	for shared < min(len(w.was), len(w.term)) && w.was[shared] == w.term[shared] {
		shared++
	}
	b := binary.AppendUvarint(w.block, uint64(shared))
	b = binary.AppendUvarint(b, uint64(len(w.term)-shared))
	b = append(b, w.term[shared:]...)
	b = binary.AppendUvarint(b, uint64(w.e.n))
	b = binary.AppendUvarint(b, uint64(len(w.e.docs)))
	b = binary.AppendUvarint(b, uint64(len(w.e.pos)))
	w.block = append(append(b, w.e.docs...), w.e.pos...)
	w.was = append(w.was[:0], w.term...)
	w.e = entry{docs: w.e.docs[:0], pos: w.e.pos[:0]}
	if len(w.key)+len(w.block) > blockSize-blockSize/16 {
		return w.flush()
	}
	return nil
}

func (w *blockWriter) flush() error {
	if len(w.block) == 0 {
		return nil
	}
	block := append([]byte{}, w.block...) // bbolt keeps it until the transaction ends
	w.block = w.block[:0]
	return w.put(w.key, block)
}

// end writes what is left.
func (w *blockWriter) end() error {
	if err := w.close(); err != nil {
		return err
	}
	return w.flush()
}
