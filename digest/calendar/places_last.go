package calendar

import (
	"context"
	"time"

	"convene/list"
	"convene/list/event"
)

// A place that becomes free in the last hours before a date goes to nobody by itself: who waited for it may have made other plans by now, or sleep. It is offered to all who
// wait, by day, and is theirs who answers first.
const (
	// placesAsked is how long before a date that begins.
	placesAsked = 12 * time.Hour
	// placesLast is how long before a date nobody is asked any more.
	placesLast = 30 * time.Minute
)

// offered is the outcome by which who waits is told that a place is free.
const offered outcome = "free"

// asks reports whether who waits has to be asked, of a date that starts then.
func (o *occasion) asks(start, now time.Time) bool { return !now.Before(start.Add(-placesAsked)) }

// lastDates are the dates to come of which who waits has to be asked.
func (o *occasion) lastDates(now time.Time) []event.Date {
	all, _ := o.Dates(now.Add(1), now.Add(placesAsked+1), ahead)
	return all
}

// moving are the dates on which who waits moves up by themselves; the zero one is the whole.
func (o *occasion) moving(now time.Time) (all []event.Date) {
	if o.series() || !o.asks(o.Start, now) {
		all = append(all, event.Date{})
	}
	for _, d := range o.ownDates(now) {
		if !o.asks(d.Start, now) {
			all = append(all, d)
		}
	}
	return all
}

// toBeAsked has somebody who moves up in a series wait on for those of its dates of which they have to be asked, and gives the series as it is behind these.
func (o *occasion) toBeAsked(g *Guest, since, now time.Time) *occasion {
	behind := *o
	for _, d := range o.lastDates(now) {
		if _, own := g.Dates[dateKey(d.Of)]; !own {
			g.answerTo(d.Of, Yes, since)
		}
		behind.now = d.Start
	}
	return &behind
}

// takes reports whether a place on a date is for who answers first, and there is one; zero: in all of an event that is none of several dates.
func (o *occasion) takes(of, now time.Time) bool {
	start := o.Start
	if !of.IsZero() {
		d, ok := o.DateOf(of)
		if !ok {
			return false
		}
		start = d.Start
	} else if o.series() {
		return false
	}
	return o.asks(start, now) && o.room(of)
}

func offerKey(d event.Date) string { return "place/" + dateKey(d.Of) }

// offers has a place that is free in the last hours offered to who waits for it: once, until it is taken.
func (k *Keeper) offers(_ list.Reader, o *occasion, now time.Time) (all []Duty, err error) {
	if len(o.reg.Guests) == 0 || o.waits() || o.Cancelled {
		return nil, nil
	}
	for _, d := range o.lastDates(now) {
		at := o.byDay(now)
		if o.offerable(d) && at.Before(d.Start.Add(-placesLast)) {
			all = append(all, Duty{At: at, Kind: kindNotice, Name: "a free place of " + o.ID + " on " + o.dayKey(d),
				Do: func(_ context.Context, now time.Time) error { return k.offer(o.list, o.ID, d, now) }})
		}
	}
	return all, nil
}

// offerable reports whether a place is free on a date for which somebody waits who was not asked.
func (o *occasion) offerable(d event.Date) bool {
	of := o.on(d).of
	return !o.reg.did(offerKey(d)) && o.room(of) && len(o.reg.waitingOn(of)) > 0
}

// byDay is the next instant that is not in the night, on the list's clock.
func (o *occasion) byDay(now time.Time) time.Time {
	local := now.In(zoneOf(o.list))
	if local.Hour() >= nightUntil && local.Hour() < nightFrom {
		return now
	}
	day := local.Day()
	if local.Hour() >= nightFrom {
		day++
	}
	return time.Date(local.Year(), local.Month(), day, nightUntil, 0, 0, 0, local.Location())
}

func (k *Keeper) offer(l *list.List, id string, d event.Date, now time.Time) error {
	return k.change(l, id, func(tx list.Tx, o *occasion) error {
		if is, ok := o.DateOf(d.Of); !ok || !is.Start.Equal(d.Start) || o.Cancelled || !o.offerable(d) || !now.Before(d.Start.Add(-placesLast)) {
			return ErrDone
		}
		o.reg.do(offerKey(d), now)
		on := o.on(d)
		for _, address := range o.reg.waitingOn(on.of) {
			m, err := member(tx, o.rec, address)
			if err != nil {
				return err
			}
			if m == nil || m.State != list.Active {
				continue
			}
			if err := k.oweHeard(tx, on, address, m, offered, "", now); err != nil {
				return err
			}
		}
		return nil
	})
}

// taken forgets offers of what is free no more: the next place is offered again.
func (o *occasion) taken(now time.Time) {
	for _, d := range o.lastDates(now) {
		if !o.room(o.on(d).of) {
			delete(o.reg.Done, offerKey(d))
		}
	}
}
