package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"hash/fnv"
	"io"
	"os"
	"runtime/debug"
	"time"

	bolt "go.etcd.io/bbolt"
)

// CheckIndex reads the whole structure of the index file at path and returns what is wrong with it. The file must not be open for
// writing. A damaged file may kill the process: run it in one that nothing else depends on.
func CheckIndex(path string) (err error) {
	if err := readThrough(path); err != nil {
		return err
	}
	index, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: time.Second, ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", ErrCorrupt, p)
		}
		err = errors.Join(err, index.Close())
	}()
	return index.View(func(tx *bolt.Tx) error {
		var errs []error
		for err := range tx.Check() {
			if len(errs) < 10 {
				errs = append(errs, err)
			}
		}
		if len(errs) > 0 {
			return errors.Join(errs...)
		}
		return touchRecords(tx)
	})
}

// touchRecords looks at the ends of every record, which bbolt's check does not: a damaged length may lead out of the file.
func touchRecords(tx *bolt.Tx) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer faultIsDamage(&err)
	sum := uint32(0)
	return tx.ForEach(func(name []byte, b *bolt.Bucket) error {
		return b.ForEach(func(k, v []byte) error {
			if len(v) < 4 || len(k) == 0 {
				return fmt.Errorf("record %x of %s: %w", k[:min(len(k), 64)], name, ErrCorrupt)
			}
			sum = crc32.Update(crc32.Update(sum, castagnoli, k[:1]), castagnoli, v[len(v)-4:])
			return nil
		})
	})
}

// readThrough reads a file from its beginning to its end, so that it is in the kernel's cache: the check reads pages in the order of the
// keys, and one by one from the disk that takes ten times as long.
func readThrough(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	for b := make([]byte, 1<<20); err == nil; {
		_, err = f.Read(b)
	}
	if err == io.EOF {
		return nil
	}
	return err
}

// meta is what we need of one of the two meta pages of a bbolt file (version 2 of its format).
type meta struct {
	pageSize uint32
	pages    uint64
	tx       uint64
}

// The layout of a meta page: 16 octets of page header, then magic, version, page size and flags (4 octets each), then root, sequence,
// free list, number of pages, transaction, checksum (8 each), in the byte order of the machine.
const (
	metaPageHeader = 16
	metaSum        = 56 // octets that the checksum is over
	metaMagic      = 0xED0CDAED
)

func decodeMeta(b []byte) (m meta, ok bool) {
	order := binary.NativeEndian
	if len(b) < metaPageHeader+metaSum+8 {
		return m, false
	}
	b = b[metaPageHeader:]
	h := fnv.New64a()
	h.Write(b[:metaSum])
	if order.Uint32(b) != metaMagic || order.Uint64(b[metaSum:]) != h.Sum64() {
		return m, false
	}
	return meta{pageSize: order.Uint32(b[8:]), pages: order.Uint64(b[40:]), tx: order.Uint64(b[48:])}, true
}

// readMeta returns the newer of the two meta pages without opening the index, and the size of the file.
func readMeta(path string) (best meta, size int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return best, 0, fmt.Errorf("store: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return best, 0, fmt.Errorf("store: %w", err)
	}
	b := make([]byte, metaPageHeader+metaSum+8)
	found := false
	// The second one is a page further on, and without the first one it is not known how far that is.
	offsets := []int64{0}
	for size := int64(1 << 10); size <= 1<<16; size <<= 1 {
		offsets = append(offsets, size)
	}
	for _, offset := range offsets {
		if _, err := f.ReadAt(b, offset); err != nil {
			continue
		}
		m, ok := decodeMeta(b)
		if ok && (offset == 0 || offset == int64(m.pageSize)) && (!found || m.tx > best.tx) {
			best, found = m, true
		}
	}
	if !found {
		return best, 0, fmt.Errorf("store: %s has no valid meta page: %w; restore a backup", path, ErrCorrupt)
	}
	return best, info.Size(), nil
}

func lastTransaction(path string) (int, error) {
	m, _, err := readMeta(path)
	return int(m.tx), err
}

// probeIndex refuses an index file that is shorter than its pages: reading it would kill the process.
func probeIndex(path string) error {
	m, size, err := readMeta(path)
	if err != nil {
		return err
	}
	if want := int64(m.pages) * int64(m.pageSize); size < want {
		return fmt.Errorf("store: %s is cut short (%d of %d octets): %w; restore a backup", path, size, want, ErrCorrupt)
	}
	return nil
}
