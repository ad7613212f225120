package calendar

import (
	"slices"
	"time"

	"convene/list/event"
)

// Around what a reminder of a World Café is the mail with the tables instead, before its start, for who said yes.
const (
	tablesBefore = 48 * time.Hour
	tablesAfter  = 12 * time.Hour
)

// closingReminds is how soon behind the closing of its discussion a reminder of an event is part of that.
const closingReminds = 48 * time.Hour

// A reminder that is later than lateAfter, since nobody was there to send it, is not sent between nightFrom and nightUntil on the list's clock, unless the event begins within
// nightLeaves; nor is what falls due by somebody's word at night and can wait: invitations, a new wording, the question whether somebody presents.
const (
	lateAfter             = 15 * time.Minute
	nightFrom, nightUntil = 22, 7
	nightLeaves           = 3 * time.Hour
)

// awake is when what is late may go out for a date that starts at an instant: now, or in the morning.
func (o *occasion) awake(now, start time.Time) time.Time {
	local := now.In(zoneOf(o.list))
	morning := time.Date(local.Year(), local.Month(), local.Day(), nightUntil, 0, 0, 0, local.Location())
	switch last := start.Add(-nightLeaves); {
	case local.Hour() >= nightUntil && local.Hour() < nightFrom || !last.After(now):
		return now
	case local.Hour() >= nightFrom:
		morning = morning.AddDate(0, 0, 1)
		fallthrough
	default:
		if last.Before(morning) {
			return last
		}
		return morning
	}
}

// dueReminders are those of a date that are still to be sent, as how long they are before it. Of those whose time is over it is the last alone.
//
// One that would come within two days behind the closing of the discussion is in the closing, which all get.
func (o *occasion) dueReminders(d event.Date, closing, now time.Time) (all []time.Duration) {
	late := time.Duration(0)
	for _, before := range o.Reminders {
		at := o.remindsAt(d, before)
		switch {
		case !closing.IsZero() && !at.Before(closing) && at.Sub(closing) <= closingReminds:
		case o.reg.did(reminderKey(d, before)), o.repeatsReminder(d, before):
		case !at.After(now):
			if late == 0 || before < late {
				late = before
			}
		default:
			all = append(all, before)
		}
	}
	if late != 0 && !slices.ContainsFunc(o.Reminders, func(b time.Duration) bool { return b < late && o.reg.did(reminderKey(d, b)) }) {
		all = append(all, late)
	}
	return all
}

// tablesInstead reports whether who said yes gets their tables instead of a reminder.
func (o *occasion) tablesInstead(before time.Duration) bool {
	return o.tablesRemind() && before >= tablesAfter && before <= tablesBefore
}

// remindsAt is when a reminder of a date is due. Whole days before it are days of the calendar, at the same time of day on the event's clock. Of what takes whole days it is at
// nine in the morning, and not later than that of the day before.
func (o *occasion) remindsAt(d event.Date, before time.Duration) time.Time {
	at := clockBefore(d.Start.In(o.Start.Location()), before)
	if !o.AllDay {
		return at
	}
	if morning := nextMorning(at, at.Location()); morning.Before(d.Start) {
		return morning
	}
	return clockBefore(nextMorning(d.Start, at.Location()), aDay)
}

// clockBefore is an instant earlier by so many days of the calendar as a time has, and by what more it has.
func clockBefore(t time.Time, before time.Duration) time.Time {
	return t.AddDate(0, 0, -int(before/aDay)).Add(-before % aDay)
}

// repeatsReminder reports whether a reminder of whole days comes when an earlier one of them has come already.
func (o *occasion) repeatsReminder(d event.Date, before time.Duration) bool {
	return o.AllDay && slices.ContainsFunc(o.Reminders, func(b time.Duration) bool { return b > before && o.remindsAt(d, b).Equal(o.remindsAt(d, before)) })
}

// reminderKey is under what a register has that a reminder of a date went out. One that was of another time than the date is at by now does not count.
func reminderKey(d event.Date, before time.Duration) string {
	key := "remind/" + before.String() + "/" + d.Of.UTC().Format(time.RFC3339)
	if !d.Start.Equal(d.Of) {
		key += "/" + d.Start.UTC().Format(time.RFC3339)
	}
	return key
}
