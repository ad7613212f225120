package calendar

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"convene/list/event"
)

// said is what somebody answers.
type said struct {
	answer string         // Yes, No, Maybe; empty: nothing of whether they come
	of     time.Time      // the date of a series that it is about; zero: all
	day    bool           // of is a day that somebody wrote
	zone   *time.Location // whose clock shows them that day; nil: the event's
	page   bool           // it was said on a page, which tells them what became of it
	all    bool           // it is about all dates, whatever it answers
	also   []said         // what the same answer says of other dates
	vague  bool           // it is nothing sure to say of which dates of a series it is
	// unclear says that nobody can be sure what it says.
	unclear bool
	// What they offer, or would rather not.
	host, notes, pass, passNotes, mail bool
	// Of an answer of a calendar program: which invitation it answers, and when it was written.
	object   bool
	sequence int
	stamp    time.Time
	comment  string
}

// heard is what the answer of a calendar program says, as registers have it.
func (s said) heard() string {
	if s.of.IsZero() {
		return s.answer
	}
	return s.answer + " " + dateKey(s.of)
}

// outcome is what became of an answer.
type outcome string

// The outcomes: the answer itself, or one of these.
const (
	wait      outcome = "waiting"   // yes, and there is no place
	closed    outcome = "closed"    // yes, and registration is over
	over      outcome = "over"      // the event has begun
	called    outcome = "cancelled" // it does not take place
	old       outcome = "old"       // a later answer of theirs is there already
	again     outcome = "again"     // that mail was taken before
	placed    outcome = "place"     // somebody who waited has a place now
	unknown   outcome = "unknown"   // that date is none of the event
	offersTo  outcome = "offers"    // they would host, or take notes
	notHost   outcome = "pass"      // they would rather not
	notNotes  outcome = "no notes"  // they would rather not take notes
	passLate  outcome = "pass late" // they would rather not do what they were told is theirs, and nobody is told of anything else any more
	byMail    outcome = "mail"      // they take part by mail
	notNeeded outcome = "no tables" // the event has no tables
	notClear  outcome = "unclear"   // it is asked back, in words that are understood
)

// note takes an answer down.
func (o *occasion) note(address, name string, s said, now time.Time) outcome {
	g, one := o.reg.Guests[guestKey(address)], o
	if s.object { // what nobody can have answered yet would keep their later answers out
		s.sequence = min(s.sequence, o.Sequence)
		if s.stamp.After(now) {
			s.stamp = now
		}
	}
	switch {
	case o.Cancelled:
		return called
	case !s.of.IsZero():
		d, ok := o.dateSaid(s)
		if !ok {
			return unknown
		}
		if !now.Before(d.Start) {
			return over
		}
		one = o.on(d)
	case o.over(now) && !(s.mail && o.mailTaken(now)):
		return over
	}
	if s.object && g != nil {
		switch newer := cmp.Or(cmp.Compare(s.sequence, g.Sequence), s.stamp.Compare(g.Stamp)); {
		case newer < 0, g.saidSince(one.of, s.stamp):
			return old
		case newer == 0 && slices.Contains(g.Heard, s.heard()):
			return again
		}
	}
	if (s.host || s.notes || s.pass || s.passNotes || s.mail) && o.Format != event.WorldCafe {
		s.host, s.notes, s.pass, s.passNotes, s.mail = false, false, false, false, false
		if s.answer == "" {
			return notNeeded
		}
	}
	if s.answer == Yes && one.closed(now) && (g == nil || !g.saidYes(one.of)) {
		return closed
	}
	g = o.reg.guest(address)
	g.Name, g.At = cmp.Or(name, g.Name), now
	if s.object {
		if s.sequence != g.Sequence || !s.stamp.Equal(g.Stamp) {
			g.Sequence, g.Stamp, g.Heard = s.sequence, s.stamp, nil
		}
		g.Heard = append(g.Heard, s.heard())
	}
	if !s.object && s.answer != "" {
		g.sayWord(one.of, now)
	}
	g.Comment = cmp.Or(s.comment, g.Comment)
	g.Mail = g.Mail && s.answer == "" // who comes, or does not, takes part no other way, unless they say so now
	hosts, notes := o.duties(address)
	if s.pass && !s.passNotes && notes && !hosts { // it is that which they were asked for
		s.pass, s.passNotes = false, true
	}
	offered := g.offer(s)
	switch {
	case s.answer == "" && o.late(now) && (s.pass && hosts || s.passNotes && notes):
		return passLate
	case s.answer == "":
		return offered
	}
	return o.comes(address, g, one.of, s.answer, now)
}

