package store

import (
	"time"

	"convene/list"
)

// progress is how far an outgoing that is not done has come.
type progress struct {
	total   uint64 // copies, as far as could be told when it was accepted
	settled uint64 // of them delivered, failed or dropped
	spread  bool   // every domain was gone through: only deferred copies are left
	list    uint32 // whose members get it; zero: named recipients

	delivered uint64 // of the settled
}

func (p *progress) encode() []byte {
	e := newEncoder(16)
	e.uint(1, p.total)
	e.uint(2, p.settled)
	e.flag(3, p.spread)
	e.uint(4, uint64(p.list))
	e.uint(5, p.delivered)
	return e.b
}

func decodeProgress(b []byte) (p progress, err error) {
	d := newDecoder(b)
	for d.next() {
		switch d.num {
		case 1:
			p.total = d.u
		case 2:
			p.settled = d.u
		case 3:
			p.spread = d.flag()
		case 4:
			p.list = d.u32()
		case 5:
			p.delivered = d.u
		}
	}
	return p, d.err
}

// settledRow says which numbers of one domain need no more thought for one outgoing.
type settledRow struct {
	done   spans // delivered, or with a row of their own in inDeferred or inFailed
	passed spans // got nothing when it was their turn: they had left, or paused
}

func (s *settledRow) has(n uint32) bool { return s.done.has(n) || s.passed.has(n) }

func (s *settledRow) put(e *encoder) {
	e.bytes(1, s.done.encode())
	e.bytes(2, s.passed.encode())
}

func takeSettled(d *decoder) (s settledRow, err error) {
	for d.next() && err == nil {
		switch d.num {
		case 1:
			s.done, err = decodeSpans(d.bytes())
		case 2:
			s.passed, err = decodeSpans(d.bytes())
		}
	}
	if err == nil {
		err = d.err
	}
	return s, err
}

// copyRow is the row of one copy that was deferred, failed or dropped.
type copyRow struct {
	number   uint32
	address  string
	outcome  list.Outcome
	attempts int
	status   string
	due      time.Time
	at       time.Time // when it failed; zero: not yet, or in a store that did not note it
}

func (c *copyRow) put(e *encoder) {
	e.uint(1, uint64(c.number))
	e.str(2, c.address)
	e.str(3, string(c.outcome))
	e.uint(4, uint64(c.attempts))
	e.str(5, c.status)
	e.time(6, c.due)
	e.time(7, c.at)
}

func takeCopy(d *decoder) (c copyRow, err error) {
	for d.next() {
		switch d.num {
		case 1:
			c.number = d.u32()
		case 2:
			c.address = d.str()
		case 3:
			c.outcome = list.Outcome(d.str())
		case 4:
			c.attempts = int(d.u32())
		case 5:
			c.status = d.str()
		case 6:
			c.due = d.time()
		case 7:
			c.at = d.time()
		}
	}
	return c, d.err
}

// settlement is what one Settle, or the passing over of members, changes: the record of the journal.
type settlement struct {
	seq      uint64 // order of the journal
	outgoing uint64
	at       time.Time
	settled  uint64 // copies delivered, failed or dropped
	domains  []domainSettled
	rows     []copyRow
	cleared  []uint32 // deferred copies that were delivered, or whose member is gone
	busy     []uint32 // numbers that are free again once this is in the index; not in the journal
}

type domainSettled struct {
	domain string
	settledRow
}

// settledCopies counts copies of one outgoing that are settled.
type settledCopies struct {
	all       uint64
	delivered uint64 // of them; the others failed or were dropped
}

func (n settledCopies) and(more settledCopies) settledCopies {
	return settledCopies{n.all + more.all, n.delivered + more.delivered}
}

func (s *settlement) count() settledCopies {
	n := settledCopies{s.settled, s.settled}
	for i := range s.rows {
		if s.rows[i].outcome != list.Deferred {
			n.delivered -= min(n.delivered, 1)
		}
	}
	return n
}

func (s *settlement) encode() []byte {
	e := newEncoder(64 + 48*len(s.domains) + 96*len(s.rows))
	e.uint(1, s.seq)
	e.uint(2, s.outgoing)
	e.time(3, s.at)
	e.uint(4, s.settled)
	for i := range s.domains {
		e.message(5, 48, func(e *encoder) {
			e.str(3, s.domains[i].domain)
			s.domains[i].put(e)
		})
	}
	for i := range s.rows {
		e.message(6, 96, s.rows[i].put)
	}
	for _, n := range s.cleared {
		e.uint(7, uint64(n))
	}
	return e.b
}

func decodeSettlement(b []byte) (s settlement, err error) {
	d := newDecoder(b)
	for d.next() && err == nil {
		switch d.num {
		case 1:
			s.seq = d.u
		case 2:
			s.outgoing = d.u
		case 3:
			s.at = d.time()
		case 4:
			s.settled = d.u
		case 5:
			var v domainSettled
			v, err = takeDomain(d.sub())
			s.domains = append(s.domains, v)
		case 6:
			var c copyRow
			c, err = takeCopy(d.sub())
			s.rows = append(s.rows, c)
		case 7:
			s.cleared = append(s.cleared, d.u32())
		}
	}
	if err == nil {
		err = d.err
	}
	return s, err
}

func takeDomain(d *decoder) (v domainSettled, err error) {
	name := *d
	for name.next() {
		if name.num == 3 {
			v.domain = name.str()
		}
	}
	v.settledRow, err = takeSettled(d)
	return v, err
}
