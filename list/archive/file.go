package archive

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"runtime/debug"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"convene/list"
)

// format is the version of what this file itself writes; those of the parts are beside it.
const format = 1

// The buckets that are no part's, and the keys in them.
var (
	inMeta   = []byte("meta")
	inMarks  = []byte("marks") // list -> number of the last post that was entered, and its content key
	keySite  = []byte("site")
	keyForm  = []byte("format")
	keyTaken = []byte("removals") // Seq of the last removal that was followed
)

// errStale: the file does not fit its store any more.
var errStale = errors.New("does not fit the store")

// Options are what Open needs.
type Options struct {
	// Path is that of the file, in an existing directory.
	Path   string
	Source Source
	Parts  []Part
	Log    *slog.Logger // nil: slog.Default
}

// File is what is derived. Its methods may be called from many goroutines.
type File struct {
	source Source
	parts  []Part
	log    *slog.Logger
	path   string

	following sync.Mutex   // whoever writes
	swap      sync.RWMutex // db is replaced by an empty one where it is damaged
	db        *bolt.DB
}

// Open opens the file, or begins a new one where there is none or it does not fit. What is behind is not read yet: Run does that, or CatchUp.
func Open(o Options) (*File, error) {
	f := &File{source: o.Source, parts: o.Parts, log: o.Log, path: o.Path}
	if f.log == nil {
		f.log = slog.Default()
	}
	err := f.open()
	if err == nil {
		if err = f.guard(f.fits); err == nil {
			return f, nil
		}
		err = errors.Join(err, f.db.Close())
	}
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, bolterrors.ErrTimeout) {
		return nil, fmt.Errorf("archive: %s: %w", f.path, err)
	}
	f.log.Info("what is derived from the posts is made anew", "file", f.path, "reason", err)
	if err := f.begin(); err != nil {
		return nil, err
	}
	return f, nil
}

// Close waits for whoever writes.
func (f *File) Close() error {
	f.following.Lock()
	defer f.following.Unlock()
	f.swap.Lock()
	defer f.swap.Unlock()
	return f.db.Close()
}

// View runs fn on the bucket of a part as it is now. fn must be short and must not wait for anything.
func (f *File) View(p Part, fn func(*bolt.Bucket) error) error {
	f.swap.RLock()
	defer f.swap.RUnlock()
	return f.guard(func() error {
		return f.db.View(func(tx *bolt.Tx) error { return fn(tx.Bucket([]byte(p.Name()))) })
	})
}

// guard makes an error of a fault of memory: the file is mapped, and a damaged one may lead out of it.
func (f *File) guard(fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if broken := recover(); broken != nil {
			err = fmt.Errorf("archive: %s is damaged: %v", f.path, broken)
		}
	}()
	return fn()
}

func (f *File) open() error {
	db, err := bolt.Open(f.path, 0o600, &bolt.Options{Timeout: 5 * time.Second, InitialMmapSize: 16 << 30, NoFreelistSync: true, FreelistType: bolt.FreelistMapType})
	f.db = db
	return err
}

// begin replaces the file by an empty one.
func (f *File) begin() error {
	if err := os.Remove(f.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("archive: %w", err)
	}
	if err := f.open(); err != nil {
		return fmt.Errorf("archive: %s: %w", f.path, err)
	}
	return f.db.Update(func(tx *bolt.Tx) error {
		for _, p := range f.parts {
			if _, err := tx.CreateBucket([]byte(p.Name())); err != nil {
				return fmt.Errorf("archive: %s: %w", p.Name(), err)
			}
		}
		meta, err := tx.CreateBucket(inMeta)
		if err != nil {
			return err
		}
		_, err = tx.CreateBucket(inMarks)
		return errors.Join(err, meta.Put(keySite, []byte(f.source.Site())), meta.Put(keyForm, f.versions()))
	})
}

// versions are those of the file and of its parts.
func (f *File) versions() []byte {
	v := fmt.Appendf(nil, "%d", format)
	for _, p := range f.parts {
		v = fmt.Appendf(v, " %s %d", p.Name(), p.Version())
	}
	return v
}

// fits reports, as errStale, why the file is not derived from the store as it is now.
func (f *File) fits() error {
	return f.db.View(func(tx *bolt.Tx) error {
		meta, marks := tx.Bucket(inMeta), tx.Bucket(inMarks)
		if meta == nil || marks == nil {
			return fmt.Errorf("it is new, or no file of ours: %w", errStale)
		}
		if site := meta.Get(keySite); string(site) != f.source.Site() {
			return fmt.Errorf("it is of another site: %w", errStale)
		}
		if had := meta.Get(keyForm); string(had) != string(f.versions()) {
			return fmt.Errorf("it was written by another version (%s): %w", had, errStale)
		}
		return f.source.View(func(r list.Reader) error { return behind(r, marks, taken(meta)) })
	})
}

// behind reports, as errStale, that the file has what the store has not.
func behind(r list.Reader, marks *bolt.Bucket, last uint64) error {
	if last > 0 {
		found := false
		err := r.Removals(last-1, func(one list.Removal) error { found = one.Seq == last; return list.ErrStop })
		if err != nil {
			return err
		}
		if !found {
			return fmt.Errorf("it has removals that the store has not: %w", errStale)
		}
	}
	return marks.ForEach(func(k, v []byte) error {
		mark := decodeMark(v)
		if mark.number == 0 {
			return nil
		}
		p, err := r.Post(binary.BigEndian.Uint32(k), mark.number)
		if errors.Is(err, list.ErrNotFound) || err == nil && p.ContentKey != mark.content {
			return fmt.Errorf("it has posts that the store has not: %w", errStale)
		}
		return err
	})
}

// taken is the Seq of the last removal that was followed.
func taken(meta *bolt.Bucket) uint64 {
	if v := meta.Get(keyTaken); len(v) == 8 {
		return binary.BigEndian.Uint64(v)
	}
	return 0
}

// mark says how far a list was read.
type mark struct {
	number  uint32
	content [16]byte
}

func (m mark) encode() []byte {
	return append(binary.BigEndian.AppendUint32(nil, m.number), m.content[:]...)
}

func decodeMark(v []byte) (m mark) {
	if len(v) == 4+len(m.content) {
		m.number = binary.BigEndian.Uint32(v)
		copy(m.content[:], v[4:])
	}
	return m
}
