package store

import (
	"fmt"
	"sync"

	"golang.org/x/sys/unix"

	"convene/list"
)

// reserve is how much of the file system, in octets, is left alone, so that the index can be written even when mail has to be refused.
const reserve = 64 << 20

// Room implements list.Store. A message needs its own size in the segments and, with what follows from it, less than that elsewhere.
func (db *DB) Room(size int64) error {
	if err := db.broken.err(); err != nil {
		return err
	}
	free, err := db.free(db.dir)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if free < reserve+4*size {
		return fmt.Errorf("store: %w: %d octets are free", list.ErrFull, free)
	}
	return nil
}

// freeSpace returns how many octets an ordinary user may still write where dir is. It asks each time: that costs about a microsecond.
func freeSpace(dir string) (int64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, fmt.Errorf("free space of %s: %w", dir, err)
	}
	return int64(st.Bavail) * st.Bsize, nil
}

// breakage remembers the error that ended the store's life.
type breakage struct {
	mu  sync.Mutex
	why error
	c   chan struct{}
}

func (b *breakage) err() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.why
}

// Broken is closed when a write or sync has failed. The process should stop then: what the kernel holds of the files cannot be trusted.
func (db *DB) Broken() <-chan struct{} { return db.broken.c }

// fail ends the store's life; the first error is the one that is remembered.
func (db *DB) fail(err error) error {
	b := &db.broken
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.why == nil {
		b.why = fmt.Errorf("store: %w: %w", list.ErrBroken, err)
		db.log.Error("the store failed and takes nothing more", "error", err)
		close(b.c)
	}
	return b.why
}
