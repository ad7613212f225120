package calendar

import (
	"context"
	"fmt"
	"slices"
	"time"

	"convene/digest/letter"
	"convene/list"
	"convene/list/event"
)

// dayKey is a date of a series as its presenters are kept by: the day on which it takes place by the rule, on the event's clock.
func (o *occasion) dayKey(d event.Date) string {
	return d.Of.In(o.Start.Location()).Format(time.DateOnly)
}

// lunches reports whether each date of an event has a presenter of its own.
func (o *occasion) lunches() bool { return o.Format == event.LunchAndLearn && o.series() }

// presentersOn are who presents on a date: who offered to, or is in the config for it, in the order of the dates. Who took it back is nobody.
func (o *occasion) presentersOn(d event.Date) []event.Person {
	if d.Change != nil && len(d.Change.Presenters) > 0 {
		return d.Change.Presenters
	}
	if !o.lunches() {
		return o.Presenters
	}
	if p, ok := o.reg.Presenters[o.dayKey(d)]; ok {
		if p.Address == "" {
			return nil
		}
		return []event.Person{p}
	}
	dates, _ := o.Dates(o.Start, time.Time{}, len(o.Presenters))
	if i := slices.IndexFunc(dates, func(x event.Date) bool { return x.Of.Equal(d.Of) }); i >= 0 && i < len(o.Presenters) {
		return o.Presenters[i : i+1]
	}
	return nil
}

// FreeDates are the dates of a series that start behind now and before until and that nobody presents on; none where an event has no presenters by the date.
func (o *occasion) FreeDates(now, until time.Time) (free []event.Date) {
	if !o.lunches() || o.waits() {
		return nil
	}
	dates, _ := o.Dates(now.Add(1), until, 100)
	return slices.DeleteFunc(dates, func(d event.Date) bool { return len(o.presentersOn(d)) > 0 })
}

// The times before a date at which its presenter is reminded, and at which facilitators are told that it has none.
const (
	aWeek       = 7 * 24 * time.Hour
	aDay        = 24 * time.Hour
	nobodyAhead = 10 * 24 * time.Hour
)

// presenting asks who is named by somebody else, reminds who presents, a week and a day before, and tells facilitators of a date that nobody presents on.
func (k *Keeper) presenting(_ list.Reader, o *occasion, now time.Time) (all []Duty, err error) {
	if o.Format != event.LunchAndLearn || o.waits() || o.Cancelled {
		return nil, nil
	}
	dates, _ := o.Dates(now.Add(time.Second), time.Time{}, ahead)
	for _, d := range dates {
		people := o.presentersOn(d)
		if key := "nobody/" + dateKey(d.Of); len(people) == 0 && o.lunches() && o.reg.Told != "" && !o.reg.did(key) {
			all = append(all, Duty{At: clockBefore(d.Start, nobodyAhead), Kind: kindNotice, Name: "the date of " + o.ID + " without a presenter",
				Do: func(_ context.Context, now time.Time) error { return k.tellNobody(o.list, o.ID, d, key, now) }})
		}
		for _, p := range people {
			if o.named(d, p) {
				if !o.reg.did(askedKey(d, p)) {
					all = append(all, k.asking(o, d, p, now))
				}
				continue
			}
			if o.reg.Told == "" {
				continue
			}
			if before, at := o.presenterDue(d, p, now); before > 0 {
				all = append(all, Duty{At: at, Kind: kindReminder, Name: fmt.Sprintf("the presenter of %s on %s", o.ID, o.dayKey(d)),
					Do: func(_ context.Context, now time.Time) error {
						return k.remindPresenter(o.list, o.ID, d, p, before, now)
					}})
			}
		}
	}
	return all, nil
}

func presenterKey(d event.Date, p event.Person, before time.Duration) string {
	return "present/" + before.String() + "/" + dateKey(d.Of) + "/" + guestKey(p.Address)
}

