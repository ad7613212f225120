package store

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"time"

	"convene/list"
)

// lease is what one worker has.
type lease struct {
	outgoing uint64
	copies   []leasedCopy
	parts    []part
	open     int // copies not settled
}

type leasedCopy struct {
	list.Copy
	part    int // -1: it was deferred before
	settled bool
}

// part is what a lease covers of one domain: all numbers from from to to, but the holes.
type part struct {
	domain   string
	from, to uint32
	holes    []uint32 // in order: passed, and those that another lease has
	passed   []uint32
	open     int
}

// result is what the part comes to once all its copies are settled.
func (p *part) result() domainSettled {
	d := domainSettled{domain: p.domain}
	d.done = without(p.from, p.to, p.holes)
	for _, n := range p.passed {
		d.passed = d.passed.add(n, n)
	}
	return d
}

// Claim gives the caller copies of one outgoing for one next hop, at most max: those that were deferred and whose time has come first,
// then new ones; false when there is nothing for any hop that is ready. hop names the next hop of a domain and must keep its answer until
// Reroute; ready says whether a hop takes another claim now. Both are called with a lock held and must not call the store.
func (db *DB) Claim(now time.Time, hop func(domain string) string, ready func(hop string) bool, max int) (list.Claim, bool, error) {
	o := &db.outbox
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = now
	if o.reroute {
		o.reroute = false
		o.reset()
	}
	var claim list.Claim
	found := false
	err := db.view(func(t *txn) error {
		if o.paused["*"] || o.behind {
			return nil
		}
		if err := o.loadDue(t, now, hop); err != nil {
			return err
		}
		o.takeBack(hop)
		for range plansPerClaim {
			if _, err := o.admit(t, hop); err != nil {
				return err
			}
		}
		for {
			var err error
			if claim, found, err = o.pick(t, now, hop, ready, max); found || err != nil {
				return err
			}
			more, err := o.lookFurther(t, hop)
			if !more || err != nil {
				return err
			}
		}
	})
	return claim, found, err
}

// takeBack makes cursors of what was released.
func (o *outbox) takeBack(hop func(string) string) {
	for _, p := range o.back {
		for _, c := range p.returned {
			o.addCursor(p, hop(c.domain), c)
		}
		p.returned = nil
	}
	o.back = nil
}

// lookFurther finds more to claim: the next outgoing, or more domains of one that has not been expanded; false when there is nothing.
func (o *outbox) lookFurther(t *txn, hop func(string) string) (bool, error) {
	more, err := o.admit(t, hop)
	if more || err != nil {
		return more, err
	}
	o.order = liveOnly(o.order)
	for _, p := range o.order {
		if !p.expanded && p.cursors < cursorsAhead && !o.paused[strings.ToLower(p.address)] {
			return true, o.expand(t, p, nil, hop)
		}
	}
	return false, nil
}

func liveOnly(order []*plan) []*plan {
	live := order[:0]
	for _, p := range order {
		if !p.over {
			live = append(live, p)
		}
	}
	clear(order[len(live):])
	return live
}

// pick goes once round the hops.
func (o *outbox) pick(t *txn, now time.Time, hop func(string) string, ready func(string) bool, max int) (c list.Claim, ok bool, err error) {
	for n := len(o.ring); n > 0; n-- {
		o.turn %= len(o.ring)
		h := o.ring[o.turn]
		if h.empty() {
			if h.more {
				o.dueFrom = nil
				signal(o.wake)
			}
			o.ring = append(o.ring[:o.turn], o.ring[o.turn+1:]...)
			delete(o.hops, h.name)
			continue
		}
		o.turn++
		if !ready(h.name) {
			continue
		}
		if c, ok, err = o.claimDue(t, h, now, max); ok || err != nil {
			return c, ok, err
		}
		if c, ok, err = o.claimNew(t, h, hop, max); ok || err != nil {
			return c, ok, err
		}
	}
	return c, false, nil
}

// claimNew claims from the lanes of one hop, which take turns, so that a long one does not keep the others waiting.
func (o *outbox) claimNew(t *txn, h *hopQueue, hop func(string) string, max int) (c list.Claim, ok bool, err error) {
	for n := len(h.lanes); n > 0; n-- {
		l := h.lanes[0]
		h.lanes = h.lanes[1:]
		p := l.plan
		if !p.over && !o.paused[strings.ToLower(p.address)] {
			if c, ok, err = o.claimLane(t, h, l, hop, max); err != nil {
				h.lanes = append(h.lanes, l)
				return c, false, err
			}
		}
		if p.over || len(l.cursors) == 0 && !l.sweep {
			delete(h.byPlan, p.id)
		} else {
			h.lanes = append(h.lanes, l)
		}
		o.unpark(h)
		if !p.over && !p.expanded && p.cursors < domainsAhead/2 {
			if err := o.expand(t, p, nil, hop); err != nil {
				return c, ok, err
			}
		}
		o.finish(p)
		if ok {
			return c, true, nil
		}
	}
	return c, false, nil
}

