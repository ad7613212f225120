package store

import (
	"fmt"

	"convene/list"
)

// Bans implements list.Reader: those of all lists first, each by pattern.
func (t *txn) Bans(id uint32, f func(list.Ban) error) error {
	stopped := false
	each := func(_, v []byte) error {
		b, err := decodeBan(v)
		if err != nil {
			return err
		}
		if err = f(b); err != nil {
			stopped = true
		}
		return err
	}
	if err := t.walk(inBans, listKey(0), nil, each); err != nil || id == 0 || stopped {
		return err
	}
	return t.walk(inBans, listKey(id), nil, each)
}

// PutBan implements list.Tx.
func (t *txn) PutBan(b list.Ban) error {
	return t.put(inBans, listKey(b.List).str(b.Pattern), encodeBan(&b))
}

// DeleteBan implements list.Tx; list.ErrNotFound when there is no such ban.
func (t *txn) DeleteBan(id uint32, pattern string) error {
	k := listKey(id).str(pattern)
	if !t.has(inBans, k) {
		return fmt.Errorf("store: ban of %s on list %d: %w", pattern, id, list.ErrNotFound)
	}
	return t.delete(inBans, k)
}
