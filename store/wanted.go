package store

import (
	"errors"
	"time"

	"convene/list"
)

// fate is what is to become of a copy of a post.
type fate int

const (
	fateNever fate = iota // its member does not want it, or has it by another list
	fateLater             // the same message is under way to them by another list: what becomes of that is waited for
	fateNow
)

// wanted is what is to become of a member's copy of a post as everything is now, and whether it is the light one; said is what they said of its topic, and busy
// tells which copies a worker has.
func (t *txn) wanted(row *outgoingRow, m *list.Member, said list.Interest, busy func(copyID) bool) (f fate, light bool, err error) {
	gets, light := row.Gets(m, said)
	switch {
	case !gets:
		return fateNever, false, nil
	case !m.NoDuplicates || len(row.Elsewhere) == 0:
		return fateNow, light, nil
	}
	f, err = t.elsewhere(row, m, busy)
	if errors.Is(err, ErrCorrupt) { // better twice than not at all
		f, err = fateNow, nil
	}
	return f, light, err
}

// elsewhere is what is to become of a copy of somebody who wants no message twice: it goes out only where no other list that accepted it before
// has delivered it to them, and not before that is known. Each outgoing names earlier ones alone, in order, so that no two of them ever wait, or leave a
// member, to one another.
func (t *txn) elsewhere(row *outgoingRow, m *list.Member, busy func(copyID) bool) (fate, error) {
	result := fateNow
	for _, id := range row.Elsewhere {
		if id >= row.ID {
			continue
		}
		other, err := t.outgoingRow(id)
		if errors.Is(err, list.ErrNotFound) { // so long ago that it was forgotten
			continue
		}
		if err != nil {
			return fateNow, err
		}
		for _, a := range addresses(m) {
			there, err := t.Member(other.List, a)
			if errors.Is(err, list.ErrNotFound) || err == nil && there.Number > other.MaxMember {
				continue
			}
			if err != nil {
				return fateNow, err
			}
			got, coming, err := t.gotten(&other, &there, busy)
			if got || err != nil {
				return fateNever, err
			}
			if coming {
				result = fateLater
			}
		}
	}
	return result, nil
}

// gotten reports whether a member has got an outgoing, or else whether a copy of it is still to go to them as everything is now.
func (t *txn) gotten(row *outgoingRow, m *list.Member, busy func(copyID) bool) (got, coming bool, err error) {
	k := copyKey(row.ID, m.Number)
	switch {
	case row.dropped || row.State == list.OutPoison || t.has(inFailed, k):
		return false, false, nil
	case t.has(inDeferred, k):
		return false, true, nil
	}
	s, err := t.settled(row.ID, domainOf(m.Address))
	if err != nil || s.has(m.Number) {
		return s.done.has(m.Number) && !s.passed.has(m.Number), false, err
	}
	if busy(copyID{row.ID, m.Number}) {
		return false, true, nil
	}
	if row.State == list.OutDone { // nobody was given it
		return false, false, nil
	}
	topic, err := t.topicOf(row)
	if err != nil {
		return false, false, err
	}
	said, err := t.Interest(row.List, topic, m.Number)
	if err != nil {
		return false, false, err
	}
	gets, _ := row.Gets(m, said) // which earlier ones it names was looked at before
	return false, gets, nil
}

// otherListAgain is how long a copy waits at least, and at most, before it is looked at again whether another list has delivered the message.
const otherListLeast, otherListMost = 30 * time.Second, 30 * time.Minute

// putOff has a copy wait for what another list does: it becomes a deferred one that nobody has tried, or remains one. The longer ago it was accepted, the
// longer it waits. It is not in the journal: a process that is killed finds it out again.
func (o *outbox) putOff(s *settlement, row *outgoingRow, c list.Copy) {
	wait := min(max(o.now.Sub(row.Accepted)/4, otherListLeast), otherListMost)
	s.rows = append(s.rows, copyRow{number: c.Number, address: c.Address, outcome: list.Deferred, attempts: c.Attempts,
		status: "4.0.0 the same message is under way by another list", due: o.now.Add(wait)})
	s.busy = append(s.busy, c.Number)
	o.busy[copyID{row.ID, c.Number}] = struct{}{}
}
