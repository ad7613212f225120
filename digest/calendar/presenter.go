package calendar

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
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

// presenting reminds who presents, a week and a day before, and tells facilitators of a date that nobody presents on.
func (k *Keeper) presenting(_ list.Reader, o *occasion, now time.Time) (all []Duty, err error) {
	if o.Format != event.LunchAndLearn || o.waits() || o.Cancelled || o.reg.Told == "" {
		return nil, nil
	}
	dates, _ := o.Dates(now.Add(time.Second), time.Time{}, ahead)
	for _, d := range dates {
		people := o.presentersOn(d)
		if key := "nobody/" + dateKey(d.Of); len(people) == 0 && o.lunches() && !o.reg.did(key) {
			all = append(all, Duty{At: d.Start.Add(-nobodyAhead), Kind: kindNotice, Name: "the date of " + o.ID + " without a presenter",
				Do: func(_ context.Context, now time.Time) error { return k.tellNobody(o.list, o.ID, d, key, now) }})
		}
		for _, p := range people {
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
		return aWeek, d.Start.Add(-aWeek)
	}
	if !o.reg.did(presenterKey(d, p, aDay)) {
		return aDay, d.Start.Add(-aDay)
	}
	return 0, at
}

// remindPresenter tells who presents what they need to know of it.
func (k *Keeper) remindPresenter(l *list.List, id string, d event.Date, p event.Person, before time.Duration, now time.Time) error {
	return k.change(l, id, func(tx list.Tx, o *occasion) error {
		key := presenterKey(d, p, before)
		if o.reg.did(key) || o.Cancelled || o.waits() || !slices.Contains(o.presentersOn(d), p) {
			return ErrDone
		}
		m, err := member(tx, o.rec, p.Address)
		if err != nil {
			return err
		}
		on := o.on(d)
		who := on.readerOf(m, p.Address)
		data := letter.Presenting{Event: on.coming(who), Date: o.dayKey(d), Days: int((d.Start.Sub(now) + 12*time.Hour) / aDay), Coming: o.reg.comingOn(on.of), Waiting: len(o.reg.waitingOn(on.of)),
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
			data := letter.Presenting{Event: on.coming(who), Date: o.dayKey(d), Days: int((d.Start.Sub(now) + 12*time.Hour) / aDay), Said: "nobody", Place: k.House.Place(l)}
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

// presentPattern finds an offer to present, or its end: "present 2026-04-07", "je ne peux pas présenter 2026-04-07".
var presentPattern = regexp.MustCompile(`(?i)^\s*(?:re:\s*)*(?:(?:i|je|yo)\s+)?(?:(not|no|non|ne|pas|cannot|can't|won't)\b[^\n]{0,20}?\s)?(present|présenter?|presenter?|presentar|presento)(?:\s|$|[.,;:!])(.*)$`)

// offer is that somebody presents on a date, or does no more.
type offer struct {
	back bool
	of   said   // its date
	id   string // of the event; empty: it is to be found
	who  string // the address of who presents, where it is another; empty: who writes
}

// addressPattern finds the address of somebody whom a facilitator names.
var addressPattern = regexp.MustCompile(`[^\s<>",;:]+@[^\s<>",;:]+`)

// readOffer reads one in a line; false: there is none. It has a date, unless the mail that it answers has.
func readOffer(line string, needsDate bool) (f offer, ok bool) {
	found := presentPattern.FindStringSubmatch(line)
	if found == nil {
		return f, false
	}
	f.back = found[1] != ""
	rest := found[3]
	if day := datePattern.FindString(rest); day != "" {
		f.of.of, _ = time.Parse(time.DateOnly, day) // one that is none is found in no series
		f.of.day = true
		rest = strings.Replace(rest, day, "", 1)
	}
	f.who = addressPattern.FindString(rest)
	if words := strings.Fields(strings.Replace(rest, f.who, "", 1)); len(words) > 0 {
		f.id = strings.Trim(words[0], ".,;:!\"'<>")
	}
	return f, f.of.day || !needsDate
}

// readPresent takes an offer to present at the address of the events, in the subject or in the first line.
func (k *Keeper) readPresent(_ context.Context, h *list.Handed) (done string, taken bool, err error) {
	a := list.ReadAnswer(h.Message)
	line, _, _ := strings.Cut(a.Whole, "\n")
	f, ok := readOffer(h.Message.Subject(), true)
	if !ok {
		if f, ok = readOffer(line, true); !ok {
			return "", false, nil
		}
	}
	var o *occasion
	var m *list.Member
	err = k.Engine.Store.View(func(r list.Reader) error {
		all, err := k.occasions(r, h.List, h.Record)
		if err != nil {
			return err
		}
		o = offeredFor(all, f)
		m, err = member(r, h.Record, h.From.Addr)
		return err
	})
	switch {
	case err != nil:
		return "", true, err
	case o == nil:
		return "", true, list.Refuse(list.NotAllowed, "There is no lunch here of which somebody presents that date; see %s", h.List.Word("events"))
	case m == nil && !o.runs(h.From.Addr):
		return "", true, list.Refuse(list.NotMember, "Only members of the list present at its events; to join, write to %s", h.List.Word("subscribe"))
	}
	by := event.Person{Name: h.From.Name, Address: h.From.Addr}
	if m != nil {
		by = event.Person{Name: cmp.Or(m.Name, h.From.Name), Address: m.Address}
	}
	done, err = k.present(h, o.ID, by, f, h.Proven)
	return done, true, err
}

// takeOffer takes an offer to present that answers a mail of an event, which shows whose it is; taken is false where it is none.
func (k *Keeper) takeOffer(h *list.Handed, what about, m *list.Member, a list.Answer) (done string, taken bool, err error) {
	line, _, _ := strings.Cut(a.Whole, "\n")
	f, ok := readOffer(line, what.Of.IsZero())
	if !ok {
		return "", false, nil
	}
	if !f.of.day {
		f.of = said{of: what.Of}
	}
	by := event.Person{Name: h.From.Name, Address: h.Secret.Address}
	if m != nil {
		by = event.Person{Name: cmp.Or(m.Name, h.From.Name), Address: m.Address}
	}
	done, err = k.present(h, what.Event, by, f, true)
	return done, true, err
}

// offeredFor finds the series that an offer is for: the one that it names, or the first that has the date; nil: there is none.
func offeredFor(all []*occasion, f offer) (found *occasion) {
	for _, o := range all {
		if !o.lunches() || o.waits() || o.Cancelled {
			continue
		}
		if strings.EqualFold(o.ID, f.id) {
			return o
		}
		if _, ok := o.dateSaid(f.of); ok && found == nil {
			found = o
		}
	}
	return found
}

// present takes an offer down, and tells who wrote what became of it. What nothing proves to be theirs is asked back, by a mail whose answer shows it.
func (k *Keeper) present(h *list.Handed, id string, by event.Person, f offer, proven bool) (done string, err error) {
	now := k.Engine.Now()
	err = k.change(h.List, id, func(tx list.Tx, o *occasion) error {
		p := by
		if f.who != "" && !list.SameAddress(f.who, by.Address) {
			other, err := member(tx, o.rec, f.who)
			if err != nil {
				return err
			}
			if other == nil || !o.runs(by.Address) {
				return list.Refuse(list.NotAllowed, "Members say themselves that they present; who facilitates may name another member of the list")
			}
			p = event.Person{Name: other.Name, Address: other.Address}
		}
		d, ok := o.dateSaid(f.of)
		on, date := o, f.of.of.Format(time.DateOnly)
		if ok {
			on, date = o.on(d), o.dayKey(d)
		}
		done = "ask"
		if proven || !ok {
			done = o.offered(d, ok, p, f.back, o.runs(by.Address), now)
		}
		for i, to := range []event.Person{by, p} {
			if i > 0 && (list.SameAddress(p.Address, by.Address) || done != "presents") {
				continue // it concerns themselves alone
			}
			m, err := member(tx, o.rec, to.Address)
			if err != nil {
				return err
			}
			who := on.readerOf(m, to.Address)
			data := letter.Presenting{Event: on.coming(who), Said: done, Date: date, Back: f.back, Name: p.Name, Place: k.House.Place(o.list), Answers: h.Message.MessageID()}
			for _, free := range o.FreeDates(now, now.AddDate(0, 6, 0)) {
				if len(data.Free) < datesTold {
					data.Free = append(data.Free, letter.FreeDate{At: o.clockOf(free.Start, who.zone), Date: o.dayKey(free)})
				}
			}
			if ok && len(on.Presenters) > 0 && done == "taken" {
				data.Name = namesOf(on.Presenters)[0]
			}
			if err := k.owePresenter(tx, on, "presenting", to, who, data, now); err != nil {
				return err
			}
		}
		return nil
	})
	return "presenter: " + done, err
}

// offered is what becomes of an offer: "presents", "taken" by somebody else, "back" (they do not present any more), "not theirs", "unknown" (a date that is none), "over".
func (o *occasion) offered(d event.Date, known bool, p event.Person, back, runs bool, now time.Time) string {
	if !known {
		return "unknown"
	}
	if !now.Before(d.Start) {
		return "over"
	}
	is := o.presentersOn(d)
	theirs := slices.ContainsFunc(is, func(x event.Person) bool { return list.SameAddress(x.Address, p.Address) })
	if o.reg.Presenters == nil {
		o.reg.Presenters = map[string]event.Person{}
	}
	switch {
	case back && !theirs && !(runs && len(is) > 0):
		return "not theirs"
	case back:
		o.reg.Presenters[o.dayKey(d)] = event.Person{}
		delete(o.reg.Done, "nobody/"+dateKey(d.Of)) // facilitators hear of it again
		return "back"
	case len(is) > 0 && !theirs && !runs:
		return "taken"
	}
	o.reg.Presenters[o.dayKey(d)] = p
	for _, before := range []time.Duration{aWeek, aDay} { // they have just been told
		if !d.Start.Add(-before).After(now) {
			o.reg.do(presenterKey(d, p, before), now)
		}
	}
	return "presents"
}
