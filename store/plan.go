package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"

	"convene/list"
)

const (
	domainsAhead  = 512  // domains of one outgoing that are looked up at a time
	cursorsAhead  = 8192 // cursors that one outgoing may have while the hops of all of them are not ready
	lanesPerHop   = 200  // outgoings that wait at one hop with cursors of their own; the others are parked there by number only
	duePerHop     = 8192 // deferred copies that wait in memory for one hop
	dueInMemory   = 65536
	plansPerClaim = 1 // outgoings that one Claim plans although there is something to claim already
)

// plan is an outgoing whose domains are being gone through.
type plan struct {
	id      uint64
	list    uint32
	max     uint32
	address string // of the list
	named   bool   // for named recipients
	said    interests

	at       string // domains before this were made into cursors, or parked
	expanded bool   // that was the last of them
	cursors  int    // in lanes
	sweeps   int    // lanes that still look for their domains
	parked   int    // hops at which this waits
	returned []cursor
	over     bool // done with, or forgotten
}

// cursor is a run of member numbers in one domain that nobody was given yet.
type cursor struct {
	domain   string
	next, to uint32
}

// lane is one outgoing at one hop.
type lane struct {
	plan    *plan
	cursors []cursor
	// sweep is set for one that was parked: the domains from at to until are still to be looked through for those of this hop.
	sweep     bool
	at, until string
}

// hopQueue is what waits for one next hop.
type hopQueue struct {
	name     string
	lanes    []*lane // they take turns
	byPlan   map[uint64]*lane
	parked   []*plan
	parkedAt map[uint64]bool
	due      []*dueGroup
	dueCount int
	more     bool // deferred copies for this hop were left on disk
}

func (o *outbox) hop(name string) *hopQueue {
	h := o.hops[name]
	if h == nil {
		h = &hopQueue{name: name, byPlan: map[uint64]*lane{}, parkedAt: map[uint64]bool{}}
		o.hops[name] = h
		o.ring = append(o.ring, h)
	}
	return h
}

func (h *hopQueue) empty() bool { return len(h.lanes) == 0 && len(h.parked) == 0 && len(h.due) == 0 }

// admit plans the next outgoing that waits; false when there is none. One that cannot be read does not keep the others from going out.
func (o *outbox) admit(t *txn, hop func(string) string) (bool, error) {
	id, ok := o.nextWaiting(t)
	if !ok {
		return false, nil
	}
	more, err := o.admitOne(t, id, hop)
	if errors.Is(err, ErrCorrupt) {
		o.log.Error("an outgoing stays where it is: it cannot be read", "outgoing", id, "error", err)
		o.forget(id)
		return true, nil
	}
	return more, err
}

func (o *outbox) admitOne(t *txn, id uint64, hop func(string) string) (bool, error) {
	v, err := t.get(inWaiting, outKey(id))
	if errors.Is(err, list.ErrNotFound) {
		return true, nil // done meanwhile
	}
	if err != nil {
		return false, err
	}
	p, err := decodeProgress(v)
	if err != nil {
		return false, err
	}
	row, err := t.outgoingRow(id)
	if err != nil {
		return false, err
	}
	if p.spread || row.State != list.OutWaiting || o.plans[id] != nil {
		return true, nil
	}
	pl := &plan{id: id, list: row.List, max: row.MaxMember, address: row.Address, named: len(row.Recipients) > 0}
	if pl.named {
		pl.max = uint32(len(row.Recipients))
	}
	o.plans[id] = pl
	o.order = append(o.order, pl)
	return true, o.expand(t, pl, &row, hop)
}

func (o *outbox) nextWaiting(t *txn) (uint64, bool) {
	if len(o.again) > 0 {
		id := o.again[0]
		o.again = o.again[1:]
		return id, true
	}
	k, _ := t.bucket(inWaiting).Cursor().Seek(outKey(o.next + 1))
	if len(k) != 8 {
		return 0, false
	}
	o.next = binary.BigEndian.Uint64(k)
	return o.next, true
}

// expand makes cursors for the plan's next domains. row is the plan's record, nil: to be read when it is needed.
func (o *outbox) expand(t *txn, p *plan, row *outgoingRow, hop func(string) string) error {
	at, end, err := o.domains(t, p, row, p.at, "", func(domain string, c cursor) { o.addCursor(p, hop(domain), c) })
	if err != nil {
		return err
	}
	p.at, p.expanded = at, end
	o.finish(p)
	return nil
}

// addCursor puts a cursor into the lane of its plan at a hop. Where too many outgoings wait already, the plan is parked there.
func (o *outbox) addCursor(p *plan, hop string, c cursor) {
	h := o.hop(hop)
	l := h.byPlan[p.id]
	switch {
	case h.parkedAt[p.id]:
		return
	case l == nil && len(h.lanes) >= lanesPerHop:
		h.parked = append(h.parked, p)
		h.parkedAt[p.id] = true
		p.parked++
		return
	case l == nil:
		l = &lane{plan: p}
		h.byPlan[p.id] = l
		h.lanes = append(h.lanes, l)
	}
	l.cursors = append(l.cursors, c)
	p.cursors++
}

