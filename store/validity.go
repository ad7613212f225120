package store

import (
	"errors"
	"os"
)

// UIDValidity is a number for mail programs (RFC 9051 §2.3.1.1): as long as it is the same, the number of a post means what it did. It grows when a store is begun, and when one
// is made from a backup, since posts that came after the backup are gone and others will have their numbers.
func (db *DB) UIDValidity() (v uint32, err error) {
	err = db.view(func(t *txn) error {
		at, err := t.metaU64(metaValidity)
		v = max(uint32(at), 1) // a store of before there was one
		return err
	})
	return v, err
}

// renewValidity sets it to the second in which path was written, or higher.
func (t *txn) renewValidity(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	was, err := t.metaU64(metaValidity)
	return errors.Join(err, t.putMetaU64(metaValidity, max(uint64(uint32(info.ModTime().Unix())), was+1)))
}
