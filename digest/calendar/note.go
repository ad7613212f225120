package calendar

import (
	"cmp"
	"strings"
	"time"

	"convene/list/event"
)

// said is what somebody answers.
type said struct {
	answer string    // Yes, No, Maybe; empty: nothing of whether they come
	of     time.Time // the date of a series that it is about; zero: all
	// What they offer, or would rather not.
	host, notes, pass, mail bool
	// Of an answer of a calendar program: which invitation it answers, and when it was written.
	object   bool
	sequence int
	stamp    time.Time
	comment  string
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
	placed    outcome = "place"     // somebody who waited has a place now
	unknown   outcome = "unknown"   // that date is none of the event
	offersTo  outcome = "offers"    // they would host, or take notes
	notHost   outcome = "pass"      // they would rather not
	byMail    outcome = "mail"      // they take part by mail
	notNeeded outcome = "no tables" // the event has no tables
)

// note takes an answer down.
func (o *occasion) note(address, name string, s said, now time.Time) outcome {
	g := o.reg.Guests[guestKey(address)]
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
		d, ok := o.DateOf(s.of)
		if !ok {
			return unknown
		}
		if !now.Before(d.Start) {
			return over
		}
		s.of = d.Of
	case o.over(now):
		return over
	}
	if g != nil && s.object && cmp.Or(cmp.Compare(s.sequence, g.Sequence), s.stamp.Compare(g.Stamp)) < 0 {
		return old
	}
	if (s.host || s.notes || s.pass || s.mail) && o.Format != event.WorldCafe {
		s.host, s.notes, s.pass, s.mail = false, false, false, false
		if s.answer == "" {
			return notNeeded
		}
	}
	if s.answer == Yes && o.closed(now) && o.reg.answer(address) != Yes {
		return closed
	}
	g = o.reg.guest(address)
	g.Name, g.At = cmp.Or(name, g.Name), now
	if s.object {
		g.Sequence, g.Stamp = s.sequence, s.stamp
	}
	g.Comment = cmp.Or(s.comment, g.Comment)
	if s.answer == "" {
		return g.offer(s)
	}
	g.offer(s)
	if !s.of.IsZero() && (o.Rule != "" || len(o.Extra) > 0) {
		if g.Dates == nil {
			g.Dates = map[string]string{}
		}
		g.Dates[dateKey(s.of)] = s.answer
		return outcome(s.answer)
	}
	return o.come(g, s.answer, now)
}

// come takes down whether somebody comes to all of it. Who has a place keeps it, who says yes anew gets the last one, or waits.
func (o *occasion) come(g *Guest, answer string, now time.Time) outcome {
	had := g.Answer == Yes
	g.Answer, g.Dates = answer, nil
	if answer != Yes {
		g.Waiting = time.Time{}
		return outcome(answer)
	}
	if places := o.places(); !had && places > 0 && o.reg.coming() > places { // g is counted already
		g.Waiting = now
	}
	if !g.Waiting.IsZero() {
		return wait
	}
	return Yes
}

// offer takes down what somebody would do at a World Café.
func (g *Guest) offer(s said) outcome {
	done := outcome("")
	if s.host || s.notes {
		g.Host, g.Notes, done = g.Host || s.host, g.Notes || s.notes, offersTo
		if s.host {
			g.Pass = false
		}
	}
	if s.pass {
		g.Host, g.Pass, done = false, true, notHost
	}
	if s.mail {
		g.Mail, done = true, byMail
	}
	return done
}

// closed reports whether nobody new can register.
func (o *occasion) closed(now time.Time) bool {
	return !o.RegisterBy.IsZero() && now.After(o.RegisterBy)
}

// moveUp gives the places that are free to who waits, in their order, and gives who has one now.
func (o *occasion) moveUp() (moved []string) {
	for places := o.places(); places == 0 || o.reg.coming() < places; {
		all := o.reg.waiting()
		if len(all) == 0 {
			break
		}
		o.reg.Guests[all[0]].Waiting = time.Time{}
		moved = append(moved, all[0])
	}
	return moved
}

// guestKey is an address as registers have it.
func guestKey(address string) string { return strings.ToLower(address) }
