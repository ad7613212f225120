package store

import (
	"errors"
	"fmt"
	"time"

	"convene/list"
)

func untoldKey(id uint32, at time.Time, outgoing uint64, number uint32) key {
	return newKey().u32(id).time(at).u64(outgoing).u32(number)
}

// splitUntoldKey takes a key of inUntold apart.
func splitUntoldKey(k []byte) (f list.Failure, ok bool) {
	if len(k) != 24 {
		return f, false
	}
	return list.Failure{List: u32At(k), At: timeOf(u64At(k[4:])), Outgoing: u64At(k[12:]), Number: lastU32(k)}, true
}

// putFailed records a copy that nobody will try again, which has to be judged. If it is a member's copy of a post, the owners are to be told. Of other mail, which is
// for owners, moderators or an author, nobody is told: that could go round in circles (RFC 5321 §6.1).
func (t *txn) putFailed(outgoing uint64, r *copyRow) error {
	if err := t.putCopy(inFailed, outgoing, r); err != nil || r.outcome != list.Failed {
		return err
	}
	row, err := t.outgoingRow(outgoing)
	if err != nil || row.List == 0 {
		return nil // a message that cannot be read is told of by whoever needs it; its result is kept all the same
	}
	t.noted = true
	if err := t.put(inUnjudged, copyKey(outgoing, r.number), nil); err != nil || row.Post == 0 || len(row.Recipients) > 0 {
		return err
	}
	return t.put(inUntold, untoldKey(row.List, r.at, outgoing, r.number), nil)
}

// deleteUntold forgets that owners are to be told of the first failed copies of an outgoing, as many as limit, and that they are to be judged.
func (t *txn) deleteUntold(outgoing uint64, limit int) error {
	row, err := t.outgoingRow(outgoing)
	if err != nil {
		return err
	}
	return t.walk(inFailed, outKey(outgoing), nil, func(_, v []byte) error {
		c, err := takeCopy(newDecoder(v))
		if err != nil {
			return err
		}
		if limit--; limit < 0 {
			return list.ErrStop
		}
		return errors.Join(t.delete(inUntold, untoldKey(row.List, c.at, outgoing, c.number)), t.delete(inUnjudged, copyKey(outgoing, c.number)))
	})
}

// FirstFailures implements list.Reader.
func (t *txn) FirstFailures(f func(id uint32, at time.Time) error) error {
	c := t.bucket(inUntold).Cursor()
	for k, _ := c.First(); k != nil; {
		first, ok := splitUntoldKey(k)
		if !ok {
			return fmt.Errorf("store: record %x of %s: %w", k, inUntold, ErrCorrupt)
		}
		if err := f(first.List, first.At); errors.Is(err, list.ErrStop) {
			return nil
		} else if err != nil {
			return err
		}
		if first.List == ^uint32(0) {
			return nil
		}
		k, _ = c.Seek(listKey(first.List + 1))
	}
	return nil
}

// Failures implements list.Reader.
func (t *txn) Failures(id uint32, after list.Failure, f func(list.Failure) error) error {
	from := append(untoldKey(id, after.At, after.Outgoing, after.Number), 0)
	return t.walk(inUntold, listKey(id), from, func(k, _ []byte) error {
		failure, ok := splitUntoldKey(k)
		v, err := t.get(inFailed, copyKey(failure.Outgoing, failure.Number))
		if !ok || errors.Is(err, list.ErrNotFound) {
			err = ErrCorrupt
		}
		if err != nil {
			return fmt.Errorf("store: record %x of %s: %w", k, inUntold, err)
		}
		c, err := takeCopy(newDecoder(v))
		if err != nil {
			return err
		}
		failure.Address, failure.Status, failure.Attempts = c.address, c.status, c.attempts
		return f(failure)
	})
}

// DeleteFailure implements list.Tx.
func (t *txn) DeleteFailure(f list.Failure) error {
	return t.delete(inUntold, untoldKey(f.List, f.At, f.Outgoing, f.Number))
}

// Undelivered implements list.Reader.
func (t *txn) Undelivered(outgoing uint64, number uint32) (bool, error) {
	k := copyKey(outgoing, number)
	if t.has(inFailed, k) || t.has(inDeferred, k) {
		return true, nil
	}
	row, err := t.outgoingRow(outgoing)
	if err != nil || len(row.Recipients) > 0 {
		return false, err
	}
	address, err := t.get(inMemberNumbers, pairKey(row.List, number))
	if errors.Is(err, list.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	s, err := t.settled(outgoing, domainOf(string(address)))
	return s.passed.has(number), err
}

// Tally implements list.Reader.
func (t *txn) Tally(outgoing uint64) (n list.Tally, err error) {
	row, err := t.outgoingRow(outgoing)
	if err != nil {
		return n, err
	}
	n.Delivered = row.delivered
	v, err := t.get(inWaiting, outKey(outgoing))
	if err == nil {
		var p progress
		p, err = decodeProgress(v)
		n.Delivered = p.delivered
	} else if errors.Is(err, list.ErrNotFound) {
		err = nil
	}
	if err != nil {
		return n, err
	}
	for _, b := range []bucket{inDeferred, inFailed} {
		err := t.walk(b, outKey(outgoing), nil, func(_, v []byte) error {
			c, err := takeCopy(newDecoder(v))
			switch c.outcome {
			case list.Failed:
				n.Failed++
			case list.Deferred:
				n.Deferred++
			}
			return err
		})
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

func toldKey(what list.Telling) key {
	return newKey().str(what.Kind).str("\x00").u32(what.List).u32(what.Post).str(what.Hop)
}

// Told implements list.Reader.
func (t *txn) Told(what list.Telling) (time.Time, error) {
	v, err := t.get(inTold, toldKey(what))
	if err == nil && len(v) != 8 {
		err = ErrCorrupt
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("store: when %s was told: %w", what.Kind, err)
	}
	return timeOf(u64At(v)), nil
}

// PutTold implements list.Tx.
func (t *txn) PutTold(what list.Telling, at time.Time) error {
	return t.put(inTold, toldKey(what), newKey().time(at))
}

// pruneTold forgets what was told 30 days before now or earlier: the deliveries that it was about are forgotten, too.
func (db *DB) pruneTold(now time.Time) error {
	var old [][]byte
	err := db.view(func(t *txn) error {
		return t.walk(inTold, nil, nil, func(k, v []byte) error {
			if len(v) == 8 && !timeOf(u64At(v)).After(now.Add(-keepDone)) {
				old = append(old, append([]byte(nil), k...))
			}
			return nil
		})
	})
	if err != nil || len(old) == 0 {
		return err
	}
	return db.update(func(t *txn) error {
		for _, k := range old {
			if err := t.delete(inTold, k); err != nil {
				return err
			}
		}
		return nil
	})
}

// Fold implements list.Store.
func (db *DB) Fold() error { return db.foldNow() }
