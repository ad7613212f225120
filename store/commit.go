package store

import (
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"convene/list"
)

// ErrClosed: the store was closed.
var ErrClosed = errors.New("store is closed")

// job is one function that waits for its transaction.
type job struct {
	records [][]byte   // for the segment; none: it keeps no message
	refs    []list.Ref // of each of them; their Length is known from the start
	run     func(list.Tx, []list.Ref) error
	full    error // why it must not write; nil: it may
	err     error
	done    chan struct{}
	added   []enqueued
	given   []given // what it gave up of the outbox
	noted   bool    // it put a note
	filed   bool    // it put a post or a removal
}

// size is how many octets of records it keeps.
func (j *job) size() (n int) {
	for _, r := range j.records {
		n += len(r)
	}
	return n
}

// groupLimit is how many octets of records one group takes at most, so that nobody waits for ever.
const groupLimit = 16 << 20

// committer is the one goroutine that writes. It takes all that waits as one group, without waiting for more.
type committer struct {
	mu      sync.Mutex
	waiting []*job
	closed  bool
	wake    chan struct{}
	stopped chan struct{}
}

func newCommitter() *committer {
	return &committer{wake: make(chan struct{}, 1), stopped: make(chan struct{})}
}

func (c *committer) add(j *job) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return ErrClosed
	}
	c.waiting = append(c.waiting, j)
	signal(c.wake)
	return nil
}

// stop lets what waits finish and then ends the committer.
func (c *committer) stop() {
	c.mu.Lock()
	c.closed = true
	signal(c.wake)
	c.mu.Unlock()
	<-c.stopped
}

// take removes the next group; more is false when there will never be another.
func (c *committer) take() (group []*job, more bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	size, n := 0, 0
	for n < len(c.waiting) && (n == 0 || size+c.waiting[n].size() <= groupLimit) {
		size += c.waiting[n].size()
		n++
	}
	group = c.waiting[:n:n]
	if c.waiting = c.waiting[n:]; len(c.waiting) == 0 {
		c.waiting = nil
	} else {
		signal(c.wake)
	}
	return group, len(c.waiting) > 0 || !c.closed
}

// signal puts a token into a one-slot channel unless there is one.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// restAfter is how long nothing must have been committed before the pages of the index are let go of; while commits follow one another it is
// done each breathe, so that a fan-out to many takes no more memory than one to few. To touch a page again costs less than a microsecond.
const (
	restAfter = 5 * time.Second
	breathe   = time.Second
)

// commitLoop runs until the committer is stopped.
func (db *DB) commitLoop() {
	defer close(db.committer.stopped)
	rest := time.NewTimer(restAfter)
	defer rest.Stop()
	often := time.NewTicker(breathe)
	defer often.Stop()
	for more := true; more; {
		select {
		case <-db.committer.wake:
		case <-rest.C:
			db.unmap()
			continue
		}
		rest.Reset(restAfter)
		var group []*job
		if group, more = db.committer.take(); len(group) == 0 {
			continue
		}
		db.commit(group)
		for _, j := range group {
			close(j.done)
		}
		select {
		case <-often.C:
			db.unmap()
		default:
		}
	}
}

// submit hands a job to the committer and waits for its answer.
func (db *DB) submit(j *job) error {
	if err := db.broken.err(); err != nil {
		return err
	}
	j.done = make(chan struct{})
	if err := db.committer.add(j); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	<-j.done
	return j.err
}

// commit makes one group durable: at most one sync of the segment and the two of the index.
func (db *DB) commit(group []*job) {
	if err := db.broken.err(); err != nil {
		refuse(group, err)
		return
	}
	group = db.roomFor(group)
	if len(group) == 0 {
		return
	}
	synced, err := db.writeRecords(group)
	if err != nil {
		refuse(group, db.fail(fmt.Errorf("write of the segments: %w", err)))
		return
	}
	for len(group) > 0 {
		failed, err := db.runGroup(group, synced)
		if err != nil {
			refuse(group, db.fail(fmt.Errorf("commit: %w", err)))
			return
		}
		if failed == nil {
			break
		}
		rest := make([]*job, 0, len(group)-1)
		for _, j := range group {
			if j != failed {
				rest = append(rest, j)
			}
		}
		group = rest
	}
	if err := synced(); err != nil {
		// Nothing was to be committed, so nobody has waited for it yet.
		refuse(group, db.fail(err))
		return
	}
	for _, j := range group {
		db.outbox.enqueued(j.added)
		db.outbox.dropped(j.given)
		if j.noted {
			signal(db.noted)
		}
		if j.filed {
			db.watch.tell()
		}
	}
}

