package store

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	bolt "go.etcd.io/bbolt"
	"golang.org/x/sys/unix"

	"convene/list"
)

// mapSize is how many octets of addresses are set aside for the index, so that it never has to be mapped anew: that would make every
// writer wait for every open read transaction.
const mapSize = 64 << 30

// Open opens the store in dir and makes one if there is none (but see Options.Existing). The error is a *InUseError when another process
// has it open. After a stop that was not clean it first drops what the kernel has cached of the files, since that may be what a failing
// disk never got, then checks the index and the last segment, and cuts off what was torn.
func Open(dir string, o Options) (*DB, error) {
	log := cmp.Or(o.Log, slog.Default())
	exists, err := prepareDir(dir, o.Existing)
	if err != nil {
		return nil, err
	}
	lock, err := lockDir(dir, max(0, cmp.Or(o.LockWait, 5*time.Second)))
	if err != nil {
		return nil, err
	}
	db := &DB{dir: dir, log: log, lock: lock, free: o.free}
	if db.free == nil {
		db.free = freeSpace
	}
	db.broken.c, db.noted = make(chan struct{}), make(chan struct{}, 1)
	db.segments = segments{dir: filepath.Join(dir, segmentsDir), codec: &db.codec, limit: segmentLimit, unsynced: o.Fleeting}
	if !exists {
		err = db.create()
	}
	if err == nil {
		err = db.open(o.Check)
	}
	if err != nil {
		return nil, errors.Join(err, db.closeFiles())
	}
	return db, nil
}

// prepareDir sees whether there is a store in dir, and makes dir when it is missing and may be made.
func prepareDir(dir string, existing bool) (exists bool, err error) {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) && !existing {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return false, fmt.Errorf("store: %w", err)
		}
		if err := syncDir(filepath.Dir(filepath.Clean(dir))); err != nil {
			return false, fmt.Errorf("store: %w", err)
		}
	} else if err != nil {
		return false, fmt.Errorf("store: %s: %w", dir, ErrNoStore)
	}
	if err := owned(dir); err != nil {
		return false, err
	}
	exists, err = inspect(dir)
	if err == nil && !exists && existing {
		err = fmt.Errorf("store: %s: %w", dir, ErrNoStore)
	}
	return exists, err
}

// create makes an empty store. The marker comes last: without it a half-made store is begun again by hand, never mistaken for a whole one.
func (db *DB) create() error {
	marker := newMarker()
	if err := os.Chmod(db.dir, 0o700); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if err := os.Mkdir(db.segments.dir, 0o700); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if err := db.segments.create(1); err != nil {
		return fmt.Errorf("store: segment 1: %w", err)
	}
	index, err := bolt.Open(db.indexPath(), 0o600, boltOptions())
	if err != nil {
		return fmt.Errorf("store: %s: %w", db.indexPath(), err)
	}
	err = index.Update(func(tx *bolt.Tx) error {
		t := &txn{tx: tx}
		if err := createBuckets(tx); err != nil {
			return err
		}
		return errors.Join(t.putMetaU64(metaSchema, schemaVersion), db.putTail(t), t.renewValidity(db.indexPath()))
	})
	if err = errors.Join(err, index.Close(), db.segments.close()); err != nil {
		return fmt.Errorf("store: %s: %w", db.indexPath(), err)
	}
	if err := writeFile(db.dir, markerFile, []byte(marker)); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return db.markClean()
}

func createBuckets(tx *bolt.Tx) error {
	for b := range buckets {
		if _, err := tx.CreateBucketIfNotExists([]byte(b.String())); err != nil {
			return fmt.Errorf("store: bucket %s: %w", b, err)
		}
	}
	return nil
}

func boltOptions() *bolt.Options {
	return &bolt.Options{Timeout: time.Second, InitialMmapSize: mapSize, FreelistType: bolt.FreelistMapType, NoFreelistSync: true}
}

