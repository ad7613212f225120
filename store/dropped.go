package store

import (
	"errors"
	"fmt"
	"time"

	"convene/list"
)

// PutOutgoing implements list.Tx.
func (t *txn) PutOutgoing(o list.Outgoing) error {
	row, err := t.outgoingRow(o.ID)
	if err != nil {
		return err
	}
	o.State = row.State
	row.Outgoing = o
	return t.putOutgoingRow(&row)
}

// DropOutgoing implements list.Tx.
func (t *txn) DropOutgoing(id uint64, now time.Time) error {
	f := folded{now: now}
	_, err := t.drop(target{outgoing: id}, &f)
	if err == nil {
		t.given = append(t.given, given{id, f})
	} else if !errors.Is(err, list.ErrNotFound) {
		return fmt.Errorf("store: drop outgoing %d: %w", id, err)
	}
	row, err := t.outgoingRow(id)
	if errors.Is(err, list.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	row.Ref = list.Ref{}
	return t.putOutgoingRow(&row)
}

// given is an outgoing that was given up in a transaction, with what the outbox in memory has less once that is on disk.
type given struct {
	outgoing uint64
	folded
}

// dropped is told what a transaction that is on disk now gave up. Who was given a copy of it between the commit and this has it still; the record says already that
// nobody else gets one.
func (o *outbox) dropped(all []given) {
	if len(all) == 0 {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, one := range all {
		o.forget(one.outgoing)
		o.copies -= min(o.copies, one.copies)
		o.outgoings -= one.outgoings
	}
}
