package calendar

import (
	"time"

	"convene/digest/plan"
	"convene/list"
)

// leadTime is how much time people have at least between an invitation that waits for a free day and the event.
const leadTime = 7 * aDay

// inviteAt is when an event is first told of: so long before it as it says, or at once where that is over, but on a day that has no other mail to all; it waits for the next
// day, at the same time of day, while more than a week remains before the event.
func (k *Keeper) inviteAt(r list.Reader, o *occasion, now time.Time, busy func(r list.Reader, o *occasion, day time.Time) (time.Time, bool, error)) (time.Time, error) {
	wish, try := o.Start.Add(-o.Invite), now.In(zoneOf(o.list)).AddDate(0, 0, -1)
	late := wish.Before(try) // then the time of day is that of the mail that it waits for
	if !late {
		try = wish.In(zoneOf(o.list))
	}
	for o.Start.Sub(try) > leadTime {
		since, taken, err := busy(r, o, try)
		if err != nil {
			return wish, err
		}
		switch day := plan.DateOf(try); {
		case taken && late:
			since = since.In(zoneOf(o.list))
			try = day.AddDays(1).At(since.Hour()*60+since.Minute(), zoneOf(o.list))
		case taken:
			try = try.AddDate(0, 0, 1)
		case !try.Before(now):
			return try, nil
		case day == plan.DateOf(now.In(zoneOf(o.list))):
			return now, nil
		default: // a day that is over
			try = now.In(zoneOf(o.list))
		}
	}
	return later(wish, now), nil
}

// taken reports whether something else of the schedule goes to all of a list on the day of an instant, or went, and since when: a planned mail, or the first invitations to
// another event.
func (k *Keeper) taken(r list.Reader, o *occasion, at time.Time) (since time.Time, ok bool, err error) {
	if since, ok, err = k.House.Planned(r, o.list, at); err != nil || ok {
		return since, ok, err
	}
	for _, other := range o.all {
		if other.ID != o.ID && sameDay(other.reg.First, at, zoneOf(o.list)) {
			return other.reg.First, true, nil
		}
	}
	return since, false, nil
}

// takenOrRounded is taken, or a round-up went out on that day.
func (k *Keeper) takenOrRounded(r list.Reader, o *occasion, at time.Time) (since time.Time, ok bool, err error) {
	if since, ok, err = k.taken(r, o, at); err != nil || ok {
		return since, ok, err
	}
	sent, err := LastRoundup(r, o.rec)
	return sent, sameDay(sent, at, zoneOf(o.list)), err
}

// sameDay reports whether two instants are on one day of a zone; zero is on none.
func sameDay(a, b time.Time, zone *time.Location) bool {
	return !a.IsZero() && !b.IsZero() && plan.DateOf(a.In(zone)) == plan.DateOf(b.In(zone))
}

// without is the first of three days from an instant, at its time of day, on which no planned mail goes to all; the instant itself where there is none, or where the event would
// begin within a day of it.
func (k *Keeper) without(r list.Reader, l *list.List, at, start time.Time) (time.Time, error) {
	for day := range 3 {
		try := at.AddDate(0, 0, day)
		if _, planned, err := k.House.Planned(r, l, try); err != nil || !planned && start.Sub(try) > aDay {
			return try, err
		}
	}
	return at, nil
}
