package store

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"convene/list"
)

// failing is a file whose writes and syncs fail once they are told to.
type failing struct {
	file
	write, sync error
}

func (f *failing) WriteAt(b []byte, at int64) (int, error) {
	if f.write != nil {
		return len(b) / 2, f.write
	}
	return f.file.WriteAt(b, at)
}

func (f *failing) Datasync() error {
	if f.sync != nil {
		return f.sync
	}
	return f.file.Datasync()
}

func TestFirstFailureEndsTheStore(t *testing.T) {
	message := func(db *DB) error { return db.Keep([]byte("x"), func(list.Tx, list.Ref) error { return nil }) }
	for name, c := range map[string]struct {
		harm func(t *testing.T, db *DB)
		do   func(t *testing.T, db *DB) error
	}{
		"a write of a segment": {
			func(_ *testing.T, db *DB) { db.segments.f = &failing{file: db.segments.f, write: syscall.ENOSPC} },
			func(_ *testing.T, db *DB) error { return message(db) },
		},
		"a sync of a segment": {
			func(_ *testing.T, db *DB) { db.segments.f = &failing{file: db.segments.f, sync: syscall.EIO} },
			func(_ *testing.T, db *DB) error { return message(db) },
		},
		"a new segment": {
			func(t *testing.T, db *DB) {
				if err := message(db); err != nil {
					t.Fatal(err)
				}
				db.segments.limit = 1
				if err := os.RemoveAll(db.segments.dir); err != nil {
					t.Fatal(err)
				}
			},
			func(_ *testing.T, db *DB) error { return message(db) },
		},
		"a commit": {
			func(t *testing.T, db *DB) { db.bolt.MaxSize = 1 },
			func(t *testing.T, db *DB) error {
				return db.Update(func(tx list.Tx) error { // more than the file has room for
					rec, err := tx.EnsureList("x@example.org", nil)
					for i := range 400 {
						if err == nil {
							_, err = tx.PutMember(list.Member{List: rec.ID, Address: fmt.Sprintf("member-%d@a.example", i), Name: strings.Repeat("x", 50_000)})
						}
					}
					return err
				})
			},
		},
		"the journal": {
			func(_ *testing.T, db *DB) {
				for i := range db.outbox.journal.files {
					db.outbox.journal.files[i] = &failing{file: db.outbox.journal.files[i], write: syscall.EIO}
				}
			},
			func(t *testing.T, db *DB) error {
				c := claim(t, db, 9)
				return db.Settle(morning, c.ID, delivered(c))
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			db, err := Open(t.TempDir(), Options{Log: quiet})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			rec := addList(t, db, "peers@example.org", "a@x.example")
			keep(t, db, rec, "1@x", []byte("x"), 1)
			c.harm(t, db)
			if err := c.do(t, db); !errors.Is(err, list.ErrBroken) {
				t.Fatalf("the failure itself: got %v", err)
			}
			select {
			case <-db.Broken():
			default:
				t.Error("nobody is told")
			}
			for what, err := range map[string]error{
				"keep":   message(db),
				"update": db.Update(func(list.Tx) error { return nil }),
				"view":   db.View(func(list.Reader) error { return nil }),
				"room":   db.Room(1),
				"settle": db.Settle(morning, 1, []list.Settled{{}}),
				"claim":  func() error { _, _, err := db.Claim(morning, smarthost, ready, 1); return err }(),
				"raw":    func() error { _, err := db.Raw(list.Ref{Segment: 1}); return err }(),
			} {
				if !errors.Is(err, list.ErrBroken) {
					t.Errorf("%s afterwards: got %v", what, err)
				}
			}
			if err := db.Close(); !errors.Is(err, list.ErrBroken) {
				t.Errorf("close: got %v", err)
			}
			if db.closedCleanly() {
				t.Error("the stop counts as a clean one")
			}
		})
	}
}

