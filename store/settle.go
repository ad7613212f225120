package store

import (
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"convene/list"
)

// Settle says what became of copies of a claim; the others stay the worker's. It writes the results where a process that is killed finds
// them again, without waiting for the disk, and they are in the index within a second. A copy that is not in the claim, or was settled
// already, is an error, and then nothing is settled. The claim ends with its last copy.
func (db *DB) Settle(now time.Time, claim uint64, results []list.Settled) error {
	if err := db.broken.err(); err != nil {
		return err
	}
	if len(results) == 0 {
		return nil
	}
	o := &db.outbox
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return fmt.Errorf("store: claim %d: %w", claim, ErrClosed)
	}
	le := o.leases[claim]
	if le == nil {
		return fmt.Errorf("store: claim %d: %w", claim, errNoClaim)
	}
	at, err := le.find(results)
	if err != nil {
		return fmt.Errorf("store: claim %d: %w", claim, err)
	}
	s := le.settle(results, at)
	s.at, o.now = now, now
	if err := db.note(s); err != nil {
		return err
	}
	o.pending = append(o.pending, s)
	if le.open == 0 {
		o.endLease(claim, le)
	}
	signal(o.kick)
	return nil
}

// note writes s to the journal. A full disk is not a failing one: what there is no room for is remembered here, and only a process that is
// killed before there is room delivers those copies again. That is better than to stop, and to be started again into a full disk.
func (db *DB) note(s *settlement) error {
	o := &db.outbox
	err := o.journal.append(s)
	full := errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT)
	if err != nil && !full {
		return db.fail(fmt.Errorf("write of the journal: %w", err))
	}
	if full && !o.unwritten {
		db.log.Error("no room for the journal; a kill before there is room repeats deliveries", "error", err)
	}
	o.unwritten = full
	return nil
}

// find returns the positions of the results' copies. They mostly come in the order of the claim.
func (le *lease) find(results []list.Settled) ([]int, error) {
	at := make([]int, len(results))
	taken := make(map[int]bool, len(results))
	hint := 0
	for i := range results {
		n := results[i].Number
		found := -1
		for j := range le.copies {
			if k := (hint + j) % len(le.copies); le.copies[k].Number == n {
				found = k
				break
			}
		}
		if found < 0 || le.copies[found].settled || taken[found] {
			return nil, fmt.Errorf("copy %d: %w", n, errNoClaim)
		}
		switch results[i].Outcome {
		case list.Delivered, list.Deferred, list.Failed, list.Dropped:
		default:
			return nil, fmt.Errorf("copy %d: %q is no outcome", n, results[i].Outcome)
		}
		at[i], hint, taken[found] = found, found+1, true
	}
	return at, nil
}

// settle notes the results in the lease and returns what they change.
func (le *lease) settle(results []list.Settled, at []int) *settlement {
	s := &settlement{outgoing: le.outgoing, busy: make([]uint32, 0, len(results))}
	for i := range results {
		r, c := &results[i], &le.copies[at[i]]
		c.settled = true
		le.open--
		s.busy = append(s.busy, c.Number)
		if c.part >= 0 {
			le.parts[c.part].open--
		}
		if r.Outcome != list.Deferred {
			s.settled++
		}
		if r.Outcome == list.Delivered {
			if c.part < 0 {
				s.cleared = append(s.cleared, c.Number)
			}
			continue
		}
		s.rows = append(s.rows, copyRow{number: c.Number, address: c.Address, outcome: r.Outcome, attempts: c.Attempts + 1,
			status: r.Status, due: r.Due})
	}
	whole := make([]bool, len(le.parts))
	for _, k := range at {
		c := &le.copies[k]
		if c.part < 0 {
			continue
		}
		pt := &le.parts[c.part]
		switch {
		case pt.open > 0:
			s.addDone(pt.domain, c.Number)
		case !whole[c.part]:
			whole[c.part] = true
			s.domains = append(s.domains, pt.result())
		}
	}
	return s
}

// addDone adds a single number of a part of which other copies are still out.
func (s *settlement) addDone(domain string, n uint32) {
	if i := len(s.domains) - 1; i >= 0 && s.domains[i].domain == domain {
		s.domains[i].done = s.domains[i].done.add(n, n)
		return
	}
	s.domains = append(s.domains, domainSettled{domain, settledRow{done: spans{{n, n}}}})
}

// addPassed adds a number that was deferred before, whose member gets nothing any more.
func (s *settlement) addPassed(domain string, n uint32) {
	one := spans{{n, n}}
	s.domains = append(s.domains, domainSettled{domain, settledRow{done: one, passed: one}})
}
