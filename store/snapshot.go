package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	bolt "go.etcd.io/bbolt"

	"convene/list"
)

// snapshot is the index as it was, in a file without a name, which is gone with its descriptor. A transaction that is read for long in the index itself would hold up
// whoever writes, since the index cannot grow under it.
type snapshot struct {
	db    *DB
	index *bolt.DB
}

// Snapshot implements list.Store.
func (db *DB) Snapshot() (list.Snapshot, error) {
	if err := db.foldNow(); err != nil {
		return nil, err
	}
	f, _, err := db.copyIndex()
	if err != nil {
		return nil, fmt.Errorf("store: snapshot: %w", err)
	}
	open := func(string, int, fs.FileMode) (*os.File, error) { return f, nil }
	index, err := bolt.Open(f.Name(), 0o600, &bolt.Options{ReadOnly: true, OpenFile: open})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("store: snapshot: %w", err), f.Close())
	}
	return &snapshot{db, index}, nil
}

// View implements list.Snapshot.
func (s *snapshot) View(f func(list.Reader) error) error {
	return s.index.View(func(tx *bolt.Tx) error { return f(&txn{tx: tx}) })
}

// Raw implements list.Snapshot.
func (s *snapshot) Raw(ref list.Ref) ([]byte, error) { return s.db.Raw(ref) }

// Close implements list.Snapshot.
func (s *snapshot) Close() error { return s.index.Close() }
