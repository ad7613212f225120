package store

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"convene/list"
)

// Ruling implements list.Reader.
func (t *txn) Ruling(held uint64) (r list.Ruling, err error) {
	v, err := t.get(inRulings, outKey(held))
	if err == nil {
		r, err = decodeRuling(v)
	}
	if err != nil {
		return r, fmt.Errorf("store: ruling on held post %d: %w", held, err)
	}
	return r, nil
}

// Rulings implements list.Reader.
func (t *txn) Rulings(f func(list.Ruling) error) error {
	return t.walk(inRulings, nil, nil, func(_, v []byte) error {
		r, err := decodeRuling(v)
		if err != nil {
			return err
		}
		return f(r)
	})
}

// PutRuling implements list.Tx.
func (t *txn) PutRuling(r list.Ruling) error {
	if t.has(inHeld, outKey(r.Held)) {
		return fmt.Errorf("store: ruling on held post %d: it still waits", r.Held)
	}
	if err := t.burn(inHeld, r.Held); err != nil {
		return err
	}
	return t.put(inRulings, outKey(r.Held), encodeRuling(&r))
}

// pruneRulings forgets what expired.
func (db *DB) pruneRulings(now time.Time) error {
	var old [][]byte
	err := db.view(func(t *txn) error {
		return t.walk(inRulings, nil, nil, func(k, v []byte) error {
			r, err := decodeRuling(v)
			if err == nil && !r.Expires.After(now) {
				old = append(old, bytes.Clone(k))
			}
			return err
		})
	})
	if err != nil || len(old) == 0 {
		return err
	}
	return db.update(func(t *txn) error {
		var errs []error
		for _, k := range old {
			errs = append(errs, t.delete(inRulings, k))
		}
		return errors.Join(errs...)
	})
}

func encodeRuling(r *list.Ruling) []byte {
	e := newEncoder(192)
	e.uint(1, r.Held)
	e.uint(2, uint64(r.List))
	e.str(3, string(r.What))
	e.str(4, r.By)
	e.str(5, r.ByName)
	e.time(6, r.At)
	e.str(7, r.From)
	e.str(8, r.Subject)
	e.time(9, r.Expires)
	e.str(10, r.MessageID)
	return e.b
}

func decodeRuling(b []byte) (r list.Ruling, err error) {
	d := newDecoder(b)
	for d.next() {
		switch d.num {
		case 1:
			r.Held = d.u
		case 2:
			r.List = d.u32()
		case 3:
			r.What = list.Ruled(d.str())
		case 4:
			r.By = d.str()
		case 5:
			r.ByName = d.str()
		case 6:
			r.At = d.time()
		case 7:
			r.From = d.str()
		case 8:
			r.Subject = d.str()
		case 9:
			r.Expires = d.time()
		case 10:
			r.MessageID = d.str()
		}
	}
	return r, d.err
}