// comes takes down whether somebody comes, on a date; zero: to all.
func (o *occasion) comes(address string, g *Guest, of time.Time, answer string, now time.Time) (came outcome) {
	if of.IsZero() {
		came = o.come(g, answer, now)
	} else {
		came = o.comeOn(g, of, answer, now)
	}
	if o.ownPlaces(address, now); came == wait && g.hasPlace(of) {
		return Yes
	}
	return came
}

// come takes down whether somebody comes to all of it. Who has a place keeps it, who says yes anew gets the last one, or waits.
func (o *occasion) come(g *Guest, answer string, now time.Time) outcome {
	dates := o.ownDates(now)
	had, places := g.Answer == Yes, g.has(dates)
	g.Answer = answer
	if answer != Yes {
		g.Waiting, g.Dates, g.Waits = time.Time{}, nil, nil
		return outcome(answer)
	}
	maps.DeleteFunc(g.Dates, func(_, answer string) bool { return answer != Yes }) // a place on a single date is kept
	if most := o.places(); !had && most > 0 && o.reg.coming() > most {             // g is counted already
		g.Waiting = now
	}
	if o.takes(time.Time{}, now) {
		g.Waiting = time.Time{}
	}
	if !g.Waiting.IsZero() {
		return wait
	}
	o.crowd(g, dates, places, now)
	return Yes
}

// comeOn takes down whether somebody comes to one date of a series.
func (o *occasion) comeOn(g *Guest, of time.Time, answer string, now time.Time) outcome {
	had, waits := g.on(of)
	if answer != Yes {
		waits = time.Time{}
	}
	g.answerTo(of, answer, waits)
	if places := o.places(); answer == Yes && had != Yes && places > 0 && o.reg.comingOn(of) > places {
		waits = now
		g.answerTo(of, answer, waits)
	}
	if !waits.IsZero() && o.takes(of, now) {
		waits = time.Time{}
		g.answerTo(of, answer, waits)
	}
	if !waits.IsZero() {
		return wait
	}
	return outcome(answer)
}

// sayWord notes when somebody answered in words, to a date or to all; and saidSince reports whether they did behind the instant of a calendar program's answer to it, which is
// in whole seconds.
func (g *Guest) sayWord(of, now time.Time) {
	if g.Words == nil {
		g.Words = map[string]time.Time{}
	}
	g.Words[wordKey(of)] = now
}

func (g *Guest) saidSince(of, stamp time.Time) bool {
	since := func(key string) bool { return !stamp.IsZero() && stamp.Before(g.Words[key].Truncate(time.Second)) }
	return since(wordKey(time.Time{})) || since(wordKey(of))
}

// wordKey is under what a guest has a word about a date, or about all of it.
func wordKey(of time.Time) string {
	if of.IsZero() {
		return "all"
	}
	return dateKey(of)
}

// saidYes reports whether somebody has said yes to a date; zero: to all.
func (g *Guest) saidYes(of time.Time) bool { answer, _ := g.on(of); return answer == Yes }

// offer takes down what somebody would do at a World Café.
func (g *Guest) offer(s said) outcome {
	done := outcome("")
	if s.host || s.notes {
		g.Host, g.Notes, done = g.Host || s.host, g.Notes || s.notes, offersTo
		g.Pass, g.PassNotes = g.Pass && !s.host, g.PassNotes && !s.notes
	}
	if s.passNotes {
		g.Notes, g.PassNotes, done = false, true, notNotes
	}
	if s.pass {
		g.Host, g.Pass, done = false, true, notHost
	}
	if s.mail {
		g.Mail, done = true, byMail
		if g.Answer == No { // they do, after all, take part
			g.Answer = ""
		}
	}
	return done
}

// duties reports whether somebody was told that they host a table, and that they take notes at one.
func (o *occasion) duties(address string) (hosts, notes bool) {
	key := guestKey(address)
	for _, t := range o.told().Of(key) {
		hosts, notes = hosts || t.Host == key, notes || t.Notes == key
	}
	return hosts, notes
}

// closed reports whether nobody new can register. To a series as a whole one can as long as there is a date to come; each date closes by itself.
func (o *occasion) closed(now time.Time) bool {
	return !o.RegisterBy.IsZero() && now.After(o.RegisterBy) && !o.series()
}

// guestKey is an address as registers have it.
func guestKey(address string) string { return strings.ToLower(address) }
