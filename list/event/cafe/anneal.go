package cafe

import (
	"math/bits"
	"slices"
)

// effort is how many exchanges are tried for so many people: it bounds the time that a seating takes. It need not grow with them: many are seated well by start already.
func effort(people, rounds int) int { return min(300_000, 10_000*people*rounds) }

// patience is how many descents are made in vain.
const patience = 3

// improve tries so many exchanges, and keeps the best of so many descents: one from where it stands, which looks for better only, and others that begin by taking
// what is worse, less and less of it (simulated annealing), from the best so far.
func (h *hall) improve(tries, descents int) {
	if !slices.ContainsFunc(h.tables, func(tables [][]int) bool { return len(tables) > 1 }) {
		return
	}
	h.descend(tries/descents, sameGroup)
	best, bestCost := h.kept(), h.cost()
	vain := 0
	for i := 1; i < descents && vain < patience && bestCost > 0; i++ {
		h.descend(tries/descents, repeated/2)
		vain++
		if cost := h.cost(); cost < bestCost {
			best, bestCost, vain = h.kept(), cost, 0
		}
		h.restore(best)
	}
}

// descend tries so many exchanges of two people, at first also such as cost up to about heat more, at last none that costs more.
func (h *hall) descend(tries, heat int) {
	for i := range tries {
		r, a, b := h.draw(h.rounds), h.draw(len(h.people)), h.draw(len(h.people))
		ta, tb := h.at[a*h.rounds+r], h.at[b*h.rounds+r]
		if ta == tb || ta < 0 || tb < 0 {
			continue
		}
		left := tries - i
		if h.exchange(r, a, b) <= h.dare(heat*left/tries*left/tries) {
			h.swap(r, a, b)
		}
	}
}

// dare draws how much worse is taken: exponentially distributed around heat, in whole numbers so that it is the same on every machine.
func (h *hall) dare(heat int) int {
	x := h.next()
	zeros := bits.LeadingZeros64(x | 1)
	part := int(x << (zeros + 1) >> 60)       // the four bits behind the first one
	return heat * (16*zeros + 15 - part) / 23 // 16/23: ln 2
}

// kept copies where everybody sits.
func (h *hall) kept() []int { return slices.Clone(h.at) }

// restore seats everybody as in what was kept.
func (h *hall) restore(kept []int) {
	copy(h.at, kept)
	for r, tables := range h.tables {
		for t := range tables {
			tables[t] = tables[t][:0]
		}
		for p := range h.people {
			if t := h.at[p*h.rounds+r]; t >= 0 {
				tables[t] = append(tables[t], p)
			}
		}
	}
}
