package calendar

import (
	"time"

	"convene/list"
	"convene/list/event"
)

// Shown is an event with what has happened with it, for who runs the server.
type Shown struct {
	*event.Event
	State   string       // "proposed", "declined", "coming", "running", "over", "cancelled", or stateMissing
	Next    time.Time    // when the next date of a series starts; zero: there is none to come
	By      event.Person // who mailed it; zero: nobody did
	Pending bool         // a change of it waits for a moderator
	Decided string       // who decided on it last
	Tally                // what is answered; of a series to its next date, or else its last
	Dates   []ShownDate  // of a series, the next dates
}

// ShownDate is one date of a series, with what is answered to it.
type ShownDate struct {
	Start time.Time
	Tally
}

// stateMissing is the state of an event that people were invited to, and that the config and the plans have no longer.
const stateMissing = "missing"

// Count is how many gave an answer.
func (s *Tally) Count(answer string) (n int) {
	for _, a := range s.Answers {
		if a == answer {
			n++
		}
	}
	return n
}

// Shown are the events of a list, the earliest first.
func (k *Keeper) Shown(r list.Reader, l *list.List, now time.Time) ([]Shown, error) {
	rec, err := r.List(l.Address)
	if err != nil {
		return nil, err
	}
	occasions, err := k.occasions(r, l, rec)
	if err != nil {
		return nil, err
	}
	all := make([]Shown, 0, len(occasions))
	for _, o := range occasions {
		if o.missing && (o.over(now) || o.heir() != nil) {
			continue
		}
		s := Shown{Event: o.Event, State: o.state(now)}
		if d, ok := o.Next(now); ok {
			s.Next = d.Start
		}
		if by := o.reg.Submission; by != nil {
			s.By, s.Pending, s.Decided = by.By, by.Next != nil, by.Decided
		}
		if s.Tally, s.Dates, err = o.tallies(r, s.State, now); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// state is where an event stands, as commands name it. A series is coming as long as a date of it is.
func (o *occasion) state(now time.Time) string {
	s := o.reg.Submission
	switch {
	case s != nil && s.Standing == Proposed:
		return string(Proposed)
	case s != nil && s.Standing == Declined:
		return string(Declined)
	case o.Cancelled:
		return "cancelled"
	case o.missing:
		return stateMissing
	}
	if dates, _ := o.Dates(now.Add(-366*24*time.Hour), now.Add(1), 1000); len(dates) > 0 && now.Before(dates[len(dates)-1].End) {
		return "running"
	}
	if o.over(now) {
		return "over"
	}
	return "coming"
}
