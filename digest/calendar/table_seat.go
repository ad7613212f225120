package calendar

import (
	"errors"
	"fmt"
	"time"

	"convene/list"
	"convene/list/event/cafe"
)

// Why nobody can be seated.
var (
	ErrNoTables = errors.New("it has no tables: it is no World Café to come")
	ErrTooFew   = errors.New("fewer than three people have said yes and can be seated, too few for a table; nothing is settled")
	ErrTooLate  = errors.New("it begins in less than half an hour, and people have left for their tables")
)

// smallestTable is at how many people a table is one that somebody may ask for ahead of time.
const smallestTable = 3

// errAgain says that somebody answered while others were seated.
var errAgain = errors.New("somebody answered meanwhile")

// Seat seats the people of an event now, ahead of its time, and tells each their tables. Where they were seated already it does nothing, unless again asks for other tables: then it
// tells those whose tables changed. ErrNoTables, ErrTooFew, ErrTooLate: it does not, and nothing is settled. mails is how many were told.
func (k *Keeper) Seat(l *list.List, id string, again bool) (mails int, err error) {
	for range 10 {
		now := k.Engine.Now()
		mails, err = k.seatNow(l, id, again, now)
		if !errors.Is(err, errAgain) {
			return mails, err
		}
	}
	return mails, err
}

func (k *Keeper) seatNow(l *list.List, id string, again bool, now time.Time) (int, error) {
	o, err := k.party(l, id)
	if err != nil {
		return 0, err
	}
	switch {
	case !o.seats() || !now.Before(o.Start):
		return 0, fmt.Errorf("calendar: event %s: %w", id, ErrNoTables)
	case o.reg.Seating != nil && !again:
		return 0, nil
	case now.After(o.tablesEnd()):
		return 0, fmt.Errorf("calendar: event %s: %w", id, ErrTooLate)
	case len(o.guestsOf(o.seatable().keys, o.members)) < smallestTable:
		return 0, fmt.Errorf("calendar: event %s: %w", id, ErrTooFew)
	}
	return k.seat(l, id, again, now)
}

// seating is how people are to be seated, with who is told of it.
type seating struct {
	of      seatable
	now     cafe.Seating
	changed []string // keys
}

// arrange seats people: as they were told, as far as that can be, unless all is to be otherwise.
func (o *occasion) arrange(members map[string]*list.Member, anew bool) seating {
	s := seating{of: o.seatable()}
	guests, options := o.guestsOf(s.of.keys, members), cafe.Options{Rounds: o.rounds(), Size: o.TableSize, Show: o.ExpectShow}
	if anew || o.reg.Seating == nil {
		s.now = cafe.Seat(guests, options)
	} else {
		s.now = cafe.Reseat(*o.reg.Seating, guests, options)
	}
	s.changed = cafe.Changed(o.told(), s.now)
	return s
}

// told is the seating as people know it; none: nobody was told.
func (o *occasion) told() cafe.Seating {
	if o.reg.Seating == nil {
		return cafe.Seating{}
	}
	return *o.reg.Seating
}

// seat seats people and tells those whose tables are others than they know, all in one transaction: so each is told once, whenever the process is killed. The tables
// are found and the mails written outside of it. errAgain: somebody answered meanwhile, and nothing was done.
func (k *Keeper) seat(l *list.List, id string, anew bool, now time.Time) (told int, err error) {
	p, err := k.party(l, id)
	if err != nil {
		return 0, err
	}
	s := p.arrange(p.members, anew)
	var mails []owed
	for _, key := range s.changed {
		w, err := p.tablesMail(key, s.now, false, now)
		if err != nil {
			return 0, err
		}
		mails = append(mails, w)
	}
	first, sheet := p.reg.Seating == nil, len(s.changed) > 0 && !p.reg.did(doneSheet)
	if sheet {
		sheets, err := p.sheets(s.now, false)
		if err != nil {
			return 0, err
		}
		mails = append(mails, sheets...)
	}
	return len(s.changed), k.change(l, id, func(tx list.Tx, o *occasion) error {
		if !o.seats() || !now.Before(o.Start) {
			return ErrDone
		}
		if o.reg.SeatedFor != p.reg.SeatedFor || !o.reg.Seated.Equal(p.reg.Seated) || o.seatable().print != s.of.print {
			return errAgain
		}
		for _, w := range mails {
			if err := o.owe(tx, w, now); err != nil {
				return err
			}
		}
		o.reg.Seating, o.reg.SeatedFor = &s.now, s.of.print
		if first || len(s.changed) > 0 {
			o.reg.Seated, o.reg.SeatedOf = now, p.Start
		}
		if sheet {
			o.reg.do(doneSheet, now)
		}
		return k.House.MailedAll(tx, l, p.addresses(s.changed), now)
	})
}