// presenterDue is the next reminder of who presents: how long before the date it is (zero: there is none), and when. The one of a week is for who has more than two days
// left.
func (o *occasion) presenterDue(d event.Date, p event.Person, now time.Time) (before time.Duration, at time.Time) {
	if p.Address == "" {
		return 0, at
	}
	if !o.reg.did(presenterKey(d, p, aWeek)) && d.Start.Sub(now) > 2*aDay {
		return aWeek, clockBefore(d.Start, aWeek)
	}
	if !o.reg.did(presenterKey(d, p, aDay)) {
		return aDay, clockBefore(d.Start, aDay)
	}
	return 0, at
}

// remindPresenter tells who presents what they need to know of it. Anybody can be named in a mailed event: who is not on the list, and does not run it, gets no mail of it.
func (k *Keeper) remindPresenter(l *list.List, id string, d event.Date, p event.Person, before time.Duration, now time.Time) error {
	return k.change(l, id, func(tx list.Tx, o *occasion) error {
		key := presenterKey(d, p, before)
		if o.reg.did(key) || o.Cancelled || o.waits() || !slices.Contains(o.presentersOn(d), p) || o.named(d, p) {
			return ErrDone
		}
		m, err := member(tx, o.rec, p.Address)
		if err != nil {
			return err
		}
		if m == nil && !o.runs(p.Address) {
			o.reg.do(key, now)
			return nil
		}
		on := o.on(d)
		who := on.readerOf(m, p.Address)
		data := letter.Presenting{Event: on.coming(who), Links: on.linksIn(o.languagesOf(who.language)), Date: o.shownDay(d.Start, who.zone), Days: int((d.Start.Sub(now) + 12*time.Hour) / aDay), Coming: o.reg.comingOn(on.of), Waiting: len(o.reg.waitingOn(on.of)),
			Name: p.Name, Place: k.House.Place(l)}
		if err := k.owePresenter(tx, on, "presenter-reminder", p, who, data, now); err != nil {
			return err
		}
		o.reg.do(key, now)
		return k.House.Mailed(tx, l, p.Address, now)
	})
}

func (k *Keeper) owePresenter(tx list.Tx, on *occasion, text string, p event.Person, who eventReader, data letter.Presenting, now time.Time) error {
	mail, err := k.House.Book().Write(text, on.languagesOf(who.language), data)
	if err != nil {
		return fmt.Errorf("calendar: event %s: %w", on.ID, err)
	}
	kind := kindNotice
	if text == "presenter-reminder" {
		kind = kindReminder
	}
	return on.owe(tx, owed{to: p.Address, mail: mail, kind: kind, purpose: list.ForRSVP, about: about{What: aboutComing, Of: on.of}, answers: data.Answers}, now)
}

// tellNobody tells who facilitates that nobody presents on a date.
func (k *Keeper) tellNobody(l *list.List, id string, d event.Date, key string, now time.Time) error {
	return k.change(l, id, func(tx list.Tx, o *occasion) error {
		if o.reg.did(key) || o.Cancelled || o.waits() || len(o.presentersOn(d)) > 0 {
			return ErrDone
		}
		o.reg.do(key, now)
		on := o.on(d)
		for _, address := range o.runBy() {
			m, err := member(tx, o.rec, address)
			if err != nil {
				return err
			}
			who := on.readerOf(m, address)
			data := letter.Presenting{Event: on.coming(who), Date: o.shownDay(d.Start, who.zone), Days: int((d.Start.Sub(now) + 12*time.Hour) / aDay), Said: "nobody", Place: k.House.Place(l)}
			if err := k.owePresenter(tx, on, "presenting", event.Person{Address: address}, who, data, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// runBy are who is told how an event stands: who facilitates on the list, else its moderators, else its owners.
func (o *occasion) runBy() []string {
	for _, some := range [][]string{o.list.Facilitators, o.list.Moderators, o.list.Owners} {
		if len(some) > 0 {
			return some
		}
	}
	return nil
}

// runs reports whether somebody facilitates, moderates or owns the list.
func (o *occasion) runs(address string) bool {
	return slices.ContainsFunc(slices.Concat(o.list.Facilitators, o.list.Moderators, o.list.Owners), func(a string) bool { return list.SameAddress(a, address) })
}
