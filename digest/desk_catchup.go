package digest

import (
	"fmt"
	"time"

	"convene/digest/facts"
	"convene/list"
)

// CatchUpPreview is what a member would get who asks at a moment what they missed; no address: who never wrote. list.ErrNotFound: there is no such member.
func (e *Editor) CatchUpPreview(l *list.List, member string, at time.Time) (*list.Letter, error) {
	rec, m, err := e.memberAsked(l, member)
	if err != nil {
		return nil, err
	}
	return e.writeCatchUp(l, rec, &m, missed{Member: m.Number}, at)
}

// CatchUpFacts are the facts that CatchUpPreview is made from.
func (e *Editor) CatchUpFacts(l *list.List, member string, at time.Time) (*facts.Facts, error) {
	rec, m, err := e.memberAsked(l, member)
	if err != nil {
		return nil, err
	}
	a, err := e.away(l, rec, &m, time.Time{}, at)
	if err != nil {
		return nil, err
	}
	_, f, err := e.catchUp(a, at)
	return f, err
}

// memberAsked is the member of an address; of none, nobody.
func (e *Editor) memberAsked(l *list.List, member string) (rec list.Record, m list.Member, err error) {
	err = e.Engine.Store.View(func(r list.Reader) (err error) {
		if rec, err = r.List(l.Address); err != nil || member == "" {
			return err
		}
		if m, err = r.Member(rec.ID, member); err != nil {
			err = fmt.Errorf("%s is not a member of %s: %w", member, l.Address, err)
		}
		return err
	})
	return rec, m, err
}

// SendCatchUp has a member sent what they missed, as if they had asked.
func (e *Editor) SendCatchUp(l *list.List, member string, now time.Time) error {
	var rec list.Record
	var m list.Member
	err := e.Engine.Store.Update(func(tx list.Tx) (err error) {
		if rec, err = tx.List(l.Address); err != nil {
			return err
		}
		if m, err = tx.Member(rec.ID, member); err != nil {
			return fmt.Errorf("%s is not a member of %s: %w", member, l.Address, err)
		}
		return e.CatchUp(tx, l, &m, time.Time{}, false, now)
	})
	if err != nil {
		return err
	}
	return e.sendCatchUp(l, rec, missed{Member: m.Number}, now)
}
