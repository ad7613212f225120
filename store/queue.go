package store

import (
	"encoding/binary"
	"errors"
	"fmt"

	"convene/list"
)

// rowsPerView is how many rows are read in one snapshot; between two the reader may take its time.
const rowsPerView = 500

// Queue calls f for every copy that is still due, by outgoing, then number: fresh, deferred, paused, poison. It holds no transaction
// while f runs, so f may take long; what is settled meanwhile may or may not be among the rows. f may return list.ErrStop.
func (db *DB) Queue(f func(list.QueueRow) error) error {
	if err := db.foldNow(); err != nil {
		return err
	}
	for id := uint64(0); ; {
		err := db.view(func(t *txn) error {
			k, _ := t.bucket(inWaiting).Cursor().Seek(outKey(id + 1))
			if k == nil {
				return list.ErrNotFound
			}
			id = binary.BigEndian.Uint64(k)
			return nil
		})
		if errors.Is(err, list.ErrNotFound) {
			return nil
		}
		if err == nil {
			err = db.rows(id, func(r list.QueueRow) error {
				if r.State == stateWaiting || r.State == statePaused || r.State == statePoison {
					return f(r)
				}
				return nil
			})
		}
		if errors.Is(err, list.ErrStop) {
			return nil
		}
		if err != nil && !errors.Is(err, list.ErrNotFound) {
			return err
		}
	}
}

// The states of a list.QueueRow.
const (
	stateWaiting   = "waiting"
	statePaused    = "paused"
	statePoison    = "poison"
	stateFailed    = "failed"
	stateDelivered = "delivered"
	stateDropped   = "dropped"
)

// Copies calls f for every copy of one outgoing, by number, with what became of it. Members who got nothing, since they had paused or
// left when it was their turn, are not among them, nor are those who have left since. list.ErrNotFound when there is no such outgoing.
func (db *DB) Copies(outgoing uint64, f func(list.QueueRow) error) error {
	if err := db.foldNow(); err != nil {
		return err
	}
	if err := db.rows(outgoing, f); err != nil && !errors.Is(err, list.ErrStop) {
		return err
	}
	return nil
}

// rows reads the rows of one outgoing, some at a time.
func (db *DB) rows(id uint64, f func(list.QueueRow) error) error {
	var batch []list.QueueRow
	for after, more := uint32(0), true; more; {
		batch = batch[:0]
		err := db.view(func(t *txn) error {
			q, err := db.newQueueReader(t, id)
			if err != nil {
				return err
			}
			for looked := 0; looked < rowsPerView; looked++ {
				n, ok := q.next(after)
				if !ok {
					more = false
					return nil
				}
				after = n
				row, ok, err := q.row(n)
				if err != nil {
					return err
				}
				if ok {
					batch = append(batch, row)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, r := range batch {
			if err := f(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// queueReader finds what became of the copies of one outgoing.
type queueReader struct {
	t      *txn
	out    outgoingRow
	said   interests
	spread bool // nobody is left who was not given a copy
	held   func(address, domain string) bool
	busy   func(copyID) bool
}

func (db *DB) newQueueReader(t *txn, id uint64) (*queueReader, error) {
	row, err := t.outgoingRow(id)
	if err != nil {
		return nil, err
	}
	q := &queueReader{t: t, out: row, spread: true, busy: db.outbox.isBusy, held: func(address, domain string) bool {
		db.outbox.mu.Lock()
		defer db.outbox.mu.Unlock()
		return db.outbox.held(address, domain)
	}}
	if err := q.said.read(t, &q.out); err != nil {
		return nil, err
	}
	v, err := t.get(inWaiting, outKey(id))
	if errors.Is(err, list.ErrNotFound) {
		return q, nil
	}
	if err != nil {
		return nil, err
	}
	p, err := decodeProgress(v)
	q.spread = p.spread
	return q, err
}

// next returns the next number that may have a row: of a recipient, of a member, or of a row that a member who has left has.
func (q *queueReader) next(after uint32) (uint32, bool) {
	if len(q.out.Recipients) > 0 {
		return after + 1, after < uint32(len(q.out.Recipients))
	}
	if after == ^uint32(0) {
		return 0, false
	}
	best, found := uint32(0), false
	look := func(b bucket, prefix key) {
		k, _ := q.t.bucket(b).Cursor().Seek(append(prefix, listKey(after+1)...))
		if len(k) == len(prefix)+4 && string(k[:len(prefix)]) == string(prefix) {
			if n := lastU32(k); n <= q.out.MaxMember && (!found || n < best) {
				best, found = n, true
			}
		}
	}
	look(inMemberNumbers, listKey(q.out.List))
	look(inDeferred, outKey(q.out.ID))
	look(inFailed, outKey(q.out.ID))
	return best, found
}

// row returns the row of one number, if it is to have one.
func (q *queueReader) row(n uint32) (list.QueueRow, bool, error) {
	r := list.QueueRow{ID: fmt.Sprintf("%d-%d", q.out.ID, n), Outgoing: q.out.ID, List: q.out.Address}
	for _, b := range []bucket{inFailed, inDeferred} {
		v, err := q.t.get(b, copyKey(q.out.ID, n))
		if errors.Is(err, list.ErrNotFound) {
			continue
		}
		if err != nil {
			return r, false, err
		}
		c, err := takeCopy(newDecoder(v))
		if err != nil {
			return r, false, err
		}
		r.Recipient, r.Attempts, r.Status = c.address, c.attempts, c.status
		switch {
		case b == inDeferred:
			r.Next, r.State = c.due, q.waiting(domainOf(c.address))
		case c.outcome == list.Dropped:
			r.State = stateDropped
		default:
			r.State = stateFailed
		}
		if m, err := q.t.MemberByNumber(q.out.List, n); len(q.out.Recipients) == 0 && err == nil {
			r.Recipient = m.Address
			_, r.Light = q.out.Gets(&m, q.said.of[n])
		}
		return r, true, nil
	}
	return q.plainRow(r, n)
}

// plainRow is row for a copy that was never deferred.
func (q *queueReader) plainRow(r list.QueueRow, n uint32) (list.QueueRow, bool, error) {
	receives := true
	if len(q.out.Recipients) > 0 {
		r.Recipient = q.out.Recipients[n-1]
	} else {
		m, err := q.t.MemberByNumber(q.out.List, n)
		if err != nil {
			return r, false, err
		}
		r.Recipient = m.Address
		_, r.Light = q.out.Gets(&m, q.said.of[n])
		what, _, err := q.t.wanted(&q.out, &m, q.said.of[n], q.busy)
		if receives = what != fateNever; err != nil {
			return r, false, err
		}
	}
	if q.out.Except != "" && list.SameAddress(r.Recipient, q.out.Except) {
		return r, false, nil
	}
	domain := domainOf(r.Recipient)
	s, err := q.t.settled(q.out.ID, domain)
	switch {
	case err != nil:
		return r, false, err
	case s.passed.has(n):
		return r, false, nil
	case s.done.has(n):
		r.State, r.Attempts = stateDelivered, 1
	case q.out.dropped && receives:
		r.State = stateDropped
	case q.spread || !receives:
		return r, false, nil
	default:
		r.State = q.waiting(domain)
		if q.out.State == list.OutPoison {
			r.Status = q.out.reason
		}
	}
	return r, true, nil
}

// waiting is the state of a copy that is due.
func (q *queueReader) waiting(domain string) string {
	switch {
	case q.out.State == list.OutPoison:
		return statePoison
	case q.held(q.out.Address, domain):
		return statePaused
	}
	return stateWaiting
}
