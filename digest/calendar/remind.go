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
		data := letter.Reminder{Event: on.coming(who), Links: on.linksIn(o.languagesOf(who.language)), OneOf: o.series(), Hours: hours,
			Today: o.shownDay(d.Start, who.zone) == x.at.In(who.zone).Format(time.DateOnly), Tables: o.numbers(address), Place: k.House.Place(o.list)}
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
