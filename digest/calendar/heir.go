package calendar

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"convene/list"
)

// heir is the event of the config that a missing one is by now, which got another id and nothing else: it has the same title and start, and nobody has heard of it yet. nil: there is
// none.
func (o *occasion) heir() *occasion {
	if !o.missing || o.Cancelled {
		return nil
	}
	for _, other := range o.all {
		if !other.missing && !other.mailed && other.reg.Told == "" && len(other.reg.Guests) == 0 && other.Start.Equal(o.Start) && other.Title.In(o.list.Language) == o.Title.In(o.list.Language) {
			return other
		}
	}
	return nil
}

// before is the missing event that one is the heir of; nil: there is none.
func (o *occasion) before() *occasion {
	for _, other := range o.all {
		if heir := other.heir(); heir != nil && heir.ID == o.ID {
			return other
		}
	}
	return nil
}

// inherits has an event take over what has happened with it under the id that it had before: who was invited, their answers, and what calendar programs know it by.
func (k *Keeper) inherits(o, before *occasion, now time.Time) Duty {
	return Duty{At: now, Kind: kindNotice, Name: o.ID + " of " + o.list.Address + " was " + before.ID, Do: func(_ context.Context, _ time.Time) error {
		return k.change(o.list, before.ID, func(tx list.Tx, old *occasion) error {
			heir := old.heir()
			if heir == nil || heir.ID != o.ID {
				return ErrDone
			}
			if err := tx.DeletePaper(old.rec.ID, papers+old.reg.ID); err != nil && !errors.Is(err, list.ErrNotFound) {
				return err
			}
			old.reg.UID, old.reg.Organiser, old.reg.Missing = old.UID, old.From, time.Time{}
			old.reg.Was = append(old.reg.Was, old.reg.ID)
			old.reg.ID = heir.ID
			delete(old.reg.Done, askedMissing)
			return nil
		})
	}}
}

// isCalled reports whether an id is that of an event, or was before it got another.
func (o *occasion) isCalled(id string) bool {
	return strings.EqualFold(o.ID, id) || slices.ContainsFunc(o.reg.Was, func(was string) bool { return strings.EqualFold(was, id) })
}
