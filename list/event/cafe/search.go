package cafe

import (
	"math/bits"
	"slices"
)

// What a flaw of a seating costs. Each kind outweighs any number of the next that an exchange of two people can bring about: what the search gains is never paid for with
// something dearer.
const (
	speechless = 1_000_000 // a table without a language in common
	moved      = 30_000    // somebody who is not at the table that they were told of
	strangers  = 20_000    // two at such a table who have none between them
	repeated   = 1_000     // two who meet again
	sameGroup  = 10        // two of one group at a table
	sameTrait  = 1         // two at a table who offered the same duty, or declined the same
)

// hall is a seating while it is being made: people and tables are their indices.
type hall struct {
	people people
	rounds int
	tables [][][]int  // by round
	at     []int      // the table of person p in round r is at p*rounds+r
	told   []int      // as at: the table that they were told of, or -1; nil: nobody was told
	babel  bool       // whether languages have to be looked at
	spoken [][]string // the language that each table was told of, by round; a table beyond it: none
	random uint64
}

func newHall(people people, rounds int) *hall {
	h := &hall{people: people, rounds: rounds, tables: make([][][]int, rounds), at: make([]int, len(people)*rounds), random: people.seed()}
	common := ^uint64(0)
	for _, p := range people {
		common &= p.speaks
	}
	h.babel = common == 0
	return h
}

// draw is a number from 0 up to n, which may be 1 to 2^32 (splitmix64).
func (h *hall) draw(n int) int {
	return int((h.next() >> 32) * uint64(n) >> 32)
}

func (h *hall) next() uint64 {
	h.random += 0x9e3779b97f4a7c15
	z := h.random
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// pair is what it costs that a and b sit together in a round.
func (h *hall) pair(r, a, b int) int {
	cost := h.alike(a, b)
	if h.meet(a, b, 0, r) || h.meet(a, b, r+1, h.rounds) {
		cost += repeated
	}
	return cost
}

// meet says whether a and b sit together in one of the rounds from up to before to.
func (h *hall) meet(a, b, from, to int) bool {
	for r := from; r < to; r++ {
		if h.at[a*h.rounds+r] == h.at[b*h.rounds+r] {
			return true
		}
	}
	return false
}

// alike is what it costs that a and b, as they are, sit together.
func (h *hall) alike(a, b int) int {
	pa, pb := &h.people[a], &h.people[b]
	cost := sameTrait * bits.OnesCount8(pa.traits&pb.traits)
	if pa.group == pb.group && pa.group != 0 {
		cost += sameGroup
	}
	return cost
}

// speech is what the languages of a table cost, if in sits there instead of out.
func (h *hall) speech(table []int, out, in int) int {
	common := ^uint64(0)
	for _, p := range table {
		if p == out {
			p = in
		}
		common &= h.people[p].speaks
	}
	if common != 0 {
		return 0
	}
	cost := speechless
	for i, a := range table {
		for _, b := range table[:i] {
			if a == out {
				a = in
			}
			if b == out {
				b = in
			}
			if h.people[a].speaks&h.people[b].speaks == 0 {
				cost += strangers
			}
		}
	}
	return cost
}

// away is what it costs that p is at table t in round r.
func (h *hall) away(r, p, t int) int {
	if h.told == nil || h.told[p*h.rounds+r] < 0 || h.told[p*h.rounds+r] == t {
		return 0
	}
	return moved
}

// exchange is what it costs more if a and b, who are at different tables of a round, change places.
func (h *hall) exchange(r, a, b int) int {
	ta, tb := h.at[a*h.rounds+r], h.at[b*h.rounds+r]
	with, other := h.tables[r][ta], h.tables[r][tb]
	cost := 0
	for _, p := range with {
		if p != a {
			cost += h.pair(r, b, p) - h.pair(r, a, p)
		}
	}
	for _, p := range other {
		if p != b {
			cost += h.pair(r, a, p) - h.pair(r, b, p)
		}
	}
	if h.babel && h.people[a].speaks != h.people[b].speaks {
		cost += h.speech(with, a, b) - h.speech(with, a, a) + h.speech(other, b, a) - h.speech(other, b, b)
	}
	if h.told != nil {
		cost += h.away(r, a, tb) - h.away(r, a, ta) + h.away(r, b, ta) - h.away(r, b, tb)
	}
	return cost
}

// swap lets a and b change places.
func (h *hall) swap(r, a, b int) {
	ta, tb := h.at[a*h.rounds+r], h.at[b*h.rounds+r]
	h.tables[r][ta][slices.Index(h.tables[r][ta], a)] = b
	h.tables[r][tb][slices.Index(h.tables[r][tb], b)] = a
	h.at[a*h.rounds+r], h.at[b*h.rounds+r] = tb, ta
}

// cost is what all flaws come to.
func (h *hall) cost() int {
	cost := 0
	for r, tables := range h.tables {
		for t, table := range tables {
			if h.babel {
				cost += h.speech(table, -1, -1)
			}
			for i, a := range table {
				cost += h.away(r, a, t)
				for _, b := range table[:i] {
					cost += h.alike(a, b)
					if h.meet(a, b, 0, r) {
						cost += repeated
					}
				}
			}
		}
	}
	return cost
}
