package store

import (
	"errors"
	"fmt"
	"time"

	"convene/list"
)

// foldEvery is how long results may gather before they are folded into the index while more keep coming.
const foldEvery = 50 * time.Millisecond

// foldAgain is how long to wait for room after there was none.
const foldAgain = time.Second

// foldLoop folds as soon as there is something, and then not again for a while.
func (db *DB) foldLoop() {
	o := &db.outbox
	for {
		select {
		case <-o.kick:
		case <-o.stop:
			return
		}
		wait := foldEvery
		if err := db.foldNow(); err != nil && !errors.Is(err, list.ErrBroken) {
			db.log.Error("results of deliveries are not in the index yet", "error", err)
			wait = foldAgain
		}
		pause := time.NewTimer(wait)
		select {
		case <-pause.C:
		case <-o.stop:
			pause.Stop()
			return
		}
	}
}

// closeOutbox ends the folder, takes no more results, folds what is left and empties the journal.
func (db *DB) closeOutbox() error {
	o := &db.outbox
	close(o.stop)
	o.folder.Wait()
	o.mu.Lock()
	o.closed = true
	o.mu.Unlock()
	err := db.foldNow()
	if errors.Is(err, list.ErrBroken) {
		return nil // it is known
	}
	if err != nil {
		return err // the journal keeps it for the next start
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.journal.reset()
}

// foldNow brings everything that was settled into the index. When it returns without an error, the index is what Settle said.
func (db *DB) foldNow() error {
	o := &db.outbox
	o.fold.Lock()
	defer o.fold.Unlock()
	again := o.beginFold()
	if err := db.foldBatch(); err != nil || !again {
		return err
	}
	o.beginFold()
	return db.foldBatch()
}

// beginFold makes what is pending the batch to fold and turns to the other file of the journal. If the last batch found no room, it stays
// the batch, since the file that it is in still counts, and beginFold returns true.
func (o *outbox) beginFold() (left bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.folding) > 0 || len(o.ending) > 0 {
		return true
	}
	o.folding, o.pending = o.pending, nil
	o.ending, o.spread = o.spread, nil
	o.journal.turn()
	return false
}

// foldBatch folds the batch. Nobody else changes it meanwhile.
func (db *DB) foldBatch() error {
	o := &db.outbox
	if len(o.folding) == 0 && len(o.ending) == 0 {
		return nil
	}
	var f folded
	err := db.update(func(t *txn) error {
		f = folded{}
		return t.fold(o.folding, o.ending, &f)
	})
	o.mu.Lock()
	defer o.mu.Unlock()
	if errors.Is(err, list.ErrFull) || errors.Is(err, ErrClosed) {
		signal(o.kick)
		return err
	}
	if err != nil {
		return db.fail(fmt.Errorf("fold of the journal: %w", err))
	}
	clear := o.journal.clear
	if o.behind { // the batch came from both files, and nothing was added
		clear = o.journal.reset
		o.behind = false
		signal(o.wake)
	}
	if err := clear(); err != nil {
		return db.fail(fmt.Errorf("journal: %w", err))
	}
	for _, s := range o.folding {
		for _, n := range s.busy {
			delete(o.busy, copyID{s.outgoing, n})
		}
	}
	o.folding, o.ending = nil, nil
	o.copies -= min(o.copies, f.copies)
	o.outgoings -= f.outgoings
	if f.earliest != nil && !f.earliest.After(o.dueSeen) {
		o.dueFrom = nil
		signal(o.wake)
	}
	return nil
}

// ending is an outgoing of which no domain is left.
type ending struct {
	outgoing uint64
	at       time.Time
}

// folded is what a fold did.
type folded struct {
	now       time.Time // latest time of the batch
	copies    uint64    // fewer
	outgoings int       // done
	earliest  *time.Time
}

// outgoingDomain names one record of inSettled.
type outgoingDomain struct {
	outgoing uint64
	domain   string
}

