package calendar

import (
	"cmp"
	"slices"
	"time"

	"convene/list"
	"convene/list/event"
)

// Proposal is an event that came by mail, or a change of one, on which nobody has decided yet.
type Proposal struct {
	ID      string
	Title   event.Texts
	At      time.Time // of a day, or of a time that is meant wherever one is, on its own clock
	AllDay  bool
	By      string    // who mailed it
	Since   time.Time // when it came
	Changes bool      // it is a change of an event that was approved
}

// Proposals are those of a list, the longest waiting first. zone is the clock of who reads them.
func (k *Keeper) Proposals(r list.Reader, l *list.List, rec list.Record, zone *time.Location, now time.Time) (all []Proposal, err error) {
	occasions, err := k.recent(r, l, rec)
	if err != nil {
		return nil, err
	}
	for _, o := range occasions {
		if !o.mailed || !o.undecided() {
			continue
		}
		p, s := o.proposal(), o.reg.Submission
		next, ok := p.next()
		if !ok {
			continue // it is too late, and who mailed it is told so
		}
		all = append(all, Proposal{ID: o.ID, Title: p.Title, At: p.clockOf(next.Start, zone), AllDay: p.AllDay, By: cmp.Or(s.By.Name, s.By.Address), Since: later(s.At, s.Updated), Changes: s.Next != nil})
	}
	slices.SortStableFunc(all, func(a, b Proposal) int { return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.ID, b.ID)) })
	return all, nil
}
