package store

import (
	"maps"
	"slices"
	"time"

	"convene/list"
)

func encodeNote(n *list.Note) []byte {
	e := newEncoder(512)
	putNote(e, n)
	return e.b
}

func putNote(e *encoder, n *list.Note) {
	e.uint(1, n.ID)
	e.uint(2, uint64(n.List))
	e.str(3, n.Text)
	e.str(4, n.To)
	e.str(5, n.ToName)
	e.str(6, n.Language)
	for _, name := range slices.Sorted(maps.Keys(n.Values)) {
		e.message(7, 64, func(e *encoder) {
			e.str(1, name)
			e.str(2, n.Values[name])
		})
	}
	if n.Secret != nil {
		e.message(8, 128, func(e *encoder) { putSecret(e, n.Secret) })
	}
	if n.Enclosed != (list.Ref{}) {
		e.message(9, 16, func(e *encoder) { putRef(e, n.Enclosed) })
	}
	e.str(10, n.InReplyTo)
	e.str(11, n.Thread)
	e.str(12, n.MessageID)
	e.flag(13, n.Answers)
	e.str(14, n.ReturnPath)
	e.time(15, n.Created)
	if n.Letter != nil {
		e.message(16, 512, func(e *encoder) { putLetter(e, n.Letter) })
	}
}

func decodeNote(v []byte) (list.Note, error) { return takeNote(newDecoder(v)) }

func takeNote(d *decoder) (n list.Note, err error) {
	for d.next() && err == nil {
		switch d.num {
		case 1:
			n.ID = d.u
		case 2:
			n.List = d.u32()
		case 3:
			n.Text = d.str()
		case 4:
			n.To = d.str()
		case 5:
			n.ToName = d.str()
		case 6:
			n.Language = d.str()
		case 7:
			err = takeValue(d.sub(), &n)
		case 8:
			var s list.Secret
			s, err = takeSecret(d.sub())
			n.Secret = &s
		case 9:
			n.Enclosed, err = takeRef(d.sub())
		case 16:
			n.Letter, err = takeLetter(d.sub())
		default:
			takeNoteRest(d, &n)
		}
	}
	if err == nil {
		err = d.err
	}
	return n, err
}

func takeNoteRest(d *decoder, n *list.Note) {
	switch d.num {
	case 10:
		n.InReplyTo = d.str()
	case 11:
		n.Thread = d.str()
	case 12:
		n.MessageID = d.str()
	case 13:
		n.Answers = d.flag()
	case 14:
		n.ReturnPath = d.str()
	case 15:
		n.Created = d.time()
	}
}

func takeValue(d *decoder, n *list.Note) error {
	var name, value string
	for d.next() {
		switch d.num {
		case 1:
			name = d.str()
		case 2:
			value = d.str()
		}
	}
	if n.Values == nil {
		n.Values = map[string]string{}
	}
	n.Values[name] = value
	return d.err
}

func encodeSecret(s *list.Secret) []byte {
	e := newEncoder(256)
	putSecret(e, s)
	return e.b
}

func putSecret(e *encoder, s *list.Secret) {
	if s.Hash != ([32]byte{}) { // one that a note asks for has none yet
		e.bytes(1, s.Hash[:])
	}
	e.str(2, string(s.Purpose))
	e.uint(3, uint64(s.List))
	e.str(4, s.Address)
	e.uint(5, s.Subject)
	e.bytes(6, s.Data)
	e.time(7, s.Expires)
	e.str(8, s.Spent)
	if s.Note != nil {
		e.message(9, 512, func(e *encoder) { putNote(e, s.Note) })
	}
}

func decodeSecret(v []byte) (list.Secret, error) { return takeSecret(newDecoder(v)) }

func takeSecret(d *decoder) (s list.Secret, err error) {
	for d.next() && err == nil {
		switch d.num {
		case 1:
			copy(s.Hash[:], d.bytes())
		case 2:
			s.Purpose = list.Purpose(d.str())
		case 3:
			s.List = d.u32()
		case 4:
			s.Address = d.str()
		case 5:
			s.Subject = d.u
		case 6:
			s.Data = append([]byte(nil), d.bytes()...)
		case 7:
			s.Expires = d.time()
		case 8:
			s.Spent = d.str()
		case 9:
			var n list.Note
			n, err = takeNote(d.sub())
			s.Note = &n
		}
	}
	if err == nil {
		err = d.err
	}
	return s, err
}

func encodeAsked(all []list.Asking) []byte {
	e := newEncoder(16 * len(all))
	for _, a := range all {
		e.message(1, 16, func(e *encoder) {
			e.uint(1, uint64(a.List))
			e.time(2, a.At)
		})
	}
	return e.b
}

func decodeAsked(v []byte) (all []list.Asking, err error) {
	d := newDecoder(v)
	for d.next() {
		if d.num != 1 {
			continue
		}
		a, err := takeAsking(d.sub())
		if err != nil {
			return all, err
		}
		all = append(all, a)
	}
	return all, d.err
}

func takeAsking(d *decoder) (a list.Asking, err error) {
	for d.next() {
		switch d.num {
		case 1:
			a.List = d.u32()
		case 2:
			a.At = d.time()
		}
	}
	return a, d.err
}

// lastAsked is when the last of them was; zero: there is none.
func lastAsked(all []list.Asking) (last time.Time) {
	for _, a := range all {
		if a.At.After(last) {
			last = a.At
		}
	}
	return last
}