// claimLane gathers copies over the domains of one lane.
func (o *outbox) claimLane(t *txn, h *hopQueue, l *lane, hop func(string) string, max int) (list.Claim, bool, error) {
	p := l.plan
	if err := o.sweepLane(t, h, l, hop); err != nil {
		return list.Claim{}, false, err
	}
	if len(l.cursors) == 0 {
		return list.Claim{}, false, nil
	}
	row, err := t.outgoingRow(p.id)
	if err != nil {
		return list.Claim{}, false, err
	}
	if row.dropped { // by a transaction that this has not heard of yet
		o.forget(p.id)
		return list.Claim{}, false, nil
	}
	if err := o.readInterests(t, &row, &p.said); err != nil {
		return list.Claim{}, false, err
	}
	le := &lease{outgoing: p.id, copies: make([]leasedCopy, 0, min(max, 128))}
	skipped := l.cursors[:0]
	put := &settlement{outgoing: p.id, at: o.now} // off, for another list
	used := 0
	for i := range l.cursors {
		c := &l.cursors[i]
		if used++; o.held("", c.domain) {
			skipped = append(skipped, *c)
			continue
		}
		ended, err := o.gather(t, p, &row, c, le, put, max)
		if err != nil {
			for _, c := range le.copies {
				delete(o.busy, copyID{p.id, c.Number})
			}
			for _, r := range put.rows {
				delete(o.busy, copyID{p.id, r.number})
			}
			return list.Claim{}, false, err
		}
		if ended {
			p.cursors--
		} else {
			skipped = append(skipped, *c)
		}
		if len(le.copies) >= max {
			break
		}
	}
	l.cursors = append(skipped, l.cursors[used:]...)
	if len(put.rows) > 0 {
		o.pending = append(o.pending, put)
		signal(o.kick)
	}
	return o.grant(&row, h.name, le)
}

// gather adds the copies of one cursor to a lease, up to max in all, and to put those that wait for another list. It reports whether the cursor is at its end.
func (o *outbox) gather(t *txn, p *plan, row *outgoingRow, c *cursor, le *lease, put *settlement, max int) (bool, error) {
	s, err := t.settled(p.id, c.domain)
	if err != nil {
		return false, err
	}
	pt := part{domain: c.domain, from: c.next, to: c.to}
	full := false
	each := func(n uint32, take taker) (bool, error) {
		if n > c.to || len(le.copies) >= max {
			full = n <= c.to
			if full {
				pt.to = n - 1
				c.next = n
			}
			return false, nil
		}
		if s.has(n) {
			return true, nil
		}
		if _, busy := o.busy[copyID{p.id, n}]; busy {
			pt.holes = append(pt.holes, n)
			return true, nil
		}
		copy, what, err := take()
		if errors.Is(err, ErrCorrupt) {
			o.log.Error("a member gets no copy: the record cannot be read", "outgoing", p.id, "error", err)
			what, err = fateNever, nil
		}
		if err != nil {
			return false, err
		}
		switch what {
		case fateLater:
			pt.holes = append(pt.holes, n)
			put.addDone(c.domain, n)
			o.putOff(put, row, copy)
			return true, nil
		case fateNever:
			pt.holes, pt.passed = append(pt.holes, n), append(pt.passed, n)
			return true, nil
		}
		le.copies = append(le.copies, leasedCopy{Copy: copy, part: len(le.parts)})
		// At once: after Reroute, what an older claim gave back may be in two cursors, and one claim must not take it twice.
		o.busy[copyID{p.id, n}] = struct{}{}
		pt.open++
		return true, nil
	}
	if p.named {
		err = eachNamed(row, c, each)
	} else {
		err = t.eachMember(row, p.said.of, c, o.inHand, each)
	}
	if err == nil && pt.from <= pt.to {
		le.parts = append(le.parts, pt)
	}
	return !full, err
}

// taker reads the copy of one number, and what is to become of it.
type taker func() (list.Copy, fate, error)

