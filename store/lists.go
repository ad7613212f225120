package store

import (
	"errors"
	"fmt"
	"strings"

	"convene/list"
)

func (t *txn) listRow(id uint32) (r listRow, err error) {
	v, err := t.get(inLists, listKey(id))
	if err == nil {
		err = r.decode(v)
	}
	if err != nil {
		return r, fmt.Errorf("store: list %d: %w", id, err)
	}
	return r, nil
}

func (t *txn) putListRow(r *listRow) error { return t.put(inLists, listKey(r.ID), r.encode()) }

// List implements list.Reader. The address is compared without case.
func (t *txn) List(address string) (list.Record, error) {
	id, err := t.getU32(inListNames, []byte(strings.ToLower(address)))
	if err != nil {
		return list.Record{}, fmt.Errorf("store: list %s: %w", address, err)
	}
	r, err := t.listRow(id)
	return r.Record, err
}

// ListByID implements list.Reader.
func (t *txn) ListByID(id uint32) (list.Record, error) {
	r, err := t.listRow(id)
	return r.Record, err
}

// Lists implements list.Reader: by id.
func (t *txn) Lists(f func(list.Record) error) error {
	return t.walk(inLists, nil, nil, func(_, v []byte) error {
		var r listRow
		if err := r.decode(v); err != nil {
			return err
		}
		return f(r.Record)
	})
}

// EnsureList implements list.Tx. A former address's record is taken over only when the new address has none of its own.
func (t *txn) EnsureList(address string, was []string) (list.Record, error) {
	if address == "" {
		return list.Record{}, errors.New("store: a list without an address")
	}
	if r, err := t.List(address); !errors.Is(err, list.ErrNotFound) {
		return r, err
	}
	for _, old := range was {
		r, err := t.List(old)
		if errors.Is(err, list.ErrNotFound) {
			continue
		}
		if err != nil {
			return list.Record{}, err
		}
		r.Address = address
		return r, t.PutList(r)
	}
	id, err := t.bucket(inLists).NextSequence()
	if err != nil {
		return list.Record{}, fmt.Errorf("store: list %s: %w", address, err)
	}
	t.writes++
	r := listRow{Record: list.Record{ID: uint32(id), Address: address}}
	if err := t.putU32(inListNames, []byte(strings.ToLower(address)), r.ID); err != nil {
		return list.Record{}, err
	}
	return r.Record, t.putListRow(&r)
}

// PutList implements list.Tx. Members, Posts, LastMember and LastTopic are counted by the store: r may only say that numbers were given that nobody has any more.
func (t *txn) PutList(r list.Record) error {
	row, err := t.listRow(r.ID)
	if err != nil {
		return err
	}
	if was, is := strings.ToLower(row.Address), strings.ToLower(r.Address); was != is {
		if t.has(inListNames, []byte(is)) {
			return fmt.Errorf("store: list %s: there is another list with this address", r.Address)
		}
		if err := t.delete(inListNames, []byte(was)); err != nil {
			return err
		}
		if err := t.putU32(inListNames, []byte(is), r.ID); err != nil {
			return err
		}
	}
	row.Address, row.Closed, row.Importing = r.Address, r.Closed, r.Importing
	row.Posts, row.LastMember, row.LastTopic = max(row.Posts, r.Posts), max(row.LastMember, r.LastMember), max(row.LastTopic, r.LastTopic)
	return t.putListRow(&row)
}
