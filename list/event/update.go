package event

import (
	"bytes"
	"maps"
	"slices"
)

// Take is the event as an object from its organiser changes it (RFC 5546 §2.1.4 and §3.2): anew (REQUEST, PUBLISH), by single dates of a series, by one more
// date (ADD), or taken back (CANCEL). What the list knows of it beside its calendar, such as its places, stays. It is a new value; e does not change. taken is
// false where there is nothing to take: the item is of another event or another method, is older by its sequence, or says what is known. That it is from the
// organiser is for the mail around it to prove.
func (e *Event) Take(m Method, i *Item) (changed *Event, taken bool) {
	if i.Event.UID != e.Key() || i.Event.Sequence < e.Sequence || i.Event.Start.IsZero() && m != Cancel {
		return e, false
	}
	c := *e
	switch {
	case m == Cancel && !i.Partial:
		c.Cancelled = true
	case m == Add && !i.Partial:
		c.Extra = append(slices.Clone(e.Extra), i.Event.Start.In(e.Start.Location()))
		c.Changed = e.with(i, []Instance{{Of: i.Event.Start, Start: i.Event.Start}})
	case (m == Request || m == Publish || m == Add || m == Cancel) && i.Partial:
		c.Changed = e.with(i, i.Event.Changed)
	case m == Request || m == Publish:
		c = e.anew(i.Event)
	default:
		return e, false
	}
	c.Sequence = i.Event.Sequence
	c.UID = i.Event.UID
	return &c, c.Organiser != e.Organiser || !bytes.Equal(c.Calendar(i.Stamp), e.Calendar(i.Stamp))
}

// anew is the event with all of its calendar as in x.
func (e *Event) anew(x *Event) Event {
	c := *e
	c.Start, c.Length, c.AllDay, c.Floating = x.Start, x.Length, x.AllDay, x.Floating
	c.Rule, c.Except, c.Extra, c.Changed = x.Rule, x.Except, x.Extra, x.Changed
	c.Where, c.Organiser, c.Cancelled = x.Where, x.Organiser, x.Cancelled
	c.Title, c.About = retold(e.Title, x.Title), retold(e.About, x.About)
	if !c.RegisterBy.IsZero() && !x.Start.Equal(e.Start) {
		c.RegisterBy = c.RegisterBy.Add(x.Start.Sub(e.Start)) // as long before it as ever
	}
	return c
}

// retold is a text that somebody wrote anew without saying in which language: where it is the one known, its translations stay.
func retold(old, t Texts) Texts {
	if t[""] == old[""] && len(old) > 0 {
		return maps.Clone(old)
	}
	return t
}

// with is what is otherwise on dates of the event, with these dates of an item, of which the newest word counts.
func (e *Event) with(i *Item, dates []Instance) []Instance {
	zone := e.Start.Location()
	all := slices.Clone(e.Changed)
	for _, d := range dates {
		x := Instance{Of: d.Of.In(zone), Cancelled: d.Cancelled}
		if whole, ok := e.DateOf(x.Of); ok {
			x.Of = whole.Of // a day alone was said
		}
		if !d.Cancelled {
			x = e.unlike(x, d, i.Event)
		}
		all = slices.DeleteFunc(all, func(old Instance) bool { return old.Of.Equal(x.Of) })
		if x.Cancelled || !x.Start.IsZero() || x.Length > 0 || x.Title != nil || x.About != nil || x.Where != "" || len(x.Presenters) > 0 {
			all = append(all, x)
		}
	}
	slices.SortStableFunc(all, func(a, b Instance) int { return a.Of.Compare(b.Of) })
	return all
}

// unlike is what of a date of an item, which is as main where it says nothing, is otherwise than the event.
func (e *Event) unlike(x, d Instance, main *Event) Instance {
	if start := d.Start; !start.IsZero() && !start.Equal(x.Of) {
		x.Start = start.In(e.Start.Location())
	}
	length := main.Length
	if d.Length > 0 {
		length = d.Length
	}
	if length != e.Length {
		x.Length = length
	}
	title, about, where := main.Title, main.About, main.Where
	if d.Title != nil {
		title = d.Title
	}
	if d.About != nil {
		about = d.About
	}
	if d.Where != "" {
		where = d.Where
	}
	if title.In() != e.Title.In() {
		x.Title = title
	}
	if about.In() != e.About.In() {
		x.About = about
	}
	if where != e.Where {
		x.Where = where
	}
	x.Presenters = d.Presenters
	return x
}
