package calendar

import (
	"errors"
	"slices"
	"strings"
	"time"

	"convene/digest/letter"
	"convene/list"
	"convene/list/event"
)

// reader is who a mail is written for, as far as it makes a difference to its text.
type eventReader struct {
	language string
	zone     *time.Location
	answer   string
	waiting  int
}

// readerOf is a member as a reader of what concerns an event; nil: somebody who is none.
func (o *occasion) readerOf(m *list.Member, address string) eventReader {
	who := eventReader{zone: zoneFor(o.list, m)}
	if m != nil {
		who.language = m.Language
	}
	if g := o.reg.Guests[guestKey(address)]; g != nil {
		who.answer, _ = g.on(o.of)
		who.waiting = slices.Index(o.reg.waitingOn(o.of), guestKey(address)) + 1
	}
	return who
}

// coming is an event as somebody is told of it.
func (o *occasion) coming(who eventReader) letter.Coming {
	if next, ok := o.next(); ok && o.of.IsZero() && o.series() {
		return o.seriesComing(who, next)
	}
	c := letter.Coming{ID: o.ID, Title: o.Title, At: o.Start.In(who.zone), Minutes: int(o.Length / time.Minute), Where: o.Where, About: o.About, Agenda: o.Agenda,
		AllDay: o.AllDay, Cafe: o.Format == event.WorldCafe, Places: o.places(), Answer: who.answer, Waiting: who.waiting}
	if o.AllDay { // a day is the same day everywhere
		c.At = o.Start
		if days := int((o.Length + aDay/2) / aDay); days > 1 { // one with a change of clocks has an hour more, or less
			c.Until = o.Start.AddDate(0, 0, days-1)
		}
	} else {
		c.AtName = zoneName(who.zone)
		if !sameClock(c.At, o.Start) {
			c.Here, c.HereName = o.Start, zoneName(o.Start.Location())
		}
	}
	if !o.RegisterBy.IsZero() {
		c.RegisterBy = o.RegisterBy.In(who.zone)
	}
	if o.Organiser.Name != "" {
		c.By = o.Organiser.Name
	}
	c.Presenters = namesOf(o.Presenters)
	if c.Places > 0 {
		c.Free = max(0, c.Places-o.reg.comingOn(o.of))
	}
	return c
}

// invited is an event as an invitation of it says it, with the page where it is answered.
func (k *Keeper) invited(o *occasion, who eventReader) letter.Coming {
	c := o.coming(who)
	c.Page = k.answerPage()
	return c
}

// sameClock reports whether two clocks show the same at an instant.
func sameClock(a, b time.Time) bool {
	_, x := a.Zone()
	_, y := b.Zone()
	return x == y
}

// zoneName is the place that a zone is called by: "Nairobi", of Africa/Nairobi.
func zoneName(zone *time.Location) string {
	name := zone.String()
	return strings.ReplaceAll(name[strings.LastIndexByte(name, '/')+1:], "_", " ")
}

// lunchPlaces is how many places a lunch has that says nothing of them.
const lunchPlaces = 20

// places is how many may come; zero: as many as want to. At a lunch there are at most 20.
func (o *occasion) places() int {
	if o.Format == event.LunchAndLearn && (o.Places == 0 || o.Places > lunchPlaces) {
		return lunchPlaces
	}
	return o.Places
}

// member is who has an address; nil: nobody here.
func member(r list.Reader, rec list.Record, address string) (*list.Member, error) {
	m, err := r.Member(rec.ID, address)
	if errors.Is(err, list.ErrNotFound) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	return &m, nil
}
