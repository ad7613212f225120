package store

import (
	"errors"

	"convene/list"
)

// wanted reports whether a member gets a copy of a post as everything is now, and whether the light one; said is what they said of its topic.
func (t *txn) wanted(row *outgoingRow, m *list.Member, said list.Interest) (gets, light bool, err error) {
	if gets, light = row.Gets(m, said); gets && m.NoDuplicates && len(row.Elsewhere) > 0 {
		elsewhere, err := t.elsewhere(row, m)
		if errors.Is(err, ErrCorrupt) { // better twice than not at all
			elsewhere, err = false, nil
		}
		return !elsewhere, light, err
	}
	return gets, light, nil
}

// elsewhere reports whether a member has, or is to get, the same message by another list that accepted it before. Each outgoing names earlier ones alone,
// in order, so that no two of them ever leave a member to one another; a copy that was passed over or failed there is sent here.
func (t *txn) elsewhere(row *outgoingRow, m *list.Member) (bool, error) {
	for _, id := range row.Elsewhere {
		if id >= row.ID {
			continue
		}
		other, err := t.outgoingRow(id)
		if errors.Is(err, list.ErrNotFound) { // so long ago that it was forgotten
			continue
		}
		if err != nil {
			return false, err
		}
		for _, a := range addresses(m) {
			there, err := t.Member(other.List, a)
			if errors.Is(err, list.ErrNotFound) || err == nil && there.Number > other.MaxMember {
				continue
			}
			if err != nil {
				return false, err
			}
			if got, err := t.gotten(&other, &there); got || err != nil {
				return got, err
			}
		}
	}
	return false, nil
}

// gotten reports whether a member has got an outgoing, or will as everything is now.
func (t *txn) gotten(row *outgoingRow, m *list.Member) (bool, error) {
	if row.dropped || row.State == list.OutPoison || t.has(inFailed, copyKey(row.ID, m.Number)) {
		return false, nil
	}
	s, err := t.settled(row.ID, domainOf(m.Address))
	if err != nil || s.passed.has(m.Number) || s.done.has(m.Number) {
		return s.done.has(m.Number) && !s.passed.has(m.Number), err
	}
	if row.State == list.OutDone { // nobody was given it
		return false, nil
	}
	topic, err := t.topicOf(row)
	if err != nil {
		return false, err
	}
	said, err := t.Interest(row.List, topic, m.Number)
	if err != nil {
		return false, err
	}
	gets, _ := row.Gets(m, said) // which earlier ones it names was looked at before
	return gets, nil
}
