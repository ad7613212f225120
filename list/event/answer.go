package event

import (
	"cmp"
	"time"

	"github.com/emersion/go-ical"
)

// Answer is what a guest's program answers to an invitation (RFC 5546 §3.2.3). That it is from the guest is for the mail around it to prove: whoever takes it
// looks that Guest.Address, or Guest.SentBy, is who sent that.
type Answer struct {
	UID string
	// Of is the date of the series that it is about (RECURRENCE-ID), which Event.DateOf finds; zero: all of them.
	Of    time.Time
	Guest Guest // Status is Accepted, Declined or Tentative
	// Organiser is the address of whom it answers; empty: it names nobody that mail could go to.
	Organiser string
	Sequence  int // of the invitation that is answered
	Stamp     time.Time
	Comment   string // may have several lines
}

// Compare is how two answers of the same guest for the same date stand in time: less than zero when a is the older one. The sequence counts before the
// stamp (RFC 5546 §2.1.5); that the newest counts is for the caller to hold.
func (a Answer) Compare(b Answer) int {
	return cmp.Or(cmp.Compare(a.Sequence, b.Sequence), a.Stamp.Compare(b.Stamp))
}

// Answers are those of an object that answers (METHOD:REPLY), at least one. An object may answer for several dates of a series; each is from one guest, and all
// from the same. A date that the object has beside its answer, with none to it (Thunderbird encloses the changed dates of a series), is not among them. An error is
// of type *Fault.
func (o *Object) Answers() ([]Answer, error) {
	if o.Method != Reply {
		return nil, fault(NoAnswer, "")
	}
	var all []Answer
	open := false
	for _, i := range o.Items {
		for _, r := range i.replies {
			switch {
			case r.UID == "":
				return nil, fault(NoUID, "")
			case r.guests == 0 || r.Guest.Address == "":
				return nil, fault(NoAnswer, "")
			case r.guests > 1 || len(all) > 0 && all[0].Guest.Address != r.Guest.Address:
				return nil, fault(ManyAnswers, "")
			case r.Guest.Status == NeedsAction:
				open = true
				continue
			case r.Guest.Status != Accepted && r.Guest.Status != Declined && r.Guest.Status != Tentative:
				return nil, fault(BadPartStat, string(r.Guest.Status))
			}
			all = append(all, r.Answer)
		}
	}
	if len(all) == 0 && open {
		return nil, fault(BadPartStat, string(NeedsAction))
	}
	return all, nil
}

// reply is a part of an object that answers, as it is written.
type reply struct {
	Answer
	guests int
}

// reply reads one part.
func (r *reader) reply(c *ical.Component, uid string, start time.Time) reply {
	i := &Item{Event: &Event{}}
	people(i, c.Props)
	x := reply{Answer{UID: uid, Organiser: i.Event.Organiser.Address, Sequence: sequence(c.Props), Stamp: stamp(c.Props), Comment: propText(c.Props, "COMMENT", maxAbout)}, i.GuestCount}
	if len(i.Guests) > 0 {
		x.Guest = i.Guests[0]
	}
	if p := c.Props.Get("RECURRENCE-ID"); p != nil {
		var ok bool
		if x.Of, ok = r.dateOf(p, &Event{Start: start}); !ok {
			r.doubt(LostDates, "RECURRENCE-ID")
		}
	}
	return x
}

// DateOf is the date of the event that is known by of, changed or not; that was cancelled or taken off is none. Where only the day is the same, as some
// programs have it of whole days, it is the first of that day.
func (e *Event) DateOf(of time.Time) (Date, bool) {
	for i, c := range e.Changed {
		if c.Of.Equal(of) {
			return e.date(c.Of, &e.Changed[i]), !c.Cancelled && !e.Cancelled
		}
	}
	day := midnight(wallOf(of.In(e.Start.Location())))
	from, until := atWall(day, e.Start.Location()), atWall(day.AddDate(0, 0, 1), e.Start.Location())
	dates, _ := e.Dates(from, until, maxDaily)
	for _, d := range dates {
		if d.Of.Equal(of) {
			return d, true
		}
	}
	if len(dates) == 0 || !of.Equal(from) {
		return Date{}, false
	}
	return dates[0], true
}
