package store

import (
	"fmt"
	"slices"

	"convene/list"
)

// MarkKeys implements list.Reader.
func (t *txn) MarkKeys() (keys list.MarkKeys, err error) {
	err = t.walk(inKeys, nil, nil, func(_, v []byte) error {
		k, err := decodeMarkKey(v)
		keys = append(keys, k)
		return err
	})
	slices.SortStableFunc(keys, func(a, b list.MarkKey) int { return a.Created.Compare(b.Created) })
	return keys, err
}

// PutMarkKey implements list.Tx.
func (t *txn) PutMarkKey(k list.MarkKey) error {
	return t.put(inKeys, listKey(uint32(k.ID)), encodeMarkKey(&k))
}

// DeleteMarkKey implements list.Tx; list.ErrNotFound when there is no such key.
func (t *txn) DeleteMarkKey(id uint8) error {
	k := listKey(uint32(id))
	if !t.has(inKeys, k) {
		return fmt.Errorf("store: mark key %d: %w", id, list.ErrNotFound)
	}
	return t.delete(inKeys, k)
}
