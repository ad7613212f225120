package archive

import (
	"encoding/binary"
)

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
