package store

import (
	"bytes"
	"errors"
	"fmt"

	bolt "go.etcd.io/bbolt"
)

// schemaVersion is the layout of the index that this version writes; formatVersion is that of the files around it.
const (
	schemaVersion = 3
	formatVersion = 1
)

// migrations turn the layout with number i+1 into the next one, each in one transaction.
var migrations = [schemaVersion - 1]func(*txn) error{
	(*txn).countDelivered, // 2 has further buckets, and counts what was delivered
	(*txn).indexRoles,     // 3 has further buckets, and finds who has a role
}

// countDelivered counts for every outgoing that waits how many of its copies were delivered: those that are settled and have no row that says
// otherwise.
func (t *txn) countDelivered() error {
	return t.walk(inWaiting, nil, nil, func(k, v []byte) error {
		p, err := decodeProgress(v)
		if err != nil {
			return err
		}
		failed := uint64(0)
		err = t.walk(inFailed, k, nil, func(_, _ []byte) error { failed++; return nil })
		if err != nil {
			return err
		}
		p.delivered = p.settled - min(p.settled, failed)
		return t.put(inWaiting, bytes.Clone(k), p.encode())
	})
}

// indexRoles fills the index of those who have a role.
func (t *txn) indexRoles() error {
	var holders [][]byte
	err := t.walk(inMembers, nil, nil, func(_, v []byte) error {
		m, err := decodeMember(v)
		if err == nil && m.HasRole() {
			holders = append(holders, pairKey(m.List, m.Number))
		}
		return err
	})
	for _, k := range holders {
		err = errors.Join(err, t.put(inMemberRoles, k, nil))
	}
	return err
}

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
