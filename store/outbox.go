package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"convene/list"
)

// copyID names one copy.
type copyID struct {
	outgoing uint64
	number   uint32
}

// outbox is the part of the outbox that is in memory: who is to get what next, and who has what. All of it can be made anew from the index.
type outbox struct {
	mu      sync.Mutex
	journal journal

	next    uint64           // outgoings up to this one were looked at
	again   []uint64         // outgoings to look at once more
	plans   map[uint64]*plan // those with copies that nobody was given yet
	order   []*plan          // the same in order of acceptance, and ones that are over
	hops    map[string]*hopQueue
	ring    []*hopQueue // hops take turns
	turn    int
	reroute bool
	back    []*plan // those of which something was released
	log     *slog.Logger

	dueFrom []byte              // deferred copies before this key were looked at
	dueSeen time.Time           // up to which time
	due     map[copyID]struct{} // deferred copies that wait in a hop's queue

	leases    map[uint64]*lease
	lastLease uint64
	leased    map[uint64]int      // leases of each outgoing
	busy      map[copyID]struct{} // copies that a lease has, or whose settlement is not in the index yet

	pending []*settlement // to be folded
	folding []*settlement // being folded
	spread  []ending      // outgoings of which no domain is left, and nothing that is not pending
	ending  []ending      // those of them that are being folded
	now     time.Time     // latest that we heard of

	paused map[string]bool // addresses of lists, domains; "*" is everything

	outgoings int // counters of what is not done
	copies    uint64

	wake chan struct{}
	kick chan struct{} // for the folder
	stop chan struct{}
	fold sync.Mutex // one fold at a time; taken before mu

	unwritten bool // the last result found no room in the journal
	behind    bool // what the journal held at the start is not in the index yet, so nobody is given anything

	folder sync.WaitGroup
	closed bool // no more results are taken
}

// openOutbox reads what little must be known and folds the journal of a process that was killed.
func (db *DB) openOutbox() error {
	o := &db.outbox
	o.wake, o.kick, o.stop = make(chan struct{}, 1), make(chan struct{}, 1), make(chan struct{})
	o.leases, o.leased, o.busy = map[uint64]*lease{}, map[uint64]int{}, map[copyID]struct{}{}
	o.paused, o.log = map[string]bool{}, db.log
	o.reset()
	var folded uint64
	err := db.view(func(t *txn) (err error) {
		if folded, err = t.metaU64(metaJournal); err != nil {
			return err
		}
		return errors.Join(o.count(t), o.loadPauses(t))
	})
	if err != nil {
		return err
	}
	if o.pending, err = o.journal.open(db.dir, folded); err != nil {
		return err
	}
	if len(o.pending) > 0 {
		db.log.Info("folding what was settled before the stop", "settlements", len(o.pending))
		if err := db.foldNow(); errors.Is(err, list.ErrFull) {
			o.behind = true
			db.log.Error("no room to fold the journal; nothing is delivered until there is", "error", err)
		} else if err != nil {
			return err
		}
	}
	if !o.behind {
		if err := o.journal.reset(); err != nil {
			return fmt.Errorf("store: journal: %w", err)
		}
	}
	signal(o.wake)
	o.folder.Go(db.foldLoop)
	return nil
}

// reset forgets the plan; leases stay.
func (o *outbox) reset() {
	for _, p := range o.order {
		p.over = true
	}
	o.next, o.again, o.order, o.back = 0, nil, nil, nil
	o.plans, o.hops, o.ring, o.turn = map[uint64]*plan{}, map[string]*hopQueue{}, nil, 0
	o.due, o.dueFrom = map[copyID]struct{}{}, nil
}

func (o *outbox) count(t *txn) error {
	return t.walk(inWaiting, nil, nil, func(_, v []byte) error {
		p, err := decodeProgress(v)
		o.outgoings++
		o.copies += p.left()
		return err
	})
}

func (p *progress) left() uint64 { return p.total - min(p.total, p.settled) }

