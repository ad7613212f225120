package digest

import (
	"convene/digest/calendar"
	"convene/list"
)

// Tables are the tables of a list's event; none: nobody was seated yet. list.ErrNotFound: there is no such event.
func (e *Editor) Tables(l *list.List, id string) (all []calendar.Seated, err error) {
	err = e.Engine.Store.View(func(r list.Reader) (err error) { all, err = e.calendar.Tables(r, l, id); return err })
	return all, err
}

// Seat seats the people of a list's World Café now, and mails each their tables; again seats them anew, and mails those whose tables changed. mails is how many
// were told. calendar.ErrNoTables, calendar.ErrTooFew, calendar.ErrTooLate: it cannot be.
func (e *Editor) Seat(l *list.List, id string, again bool) (mails int, err error) {
	return e.calendar.Seat(l, id, again)
}
