package digest

import (
	"slices"
	"time"

	"convene/list"
)

// cut is the last post that a digest of a slot tells of: those that were accepted before it. A post that got its number before others and its time behind them is
// in the next, with all behind it, so that what was told is always up to one number.
func cut(r list.Reader, rec list.Record, from uint32, slot time.Time) (until uint32, err error) {
	until = from - 1
	err = r.Posts(rec.ID, from, func(p list.Post) error {
		if !p.Accepted.Before(slot) {
			return list.ErrStop
		}
		until = p.Number
		return nil
	})
	return until, err
}

// round is one digest that is due: who reads it, and of which posts it tells.
type round struct {
	*readership
	all         []reader // with those who have it
	rec         list.Record
	slot        time.Time
	from, until uint32 // from is the first that anybody is told of
}

// openRound finds what is due at an hour, or early what there is before; errDone: nothing is any more. The readers are as they were read.
func (g *readership) openRound(r list.Reader, rec list.Record, now time.Time, early bool) (*round, error) {
	o := &round{readership: g, all: g.readers, rec: rec}
	if g.state.Open != nil { // what was begun goes on as it was begun
		left := *g
		served := g.state.served()
		left.readers = slices.DeleteFunc(slices.Clone(g.readers), func(m reader) bool { return served(m.number) })
		o.readership, o.slot, o.until = &left, g.state.Last, g.state.Told
		if o.from = o.until + 1; len(left.readers) > 0 {
			o.from = left.behind() + 1
		}
		return o, nil
	}
	due, ok, err := o.due(r, rec)
	if err != nil {
		return nil, err
	}
	switch {
	case !ok || due.After(now) && !early:
		return nil, errDone
	case early:
		o.slot, o.from = now, o.behind()+1
		o.until, err = cut(r, rec, o.from, now.Add(time.Nanosecond))
		return o, err
	}
	// Of the slots that are past by now, the last one is this digest's.
	slot, ok := o.schedule.Due(due.Add(-time.Second), now)
	if !ok {
		return nil, errDone
	}
	o.slot, o.from = slot.At, o.behind()+1
	o.until, err = cut(r, rec, o.from, slot.At)
	return o, err
}
