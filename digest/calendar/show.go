package calendar

import (
	"errors"
	"time"

	"convene/list"
	"convene/list/event"
)

// Shown is an event with what has happened with it, for who runs the server.
type Shown struct {
	*event.Event
	State   string            // "proposed", "declined", "coming", "running", "over", "cancelled", or stateMissing
	Next    time.Time         // when the next date of a series starts; zero: there is none to come
	By      event.Person      // who mailed it; zero: nobody did
	Pending bool              // a change of it waits for a moderator
	Decided string            // who decided on it last
	Answers map[string]string // "yes", "no", "maybe" to the whole, by address
	Waiting int               // how many of the yes wait for a place
	None    int               // members who are invited and have not answered
}

// stateMissing is the state of an event that people were invited to, and that the config and the plans have no longer.
const stateMissing = "missing"

// Count is how many gave an answer.
func (s *Shown) Count(answer string) (n int) {
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
		if s.Answers, s.Waiting, err = o.answers(r, s.State); err != nil {
			return nil, err
		}
		if s.None, err = o.silent(r, rec); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// answers are those to the whole, by address, and how many of the yes wait for a place. Who has left the list comes to nothing; of what is over it shows who had answered.
func (o *occasion) answers(r list.Reader, state string) (all map[string]string, waiting int, err error) {
	all = map[string]string{}
	for address, g := range o.reg.Guests {
		if g.Answer == "" {
			continue
		}
		if m, err := member(r, o.rec, address); err != nil {
			return nil, 0, err
		} else if m == nil && state != "over" {
			continue
		}
		if all[address] = g.Answer; g.Answer == Yes && !g.Waiting.IsZero() {
			waiting++
		}
	}
	return all, waiting, nil
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

// silent counts the members who were told of an event and have not answered.
func (o *occasion) silent(r list.Reader, rec list.Record) (n int, err error) {
	if o.waits() || o.reg.Told == "" {
		return 0, nil
	}
	for number := uint32(1); number <= max(o.reg.Invited, o.reg.Known); number++ {
		m, err := r.MemberByNumber(rec.ID, number)
		if errors.Is(err, list.ErrNotFound) {
			continue
		} else if err != nil {
			return 0, err
		}
		if g := o.reg.Guests[guestKey(m.Address)]; m.State == list.Active && m.Mode != list.ModeNoMail && (g == nil || g.Answer == "" && len(g.Dates) == 0) {
			n++
		}
	}
	return n, nil
}
