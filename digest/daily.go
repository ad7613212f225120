package digest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"convene/list"
)

// listSource says what a list has still to do, whenever that is due.
type listSource func(r list.Reader, l *list.List, rec list.Record, now time.Time) ([]duty, error)

// listSources are all of them.
func (e *Editor) listSources() []listSource {
	return []listSource{e.dailySource, e.lastSource, e.catchUpSource, e.calendarSource}
}

// listDuties are what the lists have to do beside their discussions.
func (e *Editor) listDuties(r list.Reader, now time.Time) (all []duty, err error) {
	for _, l := range e.Engine.Site().Lists {
		rec, err := r.List(l.Address)
		if err != nil {
			return nil, err
		}
		for _, s := range e.listSources() {
			some, err := s(r, l, rec, now)
			if err != nil {
				return nil, fmt.Errorf("digest: list %s: %w", l.Address, err)
			}
			all = append(all, some...)
		}
	}
	return all, nil
}

// readership are the members of a list who read digests at the same hour.
type readership struct {
	hour
	members []list.Member
	state   *dailies
}

// readerships are those of a list, by the keys of their hours. Who gets no mail at present is in none.
func (e *Editor) readerships(r list.Reader, l *list.List, rec list.Record) ([]*readership, error) {
	byKey, hourOf := map[string]*readership{}, e.hours(l)
	err := r.DigestReaders(rec.ID, func(m list.Member) error {
		if m.Mode != list.ModeDigest || m.State != list.Active {
			return nil
		}
		h, err := hourOf(&m)
		if err != nil {
			return err
		}
		if byKey[h.key] == nil {
			byKey[h.key] = &readership{hour: h}
		}
		byKey[h.key].members = append(byKey[h.key].members, m)
		return nil
	})
	var all []*readership
	for _, one := range byKey {
		if err == nil {
			one.state, err = readDailies(r, rec, one.key)
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b *readership) int { return cmp.Compare(a.key, b.key) })
	return all, err
}

// behind is the last post that all of them were told of.
func (g *readership) behind() uint32 {
	least := g.state.told(&g.members[0])
	for i := range g.members {
		least = min(least, g.state.told(&g.members[i]))
	}
	return least
}

// dailySource has a digest for every hour at which there is something to tell: due in the first slot behind the first post that was not told. That is how the
// windows of slots tile, how a slot with nothing to tell goes by without a trace, and how many that were slept through make one digest.
func (e *Editor) dailySource(r list.Reader, l *list.List, rec list.Record, _ time.Time) (all []duty, err error) {
	groups, err := e.readerships(r, l, rec)
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		due, ok, err := g.due(r, rec)
		if err != nil {
			return nil, err
		}
		if ok {
			all = append(all, duty{at: due, list: l.Address, kind: list.KindDigest, name: fmt.Sprintf("the digest of %s, %s", l.Address, g.key),
				do: func(ctx context.Context, now time.Time) error { return e.sendDaily(ctx, l, g.key, now, false) }})
		}
	}
	return all, nil
}

// due is when the next digest of an hour is; false: there is nothing to tell.
func (g *readership) due(r list.Reader, rec list.Record) (due time.Time, ok bool, err error) {
	if g.state.Open != nil {
		return g.state.Last, true, nil
	}
	err = r.Posts(rec.ID, g.behind()+1, func(p list.Post) error {
		if !tellable(&p) {
			return nil
		}
		after := p.Accepted
		if g.state.Last.After(after) {
			after = g.state.Last
		}
		due = g.schedule.Next(after)
		ok = !due.IsZero()
		return list.ErrStop
	})
	return due, ok, err
}

// nextLook is the next slot of a digest behind now: a post that comes before it is told in it.
func (e *Editor) nextLook(r list.Reader, now time.Time) (first time.Time, err error) {
	for _, l := range e.Engine.Site().Lists {
		rec, err := r.List(l.Address)
		if err != nil {
			return first, err
		}
		groups, err := e.readerships(r, l, rec)
		if err != nil {
			return first, err
		}
		for _, g := range groups {
			if at := g.schedule.Next(now); !at.IsZero() && (first.IsZero() || at.Before(first)) {
				first = at
			}
		}
	}
	return first, nil
}
