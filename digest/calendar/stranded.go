package calendar

import (
	"cmp"
	"slices"
	"time"

	"convene/list"
)

// Stranded is an event that people were invited to and that the config and the plans have no longer: nothing more goes out for it.
type Stranded struct {
	ID    string
	Title string
	Start time.Time
	Yes   int // how many said that they come
}

// Stranded are the events of a list that are gone, and not over, the earliest first.
func (k *Keeper) Stranded(r list.Reader, l *list.List, now time.Time) (all []Stranded, err error) {
	rec, err := r.List(l.Address)
	if err != nil {
		return nil, err
	}
	known, err := k.House.Events(r, l)
	if err != nil {
		return nil, err
	}
	registers, err := readRegisters(r, rec)
	if err != nil {
		return nil, err
	}
	for _, e := range known {
		delete(registers, e.ID)
	}
	for _, reg := range registers {
		if reg.Submission != nil || reg.Last == nil || reg.Last.Cancelled || !reg.Cancelled.IsZero() {
			continue
		}
		o := newOccasion(reg.Last, l, rec, reg)
		if o.over(now) {
			continue
		}
		all = append(all, Stranded{reg.ID, o.Title.In(l.Language), o.Start, reg.coming()})
	}
	slices.SortFunc(all, func(a, b Stranded) int { return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.ID, b.ID)) })
	return all, nil
}
