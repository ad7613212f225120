package calendar

import (
	"time"

	"convene/digest/plan"
	"convene/list"
)

// putOff is how many working days a round-up waits at most for one on which nothing else goes to all.
const putOff = 3

// works reports whether people of the list work on a day.
func (c Roundup) works(day plan.Date) bool {
	return c.Working.Days == [7]bool{} || c.Working.WorkingDay(day)
}

// tries are when a round-up may go out, from an instant on: then, and on the working days behind it, at the time of day of its slot; on a day with a slot of its own, at that.
func (k *Keeper) tries(l *list.List, s plan.Schedule, slot, from time.Time) []time.Time {
	slot, c, all := slot.In(s.Location), k.House.Roundup(l), []time.Time{from}
	for day, working := plan.DateOf(from.In(s.Location)).AddDays(1), 0; working < putOff; day = day.AddDays(1) {
		at := day.At(slot.Hour()*60+slot.Minute(), s.Location)
		own, works := s.OnDay(day), c.works(day)
		if works {
			working++
		}
		if len(own) > 0 {
			at = own[0]
		}
		if works || len(own) > 0 {
			all = append(all, at)
		}
	}
	return all
}

// latest is the latest moment at which a round-up goes out that is due at a slot, if the process runs then; zero: there is none.
func (k *Keeper) latest(l *list.List, s plan.Schedule, slot time.Time) time.Time {
	if slot.IsZero() {
		return slot
	}
	all := k.tries(l, s, slot, slot)
	return all[len(all)-1].Add(lateAfter)
}

// roundDue is the slot that the next round-up stands for, and when it goes out. On a day on which a planned mail goes to all of the list the planned mail alone does, and on one
// on which who comes to an event hears of that, they hear of nothing else: the round-up waits for a working day without either, but for no event that nobody would be told of
// then. One that is late, since nobody was there to send it, goes out in working hours.
func (k *Keeper) roundDue(r list.Reader, l *list.List, s plan.Schedule, state *rounds, all []*occasion, now time.Time) (slot, at time.Time, ok bool, err error) {
	if state.Open != nil {
		return state.Open.Slot, now, true, nil
	}
	first := state.next(s)
	if first.IsZero() {
		return first, at, false, nil
	}
	at, err = k.pick(r, l, all, state, k.tries(l, s, first, first))
	if err == nil && now.Sub(at) > lateAfter {
		at, err = k.pick(r, l, all, state, k.triesLate(l, s, first, now, state.untold(all, now)))
	}
	if slot = first; err == nil {
		if due, ok := s.Due(first, at); ok {
			slot = due.At // it stands for those between as well
		}
	}
	return slot, at, err == nil, err
}

// triesLate are the tries of a round-up whose time is over: from the next working hour on, or from the slot of that day where an event that nobody was told of does not begin
// before it (zero: there is none).
func (k *Keeper) triesLate(l *list.List, s plan.Schedule, slot, now, begins time.Time) []time.Time {
	from := now
	if c := k.House.Roundup(l).Working; c.Days != [7]bool{} {
		from = c.In(s.Location).NextOpen(now)
	}
	if own, ok := s.Due(from, plan.DateOf(from.In(s.Location)).AddDays(1).At(0, s.Location).Add(-1)); ok && (begins.IsZero() || own.At.Before(begins)) {
		from = own.At
	}
	return k.tries(l, s, slot, from)
}

// pick is the first of the tries on a day without anything else; else the first without a planned mail, else the last. None is so late that an event would begin before it
// that no round-up has told of.
func (k *Keeper) pick(r list.Reader, l *list.List, all []*occasion, state *rounds, tries []time.Time) (at time.Time, err error) {
	if begins := state.untold(all, tries[0]); !begins.IsZero() {
		for len(tries) > 1 && !tries[len(tries)-1].Before(begins) {
			tries = tries[:len(tries)-1]
		}
	}
	var free time.Time
	for _, try := range tries {
		_, planned, err := k.House.Planned(r, l, try)
		if err != nil {
			return at, err
		}
		if planned {
			continue
		}
		if busy, err := k.onEventDay(r, l, all, try); err != nil || !busy {
			return try, err
		}
		if free.IsZero() {
			free = try
		}
	}
	if !free.IsZero() {
		return free, nil
	}
	return tries[len(tries)-1], nil
}

// untold is when the first event begins behind an instant that no round-up has told of as it is; zero: there is none.
func (s *rounds) untold(all []*occasion, from time.Time) (begins time.Time) {
	for _, o := range all {
		if o.waits() {
			continue
		}
		since := from
		if s.knew(o) == o.print() {
			since = later(from, s.Until)
		}
		if dates, _ := o.Dates(since, time.Time{}, 2); len(dates) > 0 {
			d := dates[0].Start
			if !d.After(from) && len(dates) > 1 {
				d = dates[1].Start
			}
			if d.After(from) && (begins.IsZero() || d.Before(begins)) {
				begins = d
			}
		}
	}
	return begins
}

// knew is what an event was known by when a round-up told of it last, under this id or one that it had; empty: none did.
func (s *rounds) knew(o *occasion) string { return knownBy(s.Told, o) }

func knownBy(told map[string]string, o *occasion) string {
	known := told[o.ID]
	for _, id := range o.reg.Was {
		if known == "" {
			known = told[id]
		}
	}
	return known
}
