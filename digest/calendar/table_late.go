package calendar

import (
	"slices"
	"time"

	"convene/list"
	"convene/list/event/cafe"
)

// late reports whether it is too late to seat everybody anew, and not too late to come.
func (o *occasion) late(now time.Time) bool {
	return o.seats() && o.reg.Seating != nil && now.After(o.tablesEnd()) && now.Before(o.Start)
}

// comesLate reports whether somebody who says yes is told their tables at once, which is answer enough.
func (o *occasion) comesLate(address string, now time.Time) bool {
	return o.late(now) && o.reg.Seating.Of(guestKey(address)) == nil && slices.Contains(o.seatable().keys, guestKey(address))
}

// latecomers are who is to have a table, has none, and can be told of one.
func (o *occasion) latecomers(members map[string]*list.Member) []cafe.Guest {
	return slices.DeleteFunc(o.guestsOf(o.seatable().keys, members), func(g cafe.Guest) bool { return o.reg.Seating.Of(g.Key) != nil })
}

// seatLate tells latecomers which tables to join. Nobody else is told of it.
func (k *Keeper) seatLate(l *list.List, id string, now time.Time) error {
	return k.change(l, id, func(tx list.Tx, o *occasion) error {
		if !o.late(now) {
			return ErrDone
		}
		p, err := k.partyOf(tx, o)
		if err != nil {
			return err
		}
		came := o.latecomers(p.members)
		seating := *o.reg.Seating
		if len(seating.Rounds) == 0 { // nobody had said yes
			seating = o.arrange(p.members, true).now
		}
		for _, g := range came {
			seating = cafe.Join(seating, g)
		}
		for _, g := range came {
			w, err := p.tablesMail(g.Key, seating, true, now)
			if err != nil {
				return err
			}
			if err := o.owe(tx, w, now); err != nil {
				return err
			}
		}
		o.reg.Seating = &seating
		return nil
	})
}
