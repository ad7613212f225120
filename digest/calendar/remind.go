package calendar

import (
	"cmp"
	"context"
	"errors"
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

// reminder is one reminder of one date of an event.
type reminder struct {
	*occasion
	date   event.Date
	before time.Duration
	at     time.Time // when it is due
}

func (x reminder) key() string { return reminderKey(x.date, x.before) }

// ahead reports whether a reminder comes before another one, whichever of them was tried again meanwhile.
func (x reminder) ahead(y reminder) bool {
	return cmp.Or(x.remindsAt(x.date, x.before).Compare(y.remindsAt(y.date, y.before)), x.date.Start.Compare(y.date.Start), cmp.Compare(x.ID, y.ID)) < 0
}

// reminders remind those of an event who said that they come, or may: so long before each date as it says. Of what was slept through the last is sent, and none when
// the date has begun.
func (k *Keeper) reminders(r list.Reader, o *occasion, now time.Time) (all []Duty, err error) {
	due, err := k.remindersDue(r, o, now)
	for i, x := range due {
		all = append(all, Duty{At: x.at, Kind: kindReminder, N: i, Name: fmt.Sprintf("the reminder of %s, %s before %s", o.ID, x.before, x.date.Start.Format(time.DateOnly)),
			Do: func(_ context.Context, now time.Time) error { return k.remind(o.list, o.ID, x.date, x.before, now) }})
	}
	return all, err
}

// remindersDue are the reminders of an event that are still to be sent.
func (k *Keeper) remindersDue(r list.Reader, o *occasion, now time.Time) (all []reminder, err error) {
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
		for _, before := range o.dueReminders(d, closing, now) {
			at := o.remindsAt(d, before)
			if now.Sub(at) > lateAfter {
				at = o.awake(now, d.Start)
			}
			all = append(all, reminder{o, d, before, at})
		}
	}
	return all, nil
}

// A reminder that is later than lateAfter, since nobody was there to send it, is not sent between nightFrom and nightUntil on the list's clock, unless the event begins within
// nightLeaves.
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

// reminderKey is under what a register has that a reminder of a date went out. One that was of another time than the date is at by now does not count.
func reminderKey(d event.Date, before time.Duration) string {
	key := "remind/" + before.String() + "/" + d.Of.UTC().Format(time.RFC3339)
	if !d.Start.Equal(d.Of) {
		key += "/" + d.Start.UTC().Format(time.RFC3339)
	}
	return key
}

// remind reminds everybody of one date.
func (k *Keeper) remind(l *list.List, id string, d event.Date, before time.Duration, now time.Time) error {
	var o *occasion
	var others []reminder
	err := k.Engine.Store.View(func(r list.Reader) (err error) {
		if o, err = k.find(r, l, id); err == nil {
			others, err = k.others(r, reminder{o, d, before, now})
		}
		return err
	})
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(others, func(y reminder) bool { return !y.at.After(now) && y.ahead(reminder{o, d, before, now}) }); i >= 0 {
		if err := k.remind(l, others[i].ID, others[i].date, others[i].before, now); err != nil && !errors.Is(err, ErrDone) {
			return err
		}
		return k.remind(l, id, d, before, now)
	}
	mails, err := k.writeReminders(reminder{o, d, before, now}, others)
	if err != nil {
		return err
	}
	return k.change(l, id, func(tx list.Tx, o *occasion) error {
		key := reminderKey(d, before)
		if is, ok := o.DateOf(d.Of); !ok || !is.Start.Equal(d.Start) || o.reg.did(key) || o.Cancelled || o.waits() {
			return ErrDone
		}
		var reminded []string
		folded := map[string]*occasion{}
		on := o.on(d)
		for _, w := range mails {
			if answer := on.answerOf(w.to); answer != Yes && answer != Maybe || answer == Yes && o.tablesInstead(before) || o.reg.Guests[guestKey(w.to)].reminded(key) {
				continue // they have said no since, or yes and get their tables, or were reminded of it with another event
			}
			if err := o.owe(tx, w.owed, now); err != nil {
				return err
			}
			o.reg.guest(w.to).RemindedAt = now
			o.fold(w, folded)
			reminded = append(reminded, w.to)
		}
		for _, id := range slices.Sorted(maps.Keys(folded)) {
			if err := folded[id].reg.write(tx, o.rec); err != nil {
				return err
			}
		}
		o.reg.do(key, now)
		return k.House.MailedAll(tx, l, reminded, now)
	})
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

// reminding is the mail of a reminder, with the other reminders that are folded into it.
type reminding struct {
	owed
	also []reminder
}

func (k *Keeper) writeReminders(x reminder, others []reminder) (all []reminding, err error) {
	members, err := k.guests(x.occasion)
	if err != nil {
		return nil, err
	}
	o, d, on := x.occasion, x.date, x.on(x.date)
	for _, address := range slices.Sorted(maps.Keys(o.reg.Guests)) {
		m := members[address]
		if m == nil || m.State != list.Active || !x.isFor(address) {
			continue
		}
		who := on.readerOf(m, address)
		hours := int((d.Start.Sub(x.at) + 30*time.Minute) / time.Hour)
		data := letter.Reminder{Event: on.coming(who), Links: on.linksIn(o.languagesOf(who.language)), OneOf: o.series(), Hours: hours, Place: k.House.Place(o.list)}
		w := reminding{also: x.othersFor(address, others)}
		data.Also = alsoNamed(x, w.also, m, address)
		mail, err := k.House.Book().Write("event-reminder", o.languagesOf(who.language), data)
		if err != nil {
			return nil, fmt.Errorf("calendar: event %s: %w", o.ID, err)
		}
		w.owed = owed{to: address, mail: mail, kind: kindReminder, purpose: list.ForRSVP, about: about{What: aboutComing, Of: on.of}}
		all = append(all, w)
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
