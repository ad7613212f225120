package calendar

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"convene/list"
	"convene/list/event"
)

// Who comes to a series says so of all of it, of single dates, or of both: what is said of a date counts for it, and what is said of all for the rest. Each date
// has as many places as the event has. Who waits for all of it gets a single date where a place of that becomes free. Nobody loses a place that they have, but by
// their own word or by leaving the list; where places become fewer, nobody new gets one.

// on is what a guest said of a date of a series (zero: of all of it), and since when they wait for a place there; zero: they do not.
func (g *Guest) on(of time.Time) (answer string, waits time.Time) {
	if !of.IsZero() {
		if said, ok := g.Dates[dateKey(of)]; ok {
			return said, g.Waits[dateKey(of)]
		}
	}
	return g.Answer, g.Waiting
}

// answerTo takes down what a guest says of one date; waits is since when they wait for a place there.
func (g *Guest) answerTo(of time.Time, answer string, waits time.Time) {
	key := dateKey(of)
	if g.Dates == nil {
		g.Dates = map[string]string{}
	}
	g.Dates[key] = answer
	delete(g.Waits, key)
	if !waits.IsZero() {
		if g.Waits == nil {
			g.Waits = map[string]time.Time{}
		}
		g.Waits[key] = waits
	}
}

// keptDates is how long after a date of a series it is remembered who came to it.
const keptDates = 40 * aDay

// forget lets go of what a guest said of dates that are long over.
func (o *occasion) forget(g *Guest, now time.Time) {
	long := now.Add(-keptDates)
	for key := range g.Dates {
		if key >= dateKey(long) {
			continue
		}
		of, err := time.Parse(dateForm, key)
		if d, ok := o.DateOf(of); err != nil || !ok || d.End.Before(long) { // one that was put off is still to come
			delete(g.Dates, key)
			delete(g.Waits, key)
		}
	}
}

// comingOn counts who has a place on a date; zero: in all of it.
func (g *Register) comingOn(of time.Time) (n int) {
	for _, one := range g.Guests {
		if answer, waits := one.on(of); answer == Yes && waits.IsZero() {
			n++
		}
	}
	return n
}

// waitingOn are the addresses of who wait for a place on a date, the first in the list first.
func (g *Register) waitingOn(of time.Time) (all []string) {
	since := map[string]time.Time{}
	for address, one := range g.Guests {
		if answer, waits := one.on(of); answer == Yes && !waits.IsZero() {
			since[address] = waits
		}
	}
	return slices.SortedFunc(maps.Keys(since), func(a, b string) int { return cmp.Or(since[a].Compare(since[b]), cmp.Compare(a, b)) })
}

// ownDates are the dates of a series that have not begun and that somebody said something of: on the rest it is as with all of it.
func (o *occasion) ownDates(now time.Time) (all []event.Date) {
	keys := map[string]bool{}
	for _, g := range o.reg.Guests {
		for key := range g.Dates {
			keys[key] = true
		}
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		of, err := time.Parse(dateForm, key)
		if err != nil {
			continue
		}
		if d, ok := o.DateOf(of); ok && d.Start.After(now) {
			all = append(all, d)
		}
	}
	return all
}

// has are those of some dates on which a guest has a place.
func (g *Guest) has(dates []event.Date) map[string]bool {
	all := map[string]bool{}
	for _, d := range dates {
		if answer, waits := g.on(d.Of); answer == Yes && waits.IsZero() {
			all[dateKey(d.Of)] = true
		}
	}
	return all
}

// crowd has somebody who has a place in all of a series wait on those of some dates that have none left, but where they had one before.
func (o *occasion) crowd(g *Guest, dates []event.Date, had map[string]bool, since time.Time) {
	for _, d := range dates {
		if _, own := g.Dates[dateKey(d.Of)]; !own && !had[dateKey(d.Of)] && o.places() > 0 && o.reg.comingOn(d.Of) > o.places() {
			g.answerTo(d.Of, Yes, since)
		}
	}
}

// hasPlace reports whether a guest said yes to a date and has a place there; zero: in all.
func (g *Guest) hasPlace(of time.Time) bool {
	answer, waits := g.on(of)
	return answer == Yes && waits.IsZero()
}

