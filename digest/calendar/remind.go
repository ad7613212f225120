package calendar

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"convene/digest/letter"
	"convene/list"
	"convene/list/event"
)

// Around what a reminder of a World Café is the mail with the tables instead, before its start, for who said yes.
const (
	tablesBefore = 48 * time.Hour
	tablesAfter  = 12 * time.Hour
)

// closingReminds is how soon behind the closing of its discussion a reminder of an event is part of that.
const closingReminds = 48 * time.Hour

// ahead is how many dates of a series are looked at for what is due.
const ahead = 3

// reminders remind those of an event who said that they come, or may: so long before each date as it says. Of what was slept through the last is sent, and none when
// the date has begun.
func (k *Keeper) reminders(r list.Reader, o *occasion, now time.Time) (all []Duty, err error) {
	if o.waits() || o.Cancelled {
		return nil, nil
	}
	var closing time.Time
	if o.Discussion != "" {
		if closing, err = k.House.Closing(r, o.Discussion); err != nil {
			return nil, err
		}
	}
	dates, _ := o.Dates(now.Add(time.Second), time.Time{}, ahead)
	for _, d := range dates {
		for i, before := range o.dueReminders(d, closing, now) {
			all = append(all, Duty{At: o.remindsAt(d, before), Kind: kindReminder, N: i, Name: fmt.Sprintf("the reminder of %s, %s before %s", o.ID, before, d.Start.Format(time.DateOnly)),
				Do: func(_ context.Context, now time.Time) error { return k.remind(o.list, o.ID, d, before, now) }})
		}
	}
	return all, nil
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
		case o.reg.did(reminderKey(d, before)):
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

// remindsAt is when a reminder of a date is due: of whole days it is at nine in the morning of that day, where it would be in the night.
func (o *occasion) remindsAt(d event.Date, before time.Duration) time.Time {
	at := d.Start.Add(-before)
	if morning := nextMorning(at, d.Start.Location()); o.AllDay && morning.Before(d.Start) {
		return morning
	}
	return at
}

func reminderKey(d event.Date, before time.Duration) string {
	return "remind/" + before.String() + "/" + d.Of.UTC().Format(time.RFC3339)
}

// remind reminds everybody of one date.
func (k *Keeper) remind(l *list.List, id string, d event.Date, before time.Duration, now time.Time) error {
	var o *occasion
	err := k.Engine.Store.View(func(r list.Reader) (err error) { o, err = k.find(r, l, id); return err })
	if err != nil {
		return err
	}
	mails, err := k.writeReminders(o, d, before, now)
	if err != nil {
		return err
	}
	return k.change(l, id, func(tx list.Tx, o *occasion) error {
		key := reminderKey(d, before)
		if o.reg.did(key) || o.Cancelled || o.waits() {
			return ErrDone
		}
		var reminded []string
		on := o.on(d)
		for _, w := range mails {
			if answer := on.answerOf(w.to); answer != Yes && answer != Maybe || answer == Yes && o.tablesInstead(before) {
				continue // they have said no since, or yes and get their tables
			}
			if on.remindedOfOthers(w.to, d, before, now) {
				continue
			}
			if err := o.owe(tx, w, now); err != nil {
				return err
			}
			reminded = append(reminded, w.to)
		}
		o.reg.do(key, now)
		return k.House.MailedAll(tx, l, reminded, now)
	})
}

// remindedOfOthers reports whether a reminder that comes ahead of the day of an event can be left out for somebody: that of another event comes to them on this day, ahead of
// its day too, before this one (of those at the same time it is that of the first id), and this event reminds them once more. It goes by when they are due, so that it
// makes no difference in what order they are sent after all.
func (o *occasion) remindedOfOthers(address string, d event.Date, before time.Duration, now time.Time) bool {
	zone, at := zoneOf(o.list), o.remindsAt(d, before)
	if sameDay(now, d.Start, zone) || !slices.ContainsFunc(o.Reminders, func(b time.Duration) bool { return b < before }) {
		return false
	}
	for _, other := range o.all {
		if other.ID == o.ID || other.waits() || other.Cancelled {
			continue
		}
		dates, _ := other.Dates(now.Add(time.Second), time.Time{}, ahead)
		for _, date := range dates {
			if answer := other.on(date).answerOf(address); answer != Yes && answer != Maybe {
				continue
			}
			for _, b := range other.Reminders {
				due := other.remindsAt(date, b)
				if sameDay(due, at, zone) && !sameDay(date.Start, due, zone) && (due.Before(at) || due.Equal(at) && other.ID < o.ID) {
					return true
				}
			}
		}
	}
	return false
}

// answerOf is what somebody said of it, who has no place to wait for; empty: nothing, or they wait.
func (o *occasion) answerOf(address string) string {
	if g := o.reg.Guests[guestKey(address)]; g != nil {
		if answer, waits := g.on(o.of); waits.IsZero() {
			return answer
		}
	}
	return ""
}

// dateKey is a date of a series as registers have it.
func dateKey(of time.Time) string { return of.UTC().Format(dateForm) }

const dateForm = "20060102T150405Z"

func (k *Keeper) writeReminders(o *occasion, d event.Date, before time.Duration, now time.Time) (all []owed, err error) {
	members, err := k.guests(o)
	if err != nil {
		return nil, err
	}
	on := o.on(d)
	for _, address := range slices.Sorted(maps.Keys(o.reg.Guests)) {
		g, m := o.reg.Guests[address], members[address]
		answer, waits := g.on(on.of)
		if answer != Yes && answer != Maybe || !waits.IsZero() || g.Mail || m == nil || m.State != list.Active {
			continue
		}
		if answer == Yes && o.tablesInstead(before) {
			continue
		}
		who := on.readerOf(m, address)
		hours := int((d.Start.Sub(now) + 30*time.Minute) / time.Hour)
		mail, err := k.House.Book().Write("event-reminder", o.languagesOf(who.language), letter.Reminder{Event: on.coming(who), OneOf: o.series(), Hours: hours, Tables: o.numbers(address), Place: k.House.Place(o.list)})
		if err != nil {
			return nil, fmt.Errorf("calendar: event %s: %w", o.ID, err)
		}
		all = append(all, owed{to: address, mail: mail, kind: kindReminder, purpose: list.ForRSVP, about: about{What: aboutComing, Of: on.of}})
	}
	return all, nil
}

// guests are the members among those who answered, by the address that they answered with.
func (k *Keeper) guests(o *occasion) (map[string]*list.Member, error) {
	all := map[string]*list.Member{}
	err := k.Engine.Store.View(func(r list.Reader) error {
		for address := range o.reg.Guests {
			m, err := member(r, o.rec, address)
			if err != nil {
				return err
			}
			all[address] = m
		}
		return nil
	})
	return all, err
}