// open opens what is there and starts the goroutines.
func (db *DB) open(check func(string) error) (err error) {
	if db.site, err = readMarker(db.dir); err != nil {
		return err
	}
	clean := db.closedCleanly()
	if !clean {
		if err := db.checkIndex(check); err != nil {
			return err
		}
	}
	if err := db.openIndex(); err != nil {
		return err
	}
	if err := db.openSegments(clean); err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(db.dir, cleanFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("store: %w", err)
	}
	db.committer = newCommitter()
	db.done.Go(db.commitLoop)
	if err := db.openOutbox(); err != nil {
		db.committer.stop()
		db.done.Wait()
		return err
	}
	if !clean {
		db.unmap() // to find the free pages, every page was touched
	}
	return nil
}

// checkIndex looks at an index that nobody closed, before it is mapped and trusted.
func (db *DB) checkIndex(check func(string) error) error {
	db.log.Info("the store was not closed; checking it", "dir", db.dir)
	if err := dropCached(db.indexPath()); err != nil {
		return err
	}
	if err := probeIndex(db.indexPath()); err != nil {
		return err
	}
	if check == nil {
		check = CheckIndex
	}
	if err := check(db.indexPath()); err != nil {
		return fmt.Errorf("store: %s is damaged: %w; restore a backup", db.indexPath(), err)
	}
	return nil
}

func (db *DB) openIndex() error {
	index, err := bolt.Open(db.indexPath(), 0o600, boltOptions())
	if err != nil {
		return fmt.Errorf("store: %s: %w", db.indexPath(), err)
	}
	db.bolt, index.NoSync = index, db.segments.unsynced
	return migrate(index)
}

// openSegments opens the segments and, after a stop that was not clean, mends their end.
func (db *DB) openSegments(clean bool) error {
	var known tail
	err := db.bolt.View(func(tx *bolt.Tx) (err error) {
		known, err = (&txn{tx: tx}).tail()
		return err
	})
	if err != nil {
		return err
	}
	if err := db.segments.open(known); err != nil {
		return err
	}
	if !clean {
		if err := dropCached(db.segments.path(known.segment)); err != nil {
			return err
		}
	}
	if size, err := db.segments.size(); err != nil {
		return err
	} else if clean && size == known.offset {
		return nil
	}
	if !clean {
		// What was being erased may be neither the one nor the other.
		if _, err := db.eraseForgotten(); err != nil {
			db.log.Error("what is to be erased is still there", "error", err)
		}
	}
	problems, err := db.segments.recover()
	for _, p := range problems {
		db.log.Error("the store is damaged; verify names what is lost", "problem", p)
	}
	return err
}

// dropCached makes the kernel forget what it has cached of a file, so that the disk itself is read. After a failed write the cache may
// hold pages that never reached the disk and never will.
func dropCached(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	defer f.Close()
	if err := unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED); err != nil {
		return fmt.Errorf("store: %s: %w", path, err)
	}
	return nil
}

// unmap lets go of the pages of the index that were touched: the kernel keeps them cached, but they no longer count as our memory.
func (db *DB) unmap() {
	// In a transaction, so that the map is there. That it is only advice is why nobody hears of an error.
	_ = db.bolt.View(func(tx *bolt.Tx) error {
		_, _, _ = unix.Syscall(unix.SYS_MADVISE, db.bolt.Info().Data, uintptr(tx.Size()), unix.MADV_DONTNEED)
		return nil
	})
}

// Close waits for what was submitted, folds the journal and leaves the mark of a clean stop.
func (db *DB) Close() error {
	var err error
	db.closing.Do(func() { err = db.close() })
	return err
}

func (db *DB) close() error {
	foldErr := db.closeOutbox()
	db.committer.stop()
	db.done.Wait()
	db.closed.Store(true)
	if err := db.broken.err(); err != nil {
		return errors.Join(err, db.closeFiles())
	}
	// With the list of free pages on disk the next start need not walk the whole file to find them.
	db.bolt.NoFreelistSync = false
	err := db.bolt.Update(func(tx *bolt.Tx) error { return db.putTail(&txn{tx: tx}) })
	if err = errors.Join(foldErr, err); err != nil {
		return errors.Join(fmt.Errorf("store: close: %w: %w", list.ErrBroken, err), db.closeFiles())
	}
	return errors.Join(db.markClean(), db.closeFiles())
}

func (db *DB) closeFiles() error {
	errs := []error{db.outbox.journal.close(), db.segments.close()}
	if db.bolt != nil {
		errs = append(errs, db.bolt.Close())
	}
	return errors.Join(append(errs, db.lock.Close())...)
}
