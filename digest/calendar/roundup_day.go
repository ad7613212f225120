package calendar

import (
	"slices"
	"time"

	"convene/digest/plan"
	"convene/list"
	"convene/list/event"
)

// onEventDay reports whether mails of one of these events go out on the day of an instant: its first invitations, reminders and tables, or on the day that it takes place.
func (k *Keeper) onEventDay(r list.Reader, l *list.List, all []*occasion, at time.Time) (bool, error) {
	day := plan.DateOf(at.In(zoneOf(l)))
	on := func(t time.Time) bool { return !t.IsZero() && plan.DateOf(t.In(zoneOf(l))) == day }
	for _, o := range all {
		if o.waits() || o.Cancelled {
			continue
		}
		if on(o.reg.First) {
			return true, nil
		}
		if o.reg.Told == "" {
			if o.over(o.now) { // a round-up that waited for its day to pass does so once it has begun, too
				if dates, _ := o.Dates(day.At(0, zoneOf(l)), day.AddDays(1).At(0, zoneOf(l)), 1); len(dates) > 0 {
					return true, nil
				}
				continue
			}
			if invited, err := k.inviteAt(r, o, o.now, k.taken); err != nil || on(invited) {
				return err == nil, err
			}
			continue
		}
		if o.Format == event.WorldCafe && on(o.RegisterBy) {
			return true, nil
		}
		dates, _ := o.Dates(day.At(0, zoneOf(l)), time.Time{}, ahead)
		for _, d := range dates {
			if on(d.Start) || slices.ContainsFunc(o.Reminders, func(before time.Duration) bool { return on(o.remindsAt(d, before)) }) {
				return true, nil
			}
		}
	}
	return false, nil
}