// eachMember calls f for the members of a cursor's domain until it returns false. busy is for wanted. Where the members who get it are named, the others are passed over unread:
// a digest in many forms has one outgoing for each.
func (t *txn) eachMember(row *outgoingRow, said map[uint32]list.Interest, c *cursor, busy func(copyID) bool, f func(uint32, taker) (bool, error)) error {
	prefix := domainKey(row.List, c.domain)
	cur := t.bucket(inMembers).Cursor()
	for k, v := cur.Seek(memberKey(row.List, c.domain, c.next)); bytes.HasPrefix(k, prefix); k, v = cur.Next() {
		n := lastU32(k)
		if row.Only != nil {
			if _, named := slices.BinarySearch(row.Only, n); !named {
				continue
			}
		}
		more, err := f(n, func() (list.Copy, fate, error) {
			b, err := unseal(inMembers, k, v)
			if err != nil {
				return list.Copy{}, fateNever, err
			}
			m, err := decodeMember(b)
			if err != nil {
				return list.Copy{}, fateNever, err
			}
			what, light, err := t.wanted(row, &m, said[n], busy)
			return list.Copy{Number: n, Address: m.Address, Generation: m.Generation, Light: light}, what, err
		})
		if !more || err != nil {
			return err
		}
	}
	return nil
}

func eachNamed(row *outgoingRow, c *cursor, f func(uint32, taker) (bool, error)) error {
	for i := max(c.next, 1); i <= uint32(len(row.Recipients)); i++ {
		address := row.Recipients[i-1]
		if domainOf(address) != c.domain {
			continue
		}
		taken := func() (list.Copy, fate, error) {
			if row.Except != "" && list.SameAddress(address, row.Except) {
				return list.Copy{}, fateNever, nil
			}
			return list.Copy{Number: i, Address: address}, fateNow, nil
		}
		if more, err := f(i, taken); !more || err != nil {
			return err
		}
	}
	return nil
}

// grant makes a claim of what was gathered. If that is nobody at all, what was passed over is settled.
func (o *outbox) grant(row *outgoingRow, hop string, le *lease) (list.Claim, bool, error) {
	idle := &settlement{outgoing: row.ID, at: o.now}
	for i := range le.parts {
		if le.parts[i].open == 0 {
			idle.domains = append(idle.domains, le.parts[i].result())
		}
	}
	if len(idle.domains) > 0 {
		// Not in the journal: a process that is killed passes them over again.
		o.pending = append(o.pending, idle)
		signal(o.kick)
	}
	if len(le.copies) == 0 {
		return list.Claim{}, false, nil
	}
	for _, c := range le.copies {
		if c.part >= 0 {
			continue
		}
		delete(o.due, copyID{row.ID, c.Number})
	}
	o.lastLease++
	claim := list.Claim{ID: o.lastLease, Out: row.Outgoing, Hop: hop, Copies: make([]list.Copy, len(le.copies))}
	for i, c := range le.copies {
		claim.Copies[i] = c.Copy
		o.busy[copyID{row.ID, c.Number}] = struct{}{}
	}
	le.open = len(le.copies)
	o.leases[claim.ID] = le
	o.leased[row.ID]++
	return claim, true, nil
}

// Release gives back what of a claim was not settled: it can be claimed again as if it never had been.
func (db *DB) Release(claim uint64) {
	o := &db.outbox
	o.mu.Lock()
	le := o.leases[claim]
	if le == nil {
		o.mu.Unlock()
		return
	}
	p := o.plans[le.outgoing]
	for _, c := range le.copies {
		if c.settled {
			continue
		}
		delete(o.busy, copyID{le.outgoing, c.Number})
		if c.part < 0 {
			o.dueFrom = nil
		}
	}
	for i := range le.parts {
		if pt := &le.parts[i]; pt.open > 0 && p != nil {
			p.returned = append(p.returned, cursor{pt.domain, pt.from, pt.to})
		}
	}
	if p != nil && len(p.returned) > 0 {
		o.back = append(o.back, p)
	}
	o.endLease(claim, le)
	o.mu.Unlock()
	signal(o.wake)
}

func (o *outbox) endLease(id uint64, le *lease) {
	delete(o.leases, id)
	if o.leased[le.outgoing]--; o.leased[le.outgoing] == 0 {
		delete(o.leased, le.outgoing)
	}
	if p := o.plans[le.outgoing]; p != nil {
		o.finish(p)
	}
}

// errNoClaim: the claim is over, or never was.
var errNoClaim = errors.New("there is no such claim")