func refuse(group []*job, err error) {
	for _, j := range group {
		j.err = err
	}
}

// roomFor answers ErrFull to those jobs of the group for which there is no room, before a write can fail for want of it. A function without
// a record may turn out to write nothing, as those of a start do, so it runs, and gets that answer only if it wrote.
func (db *DB) roomFor(group []*job) []*job {
	free, err := db.free(db.dir)
	if err != nil {
		refuse(group, fmt.Errorf("store: %w", err))
		return nil
	}
	rest := group[:0:0]
	for _, j := range group {
		need := int64(reserve / 8) // what changes the index only may use the reserve: it is how space is won back
		if len(j.records) > 0 {
			need = reserve/2 + int64(j.size())
		}
		if free < need {
			j.full = fmt.Errorf("store: %w: %d octets are free", list.ErrFull, free)
			if len(j.records) > 0 {
				j.err = j.full
				continue
			}
		}
		free -= int64(j.size())
		rest = append(rest, j)
	}
	return rest
}

// writeRecords puts the records of a group into the segment and begins to sync it. synced waits for that and says how it went; it may be
// called more than once. While the disk works the functions of the group run, and the index is committed only after it (runGroup).
func (db *DB) writeRecords(group []*job) (synced func() error, err error) {
	var records [][]byte
	for _, j := range group {
		records = append(records, j.records...)
	}
	if len(records) == 0 {
		return func() error { return nil }, nil
	}
	at, err := db.segments.write(records)
	if err != nil {
		return nil, err
	}
	for _, j := range group {
		for i := range j.records {
			j.refs[i].Segment, j.refs[i].Offset = at[i].segment, uint64(at[i].offset)
		}
		at, j.records = at[len(j.records):], nil
	}
	result := make(chan error, 1)
	go func() { result <- db.segments.sync() }()
	return sync.OnceValue(func() error {
		if err := <-result; err != nil {
			return fmt.Errorf("sync of the segments: %w", err)
		}
		db.stats.syncs.Add(1)
		return nil
	}), nil
}

// runGroup runs the functions of a group in one transaction. It returns the job whose function failed after it had written: then nothing
// is done yet, and the others must run again. A function that fails before it writes is only left out. err is that of the index itself.
func (db *DB) runGroup(group []*job, synced func() error) (failed *job, err error) {
	tx, err := db.bolt.Begin(true)
	if err != nil {
		return nil, err
	}
	wrote := 0
	for _, j := range group {
		t := &txn{tx: tx, outbox: &db.outbox}
		if j.err = db.runJob(j, t); j.err == nil && t.writes > 0 {
			j.err = j.full
		}
		if j.err != nil {
			if t.writes > 0 {
				return j, tx.Rollback()
			}
			continue
		}
		j.added, j.given, j.noted, j.filed = t.enqueued, t.given, t.noted, t.filed
		wrote += t.writes
	}
	if wrote == 0 {
		return nil, tx.Rollback()
	}
	if err := db.putTail(&txn{tx: tx}); err != nil {
		return nil, errors.Join(err, tx.Rollback())
	}
	// What the index names must be on disk before the index is.
	if err := synced(); err != nil {
		return nil, errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return nil, err
	}
	db.stats.syncs.Add(2)
	db.stats.groups.Add(1)
	db.stats.jobs.Add(uint64(len(group)))
	return nil, nil
}

// runJob runs one function; a panic in it is its error and nobody else's.
func (db *DB) runJob(j *job, t *txn) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			db.log.Error("a transaction panicked", "panic", p, "stack", string(debug.Stack()))
			t.writes++ // who knows
			err = fmt.Errorf("store: a transaction panicked: %v", p)
		}
	}()
	return j.run(t, j.refs)
}
