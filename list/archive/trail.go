package archive

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"

	"convene/list"
)

const (
	// batchPosts and batchSize are how many posts, and octets of them, enter the file in one transaction.
	batchPosts = 512
	batchSize  = 32 << 20
	// spare is for how much mail there is to be room on the disk beside: mail comes first, and this file would be the one to fill the last of it.
	spare = 16 << 20
	// againAfter is how long Run waits after an error.
	againAfter = 30 * time.Second
)

// Run follows the store until ctx ends. What goes wrong is logged, and tried again.
func (f *File) Run(ctx context.Context) {
	filed, stop := f.source.Watch()
	defer stop()
	for {
		var again <-chan time.Time
		if err := f.CatchUp(ctx); err != nil && ctx.Err() == nil {
			f.log.Error("what is derived from the posts does not follow them", "error", err)
			again = time.After(againAfter)
		}
		select {
		case <-ctx.Done():
			return
		case <-filed:
		case <-again:
		}
	}
}

// CatchUp reads what is behind: when it returns without an error, everything that the store had when it was called is in the file.
func (f *File) CatchUp(ctx context.Context) error {
	f.following.Lock()
	defer f.following.Unlock()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		more, err := f.step()
		if err != nil || !more {
			return err
		}
	}
}

// Following is up to which number of a list the file has its posts.
func (f *File) Following(id uint32) (number uint32, err error) {
	f.swap.RLock()
	defer f.swap.RUnlock()
	return number, f.guard(func() error {
		return f.db.View(func(tx *bolt.Tx) error {
			number = decodeMark(tx.Bucket(inMarks).Get(listKey(id))).number
			return nil
		})
	})
}

// Behind is about how many posts are not in the file yet, of all lists.
func (f *File) Behind() (posts uint64, err error) {
	f.swap.RLock()
	defer f.swap.RUnlock()
	return posts, f.guard(func() error {
		return f.db.View(func(tx *bolt.Tx) error {
			marks := tx.Bucket(inMarks)
			return f.source.View(func(r list.Reader) error {
				return r.Lists(func(rec list.Record) error {
					last := decodeMark(marks.Get(listKey(rec.ID))).number
					return r.Posts(rec.ID, last+1, func(list.Post) error {
						posts += uint64(max(rec.Posts, last+1) - last)
						return list.ErrStop
					})
				})
			})
		})
	})
}

// batch is what enters the file in one transaction.
type batch struct {
	removals []list.Removal
	posts    []list.Post
	size     int64
	marks    map[uint32]mark
	read     [][]any // of each post by each part
}

func (b *batch) full() bool { return len(b.posts) >= batchPosts || b.size >= batchSize }

// step does one batch; more is false where there was nothing to be done. A file that turns out to be damaged begins anew.
func (f *File) step() (more bool, err error) {
	b := &batch{marks: map[uint32]mark{}}
	var broken error
	err = f.guard(func() error { broken = f.collect(b); return nil })
	if err == nil && broken == nil && len(b.marks) == 0 && len(b.removals) == 0 {
		return false, nil
	}
	if err == nil && broken == nil {
		if err := f.source.Room(b.size + spare); err != nil {
			return false, fmt.Errorf("archive: %w", err)
		}
		f.read(b)
		err = f.guard(func() error { broken = f.put(b); return nil })
	}
	if err == nil {
		return true, broken
	}
	f.log.Error("what is derived from the posts is made anew", "error", err)
	f.swap.Lock()
	defer f.swap.Unlock()
	f.guard(func() error { return f.db.Close() }) //nolint:errcheck // it is damaged, and goes
	return true, f.begin()
}

