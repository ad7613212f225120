package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"

	"convene/list"
)

// errErased: a record was there, and its content was overwritten.
var errErased = fmt.Errorf("its content was erased: %w", list.ErrNotFound)

// erase overwrites the content of a record with zeros. Nothing moves: what is behind it stays where it is, and how long it was is still there, so that one that was
// broken off is done again. Readers of segments wait until the whole record is written.
func (s *segments) erase(ref list.Ref) error {
	f, err := os.OpenFile(s.path(ref.Segment), os.O_RDWR|syscallNoFollow, 0)
	if err == nil {
		err = s.overwrite(diskFile{f}, int64(ref.Offset))
		if err == nil && !s.unsynced {
			err = diskFile{f}.Datasync()
		}
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return fmt.Errorf("store: erase the record at %d of segment %d: %w", ref.Offset, ref.Segment, err)
	}
	return nil
}

func (s *segments) overwrite(f diskFile, offset int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	header := make([]byte, recordHeader)
	if _, err := f.ReadAt(header, offset); err != nil {
		return err
	}
	size, ok := recordSize(header)
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !ok || offset+size > info.Size() {
		return ErrCorrupt
	}
	copy(header, erasedMagic)
	sum := crc32.Checksum(header[:12], castagnoli)
	zeros := make([]byte, min(size, 1<<20))
	for at, end := offset+int64(recordHeader), offset+size; at < end; {
		n := min(end-at, int64(len(zeros)))
		if _, err := f.WriteAt(zeros[:n], at); err != nil {
			return err
		}
		sum, at = crc32.Update(sum, castagnoli, zeros[:n]), at+n
	}
	binary.BigEndian.PutUint32(header[12:], sum)
	_, err = f.WriteAt(header, offset)
	return err
}

// Forget implements list.Tx.
func (t *txn) Forget(ref list.Ref) error {
	if ref == (list.Ref{}) {
		return nil
	}
	return t.put(inForgotten, forgottenKey(ref), nil)
}

func forgottenKey(ref list.Ref) key {
	return newKey().u32(ref.Segment).u64(ref.Offset).u32(ref.Length)
}

func splitForgottenKey(k []byte) (ref list.Ref, ok bool) {
	if len(k) != 16 {
		return ref, false
	}
	return list.Ref{Segment: u32At(k), Offset: u64At(k[4:]), Length: u32At(k[12:])}, true
}

// Erase implements list.Store. While a backup is written it does nothing: the index in that may be older than what was forgotten since, and name it still.
func (db *DB) Erase() error {
	if !db.copying.TryLock() {
		return nil
	}
	defer db.copying.Unlock()
	erased, err := db.eraseForgotten()
	if err != nil || len(erased) == 0 {
		return err
	}
	return db.update(func(t *txn) error {
		for _, ref := range erased {
			if err := t.delete(inForgotten, forgottenKey(ref)); err != nil {
				return err
			}
		}
		return nil
	})
}

// eraseForgotten overwrites what is forgotten and nothing names any more, and returns what that was. It may be done again.
func (db *DB) eraseForgotten() (erased []list.Ref, err error) {
	var all []list.Ref
	err = db.view(func(t *txn) error {
		return t.walk(inForgotten, nil, nil, func(k, _ []byte) error {
			ref, ok := splitForgottenKey(k)
			if !ok {
				return fmt.Errorf("store: record %x of %s: %w", k, inForgotten, ErrCorrupt)
			}
			all = append(all, ref)
			return nil
		})
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	named, err := db.named()
	if err != nil {
		return nil, err
	}
	for _, ref := range all {
		if named[place(ref)] {
			continue
		}
		if err := db.segments.erase(ref); err != nil {
			return erased, err
		}
		erased = append(erased, ref)
	}
	return erased, nil
}

// place is where a record begins.
func place(ref list.Ref) tail { return tail{ref.Segment, int64(ref.Offset)} }

// named are the places of all records that something in the index names. What waits is read first: it becomes a post or mail, and never the other way.
func (db *DB) named() (map[tail]bool, error) {
	all := map[tail]bool{}
	for _, b := range [...]bucket{inHeld, inNotes, inPosts, inOutgoing, inReports} {
		err := db.view(func(t *txn) error {
			c := t.bucket(b).Cursor()
			for k, v := c.First(); k != nil; k, v = c.Next() {
				refs, err := refsOf(b, k, v)
				if err != nil {
					return err // what it names is not known, so that nothing may be erased
				}
				for _, ref := range refs {
					if ref != (list.Ref{}) {
						all[place(ref)] = true
					}
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}
