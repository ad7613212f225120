package store

import (
	"fmt"

	"convene/list"
)

// Notes implements list.Reader: by id.
func (t *txn) Notes(f func(list.Note) error) error {
	return t.walk(inNotes, nil, nil, func(_, v []byte) error {
		n, err := decodeNote(v)
		if err != nil {
			return err
		}
		return f(n)
	})
}

// PutNote implements list.Tx. Whoever waits on Noted hears of it once it is on disk.
func (t *txn) PutNote(n list.Note) (list.Note, error) {
	if n.ID == 0 {
		id, err := t.bucket(inNotes).NextSequence()
		if err != nil {
			return n, fmt.Errorf("store: note for list %d: %w", n.List, err)
		}
		n.ID = id
	}
	t.noted = true
	return n, t.put(inNotes, outKey(n.ID), encodeNote(&n))
}

// DeleteNote implements list.Tx; list.ErrNotFound when there is no such note.
func (t *txn) DeleteNote(id uint64) error {
	if !t.has(inNotes, outKey(id)) {
		return fmt.Errorf("store: note %d: %w", id, list.ErrNotFound)
	}
	return t.delete(inNotes, outKey(id))
}
