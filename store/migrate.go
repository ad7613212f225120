package store

import (
	"fmt"

	bolt "go.etcd.io/bbolt"
)

// schemaVersion is the layout of the index that this version writes; formatVersion is that of the files around it.
const (
	schemaVersion = 1
	formatVersion = 1
)

// migrations turn the layout with number i+1 into the next one, each in one transaction.
var migrations = [schemaVersion - 1]func(*txn) error{}

// migrate brings an index up to schemaVersion. One that is newer is refused without a write.
func migrate(index *bolt.DB) error {
	var version uint64
	err := index.View(func(tx *bolt.Tx) (err error) {
		if tx.Bucket([]byte(inMeta.String())) == nil {
			return fmt.Errorf("store: the index has no %s: %w", inMeta, ErrCorrupt)
		}
		version, err = (&txn{tx: tx}).metaU64(metaSchema)
		return err
	})
	switch {
	case err != nil:
		return err
	case version == 0:
		return fmt.Errorf("store: the index has no version: %w", ErrCorrupt)
	case version > schemaVersion:
		return fmt.Errorf("store: the index was written by a newer version (layout %d, this one knows %d)", version, schemaVersion)
	}
	for ; version < schemaVersion; version++ {
		err := index.Update(func(tx *bolt.Tx) error {
			if err := createBuckets(tx); err != nil {
				return err
			}
			t := &txn{tx: tx}
			if err := migrations[version-1](t); err != nil {
				return err
			}
			return t.putMetaU64(metaSchema, version+1)
		})
		if err != nil {
			return fmt.Errorf("store: from layout %d to the next: %w", version, err)
		}
	}
	return nil
}