// enqueued is told what a transaction that is on disk now has added.
func (o *outbox) enqueued(added []enqueued) {
	if len(added) == 0 {
		return
	}
	o.mu.Lock()
	for _, e := range added {
		if e.moved {
			o.dueFrom = nil
			continue
		}
		o.outgoings++
		o.copies += e.copies
	}
	o.mu.Unlock()
	signal(o.wake)
}

// Wake returns a channel that gets a token when there may be more to claim: after a message was enqueued, a claim released, copies
// retried, a pause ended.
func (db *DB) Wake() <-chan struct{} { return db.outbox.wake }

// Reroute is for when the next hop of some domain has changed: the next Claim plans anew.
func (db *DB) Reroute() {
	o := &db.outbox
	o.mu.Lock()
	o.reroute = true
	o.mu.Unlock()
	signal(o.wake)
}

// NextDue returns when the next deferred copy is due, of those whose time had not come at the last Claim.
func (db *DB) NextDue() (next time.Time, ok bool) {
	o := &db.outbox
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, batch := range [][]*settlement{o.folding, o.pending} {
		for _, s := range batch {
			for _, r := range s.rows {
				if r.outcome == list.Deferred && (!ok || r.due.Before(next)) {
					next, ok = r.due, true
				}
			}
		}
	}
	err := db.view(func(t *txn) error {
		k, _ := t.bucket(inDue).Cursor().Seek(afterTime(o.dueSeen))
		if due, _, _, valid := splitDueKey(k); valid && (!ok || due.Before(next)) {
			next, ok = due, true
		}
		return nil
	})
	return next, ok && err == nil
}

// afterTime is a key of inDue behind all those that are due by then; nil for the zero time.
func afterTime(t time.Time) []byte {
	if t.IsZero() {
		return nil
	}
	return append(newKey().time(t).u64(^uint64(0)).u32(^uint32(0)), 0)
}

// Pending returns how many outgoings are not done, how many copies of them are left, about, and when the oldest was accepted (zero: none).
func (db *DB) Pending() (outgoings int, copies uint64, oldest time.Time) {
	o := &db.outbox
	o.mu.Lock()
	outgoings, copies = o.outgoings, o.copies
	o.mu.Unlock()
	// An unreadable record is told by whoever needs it; a counter does without.
	_ = db.view(func(t *txn) error {
		k, ok := t.first(inWaiting, nil)
		if !ok {
			return nil
		}
		row, err := t.outgoingRow(binary.BigEndian.Uint64(k))
		oldest = row.Accepted
		return err
	})
	return outgoings, copies, oldest
}

func (t *txn) outgoingRow(id uint64) (o outgoingRow, err error) {
	v, err := t.get(inOutgoing, outKey(id))
	if err == nil {
		err = o.decode(v)
	}
	if err != nil {
		return o, fmt.Errorf("store: outgoing %d: %w", id, err)
	}
	return o, nil
}

func (t *txn) putOutgoingRow(o *outgoingRow) error {
	return t.put(inOutgoing, outKey(o.ID), o.encode())
}

// Outgoing implements list.Reader.
func (t *txn) Outgoing(id uint64) (list.Outgoing, error) {
	row, err := t.outgoingRow(id)
	return row.Outgoing, err
}

// Enqueue implements list.Tx. ID and State are given here.
func (t *txn) Enqueue(o list.Outgoing) (list.Outgoing, error) {
	id, err := t.bucket(inOutgoing).NextSequence()
	if err != nil {
		return o, fmt.Errorf("store: outgoing for %s: %w", o.Address, err)
	}
	t.writes++
	o.ID, o.State = id, list.OutWaiting
	p := progress{total: uint64(len(o.Recipients))}
	if len(o.Recipients) == 0 {
		row, err := t.listRow(o.List)
		if err != nil {
			return o, err
		}
		p.list, p.total = o.List, uint64(row.Members)
	}
	if err := t.putOutgoingRow(&outgoingRow{Outgoing: o}); err != nil {
		return o, err
	}
	t.enqueued = append(t.enqueued, enqueued{copies: p.total})
	return o, t.put(inWaiting, outKey(id), p.encode())
}

// pauseKey is how a pause is kept: without case; everything is "*".
func pauseKey(what string) string {
	if what == "" {
		return "*"
	}
	return strings.ToLower(what)
}
