package archive

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	bolt "go.etcd.io/bbolt"

	"convene/list"
	"convene/store"
)

// lengths is a part that keeps how long each post is; "boom" in one is its undoing.
type lengths struct{ version uint64 }

func (lengths) Name() string      { return "lengths" }
func (l lengths) Version() uint64 { return l.version }

func (lengths) Read(_ *list.Post, raw []byte) any {
	if bytes.Contains(raw, []byte("boom")) {
		panic("boom")
	}
	return len(raw)
}

func (lengths) key(id, post uint32) []byte {
	return binary.BigEndian.AppendUint32(listKey(id), post)
}

func (l lengths) Put(b *bolt.Bucket, all []Entry) error {
	for _, e := range all {
		if b.Get(l.key(e.Post.List, e.Post.Number)) != nil {
			return fmt.Errorf("post %d was put twice", e.Post.Number)
		}
		if err := b.Put(l.key(e.Post.List, e.Post.Number), fmt.Append(nil, e.Read)); err != nil {
			return err
		}
	}
	return nil
}

func (l lengths) Remove(b *bolt.Bucket, r *list.Removal) error {
	return b.Delete(l.key(r.List, r.Post))
}

// site is a store with one list, and what is derived from it.
type site struct {
	t    *testing.T
	dir  string
	db   *store.DB
	file *File
	log  bytes.Buffer
}

func newSite(t *testing.T) *site {
	s := &site{t: t, dir: t.TempDir()}
	s.openStore(s.dir)
	s.open(lengths{1})
	t.Cleanup(func() { s.check(s.file.Close()); s.check(s.db.Close()) })
	return s
}

func (s *site) openStore(dir string) {
	s.t.Helper()
	db, err := store.Open(dir, store.Options{Fleeting: true, Log: slog.New(slog.DiscardHandler)})
	s.check(err)
	s.db = db
	s.check(db.Update(func(tx list.Tx) error { _, err := tx.EnsureList("peers@example.org", nil); return err }))
}

func (s *site) open(parts ...Part) {
	s.t.Helper()
	s.log.Reset()
	f, err := Open(Options{Path: filepath.Join(s.dir, "archive.db"), Source: s.db, Parts: parts, Log: slog.New(slog.NewTextHandler(&s.log, nil))})
	s.check(err)
	s.file = f
}

func (s *site) reopen(parts ...Part) {
	s.t.Helper()
	s.check(s.file.Close())
	s.open(parts...)
}

func (s *site) check(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) post(text string) (number uint32) {
	s.t.Helper()
	s.check(s.db.Keep([]byte(text), func(tx list.Tx, ref list.Ref) error {
		p, err := tx.PutPost(list.Post{List: 1, Ref: ref, MessageID: text, ContentKey: [16]byte([]byte(fmt.Sprintf("%-16.16s", text))), NoArchive: strings.HasPrefix(text, "secret")})
		number = p.Number
		return err
	}))
	return number
}

// remove takes a post out, or replaces it by a text that is left of it.
func (s *site) remove(number uint32, left string) {
	s.t.Helper()
	s.check(s.db.Keep([]byte(left), func(tx list.Tx, ref list.Ref) error {
		p, err := tx.Post(1, number)
		if err != nil {
			return err
		}
		r := list.Removal{List: 1, Post: number, UID: p.MailboxUID(), At: time.Unix(1, 0), Attachments: left != ""}
		if left == "" {
			p.Removed = r.At
		} else {
			p.Ref, p.UID = ref, 100+number
		}
		if _, err = tx.PutPost(p); err == nil {
			_, err = tx.PutRemoval(r)
		}
		return err
	}))
}

func (s *site) has() string {
	s.t.Helper()
	s.check(s.file.CatchUp(context.Background()))
	all := map[uint32]string{}
	s.check(s.file.View(lengths{}, func(b *bolt.Bucket) error {
		return b.ForEach(func(k, v []byte) error { all[binary.BigEndian.Uint32(k[4:])] = string(v); return nil })
	}))
	out := ""
	for _, n := range slices.Sorted(maps.Keys(all)) {
		out += fmt.Sprintf("%d:%s ", n, all[n])
	}
	return strings.TrimSpace(out)
}

func (s *site) want(want string) {
	s.t.Helper()
	if got := s.has(); got != want {
		s.t.Errorf("the file has %q instead of %q; its log:\n%s", got, want, s.log.String())
	}
}

func TestFollowsTheStore(t *testing.T) {
	s := newSite(t)
	s.want("")
	for _, text := range []string{"one", "three", "secret", "boom", "fi"} {
		s.post(text)
	}
	s.want("1:3 2:5 5:2")
	if !strings.Contains(s.log.String(), "left out") {
		t.Errorf("nothing is said of the post that could not be read: %s", s.log.String())
	}
	s.remove(1, "")
	s.remove(2, "short and new")
	s.want("2:13 5:2")
	s.remove(2, "x")
	s.remove(5, "")
	s.post("sixth!")
	s.want("2:1 6:6")
	s.reopen(lengths{1})
	if s.log.Len() > 0 {
		t.Errorf("a file that fits was not taken as it is: %s", s.log.String())
	}
	s.want("2:1 6:6")
	if n, err := s.file.Following(1); err != nil || n != 6 {
		t.Errorf("it follows up to %d, %v", n, err)
	}
}

func TestRemovedBeforeItWasRead(t *testing.T) {
	s := newSite(t)
	s.post("one")
	s.remove(s.post("two"), "")
	s.remove(s.post("three"), "left")
	s.want("1:3 3:4")
}

