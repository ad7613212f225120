package digest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"convene/list"
)

// lastDuties have the last digest of everybody who gets posts in another way now: of what they chose digests for and no digest has told.
func (e *Editor) lastDuties(r list.Reader, l *list.List, rec list.Record, owed []list.Member) (all []duty, err error) {
	for _, m := range owed {
		p, err := r.Post(rec.ID, m.DigestUntil)
		if err != nil && !errors.Is(err, list.ErrNotFound) {
			return nil, err
		}
		all = append(all, duty{at: p.Accepted, list: l.Address, kind: list.KindDigest, n: int(m.Number), name: fmt.Sprintf("the last digest of member %d of %s", m.Number, l.Address),
			do: func(_ context.Context, now time.Time) error { return e.sendLast(l, rec, m, now) }})
	}
	return all, nil
}

// sendLast sends somebody their last digest.
func (e *Editor) sendLast(l *list.List, rec list.Record, m list.Member, now time.Time) error {
	s, err := e.readShelf(l, rec, m.DigestFrom+1, m.DigestUntil)
	if err != nil {
		return err
	}
	var editions []*edition
	err = e.Engine.Store.View(func(r list.Reader) (err error) {
		editions, err = e.editions(r, rec, s, []reader{readerOf(&m)}, func(m *reader) uint32 { return m.from })
		return err
	})
	if err != nil {
		return err
	}
	letters, err := e.writeEditions(l, s, editions, &dailies{Last: now}, zoneOf(l))
	if err != nil {
		return err
	}
	return e.Engine.Dispatch(l, letters, m.DigestUntil, now, func(tx list.Tx, send func(n int, readers []uint32) (list.Outgoing, error)) error {
		known, err := tx.MemberByNumber(rec.ID, m.Number)
		if errors.Is(err, list.ErrNotFound) || err == nil && (known.DigestUntil != m.DigestUntil || known.DigestFrom != m.DigestFrom) {
			return errDone
		} else if err != nil {
			return err
		}
		for n := range letters {
			if _, err := send(n, editions[n].readers); err != nil {
				return err
			}
		}
		known.DigestFrom, known.DigestUntil = m.DigestUntil, 0
		_, err = tx.PutMember(known)
		return err
	})
}