// collect finds what is behind, in one snapshot of the store: a post in it that was removed by then is not shown, and one that is removed later is
// followed by its removal.
func (f *File) collect(b *batch) error {
	return f.db.View(func(tx *bolt.Tx) error {
		marks, last := tx.Bucket(inMarks), taken(tx.Bucket(inMeta))
		return f.source.View(func(r list.Reader) error {
			err := r.Removals(last, func(one list.Removal) error {
				b.removals = append(b.removals, one)
				if len(b.removals) == batchPosts {
					return list.ErrStop
				}
				return nil
			})
			if err == nil {
				err = b.changed(r, marks)
			}
			if err != nil {
				return err
			}
			return r.Lists(func(rec list.Record) error {
				if b.full() {
					return list.ErrStop
				}
				return b.newer(r, rec, decodeMark(marks.Get(listKey(rec.ID))).number)
			})
		})
	})
}

// changed collects the posts that lost their attachments: they are entered again.
func (b *batch) changed(r list.Reader, marks *bolt.Bucket) error {
	again := map[[2]uint32]bool{}
	for _, one := range b.removals {
		if !one.Attachments || again[[2]uint32{one.List, one.Post}] || one.Post > decodeMark(marks.Get(listKey(one.List))).number {
			continue
		}
		again[[2]uint32{one.List, one.Post}] = true
		p, err := r.Post(one.List, one.Post)
		if err != nil {
			return err
		}
		if p.Shown() {
			b.posts = append(b.posts, p)
		}
	}
	return nil
}

// newer collects the posts of a list behind a number.
func (b *batch) newer(r list.Reader, rec list.Record, after uint32) error {
	return r.Posts(rec.ID, after+1, func(p list.Post) error {
		if b.full() {
			return list.ErrStop
		}
		b.marks[rec.ID] = mark{number: p.Number, content: p.ContentKey}
		if p.Shown() {
			b.posts = append(b.posts, p)
			b.size += int64(p.Ref.Length)
		}
		return nil
	})
}

// read has every part read every post, on all processors. A post that cannot be read back is left out: the store's own verification tells of it.
func (f *File) read(b *batch) {
	b.read = make([][]any, len(b.posts))
	next := make(chan int)
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(b.posts)) {
		all.Go(func() {
			for i := range next {
				p := &b.posts[i]
				read, err := f.readPost(p)
				if err != nil {
					f.log.Error("a post is left out of what is derived from posts", "list", p.List, "post", p.Number, "error", err)
				}
				b.read[i] = read
			}
		})
	}
	for i := range b.posts {
		next <- i
	}
	close(next)
	all.Wait()
}

// readPost has every part read a post. A panic would end the program, and again after each start, for as long as the post is there.
func (f *File) readPost(p *list.Post) (read []any, err error) {
	defer func() {
		if broken := recover(); broken != nil {
			read, err = nil, fmt.Errorf("panic: %v\n%s", broken, debug.Stack())
		}
	}()
	raw, err := f.source.Raw(p.Ref)
	if errors.Is(err, list.ErrNotFound) {
		return nil, nil // removed since it was listed: its removal follows
	} else if err != nil {
		return nil, err
	}
	for _, part := range f.parts {
		read = append(read, part.Read(p, raw))
	}
	return read, nil
}

// put enters a batch.
func (f *File) put(b *batch) error {
	return f.db.Update(func(tx *bolt.Tx) error {
		for n, part := range f.parts {
			bucket := tx.Bucket([]byte(part.Name()))
			for i := range b.removals {
				if err := part.Remove(bucket, &b.removals[i]); err != nil {
					return fmt.Errorf("archive: %s: %w", part.Name(), err)
				}
			}
			var all []Entry
			for i := range b.posts {
				if b.read[i] != nil {
					all = append(all, Entry{&b.posts[i], b.read[i][n]})
				}
			}
			if err := part.Put(bucket, all); err != nil {
				return fmt.Errorf("archive: %s: %w", part.Name(), err)
			}
		}
		var errs []error
		for id, m := range b.marks {
			errs = append(errs, tx.Bucket(inMarks).Put(listKey(id), m.encode()))
		}
		if n := len(b.removals); n > 0 {
			errs = append(errs, tx.Bucket(inMeta).Put(keyTaken, binary.BigEndian.AppendUint64(nil, b.removals[n-1].Seq)))
		}
		return errors.Join(errs...)
	})
}

func listKey(id uint32) []byte { return binary.BigEndian.AppendUint32(nil, id) }
