package store

import (
	"fmt"
	"os"
	"sync/atomic"
)

// counters count what the committer did since the start.
type counters struct {
	syncs, groups, jobs atomic.Uint64
}

// Stats are figures for status: sizes on disk in octets, and what the committer did since the start.
type Stats struct {
	Index    int64
	Segments int64
	Free     int64  // octets that may still be written to the file system
	Syncs    uint64 // of segments and index
	Groups   uint64 // transactions
	Jobs     uint64 // functions in them
	Restored bool   // the store came out of a backup and its outbox has not been resumed
}

// Stats reads the figures.
func (db *DB) Stats() (s Stats, err error) {
	s.Syncs, s.Groups, s.Jobs = db.stats.syncs.Load(), db.stats.groups.Load(), db.stats.jobs.Load()
	if s.Free, err = db.free(db.dir); err != nil {
		return s, fmt.Errorf("store: %w", err)
	}
	index, err := os.Stat(db.indexPath())
	if err != nil {
		return s, fmt.Errorf("store: %w", err)
	}
	s.Index = index.Size()
	segments, err := os.ReadDir(db.segments.dir)
	if err != nil {
		return s, fmt.Errorf("store: %w", err)
	}
	for _, e := range segments {
		info, err := e.Info()
		if err != nil {
			return s, fmt.Errorf("store: %w", err)
		}
		s.Segments += info.Size()
	}
	err = db.view(func(t *txn) error {
		s.Restored = t.has(inMeta, []byte(metaRestored))
		return nil
	})
	return s, err
}
