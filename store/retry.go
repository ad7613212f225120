package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"convene/list"
)

// target is what an id of the queue names: a copy, or with number zero all copies of an outgoing.
type target copyID

// parseTarget reads "<outgoing>-<number>" or "<outgoing>".
func parseTarget(id string) (target, error) {
	outgoing, number, one := strings.Cut(id, "-")
	o, err := strconv.ParseUint(outgoing, 10, 64)
	n := uint64(0)
	if err == nil && one {
		if n, err = strconv.ParseUint(number, 10, 32); n == 0 && err == nil {
			err = strconv.ErrRange
		}
	}
	if err != nil {
		return target{}, fmt.Errorf("store: %q is not an id of the queue: %w", id, list.ErrNotFound)
	}
	return target{o, uint32(n)}, nil
}

func (db *DB) targets(ids []string) ([]target, error) {
	if err := db.foldNow(); err != nil {
		return nil, err
	}
	var all []target
	for _, id := range ids {
		t, err := parseTarget(id)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	if ids != nil {
		return all, nil
	}
	err := db.view(func(t *txn) error {
		return t.walk(inWaiting, nil, nil, func(k, _ []byte) error {
			all = append(all, target{outgoing: binary.BigEndian.Uint64(k)})
			return nil
		})
	})
	return all, err
}

// Retry makes deferred copies due at once and lets poison outgoings go on; ids are those of Queue, or an outgoing's alone, nil: all.
// It returns how many copies it made due; list.ErrNotFound when an id names nothing that waits.
func (db *DB) Retry(now time.Time, ids []string) (int, error) {
	targets, err := db.targets(ids)
	if err != nil {
		return 0, err
	}
	o := &db.outbox
	total := 0
	for _, tg := range targets {
		n := 0
		poison := false
		err := db.update(func(t *txn) (err error) {
			n, poison, err = t.retry(now, tg)
			return err
		})
		if ids == nil && errors.Is(err, list.ErrNotFound) {
			continue // done meanwhile
		}
		if err != nil {
			return total, err
		}
		total += n
		o.mu.Lock()
		o.dueFrom = nil
		if poison {
			o.again = append(o.again, tg.outgoing)
		}
		o.mu.Unlock()
	}
	signal(o.wake)
	return total, nil
}

func (t *txn) retry(now time.Time, tg target) (n int, poison bool, err error) {
	if !t.has(inWaiting, outKey(tg.outgoing)) {
		return 0, false, fmt.Errorf("store: outgoing %d does not wait: %w", tg.outgoing, list.ErrNotFound)
	}
	row, err := t.outgoingRow(tg.outgoing)
	if err != nil {
		return 0, false, err
	}
	if poison = row.State == list.OutPoison; poison {
		row.State, row.reason = list.OutWaiting, ""
		if err := t.putOutgoingRow(&row); err != nil {
			return 0, false, err
		}
	}
	err = t.eachDeferred(tg, func(c copyRow) error {
		n++
		if err := t.deleteDeferred(tg.outgoing, c.number); err != nil {
			return err
		}
		c.due = now
		return t.putDeferred(tg.outgoing, &c)
	})
	if err == nil && n == 0 && !poison && tg.number != 0 {
		err = fmt.Errorf("store: copy %d-%d is not deferred: %w", tg.outgoing, tg.number, list.ErrNotFound)
	}
	return n, poison, err
}

// eachDeferred calls f for the deferred copies that a target names; f may change them.
func (t *txn) eachDeferred(tg target, f func(copyRow) error) error {
	prefix := outKey(tg.outgoing)
	if tg.number != 0 {
		prefix = prefix.u32(tg.number)
	}
	return t.walk(inDeferred, prefix, nil, func(_, v []byte) error {
		c, err := takeCopy(newDecoder(v))
		if err != nil {
			return err
		}
		return f(c)
	})
}

// Drop gives up copies that are due: nobody gets them. ids are those of Queue, or an outgoing's alone. What a worker has at this moment
// it still delivers. It returns how many copies it dropped, about; list.ErrNotFound when an id names nothing that waits.
func (db *DB) Drop(now time.Time, ids []string) (int, error) {
	targets, err := db.targets(ids)
	if err != nil || ids == nil {
		return 0, err
	}
	o := &db.outbox
	total := 0
	for _, tg := range targets {
		o.mu.Lock()
		if tg.number == 0 {
			o.forget(tg.outgoing)
		}
		o.mu.Unlock()
		n := 0
		var f folded
		err := db.update(func(t *txn) (err error) {
			f = folded{now: now}
			n, err = t.drop(tg, &f)
			return err
		})
		if err != nil {
			return total, err
		}
		total += n
		o.mu.Lock()
		o.copies -= min(o.copies, f.copies)
		o.outgoings -= f.outgoings
		o.mu.Unlock()
	}
	return total, nil
}

func (t *txn) drop(tg target, f *folded) (n int, err error) {
	v, err := t.get(inWaiting, outKey(tg.outgoing))
	if err != nil {
		return 0, fmt.Errorf("store: outgoing %d does not wait: %w", tg.outgoing, err)
	}
	p, err := decodeProgress(v)
	if err != nil {
		return 0, err
	}
	err = t.eachDeferred(tg, func(c copyRow) error {
		n++
		if err := t.deleteDeferred(tg.outgoing, c.number); err != nil {
			return err
		}
		c.outcome = list.Dropped
		return t.putCopy(inFailed, tg.outgoing, &c)
	})
	if err != nil {
		return 0, err
	}
	if tg.number != 0 {
		if n == 0 {
			if err := t.dropFresh(tg); err != nil {
				return 0, err
			}
			n = 1
		}
		return n, t.foldProgress(tg.outgoing, settledCopies{all: uint64(n)}, false, f)
	}
	row, err := t.outgoingRow(tg.outgoing)
	if err != nil {
		return 0, err
	}
	row.dropped, row.State = true, list.OutWaiting
	if err := t.putOutgoingRow(&row); err != nil {
		return 0, err
	}
	n = int(p.left())
	return n, t.foldProgress(tg.outgoing, settledCopies{all: p.left()}, true, f)
}

// dropFresh drops a copy that nobody was given yet.
func (t *txn) dropFresh(tg target) error {
	none := fmt.Errorf("store: copy %d-%d does not wait: %w", tg.outgoing, tg.number, list.ErrNotFound)
	row, err := t.outgoingRow(tg.outgoing)
	if err != nil {
		return err
	}
	address := ""
	if named := len(row.Recipients); named > 0 && int(tg.number) <= named {
		address = row.Recipients[tg.number-1]
	} else if m, err := t.MemberByNumber(row.List, tg.number); named == 0 && err == nil && tg.number <= row.MaxMember {
		address = m.Address
	}
	s, err := t.settled(tg.outgoing, domainOf(address))
	if err != nil {
		return err
	}
	if address == "" || s.has(tg.number) || t.outbox.isBusy(copyID(tg)) {
		return none
	}
	if err := t.addSettled(tg.outgoing, domainOf(address), &settledRow{done: spans{{tg.number, tg.number}}}); err != nil {
		return err
	}
	return t.putCopy(inFailed, tg.outgoing, &copyRow{number: tg.number, address: address, outcome: list.Dropped})
}

// Poison sets an outgoing aside until Retry: making its copies failed again and again. What a worker has of it at this moment is still
// the worker's. list.ErrNotFound when it does not wait.
func (db *DB) Poison(outgoing uint64, reason string) error {
	err := db.update(func(t *txn) error {
		row, err := t.outgoingRow(outgoing)
		if err != nil {
			return err
		}
		if row.State == list.OutDone {
			return fmt.Errorf("store: outgoing %d is done: %w", outgoing, list.ErrNotFound)
		}
		row.State, row.reason = list.OutPoison, reason
		return t.putOutgoingRow(&row)
	})
	if err != nil {
		return err
	}
	o := &db.outbox
	o.mu.Lock()
	defer o.mu.Unlock()
	o.forget(outgoing)
	return nil
}

// keepDone is how long the fate of copies is known after the last of them.
const keepDone = 30 * 24 * time.Hour

// Prune forgets the outgoings that were done 30 days before now or earlier, and what was told as long ago.
func (db *DB) Prune(now time.Time) error {
	if err := errors.Join(db.pruneTold(now), db.pruneAsked(now), db.pruneRulings(now)); err != nil {
		return fmt.Errorf("store: prune: %w", err)
	}
	const step = 2000 // records in one transaction
	for more := true; more; {
		err := db.update(func(t *txn) (err error) {
			if more, err = t.pruneReports(now, step/4); more || err != nil {
				return err
			}
			if more, err = t.pruneSecrets(now, step/4); more || err != nil {
				return err
			}
			k, _ := t.bucket(inDone).Cursor().First()
			if len(k) != 16 || timeOf(binary.BigEndian.Uint64(k)).After(now.Add(-keepDone)) {
				return nil
			}
			more = true
			id := outKey(binary.BigEndian.Uint64(k[8:]))
			if err := t.deleteUntold(u64At(id), step); err != nil {
				return err
			}
			for _, b := range []bucket{inSettled, inFailed} {
				if n, err := t.deletePrefix(b, id, step); n == step || err != nil {
					return err
				}
			}
			return errors.Join(t.delete(inOutgoing, id), t.delete(inDone, append([]byte(nil), k...)))
		})
		if err != nil {
			return fmt.Errorf("store: prune: %w", err)
		}
	}
	return nil
}
