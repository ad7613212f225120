package cafe

import (
	"cmp"
	"slices"
)

// mostChains is how often in all a duty is passed down a chain of people: in a café of hundreds it may take as many, and somebody who has none is no harm.
const mostChains = 300

// held is a duty of somebody: of a table in a round, to host or to take notes.
type held struct {
	round, table int
	host         bool
}

// pass looks for people who have two duties more than another, and passes one of them down the chain of those between, each of whom hands one of theirs on to somebody
// at the same table. It says whether there was anybody.
func (r *roster) pass() bool {
	passed := false
	for r.chains < mostChains && r.passOne() {
		r.chains++
		passed = true
	}
	return passed
}

// passOne passes one duty. Those who were reached from somebody in vain are not looked at again from somebody with fewer duties: where nobody had two fewer than the
// one, nobody has than the other.
func (r *roster) passOne() bool {
	hold := make([][]held, len(r.people))
	for i, round := range r.duties {
		for t, d := range round {
			if d.host >= 0 {
				hold[d.host] = append(hold[d.host], held{i, t, true})
			}
			if d.notes >= 0 {
				hold[d.notes] = append(hold[d.notes], held{i, t, false})
			}
		}
	}
	var busy []int
	for p, n := range r.load {
		if n >= 2 {
			busy = append(busy, p)
		}
	}
	slices.SortStableFunc(busy, func(a, b int) int { return cmp.Compare(r.load[b], r.load[a]) })
	from := map[int]link{}
	for _, p := range busy {
		if _, seen := from[p]; !seen && r.passFrom(p, hold, from) {
			return true
		}
	}
	return false
}

// link says who hands on a duty, and which.
type link struct {
	giver int
	duty  held
}

// passFrom looks for the nearest who has two duties fewer than first, over people that are not in from, and passes a duty down to them.
func (r *roster) passFrom(first int, hold [][]held, from map[int]link) bool {
	from[first] = link{giver: -1}
	for queue := []int{first}; len(queue) > 0; queue = queue[1:] {
		for _, duty := range hold[queue[0]] {
			now := r.duties[duty.round][duty.table]
			for _, q := range r.tables[duty.round][duty.table] {
				if _, seen := from[q]; seen || q == now.host || q == now.notes || r.declines(q, duty.host) {
					continue
				}
				from[q] = link{queue[0], duty}
				if r.load[q] <= r.load[first]-2 {
					r.handDown(q, from)
					return true
				}
				queue = append(queue, q)
			}
		}
	}
	return false
}

// handDown gives the last of a chain, and each before them, the duty that was found for them.
func (r *roster) handDown(last int, from map[int]link) {
	for p, l := last, from[last]; l.giver >= 0; p, l = l.giver, from[l.giver] {
		d := r.duties[l.duty.round][l.duty.table]
		if l.duty.host {
			d.host = p
		} else {
			d.notes = p
		}
		r.give(l.duty.round, l.duty.table, d)
	}
}
