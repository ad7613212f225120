package calendar

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"convene/digest/letter"
	"convene/list"
	"convene/list/event"
)

// going tells who runs an event who is coming: when nobody can register any more, or else a day before, for each date.
func (k *Keeper) going(_ list.Reader, o *occasion, now time.Time) (all []Duty, err error) {
	if o.waits() || o.Cancelled || o.reg.Told == "" || o.Format == event.WorldCafe { // the sheet of its tables says it
		return nil, nil
	}
	dates, _ := o.Dates(now.Add(time.Second), time.Time{}, 2)
	for _, d := range dates {
		at := o.remindsAt(d, aDay)
		if on := o.on(d); !on.RegisterBy.IsZero() {
			at = on.RegisterBy.Add(time.Minute) // who registers in the last minute is in it
		}
		if o.reg.Done[goingKey(d)].Before(at) { // also when it was told for another time than that, at which people could still register
			all = append(all, Duty{At: at, Kind: kindNotice, Name: "who is coming to " + o.ID + " on " + o.dayKey(d),
				Do: func(_ context.Context, now time.Time) error { return k.tellGoing(o.list, o.ID, d, at, now) }})
		}
	}
	return all, nil
}

func goingKey(d event.Date) string { return "going/" + dateKey(d.Of) }

func (k *Keeper) tellGoing(l *list.List, id string, d event.Date, at, now time.Time) error {
	return k.change(l, id, func(tx list.Tx, o *occasion) error {
		if !o.reg.Done[goingKey(d)].Before(at) || o.Cancelled || o.waits() {
			return ErrDone
		}
		o.reg.do(goingKey(d), now)
		to := o.runBy()
		if s := o.reg.Submission; s != nil {
			hears, err := o.hears(tx, s.By.Address)
			if err != nil {
				return err
			}
			if hears {
				to = []string{s.By.Address}
			}
		} else if o.Organiser.Address != "" {
			to = []string{o.Organiser.Address}
		}
		for _, address := range to {
			if err := k.oweGoing(tx, o.on(d), address, "", now); err != nil {
				return err
			}
		}
		return nil
	})
}

// hears reports whether somebody who offers an event may know who comes: who mailed it, as long as they are on the list or run it.
func (o *occasion) hears(r list.Reader, address string) (bool, error) {
	if o.reg.Submission == nil || o.runs(address) {
		return true, nil
	}
	m, err := member(r, o.rec, address)
	return m != nil, err
}

// oweGoing tells somebody who is coming. Addresses are for who runs the list.
func (k *Keeper) oweGoing(tx list.Tx, on *occasion, to, answers string, now time.Time) error {
	m, err := member(tx, on.rec, to)
	if err != nil {
		return err
	}
	who := on.readerOf(m, to)
	data := letter.Going{Event: on.coming(who), Place: k.House.Place(on.list)}
	for _, address := range slices.SortedFunc(maps.Keys(on.reg.Guests), on.byName) {
		g := on.reg.Guests[address]
		said, waits := g.on(on.of)
		if guest, err := member(tx, on.rec, address); err != nil {
			return err
		} else if guest == nil && said != No {
			continue // they left
		}
		one := letter.Guest{Name: shownName(g.Name), Hosts: g.Host, Notes: g.Notes, Mail: g.Mail, Comment: g.Comment}
		if on.runs(to) {
			one.Address = address
		}
		switch {
		case said == Yes && waits.IsZero():
			data.Yes = append(data.Yes, one)
		case said == Yes:
			data.Waiting = append(data.Waiting, one)
		case said == Maybe:
			data.Maybe = append(data.Maybe, one)
		case said == No:
			data.No++
		}
	}
	mail, err := k.House.Book().Write("going", on.languagesOf(who.language), data)
	if err != nil {
		return fmt.Errorf("calendar: event %s: %w", on.ID, err)
	}
	return on.owe(tx, owed{to: to, mail: mail, kind: kindNotice, purpose: list.ForRSVP, about: about{What: aboutOrganiser, Of: on.of}, answers: answers}, now)
}

