package calendar

import (
	"context"
	"strings"
	"time"

	"convene/list"
)

// uidOf is what calendar programs are to know an event of a list by, as event.Entry has it: a submitter's own UID stands for their own event, which has another organiser.
func uidOf(id string, l *list.List) string {
	local, domain, _ := strings.Cut(l.Address, "@")
	return id + "." + local + "@" + domain
}

// noting writes down what calendar programs are to know an event by, as soon as there is one: whatever its list is called later, a change or a cancellation of it finds what people have
// in their calendars, and comes from whom they know.
func (k *Keeper) noting(_ list.Reader, o *occasion, now time.Time) ([]Duty, error) {
	if o.reg.UID != "" {
		return nil, nil
	}
	return []Duty{{At: now, Kind: kindNotice, Name: "noting " + o.ID + " of " + o.list.Address, Do: func(_ context.Context, _ time.Time) error {
		return k.change(o.list, o.ID, func(_ list.Tx, o *occasion) error {
			if o.reg.UID != "" {
				return ErrDone
			}
			o.reg.UID, o.reg.Organiser = o.UID, o.From
			return nil
		})
	}}}, nil
}
