package calendar

import (
	"strings"
	"time"

	"convene/digest/letter"
	"convene/list"
	"convene/list/event"
)

// What somebody did at an event, as their record says it.
const (
	didYes     = "yes"
	didSit     = "table"
	didHost    = "host"
	didNotes   = "notes"
	didMail    = "mail"
	didPresent = "present"
	didOffer   = "offer"
)

// recordedDates is how many dates of a series are looked at for a record.
const recordedDates = 400

// Record is what a member has to do with the events of their list, over or to come, the earliest first: those that they said yes to and have a place at, present at, or
// offered. What does not take place is not in it.
func (k *Keeper) Record(r list.Reader, l *list.List, rec list.Record, m *list.Member, now time.Time) (all []letter.RecordEvent, err error) {
	occasions, err := k.occasions(r, l, rec)
	if err != nil {
		return nil, err
	}
	for _, o := range occasions {
		if o.waits() || o.Cancelled || o.missing && o.heir() != nil {
			continue
		}
		title := o.Title.In(o.languagesOf(m.Language)...)
		for _, one := range o.recordOf(m, now) {
			one.Title = title
			all = append(all, one)
		}
	}
	return all, nil
}

// recordOf is what a member has to do with an event: once for all of it, and once for each date of a series at which they present.
func (o *occasion) recordOf(m *list.Member, now time.Time) (all []letter.RecordEvent) {
	at, did := o.Start, o.didOf(m)
	if !o.series() {
		if o.presents(m, o.Presenters) {
			did = append(did, didPresent)
		}
	} else {
		dates, _ := o.Dates(o.Start, now.AddDate(1, 0, 0), recordedDates)
		key, came := o.guestOf(m), false
		for _, d := range dates {
			if o.lunches() && o.presents(m, o.presentersOn(d)) {
				all = append(all, letter.RecordEvent{At: d.Start.In(o.Start.Location()), Did: []string{didPresent}})
			}
			if key == "" {
				continue
			}
			if answer, waits := o.reg.Guests[key].on(d.Of); answer == Yes && waits.IsZero() && (!came || !at.After(now)) { // the next one, else the last
				at, came = d.Start.In(o.Start.Location()), true
			}
		}
		if came {
			did = append([]string{didYes}, did...)
		}
	}
	if len(did) > 0 {
		all = append(all, letter.RecordEvent{At: at, Did: did})
	}
	return all
}

// didOf is what a member did at all of an event, but present.
func (o *occasion) didOf(m *list.Member) (did []string) {
	if key := o.guestOf(m); key != "" {
		g := o.reg.Guests[key]
		hosts, notes := o.duties(key)
		for _, one := range []struct {
			is   bool
			what string
		}{
			{!o.series() && g.Answer == Yes && g.Waiting.IsZero(), didYes}, {o.told().Of(key) != nil, didSit}, {hosts, didHost}, {notes, didNotes}, {g.byMail(), didMail},
		} {
			if one.is {
				did = append(did, one.what)
			}
		}
	}
	if s := o.reg.Submission; s != nil && m.Has(s.By.Address) {
		did = append(did, didOffer)
	}
	return did
}

// guestOf is under which key a member answered; empty: they did not.
func (o *occasion) guestOf(m *list.Member) string {
	if key := guestKey(m.Address); o.reg.Guests[key] != nil {
		return key
	}
	for key := range o.reg.Guests {
		if m.Has(key) {
			return key
		}
	}
	return ""
}

// presents reports whether a member is among people.
func (o *occasion) presents(m *list.Member, people []event.Person) bool {
	for _, p := range people {
		if strings.Contains(p.Address, "@") && m.Has(p.Address) {
			return true
		}
	}
	return false
}
