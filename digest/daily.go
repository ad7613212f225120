package digest

import (
	"context"
	"fmt"
	"time"

	"convene/list"
)

// listSource says what a list has still to do, whenever that is due.
type listSource func(r list.Reader, l *list.List, rec list.Record, now time.Time) ([]duty, error)

// listSources are all of them.
func (e *Editor) listSources() []listSource {
	return []listSource{e.readerSource, e.catchUpSource, e.calendarSource}
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

// dailyDuties has a digest for every hour at which there is something to tell: due in the first slot behind the first post that was not told. That is how the
// windows of slots tile, how a slot with nothing to tell goes by without a trace, and how many that were slept through make one digest. At the next slot of each
// hour there is another look: a post that comes before it is told in it.
func (e *Editor) dailyDuties(r list.Reader, l *list.List, rec list.Record, groups []*readership, now time.Time) (all []duty, err error) {
	for _, g := range groups {
		due, ok, err := g.due(r, rec)
		if err != nil {
			return nil, err
		}
		if ok {
			all = append(all, duty{at: due, list: l.Address, kind: list.KindDigest, name: fmt.Sprintf("the digest of %s, %s", l.Address, g.key),
				do: func(ctx context.Context, now time.Time) error { return e.sendDaily(ctx, l, rec, g, now, false) }})
		}
		if at := g.schedule.Next(now); !at.IsZero() {
			all = append(all, duty{at: at, list: l.Address, kind: "look", name: fmt.Sprintf("a look at %s, %s", l.Address, g.key),
				do: func(context.Context, time.Time) error { return errDone }})
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
