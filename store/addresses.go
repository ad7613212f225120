package store

import (
	"errors"
	"fmt"
	"time"

	"convene/list"
)

func stateKey(address string) key { return newKey().str(list.FoldAddress(address)) }

func addressDueKey(s *list.AddressState) key {
	return newKey().time(s.Due).str(list.FoldAddress(s.Address))
}

func changeKey(c *list.AddressChange) key {
	return newKey().u32(c.List).time(c.At).str(list.FoldAddress(c.Address))
}

// Unjudged implements list.Reader.
func (t *txn) Unjudged(f func(list.Failure) error) error {
	var row outgoingRow
	return t.walk(inUnjudged, nil, nil, func(k, _ []byte) error {
		failure := list.Failure{Outgoing: u64At(k), Number: lastU32(k)}
		v, err := t.get(inFailed, copyKey(failure.Outgoing, failure.Number))
		if errors.Is(err, list.ErrNotFound) {
			err = ErrCorrupt
		}
		if err == nil && row.ID != failure.Outgoing {
			row, err = t.outgoingRow(failure.Outgoing)
		}
		if err != nil {
			return fmt.Errorf("store: record %x of %s: %w", k, inUnjudged, err)
		}
		c, err := takeCopy(newDecoder(v))
		if err != nil {
			return err
		}
		failure.List, failure.At, failure.Address, failure.Status, failure.Attempts = row.List, c.at, c.address, c.status, c.attempts
		return f(failure)
	})
}

// DeleteUnjudged implements list.Tx.
func (t *txn) DeleteUnjudged(f list.Failure) error {
	return t.delete(inUnjudged, copyKey(f.Outgoing, f.Number))
}

// AddressState implements list.Reader.
func (t *txn) AddressState(address string) (s list.AddressState, err error) {
	v, err := t.get(inAddresses, stateKey(address))
	if err == nil {
		s, err = decodeAddressState(v)
	}
	if err != nil {
		return s, fmt.Errorf("store: state of %s: %w", address, err)
	}
	return s, nil
}

// PutAddressState implements list.Tx.
func (t *txn) PutAddressState(s list.AddressState) error {
	s.Address = list.FoldAddress(s.Address)
	if err := t.forgetDue(s.Address); err != nil {
		return err
	}
	if !s.Due.IsZero() {
		if err := t.put(inAddressDue, addressDueKey(&s), nil); err != nil {
			return err
		}
	}
	return t.put(inAddresses, stateKey(s.Address), encodeAddressState(&s))
}

// forgetDue takes an address out of the index of what is due.
func (t *txn) forgetDue(address string) error {
	old, err := t.AddressState(address)
	if errors.Is(err, list.ErrNotFound) {
		return nil
	}
	if err != nil || old.Due.IsZero() {
		return err
	}
	return t.delete(inAddressDue, addressDueKey(&old))
}

// DeleteAddressState implements list.Tx. An address without one is all right.
func (t *txn) DeleteAddressState(address string) error {
	if err := t.forgetDue(address); err != nil || !t.has(inAddresses, stateKey(address)) {
		return err
	}
	return t.delete(inAddresses, stateKey(address))
}

// AddressesDue implements list.Reader.
func (t *txn) AddressesDue(before time.Time, f func(list.AddressState) error) error {
	return t.walk(inAddressDue, nil, nil, func(k, _ []byte) error {
		if len(k) <= 8 {
			return fmt.Errorf("store: record %x of %s: %w", k, inAddressDue, ErrCorrupt)
		}
		if timeOf(u64At(k)).After(before) {
			return list.ErrStop
		}
		s, err := t.AddressState(string(k[8:]))
		if err != nil {
			return err
		}
		return f(s)
	})
}

// NextAddressDue implements list.Reader.
func (t *txn) NextAddressDue() (time.Time, bool) {
	k, ok := t.first(inAddressDue, nil)
	if !ok {
		return time.Time{}, false
	}
	return timeOf(u64At(k)), true
}

// FirstChanges implements list.Reader.
func (t *txn) FirstChanges(f func(id uint32, at time.Time) error) error {
	c := t.bucket(inChanges).Cursor()
	for k, _ := c.First(); k != nil; {
		if len(k) < 12 {
			return fmt.Errorf("store: record %x of %s: %w", k, inChanges, ErrCorrupt)
		}
		id := u32At(k)
		if err := f(id, timeOf(u64At(k[4:]))); errors.Is(err, list.ErrStop) {
			return nil
		} else if err != nil {
			return err
		}
		if id == ^uint32(0) {
			return nil
		}
		k, _ = c.Seek(listKey(id + 1))
	}
	return nil
}

// Changes implements list.Reader.
func (t *txn) Changes(id uint32, f func(list.AddressChange) error) error {
	return t.walk(inChanges, listKey(id), nil, func(_, v []byte) error {
		c, err := decodeAddressChange(v)
		if err != nil {
			return err
		}
		return f(c)
	})
}

// PutChange implements list.Tx.
func (t *txn) PutChange(c list.AddressChange) error {
	t.noted = true
	return t.put(inChanges, changeKey(&c), encodeAddressChange(&c))
}

// DeleteChange implements list.Tx.
func (t *txn) DeleteChange(c list.AddressChange) error { return t.delete(inChanges, changeKey(&c)) }
