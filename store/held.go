package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"convene/list"
)

// Held implements list.Reader.
func (t *txn) Held(id uint64) (h list.Held, err error) {
	v, err := t.get(inHeld, outKey(id))
	if err == nil {
		h, err = decodeHeld(v)
	}
	if err != nil {
		return h, fmt.Errorf("store: held post %d: %w", id, err)
	}
	return h, nil
}

// HeldPosts implements list.Reader: by id.
func (t *txn) HeldPosts(id uint32, f func(list.Held) error) error {
	if id == 0 {
		return t.heldIn(inHeld, nil, nil, f)
	}
	return t.heldIn(inHeldLists, listKey(id), nil, f)
}

// heldIn walks an index whose keys end in the id of a held post.
func (t *txn) heldIn(b bucket, prefix, until []byte, f func(list.Held) error) error {
	return t.walk(b, prefix, nil, func(k, _ []byte) error {
		if until != nil && string(k) >= string(until) {
			return list.ErrStop
		}
		h, err := t.Held(binary.BigEndian.Uint64(k[len(k)-8:]))
		if err != nil {
			return err
		}
		return f(h)
	})
}

// HeldExpiring implements list.Reader.
func (t *txn) HeldExpiring(before time.Time, f func(list.Held) error) error {
	until := newKey().time(before).u64(1<<64 - 1)
	return t.heldIn(inHeldExpiry, nil, append(until, 0), f)
}

// PutHeld implements list.Tx. One with Expires zero waits for ever.
func (t *txn) PutHeld(h list.Held) (list.Held, error) {
	if h.ID == 0 {
		id, err := t.bucket(inHeld).NextSequence()
		if err != nil {
			return h, fmt.Errorf("store: held post of list %d: %w", h.Post.List, err)
		}
		t.writes++
		h.ID = id
	} else if err := t.burn(inHeld, h.ID); err != nil {
		return h, err
	} else if err := t.DeleteHeld(h.ID); err != nil && !errors.Is(err, list.ErrNotFound) {
		return h, err
	}
	if !h.Expires.IsZero() {
		if err := t.put(inHeldExpiry, newKey().time(h.Expires).u64(h.ID), nil); err != nil {
			return h, err
		}
	}
	if err := t.put(inHeldLists, listKey(h.Post.List).u64(h.ID), nil); err != nil {
		return h, err
	}
	return h, t.put(inHeld, outKey(h.ID), encodeHeld(&h))
}

// DeleteHeld implements list.Tx; list.ErrNotFound when there is no such held post.
func (t *txn) DeleteHeld(id uint64) error {
	h, err := t.Held(id)
	if err != nil {
		return err
	}
	return errors.Join(
		t.delete(inHeldExpiry, newKey().time(h.Expires).u64(id)),
		t.delete(inHeldLists, listKey(h.Post.List).u64(id)),
		t.delete(inHeld, outKey(id)),
	)
}

// burn has a bucket's numbers go on behind one that was given elsewhere.
func (t *txn) burn(b bucket, id uint64) error {
	if id <= t.bucket(b).Sequence() {
		return nil
	}
	t.writes++
	if err := t.bucket(b).SetSequence(id); err != nil {
		return fmt.Errorf("store: number %d of %s: %w", id, b, err)
	}
	return nil
}
