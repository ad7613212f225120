package calendar

import (
	"cmp"
	"slices"
	"time"

	"convene/digest/plan"
	"convene/list"
)

// leadTime is how much time people have at least between an invitation that waits for a free day and the event.
const leadTime = 7 * aDay

// inviteAt is when an event is first told of: so long before it as it says, or at once where that is over and it is no night (see nightFrom), but on a day that has no other mail to all; it waits for the next
// day, at the same time of day, while more than a week remains before the event.
func (k *Keeper) inviteAt(r list.Reader, o *occasion, now time.Time, busy func(r list.Reader, o *occasion, day time.Time) (time.Time, bool, error)) (time.Time, error) {
	wish := clockBefore(o.Start, o.Invite)
	if next, ok := o.next(); ok && wish.Before(now) { // somebody approved it at night, or a server began then
		now = o.awake(now, next.Start)
	}
	try := now.In(zoneOf(o.list)).AddDate(0, 0, -1)
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

// turnsAhead is how many days are looked at for one on which who joined is told of an event.
const turnsAhead = 30

// turn is the day on which those are told of an event who joined, or came back, since others were, from an instant on and at its time of day: one event a day, the one that
// they wait for longest first, and of these the next one; and a day without a planned mail to all where one of three is. Nothing waits until the day before the event.
func (k *Keeper) turn(r list.Reader, o *occasion, at, start time.Time) (time.Time, error) {
	before, err := o.turnsBefore(r)
	if err != nil {
		return at, err
	}
	planned := 0
	for day := range turnsAhead {
		try := at.AddDate(0, 0, day)
		if start.Sub(try) <= aDay {
			break
		}
		_, busy, err := k.House.Planned(r, o.list, try)
		if err != nil {
			return try, err
		}
		if busy && planned < 2 {
			planned++
			continue
		}
		if slices.ContainsFunc(o.all, func(other *occasion) bool {
			return other.ID != o.ID && sameDay(other.reg.CaughtUp, try, zoneOf(o.list))
		}) {
			continue
		}
		if before == 0 {
			return try, nil
		}
		before--
	}
	return at, nil
}

// turnsBefore is how many events of the list somebody has to be told of before this one.
func (o *occasion) turnsBefore(r list.Reader) (n int, err error) {
	since, _, err := o.awaited(r)
	if err != nil {
		return 0, err
	}
	next, _ := o.next()
	for _, other := range o.all {
		if other.ID == o.ID {
			continue
		}
		waiting, ok, err := other.awaited(r)
		if err != nil {
			return 0, err
		}
		if date, _ := other.next(); ok && cmp.Or(waiting.Compare(since), date.Start.Compare(next.Start), cmp.Compare(other.ID, o.ID)) < 0 {
			n++
		}
	}
	return n, nil
}

// awaited is since when somebody waits to be told of an event that others know (zero: they come back); false: nobody does.
func (o *occasion) awaited(r list.Reader) (since time.Time, ok bool, err error) {
	if o.waits() || o.Cancelled || o.reg.Told != o.print() || o.over(o.now) {
		return since, false, nil
	}
	if since, ok, err = o.joined(r); err != nil || ok {
		return since, ok, err
	}
	back, _, err := o.back(r)
	return time.Time{}, slices.ContainsFunc(back, isNew), err
}

// catchesUp reports whether a wave is for somebody who joined, or came back, since others were told of the event as it is.
func (o *occasion) catchesUp(wave []told, before Register) bool {
	return before.Told == o.reg.Told && slices.ContainsFunc(wave, func(m told) bool {
		return isNew(m) && (m.Joined.After(o.reg.First) || m.Number <= before.Invited)
	})
}