// ownPlaces gives who presents a place on their dates where they wait for one, however many others have one there.
func (o *occasion) ownPlaces(address string, now time.Time) {
	g := o.reg.Guests[guestKey(address)]
	if g == nil || g.Waiting.IsZero() && len(g.Waits) == 0 {
		return
	}
	presents := func(all []event.Person) bool {
		return slices.ContainsFunc(all, func(p event.Person) bool { return list.SameAddress(p.Address, address) })
	}
	if !o.series() && presents(o.Presenters) {
		g.Waiting = time.Time{}
	}
	if !o.series() {
		return
	}
	dates, _ := o.Dates(now.Add(1), time.Time{}, 100)
	for _, d := range dates {
		if answer, waits := g.on(d.Of); answer == Yes && !waits.IsZero() && presents(o.presentersOn(d)) {
			g.answerTo(d.Of, Yes, time.Time{})
		}
	}
}

// moved is somebody who waited and has a place now: on one date of a series, or in all of it.
type moved struct {
	address string
	on      *occasion
}

// room reports whether there is a place more on a date; zero: in all.
func (o *occasion) room(of time.Time) bool { return o.places() == 0 || o.reg.comingOn(of) < o.places() }

// moveUp gives the places that are free to who waits, in their order, as long as they need not be asked, and gives who has one now.
func (o *occasion) moveUp(now time.Time) (all []moved) {
	if o.Cancelled || o.over(now) {
		return nil
	}
	for _, d := range o.moving(now) {
		for _, address := range o.reg.waitingOn(d.Of) {
			if !o.room(d.Of) {
				break
			}
			g := o.reg.Guests[address]
			if !d.Of.IsZero() {
				g.answerTo(d.Of, Yes, time.Time{})
				all = append(all, moved{address, o.on(d)})
				continue
			}
			since := g.Waiting
			g.Waiting = time.Time{}
			o.crowd(g, o.ownDates(now), nil, since)
			all = append(all, moved{address, o.toBeAsked(g, since, now)})
		}
	}
	return all
}

// free reports whether moveUp would give anybody a place.
func (o *occasion) free(now time.Time) bool {
	for _, d := range o.moving(now) {
		if o.room(d.Of) && len(o.reg.waitingOn(d.Of)) > 0 {
			return true
		}
	}
	return false
}

// gone are those who said that they come, or may, and are no members any more.
func (o *occasion) gone(r list.Reader, now time.Time) (all []string, err error) {
	for _, address := range slices.Sorted(maps.Keys(o.reg.Guests)) {
		g := o.reg.Guests[address]
		if g.Answer != Yes && g.Answer != Maybe && len(g.Dates) == 0 {
			continue
		}
		if _, err := r.Member(o.rec.ID, address); errors.Is(err, list.ErrNotFound) {
			all = append(all, address)
		} else if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// upkeep gives the places of who left the list to who waits, and those that the event has more than it had.
func (k *Keeper) upkeep(r list.Reader, o *occasion, now time.Time) ([]Duty, error) {
	if len(o.reg.Guests) == 0 || o.waits() || o.Cancelled || o.over(now) {
		return nil, nil
	}
	if !o.free(now) {
		if o.places() == 0 && !(o.seats() && o.reg.Seating != nil) {
			return nil, nil // who left takes no place from anybody, nor is missed at a table
		}
		if gone, err := o.gone(r, now); err != nil || len(gone) == 0 {
			return nil, err
		}
	}
	return []Duty{{At: now, Kind: kindNotice, Name: "the places of " + o.ID + " of " + o.list.Address, Do: func(_ context.Context, now time.Time) error {
		return k.change(o.list, o.ID, func(tx list.Tx, o *occasion) error {
			gone, err := o.gone(tx, now)
			if err != nil {
				return err
			}
			for _, address := range gone {
				g := o.reg.Guests[address]
				g.Answer, g.Waiting, g.Dates, g.Waits, g.At = No, time.Time{}, nil, nil, now
			}
			return k.oweMoved(tx, o, now)
		})
	}}}, nil
}
