package calendar

import (
	"time"

	"convene/list"
	"convene/list/event/cafe"
)

// Helper is somebody who hosted tables of a World Café, or took their notes, whose name may stand in a mail to all.
type Helper struct {
	Name  string // empty: it may not, or nobody knows that they were there; who is there keeps their place among the others, whatever is learnt later
	Notes bool   // they took notes; else they hosted
}

// Helpers are those of an event: who hosted, round by round and table by table, then who took notes. Whoever said no, or went to the table by mail, was not there; who took notes
// was, as far as anybody knows, once their notes came, by the given instant; zero: at any time. list.ErrNotFound: there is no such event.
func (k *Keeper) Helpers(r list.Reader, l *list.List, id string, until time.Time) (all []Helper, err error) {
	o, err := k.find(r, l, id)
	if err != nil {
		return nil, err
	}
	p, err := k.partyOf(r, o)
	if err != nil {
		return nil, err
	}
	wrote := map[string]bool{}
	for _, n := range o.reg.Notes {
		if !n.Mail && (until.IsZero() || !n.At.After(until)) {
			wrote[n.By] = true
		}
	}
	seen := map[Helper]bool{}
	add := func(key string, notes, there bool) {
		if one := (Helper{key, notes}); key != "" && !seen[one] {
			seen[one] = true
			h := Helper{Notes: notes}
			if there {
				h.Name = p.thankedAs(key)
			}
			all = append(all, h)
		}
	}
	p.eachTable(func(t cafe.Table) {
		g := o.reg.Guests[t.Host]
		add(t.Host, false, g != nil && g.Answer == Yes && !g.Mail)
	})
	p.eachTable(func(t cafe.Table) { add(t.Notes, true, wrote[t.Notes]) })
	return all, nil
}

// eachTable calls f for each table that people were told of, in order.
func (o *occasion) eachTable(f func(t cafe.Table)) {
	for _, round := range o.told().Rounds {
		for _, t := range round {
			f(t)
		}
	}
}

// thankedAs is the name that somebody is thanked by before all; empty: they want none, or are no member any more.
func (p *party) thankedAs(key string) string {
	if m := p.members[key]; m == nil || m.PrivateThanks {
		return ""
	}
	return p.name(key)
}
