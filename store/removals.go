package store

import "convene/list"

// Removals implements list.Reader.
func (t *txn) Removals(after uint64, f func(list.Removal) error) error {
	return t.walk(inRemovals, nil, outKey(after+1), func(_, v []byte) error {
		r, err := decodeRemoval(v)
		if err != nil {
			return err
		}
		return f(r)
	})
}

// PutRemoval implements list.Tx. A Seq is never given twice: they are kept as long as the store is.
func (t *txn) PutRemoval(r list.Removal) (list.Removal, error) {
	seq, err := t.bucket(inRemovals).NextSequence()
	if err != nil {
		return r, err
	}
	r.Seq, t.filed = seq, true
	return r, t.put(inRemovals, outKey(seq), encodeRemoval(&r))
}

func encodeRemoval(r *list.Removal) []byte {
	e := newEncoder(64 + len(r.By) + len(r.Reason))
	e.uint(1, r.Seq)
	e.uint(2, uint64(r.List))
	e.uint(3, uint64(r.Post))
	e.uint(4, uint64(r.UID))
	e.time(5, r.At)
	e.str(6, r.By)
	e.str(7, r.Reason)
	e.flag(8, r.Attachments)
	return e.b
}

func decodeRemoval(v []byte) (r list.Removal, err error) {
	d := newDecoder(v)
	for d.next() {
		switch d.num {
		case 1:
			r.Seq = d.u
		case 2:
			r.List = d.u32()
		case 3:
			r.Post = d.u32()
		case 4:
			r.UID = d.u32()
		case 5:
			r.At = d.time()
		case 6:
			r.By = d.str()
		case 7:
			r.Reason = d.str()
		case 8:
			r.Attachments = d.flag()
		}
	}
	return r, d.err
}