// A full disk ends nothing: deliveries are remembered without the journal, and what was refused is taken once there is room.
func TestFullDiskDoesNotEndTheStore(t *testing.T) {
	var free atomic.Int64
	free.Store(1 << 40)
	db, err := Open(t.TempDir(), Options{Log: quiet, free: func(string) (int64, error) { return free.Load(), nil }})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rec := addList(t, db, "peers@example.org", "a@x.example", "b@x.example")
	keep(t, db, rec, "1@x", []byte("x"), 2)
	free.Store(0)
	db.outbox.mu.Lock()
	files := db.outbox.journal.files
	for i := range files {
		db.outbox.journal.files[i] = &failing{file: files[i], write: syscall.ENOSPC}
	}
	db.outbox.mu.Unlock()
	got := map[copyID]int{}
	tally(t, db, morning, smarthost, got)
	once(t, got, 2)
	if err := db.Room(1); !errors.Is(err, list.ErrFull) {
		t.Errorf("room: got %v", err)
	}
	if err := db.Update(func(tx list.Tx) error { _, err := tx.EnsureList(rec.Address, nil); return err }); err != nil {
		t.Errorf("a function that writes nothing: got %v", err)
	}
	if err := db.Backup(io.Discard); !errors.Is(err, list.ErrFull) {
		t.Errorf("a backup, which copies the index: got %v", err)
	}
	free.Store(1 << 40)
	db.outbox.mu.Lock()
	db.outbox.journal.files = files
	db.outbox.mu.Unlock()
	keep(t, db, rec, "2@x", []byte("x"), 2)
	clear(got)
	tally(t, db, morning, smarthost, got)
	once(t, got, 2)
	nothingLeft(t, db)
}

// A store that was killed on a disk that is full by now opens, gives nothing away that went out already, and goes on when there is room.
func TestStartOnAFullDisk(t *testing.T) {
	db := open(t, t.TempDir())
	rec := addList(t, db, "peers@example.org", "a@x.example", "b@x.example")
	keep(t, db, rec, "1@x", []byte("x"), 2)
	c := claim(t, db, 1)
	db.outbox.fold.Lock() // so that it is in the journal only
	if err := db.Settle(morning, c.ID, delivered(c)); err != nil {
		t.Fatal(err)
	}
	dir := copyStore(t, db)
	db.outbox.fold.Unlock()
	var room atomic.Int64
	killed, err := Open(dir, Options{Log: quiet, free: func(string) (int64, error) { return room.Load(), nil }})
	if err != nil {
		t.Fatal(err)
	}
	defer killed.Close()
	if _, ok, err := killed.Claim(morning, smarthost, ready, 9); ok || err != nil {
		t.Errorf("before the journal was folded: claimed %t, %v", ok, err)
	}
	room.Store(1 << 40)
	if err := killed.foldNow(); err != nil {
		t.Fatal(err)
	}
	rest := claim(t, killed, 9)
	if len(rest.Copies) != 1 || rest.Copies[0].Number == c.Copies[0].Number {
		t.Errorf("got %v after %v", rest.Copies, c.Copies)
	}
	if err := killed.Settle(morning, rest.ID, delivered(rest)); err != nil {
		t.Fatal(err)
	}
	nothingLeft(t, killed)
}

func TestFullDiskRefusesBeforeAWriteFails(t *testing.T) {
	db := open(t, t.TempDir())
	rec := addList(t, db, "peers@example.org")
	var free int64 = 1 << 40
	db.free = func(string) (int64, error) { return free, nil }
	keepOne := func() error { return db.Keep(make([]byte, 1000), func(list.Tx, list.Ref) error { return nil }) }
	change := func() error { return db.Update(func(tx list.Tx) error { return tx.PutList(rec) }) }
	for _, c := range []struct {
		name               string
		free               int64
		room, keep, change bool
	}{
		{"plenty", reserve + 4000, true, true, true},
		{"an octet too little", reserve + 3999, false, true, true},
		{"half of the reserve", reserve / 2, false, false, true},
		{"next to nothing", reserve/8 - 1, false, false, false},
		{"freed again", 1 << 40, true, true, true},
	} {
		free = c.free
		for what, v := range map[string]struct {
			err error
			ok  bool
		}{"room": {db.Room(1000), c.room}, "keep": {keepOne(), c.keep}, "change": {change(), c.change}} {
			if v.ok != (v.err == nil) || !v.ok && !errors.Is(v.err, list.ErrFull) {
				t.Errorf("%s: %s: got %v", c.name, what, v.err)
			}
		}
	}
}

// A damaged length of a record may lead out of the file: that is an error, and not the end of the process.
func TestFaultIsDamage(t *testing.T) {
	page := os.Getpagesize()
	mapped, err := syscall.Mmap(-1, 0, page, syscall.PROT_NONE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Skip("no memory can be mapped:", err)
	}
	defer syscall.Munmap(mapped)
	db := open(t, t.TempDir())
	var seen byte
	if err := db.view(func(*txn) error { seen = mapped[page/2]; return nil }); !errors.Is(err, ErrCorrupt) {
		t.Errorf("read: got %v, %d", err, seen)
	}
	if err := db.update(func(*txn) error { seen = mapped[page/2]; return nil }); err == nil {
		t.Errorf("write: no error, %d", seen)
	}
	addList(t, db, "peers@example.org", "a@x.example")
}
