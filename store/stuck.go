package store

import (
	"bytes"
	"encoding/binary"
	"maps"
	"strings"
	"time"

	"convene/list"
)

// Stuck tells of the posts that nobody has yet although they were accepted age before now or earlier: how many there are, and when the oldest
// was accepted. A post counts that is for the members of a list, is neither paused nor set aside, and of which no copy was delivered, failed or
// dropped; a copy that was only deferred is one that did not arrive. It reads some records at a time.
func (db *DB) Stuck(now time.Time, age time.Duration) (oldest time.Time, n int, err error) {
	standing := db.outbox.standing()
	for next, more := uint64(0), true; more; {
		err := db.view(func(t *txn) error {
			looked := 0
			more = false
			return t.walk(inWaiting, nil, outKey(next), func(k, v []byte) error {
				next = binary.BigEndian.Uint64(k)
				if looked++; looked > rowsPerView {
					more = true
					return list.ErrStop
				}
				p, err := decodeProgress(v)
				if err != nil || p.list == 0 || p.settled > 0 || standing.moving[next] {
					return err
				}
				row, err := t.outgoingRow(next)
				if err != nil {
					return err
				}
				if row.Accepted.After(now.Add(-age)) {
					return list.ErrStop // those behind it are younger
				}
				paused, err := standing.keeps(t, &row)
				if err != nil || paused || row.State != list.OutWaiting {
					return err
				}
				if n++; n == 1 || row.Accepted.Before(oldest) {
					oldest = row.Accepted
				}
				return nil
			})
		})
		if err != nil {
			return oldest, n, err
		}
	}
	return oldest, n, nil
}

// standing is what of the outbox is in memory and matters to Stuck.
type standing struct {
	moving map[uint64]bool // outgoings of which something was settled that is not in the index yet
	paused map[string]bool
}

func (o *outbox) standing() standing {
	o.mu.Lock()
	defer o.mu.Unlock()
	s := standing{map[uint64]bool{}, maps.Clone(o.paused)}
	for _, batch := range [][]*settlement{o.folding, o.pending} {
		for _, one := range batch {
			if one.settled > 0 {
				s.moving[one.outgoing] = true
			}
		}
	}
	return s
}

// keeps reports whether a message to members is kept back: all of it, or to every domain that they are in.
func (s *standing) keeps(t *txn, row *outgoingRow) (bool, error) {
	if len(s.paused) == 0 {
		return false, nil
	}
	if s.paused["*"] || s.paused[strings.ToLower(row.Address)] {
		return true, nil
	}
	prefix := listKey(row.List)
	members := false
	c := t.bucket(inMembers).Cursor()
	// There are no more steps than domains are paused, and one.
	for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix); {
		name, _, ok := splitMemberKey(k)
		if !ok {
			return false, ErrCorrupt
		}
		if !s.paused[string(name)] {
			return false, nil
		}
		members = true
		k, _ = c.Seek(newKey().u32(row.List).str(string(name) + "\x01"))
	}
	return members, nil
}

// Overdue is when Prune should have forgotten the oldest of what is done; false: there is nothing to forget yet.
func (db *DB) Overdue(now time.Time) (since time.Time, ok bool) {
	// An index that cannot be read is told of by whoever needs it.
	_ = db.view(func(t *txn) error {
		if k, found := t.first(inDone, nil); found && len(k) == 16 {
			since = timeOf(binary.BigEndian.Uint64(k)).Add(keepDone)
			ok = !since.After(now)
		}
		return nil
	})
	return since, ok
}

// CountHeld is how many posts of all lists wait for a moderator.
func (db *DB) CountHeld() (n int, err error) {
	err = db.view(func(t *txn) error {
		c := t.bucket(inHeld).Cursor()
		for k, _ := c.First(); k != nil; k, _ = c.Next() {
			n++
		}
		return nil
	})
	return n, err
}