// unpark gives a parked plan a lane; it looks for its domains from the first one again, since which were this hop's was not kept.
func (o *outbox) unpark(h *hopQueue) {
	for len(h.lanes) < lanesPerHop && len(h.parked) > 0 {
		p := h.parked[0]
		h.parked = h.parked[1:]
		delete(h.parkedAt, p.id)
		if p.over {
			continue
		}
		l := &lane{plan: p, sweep: true}
		if !p.expanded {
			l.until = p.at
		}
		p.parked--
		p.sweeps++
		h.byPlan[p.id] = l
		h.lanes = append(h.lanes, l)
	}
}

// sweepLane looks for the next domains of a lane that was parked.
func (o *outbox) sweepLane(t *txn, h *hopQueue, l *lane, hop func(string) string) error {
	for l.sweep && len(l.cursors) == 0 {
		at, end, err := o.domains(t, l.plan, nil, l.at, l.until, func(domain string, c cursor) {
			if hop(domain) == h.name {
				l.cursors = append(l.cursors, c)
				l.plan.cursors++
			}
		})
		if err != nil {
			return err
		}
		if l.at = at; end {
			l.sweep = false
			l.plan.sweeps--
		}
	}
	return nil
}

// domains calls f for up to domainsAhead domains of a plan, from the position at on and before until (empty: no end), that have numbers
// which are not settled. It returns the position behind the last one and whether there are no more.
func (o *outbox) domains(t *txn, p *plan, row *outgoingRow, at, until string, f func(string, cursor)) (string, bool, error) {
	each := func(domain string, first uint32) error {
		s, err := t.settled(p.id, domain)
		if err != nil {
			return err
		}
		for _, v := range s.done.union(s.passed) {
			if v.lo <= first && first <= v.hi {
				first = v.hi + min(1, ^uint32(0)-v.hi)
			}
		}
		if first <= p.max && !s.has(first) {
			f(domain, cursor{domain, first, p.max})
		}
		return nil
	}
	if p.named {
		return namedDomains(t, p, row, at, until, each)
	}
	prefix := listKey(p.list)
	c := t.bucket(inMembers).Cursor()
	k, _ := c.Seek(append(bytes.Clone(prefix), at...))
	for range domainsAhead {
		if !bytes.HasPrefix(k, prefix) || until != "" && string(k[4:]) >= until {
			return at, true, nil
		}
		name, number, ok := splitMemberKey(k)
		if !ok {
			return at, false, ErrCorrupt
		}
		domain := string(name)
		if number <= p.max {
			if err := each(domain, 1); err != nil {
				return at, false, err
			}
		}
		at = domain + "\x01" // behind the zero octet that ends the domain in every key of its members
		k, _ = c.Seek(newKey().u32(p.list).str(at))
	}
	return at, false, nil
}

func namedDomains(t *txn, p *plan, row *outgoingRow, at, until string, each func(string, uint32) error) (string, bool, error) {
	if row == nil {
		r, err := t.outgoingRow(p.id)
		if err != nil {
			return at, false, err
		}
		row = &r
	}
	var all []string
	for _, r := range row.Recipients {
		if d := domainOf(r); d >= at && (until == "" || d < until) {
			all = append(all, d)
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	for i, domain := range all {
		if i == domainsAhead {
			return domain, false, nil
		}
		if err := each(domain, 1); err != nil {
			return at, false, err
		}
	}
	return at, true, nil
}

func (t *txn) settled(outgoing uint64, domain string) (settledRow, error) {
	v, err := t.get(inSettled, settledKey(outgoing, domain))
	if errors.Is(err, list.ErrNotFound) {
		return settledRow{}, nil
	}
	if err != nil {
		return settledRow{}, err
	}
	return takeSettled(newDecoder(v))
}

// finish tells the folder about a plan of which no domain is left, and forgets it.
func (o *outbox) finish(p *plan) {
	if p.over || !p.expanded || p.cursors > 0 || p.sweeps > 0 || p.parked > 0 || len(p.returned) > 0 || o.leased[p.id] > 0 {
		return
	}
	p.over = true
	delete(o.plans, p.id)
	o.spread = append(o.spread, ending{p.id, o.now})
	signal(o.kick)
}

// forget drops an outgoing from the plan without an end: it is poison, or was dropped.
func (o *outbox) forget(id uint64) {
	if p := o.plans[id]; p != nil {
		p.over = true
		delete(o.plans, id)
	}
	for _, h := range o.hops {
		for _, g := range h.due {
			if g.outgoing == id {
				o.emptyGroup(h, g)
			}
		}
	}
}
