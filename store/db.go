package store

import (
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"

	"convene/list"
)

// Options say how Open opens a store. The zero value is that of an ordinary start.
type Options struct {
	// Existing refuses to make a store where there is none.
	Existing bool
	// Log gets what was found at the start and what fails later; nil: slog.Default.
	Log *slog.Logger
	// LockWait is how long to wait for a store that another process has open; zero: 5 seconds, negative: not at all.
	LockWait time.Duration
	// Check checks the index file at path after a stop that was not clean. A damaged index may kill the process that reads it, so the
	// caller should run CheckIndex in another one; nil: CheckIndex in this process.
	Check func(path string) error
	// Fleeting is for a store that is thrown away: nothing waits for the disk, and what a crash leaves of it is nothing to open again.
	Fleeting bool

	free func(dir string) (int64, error) // nil: freeSpace
}

// DB is an open store. All methods may be called from many goroutines.
//
// Lock order: outbox.mu before a read transaction; nothing is held while waiting for the committer.
type DB struct {
	dir  string
	log  *slog.Logger
	bolt *bolt.DB
	lock *os.File

	codec     codec
	segments  segments
	committer *committer
	outbox    outbox
	broken    breakage
	stats     counters
	site      string
	noted     chan struct{}
	watch     watchers
	copying   sync.RWMutex // held by who reads all of the segments; nothing is erased meanwhile

	free func(dir string) (int64, error)

	closing sync.Once
	closed  atomic.Bool
	done    sync.WaitGroup // the committer
}

var _ list.Store = (*DB)(nil)

// View implements list.Store.
func (db *DB) View(f func(list.Reader) error) error {
	return db.view(func(t *txn) error { return f(t) })
}

func (db *DB) view(f func(*txn) error) (err error) {
	if err := db.broken.err(); err != nil {
		return err
	}
	if db.closed.Load() {
		return fmt.Errorf("store: %w", ErrClosed)
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer faultIsDamage(&err)
	return db.bolt.View(func(tx *bolt.Tx) error { return f(&txn{tx: tx}) })
}

// faultIsDamage makes an error of a fault of memory, where the goroutine panics on one. The index is mapped, and the length of a record
// stands outside its checksum: one that is damaged may lead out of the file, and that would end the process, again after each start.
func faultIsDamage(err *error) {
	switch p := recover().(type) {
	case nil:
	case interface {
		error
		Addr() uintptr
	}:
		*err = fmt.Errorf("store: the index is %w: %w", ErrCorrupt, p)
	default:
		panic(p)
	}
}

// Update implements list.Store.
func (db *DB) Update(f func(list.Tx) error) error {
	return db.submit(&job{run: func(tx list.Tx, _ []list.Ref) error { return f(tx) }})
}

// update is Update for what the outbox keeps beside the records of list.Tx.
func (db *DB) update(f func(*txn) error) error {
	return db.submit(&job{run: func(tx list.Tx, _ []list.Ref) error { return f(tx.(*txn)) }})
}

// Keep implements list.Store. It does not keep raw, and compresses it before it waits for anything.
func (db *DB) Keep(raw []byte, f func(list.Tx, list.Ref) error) error {
	return db.KeepAll([][]byte{raw}, func(tx list.Tx, refs []list.Ref) error { return f(tx, refs[0]) })
}

// KeepAll implements list.Store.
func (db *DB) KeepAll(raws [][]byte, f func(list.Tx, []list.Ref) error) error {
	if err := db.broken.err(); err != nil {
		return err
	}
	j := &job{run: f}
	for _, raw := range raws {
		if uint64(len(raw)) > math.MaxUint32/2 {
			return fmt.Errorf("store: a message of %d octets: %w", len(raw), list.ErrFull)
		}
		j.records = append(j.records, encodeRecord(&db.codec, raw))
		j.refs = append(j.refs, list.Ref{Length: uint32(len(raw))})
	}
	return db.submit(j)
}

// Noted implements list.Store.
func (db *DB) Noted() <-chan struct{} { return db.noted }

// Raw implements list.Store.
func (db *DB) Raw(ref list.Ref) ([]byte, error) {
	if err := db.broken.err(); err != nil {
		return nil, err
	}
	if db.closed.Load() {
		return nil, fmt.Errorf("store: %w", ErrClosed)
	}
	return db.segments.read(ref)
}

// Site is the random id that the store was given when it was made.
func (db *DB) Site() string { return db.site }

// Dir is the directory that the store is in.
func (db *DB) Dir() string { return db.dir }

func (db *DB) indexPath() string { return filepath.Join(db.dir, indexFile) }
