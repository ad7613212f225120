package calendar

import (
	"context"
	"slices"
	"strings"
	"time"

	"convene/list"
)

// uidOf is what calendar programs are to know an event of a list by, as event.Entry has it: a submitter's own UID stands for their own event, which has another organiser.
func uidOf(id string, l *list.List) string {
	local, domain, _ := strings.Cut(l.Address, "@")
	return id + "." + local + "@" + domain
}

// noting writes down what calendar programs are to know events by, as soon as there are some: whatever their list is called later, a change or a cancellation finds what people have in
// their calendars, and comes from whom they know.
func (k *Keeper) noting(l *list.List, rec list.Record, occasions []*occasion, now time.Time) []Duty {
	fresh := func(o *occasion) bool { return o.reg.UID == "" && !o.past(now) && o.before() == nil }
	if !slices.ContainsFunc(occasions, fresh) {
		return nil
	}
	return []Duty{{At: now, Kind: kindNotice, Name: "noting the events of " + l.Address, Do: func(context.Context, time.Time) error {
		return k.Engine.Store.Update(func(tx list.Tx) error {
			all, err := k.recent(tx, l, rec)
			for _, o := range all {
				if err == nil && fresh(o) {
					o.reg.UID, o.reg.Organiser = o.UID, o.From
					err = o.reg.write(tx, o.rec)
				}
			}
			return err
		})
	}}}
}
