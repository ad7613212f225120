package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	bolt "go.etcd.io/bbolt"

	"convene/list"
)

// ErrCorrupt: what was read is not what was written.
var ErrCorrupt = errors.New("damaged")

// castagnoli is the polynomial of every checksum of the store; processors have an instruction for it.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// txn is one function's view of a transaction: a list.Reader, and a list.Tx where the transaction is writable.
type txn struct {
	tx       *bolt.Tx
	open     [buckets]*bolt.Bucket
	writes   int // how often this function wrote; iterators look at it, since a write may move what a cursor points to
	enqueued []enqueued
	given    []given
	outbox   *outbox // of a writable transaction
	noted    bool    // a note was put
	filed    bool    // a post or a removal was put
}

// enqueued is what the outbox must know of a record that was added to it, once it is on disk.
type enqueued struct {
	copies uint64
	moved  bool // not a new record: a copy was deferred to now, because its member has moved
}

func (t *txn) bucket(b bucket) *bolt.Bucket {
	if t.open[b] == nil {
		t.open[b] = t.tx.Bucket([]byte(b.String()))
		if growing[b] {
			t.open[b].FillPercent = 0.95
		}
	}
	return t.open[b]
}

// get returns the record with that key, valid until the transaction ends; list.ErrNotFound when there is none.
func (t *txn) get(b bucket, k []byte) ([]byte, error) {
	v := t.bucket(b).Get(k)
	if v == nil {
		return nil, list.ErrNotFound
	}
	return unseal(b, k, v)
}

// has reports whether there is a record with that key.
func (t *txn) has(b bucket, k []byte) bool { return t.bucket(b).Get(k) != nil }

func (t *txn) put(b bucket, k, v []byte) error {
	t.writes++
	if err := t.bucket(b).Put(k, seal(k, v)); err != nil {
		return fmt.Errorf("store: put into %s: %w", b, err)
	}
	return nil
}

func (t *txn) delete(b bucket, k []byte) error {
	t.writes++
	if err := t.bucket(b).Delete(k); err != nil {
		return fmt.Errorf("store: delete from %s: %w", b, err)
	}
	return nil
}

func (t *txn) getU32(b bucket, k []byte) (uint32, error) {
	v, err := t.get(b, k)
	if err != nil {
		return 0, err
	}
	if len(v) != 4 {
		return 0, fmt.Errorf("store: record %x of %s: %w", k, b, ErrCorrupt)
	}
	return binary.BigEndian.Uint32(v), nil
}

func (t *txn) putU32(b bucket, k []byte, v uint32) error { return t.put(b, k, listKey(v)) }

// walk calls f for every record whose key begins with prefix, from the key from on, in order. f may write and may return list.ErrStop.
func (t *txn) walk(b bucket, prefix, from []byte, f func(k, v []byte) error) error {
	if bytes.Compare(from, prefix) < 0 {
		from = prefix
	}
	var last []byte
	c := t.bucket(b).Cursor()
	for k, v := c.Seek(from); k != nil && bytes.HasPrefix(k, prefix); {
		rec, err := unseal(b, k, v)
		if err != nil {
			return err
		}
		writes := t.writes
		if t.tx.Writable() {
			last = append(last[:0], k...)
		}
		if err := f(k, rec); err != nil {
			if errors.Is(err, list.ErrStop) {
				return nil
			}
			return err
		}
		if t.writes == writes {
			k, v = c.Next()
			continue
		}
		if k, v = c.Seek(last); bytes.Equal(k, last) {
			k, v = c.Next()
		}
	}
	return nil
}

// first returns the first key with that prefix.
func (t *txn) first(b bucket, prefix []byte) ([]byte, bool) {
	k, _ := t.bucket(b).Cursor().Seek(prefix)
	return k, k != nil && bytes.HasPrefix(k, prefix)
}

// deletePrefix deletes up to limit records and returns how many they were.
func (t *txn) deletePrefix(b bucket, prefix []byte, limit int) (int, error) {
	var keys [][]byte
	c := t.bucket(b).Cursor()
	for k, _ := c.Seek(prefix); k != nil && bytes.HasPrefix(k, prefix) && len(keys) < limit; k, _ = c.Next() {
		keys = append(keys, bytes.Clone(k))
	}
	for _, k := range keys {
		if err := t.delete(b, k); err != nil {
			return 0, err
		}
	}
	return len(keys), nil
}

// seal adds the checksum over key and record.
func seal(k, v []byte) []byte {
	sum := crc32.Update(crc32.Checksum(k, castagnoli), castagnoli, v)
	return binary.BigEndian.AppendUint32(append(make([]byte, 0, len(v)+4), v...), sum)
}

// unseal checks and removes the checksum.
func unseal(b bucket, k, v []byte) ([]byte, error) {
	n := len(v) - 4
	if n < 0 || binary.BigEndian.Uint32(v[n:]) != crc32.Update(crc32.Checksum(k, castagnoli), castagnoli, v[:n]) {
		return nil, fmt.Errorf("store: record %x of %s: %w", k, b, ErrCorrupt)
	}
	return v[:n:n], nil
}
