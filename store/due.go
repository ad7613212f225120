package store

import (
	"errors"
	"slices"
	"time"

	"convene/list"
)

// dueGroup is the deferred copies of one outgoing whose time has come, at one hop.
type dueGroup struct {
	outgoing uint64
	copies   []dueCopy
}

type dueCopy struct {
	number uint32
	domain string
}

// loadDue reads which deferred copies have become due since it was last called. Those that a hop has no room for stay on disk.
func (o *outbox) loadDue(t *txn, now time.Time, hop func(string) string) error {
	until := string(afterTime(now))
	if len(o.due) >= dueInMemory {
		return nil
	}
	stopped := false
	err := t.walk(inDue, nil, o.dueFrom, func(k, v []byte) error {
		if string(k) >= until {
			return list.ErrStop
		}
		if len(o.due) >= dueInMemory {
			o.dueFrom, stopped = slices.Clone(k), true
			return list.ErrStop
		}
		_, outgoing, number, ok := splitDueKey(k)
		if !ok {
			return ErrCorrupt
		}
		id := copyID{outgoing, number}
		_, busy := o.busy[id]
		if _, known := o.due[id]; busy || known {
			return nil
		}
		h := o.hop(hop(string(v)))
		if h.dueCount >= duePerHop {
			h.more = true
			return nil
		}
		o.due[id] = struct{}{}
		h.addDue(outgoing, dueCopy{number, string(v)})
		return nil
	})
	if !stopped && until > string(o.dueFrom) {
		o.dueFrom = []byte(until)
	}
	if now.After(o.dueSeen) {
		o.dueSeen = now
	}
	return err
}

func (h *hopQueue) addDue(outgoing uint64, c dueCopy) {
	h.dueCount++
	for _, g := range h.due {
		if g.outgoing == outgoing {
			g.copies = append(g.copies, c)
			return
		}
	}
	h.due = append(h.due, &dueGroup{outgoing, []dueCopy{c}})
}

// claimDue claims from the groups of one hop, which take turns.
func (o *outbox) claimDue(t *txn, h *hopQueue, now time.Time, max int) (c list.Claim, ok bool, err error) {
	for n := len(h.due); n > 0 && !ok; n-- {
		g := h.due[0]
		h.due = h.due[1:]
		if len(g.copies) > 0 {
			c, ok, err = o.claimGroup(t, h, g, now, max)
		}
		if len(g.copies) > 0 {
			h.due = append(h.due, g)
		}
		if err != nil {
			return c, false, err
		}
	}
	if h.more && h.dueCount == 0 {
		h.more = false
		o.dueFrom = nil
		signal(o.wake) // for the next Claim to read them
	}
	return c, ok, nil
}

func (o *outbox) claimGroup(t *txn, h *hopQueue, g *dueGroup, now time.Time, max int) (list.Claim, bool, error) {
	row, err := t.outgoingRow(g.outgoing)
	if errors.Is(err, list.ErrNotFound) || err == nil && row.State != list.OutWaiting {
		o.emptyGroup(h, g)
		return list.Claim{}, false, nil
	}
	if err != nil || o.held(row.Address, "") {
		return list.Claim{}, false, err
	}
	var said interests
	if err := o.readInterests(t, &row, &said); err != nil {
		return list.Claim{}, false, err
	}
	le := &lease{outgoing: g.outgoing}
	gone, put := &settlement{outgoing: g.outgoing, at: now}, &settlement{outgoing: g.outgoing, at: now}
	rest := g.copies[:0]
	for i, c := range g.copies {
		if len(le.copies) >= max {
			rest = append(rest, g.copies[i:]...)
			break
		}
		if o.held("", c.domain) {
			rest = append(rest, c)
			continue
		}
		h.dueCount--
		cp, fate, err := t.dueCopyOf(&row, said.of[c.number], c.number, now, o.inHand)
		if err != nil {
			return list.Claim{}, false, err
		}
		switch fate {
		case dueNow:
			le.copies = append(le.copies, leasedCopy{Copy: cp, part: -1})
			continue
		case dueNever:
			gone.cleared = append(gone.cleared, c.number)
			gone.busy = append(gone.busy, c.number)
			gone.addPassed(domainOf(cp.Address), c.number)
			o.busy[copyID{g.outgoing, c.number}] = struct{}{}
		case dueElsewhere:
			o.putOff(put, &row, cp)
		}
		delete(o.due, copyID{g.outgoing, c.number})
	}
	g.copies = rest
	for _, s := range []*settlement{gone, put} {
		if len(s.busy) > 0 {
			o.pending = append(o.pending, s)
			signal(o.kick)
		}
	}
	return o.grant(&row, h.name, le)
}

// dueFate is what a deferred copy turned out to be when its turn came.
type dueFate int

const (
	dueNow       dueFate = iota
	dueLater             // it was put off again, or settled by a command
	dueNever             // its member has left, or receives nothing now
	dueElsewhere         // it waits for another list
)

func (t *txn) dueCopyOf(row *outgoingRow, said list.Interest, number uint32, now time.Time, busy func(copyID) bool) (list.Copy, dueFate, error) {
	v, err := t.get(inDeferred, copyKey(row.ID, number))
	if errors.Is(err, list.ErrNotFound) {
		return list.Copy{}, dueLater, nil
	}
	if err != nil {
		return list.Copy{}, dueLater, err
	}
	c, err := takeCopy(newDecoder(v))
	if err != nil || c.due.After(now) {
		return list.Copy{}, dueLater, err
	}
	cp := list.Copy{Number: number, Address: c.address, Attempts: c.attempts}
	if len(row.Recipients) > 0 {
		return cp, dueNow, nil
	}
	m, err := t.MemberByNumber(row.List, number)
	if errors.Is(err, list.ErrNotFound) {
		return cp, dueNever, nil
	}
	what := fateNever
	if err == nil {
		what, cp.Light, err = t.wanted(row, &m, said, busy)
	}
	if err != nil {
		return cp, dueLater, err
	}
	cp.Address, cp.Generation = m.Address, m.Generation
	switch what {
	case fateNever:
		return cp, dueNever, nil
	case fateLater:
		return cp, dueElsewhere, nil
	}
	return cp, dueNow, nil
}

// emptyGroup forgets the copies of a group.
func (o *outbox) emptyGroup(h *hopQueue, g *dueGroup) {
	for _, c := range g.copies {
		delete(o.due, copyID{g.outgoing, c.number})
	}
	h.dueCount -= len(g.copies)
	g.copies = nil
}
