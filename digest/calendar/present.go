package calendar

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"convene/digest/letter"
	"convene/list"
	"convene/list/event"
	"convene/list/message"
)

// presentPattern finds an offer to present, or its end: "present 2026-04-07", "je ne peux pas présenter 2026-04-07".
var presentPattern = regexp.MustCompile(`(?i)^\s*(?:re:\s*)*(?:(?:i|je|yo)\s+)?(?:(not|no|non|ne|pas|cannot|can't|won't)\b[^\n]{0,20}?\s)?(present|présenter?|presenter?|presentar|presento)(?:\s|$|[.,;:!])(.*)$`)

// offer is that somebody presents on a date, or does no more.
type offer struct {
	back bool
	of   said   // its date
	id   string // of the event; empty: it is to be found
	sure bool   // id stands where an event is named, so that it is none of another id
	who  string // the address of who presents, where it is another; empty: who writes
}

// addressPattern finds the address of somebody whom a facilitator names.
var addressPattern = regexp.MustCompile(`[^\s<>",;:]+@[^\s<>",;:]+`)

// smallWords may stand before a date.
var smallWords = []string{"on", "the", "at", "for", "my", "again", "le", "la", "el", "les", "du", "de", "pour", "para", "am", "à", "en"}

// readOffer reads one in a line; false: there is none. It has a date, unless the mail that it answers has.
func readOffer(line string, needsDate bool) (f offer, ok bool) {
	found := presentPattern.FindStringSubmatch(line)
	if found == nil {
		return f, false
	}
	f.back = found[1] != ""
	rest := found[3]
	before, _, _ := strings.Cut(rest, datePattern.FindString(rest))
	f.sure = slices.ContainsFunc(strings.Fields(before), func(w string) bool {
		return !slices.Contains(smallWords, strings.ToLower(w)) && !addressPattern.MatchString(w)
	})
	if day := datePattern.FindString(rest); day != "" {
		f.of.of, _ = time.Parse(time.DateOnly, day) // one that is none is found in no series
		f.of.day = true
		rest = strings.Replace(rest, day, "", 1)
	}
	f.who = addressPattern.FindString(rest)
	words := slices.DeleteFunc(strings.Fields(strings.Replace(rest, f.who, "", 1)), func(w string) bool { return slices.Contains(smallWords, strings.ToLower(w)) })
	if len(words) > 0 {
		f.id = strings.Trim(words[0], idMarks)
	}
	return f, f.of.day || !needsDate
}

// offerIn finds an offer in the subject of a mail, or in its first line: also in one with a date and an address, which looks like what stands above a quotation.
func offerIn(m *message.Message, a list.Answer, needsDate bool) (f offer, ok bool) {
	own := strings.TrimSpace(a.Whole)
	if own == "" {
		own = strings.TrimSpace(m.Text(1 << 10))
	}
	line, _, _ := strings.Cut(own, "\n")
	if f, ok = readOffer(line, true); ok { // what has a date says more than what has none
		return f, true
	}
	if f, ok = readOffer(m.Subject(), true); ok || needsDate {
		return f, ok
	}
	if f, ok = readOffer(line, false); !ok {
		f, ok = readOffer(m.Subject(), false)
	}
	return f, ok
}

// readPresent takes an offer to present at the address of the events, in the subject or in the first line.
func (k *Keeper) readPresent(_ context.Context, h *list.Handed) (done string, taken bool, err error) {
	f, ok := offerIn(h.Message, list.ReadAnswer(h.Message), false)
	if !ok || !f.of.day && f.id == "" {
		return "", false, nil
	}
	var o *occasion
	var m *list.Member
	err = k.Engine.Store.View(func(r list.Reader) error {
		all, err := k.recent(r, h.List, h.Record)
		if err != nil {
			return err
		}
		if m, err = member(r, h.Record, h.From.Addr); err != nil {
			return err
		}
		f.of.zone = zoneFor(h.List, m)
		o = offeredFor(all, f)
		return nil
	})
	switch {
	case err != nil:
		return "", true, err
	case o == nil && !f.of.day:
		return "", false, nil // those words are of something else
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
	f, ok := offerIn(h.Message, a, what.Of.IsZero())
	if !ok {
		return "", false, nil
	}
	if !f.of.day {
		f.of = said{of: what.Of}
	}
	f.of.zone = zoneFor(h.List, m)
	by := event.Person{Name: h.From.Name, Address: h.Secret.Address}
	if m != nil {
		by = event.Person{Name: cmp.Or(m.Name, h.From.Name), Address: m.Address}
	}
	done, err = k.present(h, what.Event, by, f, true)
	return done, true, err
}

// offeredFor finds the series that an offer is for: the one that it names, or the first that has the date, or else the only one; nil: there is none.
func offeredFor(all []*occasion, f offer) (found *occasion) {
	if named := slices.ContainsFunc(all, func(o *occasion) bool { return !o.lunches() && o.isCalled(f.id) }); named || f.sure && f.of.day && !slices.ContainsFunc(all, func(o *occasion) bool { return o.isCalled(f.id) }) {
		return nil
	}
	var only []*occasion
	for _, o := range all {
		if !o.lunches() || o.waits() || o.Cancelled {
			continue
		}
		if o.isCalled(f.id) {
			return o
		}
		if !f.of.day {
			continue // it has to be named
		}
		if _, ok := o.dateSaid(f.of); ok && found == nil {
			found = o
		}
		only = append(only, o)
	}
	if found == nil && len(only) == 1 {
		return only[0]
	}
	return found
}

// present takes an offer down, and tells who wrote what became of it. What nothing proves to be theirs is asked back, by a mail whose answer shows it. Whoever writes in
// their name can have us send them no more of these than of other questions.
func (k *Keeper) present(h *list.Handed, id string, by event.Person, f offer, proven bool) (done string, err error) {
	now := k.Engine.Now()
	err = k.change(h.List, id, func(tx list.Tx, o *occasion) error {
		if !proven {
			if may, err := k.Engine.MayAsk(tx, o.rec.ID, &h.Envelope, by.Address, false, now); err != nil || !may {
				done = "asked enough"
				return err
			}
		}
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
			on = o.on(d)
		}
		done = "ask"
		if !f.of.day && f.of.of.IsZero() {
			done = "which"
		} else if proven || !ok {
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
			if ok {
				date = o.shownDay(d.Start, who.zone)
			}
			data := letter.Presenting{Event: on.coming(who), Said: done, Date: date, Back: f.back, Name: shownName(p.Name), Place: k.House.Place(o.list), Answers: h.Message.MessageID()}
			for _, free := range o.FreeDates(now, now.AddDate(0, 6, 0)) {
				if len(data.Free) < datesTold {
					data.Free = append(data.Free, letter.FreeDate{At: o.clockOf(free.Start, who.zone), Date: o.shownDay(free.Start, who.zone)})
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
	o.ownPlaces(p.Address, now)
	for _, before := range []time.Duration{aWeek, aDay} { // they have just been told
		if !clockBefore(d.Start, before).After(now) {
			o.reg.do(presenterKey(d, p, before), now)
		}
	}
	return "presents"
}
