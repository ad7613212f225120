package store

import "convene/list"

func encodeMarkKey(k *list.MarkKey) []byte {
	e := newEncoder(64)
	e.uint(1, uint64(k.ID))
	e.bytes(2, k.Secret[:])
	e.time(3, k.Created)
	return e.b
}

func decodeMarkKey(v []byte) (k list.MarkKey, err error) {
	d := newDecoder(v)
	for d.next() {
		switch d.num {
		case 1:
			k.ID = uint8(d.u)
		case 2:
			copy(k.Secret[:], d.bytes())
		case 3:
			k.Created = d.time()
		}
	}
	return k, d.err
}

func encodeReport(r *list.Report) []byte {
	e := newEncoder(128)
	e.uint(1, uint64(r.List))
	e.uint(2, uint64(r.Post))
	e.uint(3, uint64(r.Member))
	e.uint(4, uint64(r.Number))
	e.message(5, 16, func(e *encoder) { putRef(e, r.Ref) })
	e.str(6, r.From)
	e.str(7, r.MessageID)
	e.time(8, r.Arrived)
	e.uint(9, uint64(r.More))
	e.str(10, string(r.Kind))
	e.str(11, string(r.Class))
	return e.b
}

func decodeReport(v []byte) (r list.Report, err error) {
	d := newDecoder(v)
	for d.next() && err == nil {
		switch d.num {
		case 1:
			r.List = d.u32()
		case 2:
			r.Post = d.u32()
		case 3:
			r.Member = d.u32()
		case 4:
			r.Number = d.u32()
		case 5:
			r.Ref, err = takeRef(d.sub())
		case 6:
			r.From = d.str()
		case 7:
			r.MessageID = d.str()
		case 8:
			r.Arrived = d.time()
		case 9:
			r.More = d.u32()
		case 10:
			r.Kind = list.BounceKind(d.str())
		case 11:
			r.Class = list.BounceClass(d.str())
		}
	}
	if err == nil {
		err = d.err
	}
	return r, err
}