// fold applies settlements in their order. To apply one twice changes nothing but the counter of progress, and the journal's number in
// the same transaction keeps that from happening.
func (t *txn) fold(batch []*settlement, spread []ending, f *folded) error {
	settled := map[uint64]settledCopies{}
	ranges := map[outgoingDomain]*settledRow{}
	var seq uint64
	for _, s := range batch {
		if seq = max(seq, s.seq); s.at.After(f.now) {
			f.now = s.at
		}
		settled[s.outgoing] = settled[s.outgoing].and(s.count())
		for i := range s.domains {
			d := &s.domains[i]
			k := outgoingDomain{s.outgoing, d.domain}
			if ranges[k] == nil {
				ranges[k] = &settledRow{}
			}
			ranges[k].done = ranges[k].done.union(d.done)
			ranges[k].passed = ranges[k].passed.union(d.passed)
		}
		if err := t.foldRows(s, f); err != nil {
			return err
		}
	}
	for k, r := range ranges {
		if len(r.done) == 0 {
			// Nobody at that domain was to have it. After a restart that is found out again, which is cheaper than a record for each domain of
			// each post.
			continue
		}
		if err := t.addSettled(k.outgoing, k.domain, r); err != nil {
			return err
		}
	}
	spreadNow := map[uint64]bool{}
	for _, e := range spread {
		settled[e.outgoing] = settled[e.outgoing].and(settledCopies{})
		spreadNow[e.outgoing] = true
		if e.at.After(f.now) {
			f.now = e.at
		}
	}
	for id, n := range settled {
		if err := t.foldProgress(id, n, spreadNow[id], f); err != nil {
			return err
		}
	}
	if seq == 0 {
		return nil
	}
	return t.putMetaU64(metaJournal, seq)
}

func (t *txn) foldRows(s *settlement, f *folded) error {
	for _, n := range s.cleared {
		if err := t.deleteDeferred(s.outgoing, n); err != nil {
			return err
		}
	}
	waits := t.has(inWaiting, outKey(s.outgoing))
	for i := range s.rows {
		row := s.rows[i] // a copy: others may be reading the settlement
		r := &row
		if r.outcome == list.Deferred && !waits {
			r.outcome = list.Dropped // by command, while the worker had it
		}
		if err := t.deleteDeferred(s.outgoing, r.number); err != nil {
			return err
		}
		if r.outcome != list.Deferred {
			r.at = s.at
			if err := t.putFailed(s.outgoing, r); err != nil {
				return err
			}
			continue
		}
		if f.earliest == nil || r.due.Before(*f.earliest) {
			f.earliest = &r.due
		}
		if err := t.putDeferred(s.outgoing, r); err != nil {
			return err
		}
	}
	return nil
}

func (t *txn) putCopy(b bucket, outgoing uint64, r *copyRow) error {
	e := newEncoder(96)
	r.put(e)
	return t.put(b, copyKey(outgoing, r.number), e.b)
}

func (t *txn) putDeferred(outgoing uint64, r *copyRow) error {
	if err := t.put(inDue, dueKey(r.due, outgoing, r.number), []byte(domainOf(r.address))); err != nil {
		return err
	}
	return t.putCopy(inDeferred, outgoing, r)
}

// deleteDeferred removes the row of a deferred copy, if there is one.
func (t *txn) deleteDeferred(outgoing uint64, number uint32) error {
	k := copyKey(outgoing, number)
	v, err := t.get(inDeferred, k)
	if errors.Is(err, list.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	c, err := takeCopy(newDecoder(v))
	if err != nil {
		return err
	}
	if err := t.delete(inDue, dueKey(c.due, outgoing, number)); err != nil {
		return err
	}
	return t.delete(inDeferred, k)
}

func (t *txn) addSettled(outgoing uint64, domain string, r *settledRow) error {
	s, err := t.settled(outgoing, domain)
	if err != nil {
		return err
	}
	s.done, s.passed = s.done.union(r.done), s.passed.union(r.passed)
	e := newEncoder(32)
	s.put(e)
	return t.put(inSettled, settledKey(outgoing, domain), e.b)
}

// foldProgress counts what was settled of one outgoing and sees whether it is done.
func (t *txn) foldProgress(id uint64, n settledCopies, spread bool, f *folded) error {
	v, err := t.get(inWaiting, outKey(id))
	if errors.Is(err, list.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	p, err := decodeProgress(v)
	if err != nil {
		return err
	}
	left := p.left()
	p.settled += n.all
	p.delivered += n.delivered
	p.spread = p.spread || spread
	if _, deferred := t.first(inDeferred, outKey(id)); p.spread && !deferred {
		f.outgoings++
		f.copies += left
		return t.finishOutgoing(id, p.delivered, f.now)
	}
	f.copies += left - p.left()
	return t.put(inWaiting, outKey(id), p.encode())
}

// finishOutgoing makes an outgoing done, of which so many copies were delivered.
func (t *txn) finishOutgoing(id, delivered uint64, now time.Time) error {
	row, err := t.outgoingRow(id)
	if err != nil {
		return err
	}
	row.State, row.delivered = list.OutDone, delivered
	return errors.Join(
		t.putOutgoingRow(&row),
		t.delete(inWaiting, outKey(id)),
		t.put(inDone, newKey().time(now).u64(id), nil),
	)
}