func TestManyPosts(t *testing.T) {
	s := newSite(t)
	for n := range 2*batchPosts + 7 {
		s.post(fmt.Sprint(n))
	}
	if got := len(strings.Fields(s.has())); got != 2*batchPosts+7 {
		t.Errorf("%d posts are in the file", got)
	}
}

func TestBeginsAnew(t *testing.T) {
	for name, break_ := range map[string]func(s *site){
		"a part of another version": func(s *site) { s.reopen(lengths{2}) },
		"cut in the middle": func(s *site) {
			s.check(s.file.Close())
			s.check(os.Truncate(s.file.path, 5000))
			s.open(lengths{1})
		},
		"something else": func(s *site) {
			s.check(s.file.Close())
			s.check(os.WriteFile(s.file.path, []byte("nothing"), 0o600))
			s.open(lengths{1})
		},
		"not there": func(s *site) {
			s.check(s.file.Close())
			s.check(os.Remove(s.file.path))
			s.open(lengths{1})
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.post("one")
			s.remove(s.post("two"), "")
			s.want("1:3")
			break_(s)
			if !strings.Contains(s.log.String(), "made anew") {
				t.Errorf("it was not begun anew: %s", s.log.String())
			}
			s.want("1:3")
		})
	}
}

func TestDamagedWhileOpen(t *testing.T) {
	s := newSite(t)
	for n := range 100 {
		s.post(fmt.Sprint(n))
	}
	s.has()
	info, err := os.Stat(s.file.path)
	s.check(err)
	disk, err := os.OpenFile(s.file.path, os.O_WRONLY, 0)
	s.check(err)
	_, err = disk.WriteAt(bytes.Repeat([]byte{0xff}, int(info.Size())-8192), 8192)
	s.check(err)
	s.check(disk.Close())
	if err := s.file.View(lengths{}, func(b *bolt.Bucket) error { b.Get([]byte("k")); return nil }); err == nil {
		t.Error("a damaged file was read")
	}
	s.post("one")
	if got := len(strings.Fields(s.has())); got != 101 || !strings.Contains(s.log.String(), "made anew") {
		t.Errorf("%d posts are in the file; its log:\n%s", got, s.log.String())
	}
}

func TestAnotherStore(t *testing.T) {
	s := newSite(t)
	s.post("one")
	s.want("1:3")
	s.check(s.file.Close())
	s.check(s.db.Close())
	s.openStore(t.TempDir())
	s.post("another")
	s.open(lengths{1})
	s.want("1:7")
}

func TestRestoredStore(t *testing.T) {
	for name, later := range map[string]func(s *site){
		"posts that are gone":                func(s *site) { s.post("two") },
		"removals that are gone":             func(s *site) { s.remove(1, "") },
		"other posts under the same numbers": func(s *site) { s.post("two") },
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.post("one")
			var backup bytes.Buffer
			s.check(s.db.Backup(&backup))
			later(s)
			s.has()
			s.check(s.file.Close())
			s.check(s.db.Close())
			_, err := store.Restore(&backup, s.dir, true)
			s.check(err)
			s.openStore(s.dir)
			want := "1:3"
			if strings.HasPrefix(name, "other") {
				s.post("other")
				want = "1:3 2:5"
			}
			s.open(lengths{1})
			s.want(want)
		})
	}
}

func TestRunHearsOfPosts(t *testing.T) {
	s := newSite(t)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { s.file.Run(ctx); close(ended) }()
	s.post("one")
	for n := uint32(0); n == 0; {
		var err error
		n, err = s.file.Following(1)
		s.check(err)
	}
	cancel()
	<-ended
}

// A post may not be had for a moment: Run tries again by itself.
func TestRunTriesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &failing{filed: make(chan struct{})}
		file, err := Open(Options{Path: filepath.Join(t.TempDir(), "archive.db"), Source: f, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		f.fails = true
		ctx, cancel := context.WithCancel(t.Context())
		go file.Run(ctx)
		time.Sleep(2*againAfter + time.Second)
		cancel()
		synctest.Wait()
		if f.asked != 3 {
			t.Errorf("the store was asked %d times", f.asked)
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
}

type failing struct {
	filed chan struct{}
	fails bool
	asked int
}

func (f *failing) View(func(list.Reader) error) error {
	if !f.fails {
		return nil
	}
	f.asked++
	return fmt.Errorf("not now")
}
func (f *failing) Raw(list.Ref) ([]byte, error)     { return nil, nil }
func (f *failing) Watch() (<-chan struct{}, func()) { return f.filed, func() {} }
func (f *failing) Site() string                     { return "s" }
func (f *failing) Room(int64) error                 { return nil }

// full is a store on a disk that has no room.
type full struct {
	*store.DB
	full bool
}

func (f *full) Room(size int64) error {
	if f.full {
		return list.ErrFull
	}
	return f.DB.Room(size)
}

// Nothing is entered while the disk is full, and all of it when there is room again.
func TestFullDisk(t *testing.T) {
	s := newSite(t)
	s.post("one")
	s.want("1:3")
	disk := &full{s.db, true}
	s.file.source = disk
	s.post("three")
	if err := s.file.CatchUp(context.Background()); !errors.Is(err, list.ErrFull) {
		t.Errorf("on a full disk: %v", err)
	}
	if n, err := s.file.Following(1); err != nil || n != 1 {
		t.Errorf("it follows up to %d, %v", n, err)
	}
	if n, err := s.file.Behind(); err != nil || n != 1 {
		t.Errorf("%d posts behind, %v", n, err)
	}
	disk.full = false
	s.want("1:3 2:5")
	if n, err := s.file.Behind(); err != nil || n != 0 {
		t.Errorf("%d posts behind, %v", n, err)
	}
}
