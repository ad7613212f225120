package store

import (
	"encoding/binary"
	"errors"
	"fmt"

	"convene/list"
)

// The records of inMeta.
const (
	metaSchema   = "schema"   // version of the layout
	metaSite     = "site"     // the id in STORE
	metaTail     = "tail"     // where the segments end
	metaJournal  = "journal"  // sequence number of the last settlement that was folded in
	metaValidity = "validity" // what DB.UIDValidity says
	metaRestored = "restored" // this store came out of a backup and nobody has resumed its outbox yet
)

func (t *txn) metaU64(name string) (uint64, error) {
	v, err := t.get(inMeta, []byte(name))
	if errors.Is(err, list.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if len(v) != 8 {
		return 0, fmt.Errorf("store: %s: %w", name, ErrCorrupt)
	}
	return binary.BigEndian.Uint64(v), nil
}

func (t *txn) putMetaU64(name string, v uint64) error { return t.put(inMeta, []byte(name), outKey(v)) }

func (t *txn) tail() (tail, error) {
	v, err := t.get(inMeta, []byte(metaTail))
	if err != nil || len(v) != 12 {
		return tail{}, fmt.Errorf("store: end of the segments: %w", errors.Join(err, ErrCorrupt))
	}
	return tail{binary.BigEndian.Uint32(v), int64(binary.BigEndian.Uint64(v[4:]))}, nil
}

// putTail records where the segments end, in the transaction that makes their last records count.
func (db *DB) putTail(t *txn) error {
	end := db.segments.tail
	return t.put(inMeta, []byte(metaTail), newKey().u32(end.segment).u64(uint64(end.offset)))
}
