package archive

import (
	bolt "go.etcd.io/bbolt"

	"convene/list"
)

// Source is the store that everything is derived from.
type Source interface {
	View(f func(list.Reader) error) error
	Raw(list.Ref) ([]byte, error)
	Watch() (filed <-chan struct{}, stop func())
	Site() string
	// Room reports whether the disk has room for so much mail; list.ErrFull: it has not.
	Room(size int64) error
}

// Part is one thing that is derived from posts. It has a bucket of its own in the file, and is told of every post that may be shown, once, in the order of
// their numbers within a list; of a post that was changed it is told again after its removal.
type Part interface {
	// Name is that of its bucket.
	Name() string
	// Version is of what it writes: a file with another one begins anew.
	Version() uint64
	// Read makes of a post what Put needs. It is called by several goroutines, outside of any transaction, and must not keep raw.
	Read(p *list.Post, raw []byte) any
	// Put enters what was read, some hundred posts at a time.
	Put(b *bolt.Bucket, all []Entry) error
	// Remove forgets a post.
	Remove(b *bolt.Bucket, r *list.Removal) error
}

// Entry is a post with what a part has read of it.
type Entry struct {
	Post *list.Post
	Read any
}
