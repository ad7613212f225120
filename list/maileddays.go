package list

import (
	"errors"
	"slices"
	"time"
)

// gapsLookedAt is how many of the last gaps between days with posts tell how often a list has them, and postsLookedAt of how many posts at most.
const (
	gapsLookedAt  = 20
	postsLookedAt = 2000
)

// mailedDays knows on which days lists sent posts, newest first, as far back as somebody asked. It is good for as long as no post is added, give or
// take today's.
type mailedDays struct {
	lists map[uint32]*listDays
}

// listDays is what was read of one list.
type listDays struct {
	next uint32 // the number of the next older post
	days []postDay
}

// postDay is a day with posts.
type postDay struct {
	day   time.Time
	posts []sentPost
}

// sentPost is a post by its number, and its record in the outbox.
type sentPost struct {
	number   uint32
	outgoing uint64
	special  bool
}

func newMailedDays() *mailedDays { return &mailedDays{lists: map[uint32]*listDays{}} }

func (c *mailedDays) of(rec Record) *listDays {
	l := c.lists[rec.ID]
	if l == nil {
		l = &listDays{next: rec.Posts}
		c.lists[rec.ID] = l
	}
	return l
}

// more reads the next older post; false: there is none. What was pruned ends the list.
func (l *listDays) more(r Reader, list uint32) (bool, error) {
	if l.next == 0 {
		return false, nil
	}
	p, err := r.Post(list, l.next)
	if errors.Is(err, ErrNotFound) {
		l.next--
		return l.next > 0, nil
	} else if err != nil {
		return false, err
	}
	if l.next--; p.History() {
		return l.next > 0, nil
	}
	sent := sentPost{p.Number, p.Outgoing, p.Special}
	if n := len(l.days); n > 0 && l.days[n-1].day.Equal(dayOf(p.Accepted)) {
		l.days[n-1].posts = append(l.days[n-1].posts, sent)
	} else {
		l.days = append(l.days, postDay{dayOf(p.Accepted), []sentPost{sent}})
	}
	return true, nil
}

// day is the i-th newest day with posts; false: there are fewer.
func (l *listDays) day(r Reader, list uint32, i int) (d postDay, ok bool, err error) {
	for len(l.days) < i+2 { // a day is whole when the one before it is known
		more, err := l.more(r, list)
		if err != nil {
			return d, false, err
		}
		if !more {
			break
		}
	}
	if i >= len(l.days) {
		return d, false, nil
	}
	return l.days[i], true, nil
}

// gap is the median time between two of the last days with posts, or with special ones alone; zero: there are none. Of posts it would be hours on a list
// whose members answer one another for a day and are silent for a month. Of special posts that are too rare to be found it is as long as was looked back.
func (l *listDays) gap(r Reader, list uint32, special bool) (time.Duration, error) {
	var gaps []time.Duration
	var newer, last time.Time
	for i, looked := 0, 0; len(gaps) < gapsLookedAt && looked < postsLookedAt; i++ {
		d, ok, err := l.day(r, list, i)
		if err != nil {
			return 0, err
		}
		if !ok {
			break
		}
		last = d.day
		if looked += len(d.posts); special && !slices.ContainsFunc(d.posts, func(p sentPost) bool { return p.special }) {
			continue
		}
		if !newer.IsZero() {
			gaps = append(gaps, newer.Sub(d.day))
		}
		newer = d.day
	}
	if len(gaps) == 0 && special && !last.IsZero() {
		return l.days[0].day.Sub(last), nil
	}
	if len(gaps) == 0 {
		return 0, nil
	}
	slices.Sort(gaps)
	return gaps[len(gaps)/2], nil
}

// window is how far apart the days on which an address failed may be.
func (c *mailedDays) window(r Reader, s *AddressState) (time.Duration, error) {
	longest := bounceWindow
	for _, d := range s.Days {
		rec, err := r.ListByID(d.List)
		if errors.Is(err, ErrNotFound) {
			continue
		} else if err != nil {
			return 0, err
		}
		m, err := r.Member(rec.ID, s.Address)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return 0, err
		}
		gap, err := c.of(rec).gap(r, rec.ID, m.Mode == ModeSpecial)
		if err != nil {
			return 0, err
		}
		longest = max(longest, bounceGaps*gap)
	}
	return longest, nil
}

// clean is the last day, behind the first failure, on which an address was mailed and all was well; zero: there is none.
func (c *mailedDays) clean(r Reader, s *AddressState, now time.Time) (last time.Time, err error) {
	if len(s.Days) == 0 {
		return last, nil
	}
	err = eachMembership(r, s.Address, func(rec Record, m *Member) error {
		if !m.Receives(true) {
			return nil
		}
		l := c.of(rec)
		for i := 0; ; i++ {
			d, ok, err := l.day(r, rec.ID, i)
			if err != nil || !ok || !d.day.After(s.Days[0].Day) || !d.day.After(last) || !d.day.After(dayOf(m.Joined)) {
				return err
			}
			if d.day.Add(day+cleanAfter).After(now) || s.failedOn(d.day) {
				continue
			}
			if well, err := d.arrived(r, m); err != nil {
				return err
			} else if well {
				last = d.day
				return nil
			}
		}
	})
	return last, err
}

// arrived reports whether a member got a post of that day, nothing came back of it, and nothing of the day is still on its way to anybody.
func (d *postDay) arrived(r Reader, m *Member) (well bool, err error) {
	for _, p := range d.posts {
		if !m.Receives(p.special) {
			continue
		}
		out, err := r.Outgoing(p.outgoing)
		if errors.Is(err, ErrNotFound) {
			well = true // settled so long ago that it is forgotten; had it failed, the day would be known
			continue
		}
		if err != nil || out.State != OutDone {
			return false, err
		}
		if m.Number > out.MaxMember || SameAddress(out.Except, m.Address) {
			continue
		}
		if lost, err := r.Undelivered(p.outgoing, m.Number); err != nil {
			return false, err
		} else if lost {
			continue
		}
		back := false
		err = r.MemberReports(m.List, p.number, m.Number, func(report Report) error { back = back || report.Class != ClassNone; return nil })
		if err != nil {
			return false, err
		}
		well = well || !back
	}
	return well, nil
}

// eachMembership calls f for every list that an address is a member of, where that is what mail goes to. f may write.
func eachMembership(r Reader, address string, f func(rec Record, m *Member) error) error {
	var all []Record
	if err := r.Lists(func(rec Record) error { all = append(all, rec); return nil }); err != nil {
		return err
	}
	for _, rec := range all {
		m, err := r.Member(rec.ID, address)
		if errors.Is(err, ErrNotFound) || err == nil && !SameAddress(m.Address, address) {
			continue
		}
		if err == nil {
			err = f(rec, &m)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
