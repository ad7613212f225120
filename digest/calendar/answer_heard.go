package calendar

import (
	"fmt"
	"time"

	"convene/digest/letter"
	"convene/list"
)

// hearDates takes down an answer that says something of several dates, all of it or nothing, and tells in one mail what became of it. What is not clear is asked back.
func (k *Keeper) hearDates(tx list.Tx, o *occasion, m *list.Member, s said, zone *time.Location, answers string, now time.Time) (outcome, error) {
	if g := o.reg.Guests[guestKey(m.Address)]; g != nil && answers != "" && g.MessageID == answers {
		return again, nil
	}
	if s.unclear || s.vague && o.series() || !o.series() && len(s.also) > 0 {
		return notClear, k.oweHeard(tx, o, m.Address, m, notClear, answers, now)
	}
	parts := append([]said{s}, s.also...)
	var heard []letter.HeardDate
	for _, p := range parts {
		p.zone, p.also = zone, nil
		one := letter.HeardDate{Said: string(o.note(m.Address, m.Name, p, now))}
		if d, ok := o.dateSaid(p); !p.of.IsZero() {
			if one.At = p.of; ok {
				one.At = o.clockOf(d.Start, zone)
			}
		}
		heard = append(heard, one)
	}
	if g := o.reg.Guests[guestKey(m.Address)]; g != nil {
		g.MessageID = answers
		o.forget(g, now)
	}
	if heard[0].At.IsZero() { // what is said of all others stands last
		heard = append(heard[1:], heard[0])
	}
	who := o.readerOf(m, m.Address)
	mail, err := k.House.Book().Write("rsvp", o.languagesOf(who.language), letter.RSVP{Event: o.coming(who), Said: "several", Heard: heard, Place: k.House.Place(o.list)})
	if err != nil {
		return "", fmt.Errorf("calendar: event %s: %w", o.ID, err)
	}
	return outcome(heard[0].Said), o.owe(tx, owed{to: m.Address, mail: mail, kind: kindNotice, purpose: list.ForRSVP, about: about{What: aboutComing, Of: o.of}, answers: answers}, now)
}
