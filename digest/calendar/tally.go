package calendar

import (
	"errors"
	"time"

	"convene/list"
)

// Tally is what people answered to an event, or to a date of a series, to which what they answered to all of it counts as well.
type Tally struct {
	Answers map[string]string // "yes", "no", "maybe", by address
	Waiting int               // how many of the yes wait for a place
	None    int               // members who are invited and have not answered
}

// tallies are what was answered, to all of an event or to the next date of a series, and to its next dates one by one. Who has left the list comes to nothing; of what is
// over it shows who had answered.
func (o *occasion) tallies(r list.Reader, state string, now time.Time) (whole Tally, all []ShownDate, err error) {
	here := map[string]bool{}
	for address := range o.reg.Guests {
		m, err := member(r, o.rec, address)
		if err != nil {
			return whole, nil, err
		}
		here[address] = m != nil || state == "over"
	}
	invited, err := o.invitedNow(r)
	if err != nil {
		return whole, nil, err
	}
	if !o.series() {
		return o.tally(time.Time{}, here, invited), nil, nil
	}
	dates, _ := o.Dates(now.Add(1), time.Time{}, datesTold)
	for _, d := range dates {
		all = append(all, ShownDate{d.Start, o.tally(d.Of, here, invited)})
	}
	if len(dates) == 0 {
		dates, _ = o.Dates(o.Start, now.Add(1), recordedDates)
	}
	switch {
	case len(all) > 0:
		return all[0].Tally, all, nil
	case len(dates) > 0:
		return o.tally(dates[len(dates)-1].Of, here, invited), nil, nil
	}
	return o.tally(time.Time{}, here, invited), nil, nil
}

// tally counts what was answered to a date; zero: to all.
func (o *occasion) tally(of time.Time, here map[string]bool, invited []string) Tally {
	t := Tally{Answers: map[string]string{}}
	for address, g := range o.reg.Guests {
		answer, waits := g.on(of)
		if answer == "" || !here[address] {
			continue
		}
		if t.Answers[address] = answer; answer == Yes && !waits.IsZero() {
			t.Waiting++
		}
	}
	for _, address := range invited {
		if t.Answers[address] == "" {
			t.None++
		}
	}
	return t
}

// invitedNow are the members who were told of an event and get mail, as registers have their addresses.
func (o *occasion) invitedNow(r list.Reader) (all []string, err error) {
	if o.waits() || o.reg.Told == "" {
		return nil, nil
	}
	for number := uint32(1); number <= max(o.reg.Invited, o.reg.Known); number++ {
		m, err := r.MemberByNumber(o.rec.ID, number)
		if errors.Is(err, list.ErrNotFound) {
			continue
		} else if err != nil {
			return nil, err
		}
		if m.State == list.Active && m.Mode != list.ModeNoMail {
			all = append(all, guestKey(m.Address))
		}
	}
	return all, nil
}
