package calendar

import (
	"time"

	"convene/list"
)

// round is a round-up that is due.
type round struct {
	list  *list.List
	rec   list.Record
	state *rounds
	by    string    // the schedule
	slot  time.Time // which it stands for
	after time.Time // the slot behind that; zero: there is none
	now   time.Time
	until time.Time // how far it looks
	news  []news
	next  map[string]string
}

// openRound finds the round-up that is due; ErrDone: none is any more.
func (k *Keeper) openRound(l *list.List, now time.Time) (o *round, err error) {
	s, by, err := k.schedule(l)
	if err != nil {
		return nil, err
	}
	err = k.Engine.Store.View(func(r list.Reader) error {
		rec, err := r.List(l.Address)
		if err != nil {
			return err
		}
		state, err := readRounds(r, rec)
		if err != nil {
			return err
		}
		if by == "" || state.By != by {
			return ErrDone
		}
		all, err := k.recent(r, l, rec)
		if err != nil {
			return err
		}
		slot, at, ok, err := k.roundDue(r, l, s, state, all, now)
		if err != nil {
			return err
		}
		if !ok || at.After(now) {
			return ErrDone
		}
		o, err = k.roundAt(r, l, state, slot, now)
		return err
	})
	return o, err
}

// roundAt is the round-up of a slot as it is now. It looks as far ahead as the list says, and in any case up to the latest moment at which the next one goes out: so no event
// falls between two.
func (k *Keeper) roundAt(r list.Reader, l *list.List, state *rounds, slot, now time.Time) (*round, error) {
	rec, err := r.List(l.Address)
	if err != nil {
		return nil, err
	}
	all, err := k.occasions(r, l, rec)
	if err != nil {
		return nil, err
	}
	s, by, err := k.schedule(l)
	if err != nil {
		return nil, err
	}
	o := &round{list: l, rec: rec, state: state, by: by, slot: later(slot, state.Last), now: now, until: now.Add(k.House.Roundup(l).Ahead)}
	if by != "" {
		o.after = s.Next(o.slot)
		o.until = later(o.until, k.latest(l, s, o.after))
	}
	o.until = endOfDay(o.until, zoneOf(l))
	o.news, o.next = roundNews(all, state.Told, now, o.until)
	return o, nil
}

// endOfDay is when the day ends that a moment is in: what is told is told up to a day, and all of that day is in it.
func endOfDay(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, zone)
}

// lastDay is the last day of a round-up, as every reader is told it, at noon on their clock.
func (o *round) lastDay(zone *time.Location) time.Time {
	y, m, d := o.until.Add(-1).In(zoneOf(o.list)).Date()
	return time.Date(y, m, d, 12, 0, 0, 0, zone)
}
