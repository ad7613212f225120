package list

import (
	"errors"
	"fmt"
	"time"
)

// freshPosts is how long a post may be on its way to who has just chosen digests, and finds them changed.
const freshPosts = 10 * time.Minute

// putMember writes a member whose settings may have changed, or who is new, and settles what follows from that: which posts the first digest begins
// behind, which the last one has still to tell of, and since when they are on a break.
func (e *Engine) putMember(tx Tx, m Member, now time.Time) (Member, error) {
	var was Member
	if m.Number != 0 {
		var err error
		if was, err = tx.MemberByNumber(m.List, m.Number); err != nil && !errors.Is(err, ErrNotFound) {
			return m, err
		}
	}
	if m.State != Paused {
		m.PausedSince = time.Time{}
	} else if was.State != Paused {
		m.PausedSince = now
	}
	if err := e.settleDigests(tx, &was, &m, now); err != nil {
		return m, err
	}
	return tx.PutMember(m)
}

// settleDigests sets from which post on, and up to which, digests tell a member of posts.
func (e *Engine) settleDigests(tx Tx, was, m *Member, now time.Time) error {
	reads, read := m.Mode == ModeDigest, was.Mode == ModeDigest
	moved := m.DigestAt != was.DigestAt || m.DigestAt != 0 && m.Timezone != was.Timezone
	leaves := m.State == Paused && was.State != Paused
	if !reads && !read {
		if m.Mode == ModeNoMail {
			m.DigestUntil = 0
		}
		return nil
	}
	if reads && read && !moved && !leaves {
		return nil
	}
	rec, err := tx.ListByID(m.List)
	if err != nil {
		return err
	}
	if l, ok := e.Site().List(rec.Address); ok && l.NoDigest && !read {
		return fmt.Errorf("%s has no digest: its [list.digest] cron is empty", rec.Address)
	}
	switch {
	case read:
		m.DigestFrom, err = e.toldTo(tx, rec, was)
	case was.DigestUntil == 0: // else their next digest has what was left for the last
		m.DigestFrom, err = reached(tx, rec, now)
	}
	m.DigestUntil = 0
	if m.Mode != ModeNoMail && rec.Posts > m.DigestFrom {
		m.DigestUntil = rec.Posts
	}
	return err
}

// backFromBreak ends what a break leaves of digests: since is when it began, and what is returned when the first post came that the member was not told of.
// A catch-up that begins there tells them of all there is, and digests go on behind it.
func backFromBreak(tx Tx, m *Member, since time.Time) (time.Time, error) {
	if !m.ReadsDigests() {
		return since, nil
	}
	rec, err := tx.ListByID(m.List)
	if err == nil && m.DigestUntil != 0 {
		err = tx.Posts(rec.ID, m.DigestFrom+1, func(p Post) error {
			if p.History() {
				return nil
			}
			if p.Accepted.Before(since) {
				since = p.Accepted
			}
			return ErrStop
		})
	}
	m.DigestFrom, m.DigestUntil = rec.Posts, 0
	return since, err
}

// toldTo is the last post that digests told a member of.
func (e *Engine) toldTo(r Reader, rec Record, m *Member) (uint32, error) {
	l, ok := e.Site().List(rec.Address)
	if !ok || e.Schedule == nil {
		return m.DigestFrom, nil
	}
	told, err := e.Schedule.Told(r, l, m)
	return max(told, m.DigestFrom), err
}

// reached is the last post that has gone out one by one to who chooses digests now. One that is still going out may not find them in time, so that their
// digest tells of it, too: rather twice than not at all.
func reached(r Reader, rec Record, now time.Time) (uint32, error) {
	n := rec.Posts
	for ; n > 0; n-- {
		p, err := r.Post(rec.ID, n)
		if errors.Is(err, ErrNotFound) {
			continue
		} else if err != nil {
			return 0, err
		}
		if p.History() {
			continue
		}
		if now.Sub(p.Accepted) > freshPosts {
			break
		}
		o, err := r.Outgoing(p.Outgoing)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return 0, err
		}
		if err != nil || o.State != OutWaiting {
			break
		}
	}
	return n, nil
}
