package calendar

import (
	"cmp"
	"slices"
	"time"

	"convene/digest/letter"
	"convene/list"
	"convene/list/event"
)

// Who comes to several events gets few mails that remind of them: on one day one, and two at most on the day of an event. A reminder takes those along that are due later on
// its day, ahead of that of their event or soon; the second of a day takes all. Whoever was reminded with another event is noted in the register of theirs, so that nobody
// is reminded twice, nor missed who has said yes since.

// foldedWithin is how long ahead of its time a reminder may be on the day of its event, so that two are one.
const foldedWithin = 4 * time.Hour

// others are the reminders of other events and dates that are due on the day of one, when that is sent.
func (k *Keeper) others(r list.Reader, x reminder) (all []reminder, err error) {
	zone := zoneOf(x.list)
	for _, o := range x.all {
		if o.ID == x.ID {
			o = x.occasion
		}
		due, err := k.remindersDue(r, o, x.at)
		if err != nil {
			return nil, err
		}
		for _, y := range due {
			same := y.ID == x.ID && y.date.Of.Equal(x.date.Of)
			y.at = later(y.at, x.at)
			if !same && sameDay(y.at, x.at, zone) {
				all = append(all, y)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b reminder) int { return cmp.Or(a.date.Start.Compare(b.date.Start), cmp.Compare(a.ID, b.ID)) })
	return all, nil
}

// isFor reports whether a reminder is for somebody: they come to its date, or may, nothing takes its place, and they were not reminded of it yet.
func (x reminder) isFor(address string) bool {
	answer, g := x.on(x.date).answerOf(address), x.reg.Guests[guestKey(address)]
	return g != nil && !g.Mail && (answer == Yes && !x.tablesInstead(x.before) || answer == Maybe) && !g.reminded(x.key()) && !x.presenterInstead(address)
}

// presenterInstead reports whether somebody presents on the date, and is reminded of that on the day of this reminder: which says all that this would.
func (x reminder) presenterInstead(address string) bool {
	return x.Format == event.LunchAndLearn && sameDay(x.remindsAt(x.date, x.before), clockBefore(x.date.Start, aDay), zoneOf(x.list)) &&
		slices.ContainsFunc(x.presentersOn(x.date), func(p event.Person) bool { return list.SameAddress(p.Address, address) && !x.named(x.date, p) })
}

// othersFor are those of the reminders of a day that somebody gets in the mail of one.
func (x reminder) othersFor(address string, all []reminder) (some []reminder) {
	zone := zoneOf(x.list)
	second := slices.ContainsFunc(x.all, func(o *occasion) bool {
		g := o.reg.Guests[guestKey(address)]
		return g != nil && sameDay(g.RemindedAt, x.at, zone)
	})
	for _, y := range all {
		if ahead := !sameDay(y.date.Start, y.at, zone); (second || ahead || y.at.Sub(x.at) < foldedWithin) && y.isFor(address) {
			some = append(some, y)
		}
	}
	return some
}

// alsoNamed are the dates of other reminders as the mail of one names them, each once.
func alsoNamed(x reminder, others []reminder, m *list.Member, address string) (all []letter.AlsoReminded) {
	seen := map[string]bool{}
	for _, y := range others {
		key := y.ID + "/" + dateKey(y.date.Of)
		if seen[key] {
			continue
		}
		seen[key] = true
		on, ref := y.on(y.date), y.ID
		who := on.readerOf(m, address)
		if y.series() {
			ref += " " + y.shownDay(y.date.Start, who.zone)
		}
		all = append(all, letter.AlsoReminded{Coming: on.coming(who), Ref: ref})
	}
	return all
}

// reminded reports whether somebody had a reminder together with one of another event.
func (g *Guest) reminded(key string) bool { return g != nil && slices.Contains(g.Reminded, key) }

// remindedKept is how many of these are remembered of one guest: they are looked at on their day alone.
const remindedKept = 12

// fold notes of whom a mail reminds of what beside its own event; folded are the other events whose registers that changes.
func (o *occasion) fold(w reminding, folded map[string]*occasion) {
	for _, y := range w.also {
		in := o
		if y.ID != o.ID {
			i := slices.IndexFunc(o.all, func(x *occasion) bool { return x.ID == y.ID })
			if i < 0 {
				continue
			}
			in = o.all[i]
			folded[y.ID] = in
		}
		if g := in.reg.Guests[guestKey(w.to)]; g != nil && !in.reg.did(y.key()) {
			g.Reminded = append(g.Reminded, y.key())
			g.Reminded = g.Reminded[max(0, len(g.Reminded)-remindedKept):]
		}
	}
}
