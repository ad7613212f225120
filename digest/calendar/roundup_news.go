package calendar

import (
	"cmp"
	"slices"
	"time"

	"convene/digest/letter"
	"convene/list/event"
)

// What is new about an event since the last round-up: letter.Coming.State.
const (
	stateNew       = "new"
	stateChanged   = "changed"
	stateCancelled = "cancelled"
)

// datesRounded is how many further dates of a series a round-up names.
const datesRounded = 4

// news is one event of a round-up.
type news struct {
	*occasion
	state string
	// dates are those on which it takes place within the time that the round-up looks ahead, the first one first, at most as many as are named; further counts the others.
	dates   []event.Date
	further int
}

// roundNews are what a round-up tells of: who is new first, each by its date. Those that take place from from on, before until; and of what it told before, what does not
// take place after all. next is what it will have told of then.
func roundNews(all []*occasion, before map[string]string, from, until time.Time) (found []news, next map[string]string) {
	next = map[string]string{}
	for _, o := range all {
		known := knownBy(before, o)
		if known != "" && !o.over(from) {
			next[o.ID] = known
		}
		if o.waits() {
			continue
		}
		if n, ok := o.newsOf(from, until, known); ok {
			found, next[o.ID] = append(found, n), o.print()
		}
	}
	slices.SortStableFunc(found, func(a, b news) int {
		rank := map[string]int{stateNew: -1}
		return cmp.Or(rank[a.state]-rank[b.state], a.dates[0].Start.Compare(b.dates[0].Start), cmp.Compare(a.ID, b.ID))
	})
	return found, next
}

// newsOf is what a round-up says of an event that was known by known; empty: by nothing. False: it says nothing of it.
func (o *occasion) newsOf(from, until time.Time, known string) (n news, ok bool) {
	n.occasion = o
	live := *o.Event
	live.Cancelled = false
	if o.Cancelled {
		if known == "" || known == o.print() {
			return n, false
		}
		n.state, until = stateCancelled, time.Time{}
	} else if known == "" {
		n.state = stateNew
	} else if known != o.print() {
		n.state = stateChanged
	}
	n.dates, _ = live.Dates(from, until, datesCounted)
	if len(n.dates) > 1+datesRounded {
		n.further = len(n.dates) - 1 - datesRounded
		n.dates = n.dates[:1+datesRounded]
	}
	return n, len(n.dates) > 0
}

// datesCounted is how many dates of a series are counted at most.
const datesCounted = 100

// upcoming counts who takes place, and how many of them are new.
func upcoming(all []news) (count, fresh int) {
	for _, n := range all {
		if n.state != stateCancelled {
			count++
		}
		if n.state == stateNew {
			fresh++
		}
	}
	return count, fresh
}

// rounded is it as readers on one clock are told of it in one language.
func (n *news) rounded(zone *time.Location, languages []string, now time.Time) letter.Rounded {
	first := n.dates[0]
	on := n.on(first)
	x := letter.Rounded{Coming: on.coming(eventReader{zone: zone})}
	x.State, x.More, x.Again, x.Closed = n.state, n.further, n.Repeats(languages...), on.closed(now)
	x.AgainIn = n.daysIn(zone)
	hour := func(t time.Time) int { return t.Hour()*60 + t.Minute() }
	for _, d := range n.dates[1:] {
		at := n.clockOf(d.Start, zone)
		x.Also = append(x.Also, letter.Further{At: at, Other: !n.AllDay && hour(at) != hour(x.At)})
	}
	if n.series() {
		x.Date = n.shownDay(first.Start, zone)
	}
	if !n.lunches() || n.state == stateCancelled {
		return x
	}
	for _, d := range n.dates {
		if len(n.presentersOn(d)) == 0 {
			x.Free = append(x.Free, letter.FreeDate{At: n.clockOf(d.Start, zone), Date: n.shownDay(d.Start, zone)})
		}
	}
	return x
}
