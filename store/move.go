package store

import (
	"encoding/binary"
	"errors"
	"time"

	"convene/list"
)

// moveCopies is for a member whose address is in another domain now, while outgoings are going through the domains of the list: without
// it the copies of one who moves to a domain that had its turn would be lost, and one who moves the other way would get two. In the new
// domain the number counts as settled, and what the member had not got yet becomes a deferred copy that is due at once.
func (t *txn) moveCopies(id, number uint32, from, to string) error {
	return t.walk(inWaiting, nil, nil, func(k, v []byte) error {
		p, err := decodeProgress(v)
		if err != nil || p.list != id {
			return err
		}
		row, err := t.outgoingRow(binary.BigEndian.Uint64(k))
		if err != nil || number > row.MaxMember {
			return err
		}
		return t.moveCopy(&row, &p, number, from, to)
	})
}

func (t *txn) moveCopy(row *outgoingRow, p *progress, number uint32, from, to string) error {
	old, err := t.settled(row.ID, from)
	if err != nil {
		return err
	}
	if !old.passed.has(number) {
		// In the old domain nobody will look for the number again, but explain finds there that it was delivered.
		if err := t.addSettled(row.ID, to, &settledRow{done: spans{{number, number}}}); err != nil {
			return err
		}
	} else if err := t.addSettled(row.ID, to, &settledRow{passed: spans{{number, number}}}); err != nil {
		return err
	}
	v, err := t.get(inDeferred, copyKey(row.ID, number))
	switch {
	case err == nil:
		c, err := takeCopy(newDecoder(v))
		if err != nil {
			return err
		}
		return t.put(inDue, dueKey(c.due, row.ID, number), []byte(to))
	case !errors.Is(err, list.ErrNotFound):
		return err
	case p.spread || old.has(number) || t.outbox.isBusy(copyID{row.ID, number}):
		return nil
	}
	t.enqueued = append(t.enqueued, enqueued{moved: true})
	due := copyRow{number: number, address: "@" + to, outcome: list.Deferred, due: time.Unix(0, 0).UTC()}
	return t.putDeferred(row.ID, &due)
}

// inHand is isBusy for who holds the lock.
func (o *outbox) inHand(id copyID) bool {
	_, busy := o.busy[id]
	return busy
}

// isBusy reports whether a worker has the copy, or it was settled and that is not in the index yet.
func (o *outbox) isBusy(id copyID) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.inHand(id)
}