// byName puts guests in the order of their names.
func (o *occasion) byName(a, b string) int {
	return cmp.Or(cmp.Compare(strings.ToLower(o.reg.Guests[a].Name), strings.ToLower(o.reg.Guests[b].Name)), cmp.Compare(a, b))
}

// whoWords ask who is coming, in the languages of the texts.
var whoWords = []string{"who", "qui", "quién", "quien", "quienes", "quiénes"}

// readWho takes "who cafe-1", with a date of a series behind it or without, from who runs the event.
func (k *Keeper) readWho(_ context.Context, h *list.Handed) (done string, taken bool, err error) {
	a := list.ReadAnswer(h.Message)
	var o *occasion
	var m *list.Member
	s := said{}
	err = k.Engine.Store.View(func(r list.Reader) error {
		all, err := k.recent(r, h.List, h.Record)
		if err != nil {
			return err
		}
		o, s = asked(all, h.Message.Subject(), a.Verb+" "+a.Rest)
		m, err = member(r, h.Record, h.From.Addr)
		return err
	})
	if err != nil || o == nil {
		return "", false, err
	}
	if !h.Proven || !o.organises(h.From.Addr) && (m == nil || !o.organises(m.Address)) {
		return "", true, list.Refuse(list.NotAllowed, "Who is coming to %s is for who offers it and for who runs the list, in a mail that is proven to be theirs", o.ID)
	}
	done, err = k.tellWho(h, o.ID, h.From.Addr, s)
	return done, true, err
}

// asked finds the event of which a line asks who is coming.
func asked(all []*occasion, lines ...string) (*occasion, said) {
	for _, line := range lines {
		words := strings.Fields(strings.ToLower(line))
		for len(words) > 0 && words[0] == "re:" {
			words = words[1:]
		}
		if len(words) < 2 || !slices.Contains(whoWords, words[0]) {
			continue
		}
		i := slices.IndexFunc(all, func(o *occasion) bool { return o.isCalled(strings.Trim(words[1], ".,;:!?\"'")) })
		if i < 0 {
			continue
		}
		s := said{}
		if of, err := time.Parse(time.DateOnly, datePattern.FindString(line)); err == nil {
			s.of, s.day = of, true
		}
		return all[i], s
	}
	return nil, said{}
}

// organises reports whether somebody offers an event, or runs its list.
func (o *occasion) organises(address string) bool {
	return o.runs(address) || list.SameAddress(o.Organiser.Address, address) || o.reg.Submission != nil && list.SameAddress(o.reg.Submission.By.Address, address)
}

// tellWho answers who is coming on a date, or on the next one.
func (k *Keeper) tellWho(h *list.Handed, id, to string, s said) (done string, err error) {
	now := k.Engine.Now()
	return "told who is coming", k.change(h.List, id, func(tx list.Tx, o *occasion) error {
		if hears, err := o.hears(tx, to); err != nil {
			return err
		} else if !hears {
			return list.Refuse(list.NotAllowed, "Who is coming to %s is for who is on the list", o.ID)
		}
		d, ok := o.next()
		if !s.of.IsZero() {
			m, err := member(tx, o.rec, to)
			if err != nil {
				return err
			}
			s.zone = zoneFor(o.list, m)
			d, ok = o.dateSaid(s)
		}
		on := o
		if ok {
			on = o.on(d)
		} else if o.series() {
			return list.Refuse(list.NotAllowed, "%s has no date then", o.ID)
		}
		return k.oweGoing(tx, on, to, h.Message.MessageID(), now)
	})
}

// takeOrganiser takes the answer to who is coming: "who" again, or words for who facilitates.
func (k *Keeper) takeOrganiser(_ context.Context, h *list.Handed, what about) (done string, err error) {
	if !list.SameAddress(h.From.Addr, h.Secret.Address) {
		return "", list.Refuse(list.NotAllowed, "That mail was somebody else's; write to %s", h.List.Word("owner"))
	}
	if a := list.ReadAnswer(h.Message); slices.Contains(whoWords, a.Verb) {
		return k.tellWho(h, what.Event, h.Secret.Address, said{of: what.Of})
	}
	return "passed on", k.change(h.List, what.Event, func(tx list.Tx, _ *occasion) error { return k.House.PassOn(tx, h, k.Engine.Now()) })
}
