package digest

import (
	"maps"
	"slices"
	"strings"
	"time"

	"convene/digest/facts"
	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
)

// obey does one order; false: it says nothing that can be done.
func (d *draftReply) obey(o draftOrder) (ok bool, err error) {
	switch o.verb {
	case verbSend, verbNow:
		return d.goes(o.verb == verbNow), nil
	case verbHold:
		d.s.Stage = OnHold
		return true, nil
	case verbSkip:
		d.a.leaveOut(d.row.Key)
		return true, d.reread()
	case verbLater:
		return d.later(o)
	case verbHandover:
		return d.handover(o.text)
	case verbEdit:
		return d.edit(o), nil
	}
	e := &d.s.Edits
	switch o.verb {
	case verbSay:
		ok = d.say(o)
	case verbSubject:
		ok = o.text != ""
		e.Subject = strings.Join(strings.Fields(o.text), " ")
	case verbAsk:
		if ok = o.text != ""; ok && !slices.Contains(e.Ask, o.text) {
			e.Ask = append(e.Ask, o.text)
		}
	case verbNoSpotlight:
		ok = d.row.Kind.Summary()
		e.NoSpotlight, e.Spotlight = true, nil
	case verbSpotlight:
		ok = d.spotlight(o.text)
	case verbRename:
		if ok = d.has(o.labels[0]); ok {
			e.Rename = set(e.Rename, o.labels[0].n, o.text)
		}
	case verbThank:
		if ok = d.has(o.labels[0]) && o.text != ""; ok {
			e.Thanks = set(e.Thanks, o.labels[0].n, o.text)
			e.DropThanks = without(e.DropThanks, o.labels[0].n)
		}
	case verbDrop, verbAdd, verbKeep:
		ok = !slices.ContainsFunc(o.labels, func(l draftLabel) bool { return !d.has(d.meant(o.verb, l)) })
		for _, l := range o.labels {
			if ok {
				change(e, o.verb, d.meant(o.verb, l))
			}
		}
	}
	if !ok && len(o.labels) > 0 {
		d.remarks = append(d.remarks, letter.Remark{What: letter.RemarkItem, Text: o.words()})
	}
	d.edited = d.edited || ok
	return ok, nil
}

// goes has a mail go out, at its time or at once. Where its time is over, that is at once, too.
func (d *draftReply) goes(now bool) bool {
	if needsText(d.row.Kind) && isUnwrittenYet(d.s) {
		d.remarks = append(d.remarks, letter.Remark{What: letter.RemarkNoText})
		return false
	}
	d.s.Stage = Approved
	if now || d.a.goesOut(d.row).Before(d.now) {
		d.s.Due = d.now
	}
	return true
}

// later moves a mail, and says what is odd about its new time.
func (d *draftReply) later(o draftOrder) (bool, error) {
	if o.shift == (plan.Shift{}) && o.minutes == 0 && o.date == (plan.Date{}) {
		d.remarks = append(d.remarks, letter.Remark{What: letter.RemarkLater})
		return false, nil
	}
	from := d.a.goesOut(d.row)
	if from.Before(d.now) {
		from = d.now
	}
	from = from.In(d.a.Calendar.Location)
	at := o.when(from)
	if !at.After(d.now) {
		d.remarks = append(d.remarks, letter.Remark{What: letter.RemarkPast})
		return false, nil
	}
	ch := &d.a.course.Changes
	ch.Moved = maps.Clone(ch.Moved)
	if ch.Moved == nil {
		ch.Moved = map[string]time.Time{}
	}
	ch.Moved[d.row.Key] = at
	if d.s.Due = (time.Time{}); d.s.Stage == OnHold {
		d.s.Stage = Drafted
	}
	if err := d.reread(); err != nil {
		return false, err
	}
	for _, c := range d.a.Clashes(d.a.rows, d.a.sentAlready) {
		if c.Row.Key == d.row.Key {
			d.remarks = append(d.remarks, letter.Remark{What: letter.RemarkKind(c.What), At: at})
		}
	}
	return true, nil
}

// when is the time that somebody says who puts off what goes out at another. The weekday of that other is its own day, where a later hour of it is said.
func (o draftOrder) when(from time.Time) time.Time {
	at, hour := from, func(day time.Time) time.Time {
		if o.minutes == 0 {
			return day
		}
		return plan.DateOf(day).At(o.minutes-1, day.Location())
	}
	switch today := o.shift.Named && o.shift.From(from).Weekday() == from.Weekday(); {
	case o.date != (plan.Date{}):
		at = o.date.At(from.Hour()*60+from.Minute(), from.Location())
	case today && hour(from).After(from):
	case o.shift != (plan.Shift{}):
		at = o.shift.From(from)
	}
	return hour(at)
}

// sentAlready reports whether nothing more becomes of a row.
func (a *affair) sentAlready(key string) bool {
	row, ok := a.rowOf(key)
	return !ok || a.out(row)
}

// handover makes somebody else the voice, to whom the drafts go that are open (rowWork.passedOn). Drafts go to nobody whom the list does not know.
func (d *draftReply) handover(to string) (bool, error) {
	did, err := d.a.handOver(d.tx, to)
	if err == nil && did.What != "handed" {
		d.remarks = append(d.remarks, letter.Remark{What: letter.RemarkNobody, Text: to})
	}
	if err != nil || did.What != "handed" {
		return false, err
	}
	return true, d.reread()
}

// sameName reports whether a name is the one that somebody says: the whole, or a word of it.
func sameName(name, said string) bool {
	name, said = foldText(strings.Join(strings.Fields(name), " ")), foldText(strings.Join(strings.Fields(said), " "))
	return said != "" && (name == said || slices.Contains(strings.Fields(name), said))
}

// spotlight puts somebody among those who did much for the others: one of who wrote, by name, unless they want to be thanked in private.
func (d *draftReply) spotlight(name string) bool {
	e := &d.s.Edits
	if !d.row.Kind.Summary() || d.s.Facts == nil {
		return false
	}
	var found []facts.Contributor
	for _, c := range d.s.Facts.Contributors {
		if foldText(c.Name) == foldText(name) || list.SameAddress(c.Address, name) {
			found = []facts.Contributor{c}
			break
		}
		if sameName(c.Name, name) {
			found = append(found, c)
		}
	}
	if len(found) != 1 || found[0].Private {
		d.remarks = append(d.remarks, letter.Remark{What: letter.RemarkNobody, Text: name})
		return false
	}
	e.NoSpotlight = false
	if !slices.Contains(e.Spotlight, found[0].Address) {
		e.Spotlight = append(e.Spotlight, found[0].Address)
	}
	return true
}
