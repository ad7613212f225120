package calendar

import (
	"context"
	"slices"
	"strings"
	"time"

	"convene/digest/letter"
	"convene/list"
	"convene/list/event"
	"convene/list/message"
)

// cancelWords take an event back, in the languages of the texts and those nearest to them.
var cancelWords = []string{"cancel", "cancelled", "annuler", "annule", "annulez", "annulé", "cancelar", "cancela", "cancele", "anular", "anula"}

// order is "cancel reading-circle 2026-04-07" as it was read, or another word with an id.
type order struct {
	id  string
	day string // "2026-04-07"; empty: all of it
}

// readOrder reads such a line, which begins with one of these words; false: it is none.
func readOrder(line string, with []string) (o order, ok bool) {
	for {
		rest, is := message.ReplyMarker(line)
		if !is {
			break
		}
		line = rest
	}
	words := strings.Fields(strings.ToLower(line))
	for i := range words {
		words[i] = strings.Trim(words[i], ".,;:!\"'“”«»<>")
	}
	if len(words) < 2 || len(words) > politely || !slices.Contains(with, words[0]) {
		return o, false
	}
	o.id = words[1]
	if len(words) > 2 {
		o.day = datePattern.FindString(words[2])
	}
	return o, true
}

// readCancel takes "cancel reading-circle" at the address of the events, in the subject or in the first line: of who added it, or of somebody who decides on events.
func (k *Keeper) readCancel(_ context.Context, h *list.Handed) (done string, taken bool, err error) {
	a := list.ReadAnswer(h.Message)
	said, ok := readOrder(h.Message.Subject(), cancelWords)
	if !ok {
		if said, ok = readOrder(a.Verb+" "+a.Rest, cancelWords); !ok {
			return "", false, nil
		}
	}
	done, err = k.takeIn(h, func(t *intake) error {
		o, ok := t.ordered(said.id)
		if !ok {
			return nil
		}
		return t.takeBack(o, said.day)
	})
	return done, true, err
}

// ordered is the event that an order is about, of who added it or decides on events; false: there is none, or it is somebody else's, which is told.
func (t *intake) ordered(id string) (o *occasion, ok bool) {
	i := slices.IndexFunc(t.occasions, func(o *occasion) bool { return o.isCalled(id) })
	if i < 0 {
		t.tell(nil, "gone")
		return nil, false
	}
	o = t.occasions[i]
	switch {
	case !t.may && o.undisclosed() && !t.theirs(o): // nobody but them knows of it
		t.tell(nil, "gone")
	case !t.may && !o.mailed:
		t.tell(o, "ours")
	case !t.may && !t.theirs(o):
		t.tell(o, "taken")
	default:
		return o, true
	}
	return nil, false
}

// takeBack takes back all of an event, or a date of it.
func (t *intake) takeBack(o *occasion, day string) error {
	if day != "" {
		return t.cancelDay(o, day)
	}
	return t.cancel(o)
}

// cancel takes an event back. Members who were told of it get word of that, by the duties; of one that waits nobody knows but who decides.
func (t *intake) cancel(o *occasion) error {
	what := "cancelled"
	switch {
	case o.mailed && o.reg.Submission.Standing == Proposed:
		o.decline(t.name, "", t.now)
		what = "withdrawn"
	case o.Cancelled:
		what = "off"
	case o.over(t.now):
		what = "over"
	default:
		o.reg.Cancelled, o.reg.CancelledOf = t.now, o.Start
		if s := o.reg.Submission; s != nil { // a mailed one takes place again by a change of it that is approved
			o.reg.CancelledOf = time.Time{}
			s.Next, s.NextZone = nil, ""
		}
	}
	t.tell(o, what)
	if what == "off" && o.undisclosed() {
		t.told[len(t.told)-1].Before = string(Declined)
	}
	if what == "cancelled" || what == "withdrawn" {
		if err := t.tellSubmitter(o, what); err != nil {
			return err
		}
	}
	return o.reg.write(t.tx, o.rec)
}

// tellSubmitter tells who mailed an event that somebody else has taken it back.
func (t *intake) tellSubmitter(o *occasion, what string) error {
	if !o.mailed || t.theirs(o) {
		return nil
	}
	to := o.reg.Submission.By.Address
	m, err := member(t.tx, o.rec, to)
	if err != nil {
		return err
	}
	one := t.toldOf(o, m, what, t.now)
	one.Other, one.By = true, shownName(t.name)
	return t.oweTold(t.tx, o.list, o.rec, to, "", []letter.ToldEvent{one}, t.now)
}

// cancelDay takes one date of a series back.
func (t *intake) cancelDay(o *occasion, day string) error {
	at, err := time.ParseInLocation(time.DateOnly, day, o.Start.Location())
	if err != nil || !o.mailed {
		t.tell(o, "config date")
		return nil
	}
	d, ok := o.DateOf(at)
	if !ok {
		t.tell(o, "no date")
		t.told[len(t.told)-1].On = at
		return nil
	}
	return t.cancelDate(o, d.Of)
}

// takenBack takes back what the submitter's calendar program says: the whole, or single dates of it.
func (t *intake) takenBack(o *occasion, i *event.Item) error {
	if !i.Partial {
		return t.cancel(o)
	}
	for _, c := range i.Event.Changed {
		d, ok := o.DateOf(c.Of)
		if !ok {
			t.tell(o, "no date")
			t.told[len(t.told)-1].On = c.Of.In(zoneFor(o.list, t.who))
			continue
		}
		if err := t.cancelDate(o, d.Of); err != nil {
			return err
		}
		o = o.anew()
	}
	return nil
}

// cancelDate takes one date back, of the event as it is and of a change of it that waits. With the last date to come the event is taken back.
func (t *intake) cancelDate(o *occasion, of time.Time) error {
	s := o.reg.Submission
	left := s.Event
	left.Start = o.Start
	left.Changed = without(left.Changed, of)
	if _, ahead := left.Next(t.now); !ahead {
		return t.cancel(o)
	}
	s.Event.Changed = left.Changed
	if s.Next != nil {
		s.Next.Changed = without(s.Next.Changed, of)
	}
	t.tell(o, "date cancelled")
	t.told[len(t.told)-1].On = of.In(zoneFor(o.list, t.who))
	return o.reg.write(t.tx, o.rec)
}

// without are the changes of a series with one date more that does not take place.
func without(all []event.Instance, of time.Time) []event.Instance {
	all = slices.DeleteFunc(slices.Clone(all), func(c event.Instance) bool { return c.Of.Equal(of) })
	all = append(all, event.Instance{Of: of, Cancelled: true})
	slices.SortFunc(all, func(a, b event.Instance) int { return a.Of.Compare(b.Of) })
	return all
}
