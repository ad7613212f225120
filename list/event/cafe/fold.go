package cafe

import (
	"math/bits"
	"slices"
)

// sit gives p, who has no seat in the round, one at a table.
func (h *hall) sit(r, p, t int) {
	h.tables[r][t] = append(h.tables[r][t], p)
	h.at[p*h.rounds+r] = t
}

// rise takes p's seat in the round away.
func (h *hall) rise(r, p int) {
	t := h.at[p*h.rounds+r]
	h.tables[r][t] = slices.DeleteFunc(h.tables[r][t], func(q int) bool { return q == p })
	h.at[p*h.rounds+r] = -1
}

// settle gives everybody a seat in a round, and each table people enough.
func (h *hall) settle(r int, o Options) {
	well, most := o.fits()
	var standing []int
	for p := range h.people {
		if h.at[p*h.rounds+r] < 0 {
			standing = append(standing, p)
		}
	}
	standing = h.place(r, standing, well, true)
	standing = h.open(r, standing, o)
	standing = h.place(r, standing, most, true)
	if len(standing) > 0 && h.common(standing) != 0 { // a table of one or two: others come to it, below
		t := h.free(r)
		for _, p := range standing {
			h.sit(r, p, t)
		}
		standing = nil
	}
	h.place(r, standing, len(h.people), false)
	for t := range h.tables[r] {
		if n := len(h.tables[r][t]); n > 0 && n < min(leastSeats, len(h.people)) {
			h.fold(r, t, well, most)
		}
	}
}

// place seats each of these at a table of fewer than so many, of whom all share a language with them if they must, and returns those for whom there is none. Tables
// under three come first, then those that are small and know them least.
func (h *hall) place(r int, some []int, seats int, share bool) (left []int) {
	for _, p := range some {
		best, least := -1, 0
		for t, table := range h.tables[r] {
			if len(table) == 0 || len(table) >= seats || share && h.common(table)&h.people[p].speaks == 0 {
				continue
			}
			cost := len(table) * repeated / 2
			if len(table) < leastSeats {
				cost -= moved
			}
			for _, q := range table {
				cost += h.pair(r, p, q)
			}
			if !share {
				cost += h.speech(append(slices.Clone(table), p), -1, -1) - h.speech(table, -1, -1)
			}
			if best < 0 || cost < least {
				best, least = t, cost
			}
		}
		if best < 0 {
			left = append(left, p)
			continue
		}
		h.sit(r, p, best)
	}
	return left
}

// open seats those of these at new tables who are enough for one and share a language, and returns the others.
func (h *hall) open(r int, some []int, o Options) []int {
	for len(some) >= leastSeats {
		var count [64]int
		for _, p := range some {
			for set := h.people[p].speaks; set != 0; set &= set - 1 {
				count[bits.TrailingZeros64(set)]++
			}
		}
		most := slices.Index(count[:], slices.Max(count[:]))
		if count[most] < leastSeats {
			break
		}
		var room, others []int
		for _, p := range some {
			if h.people[p].speaks>>most&1 == 1 {
				room = append(room, p)
			} else {
				others = append(others, p)
			}
		}
		n := o.tablesFor(len(room))
		tables := make([]int, n)
		for i := range tables {
			tables[i] = h.free(r)
			h.sit(r, room[i], tables[i])
		}
		for i, p := range room[n:] {
			row, column := (i+n)%n, (i+n)/n
			h.sit(r, p, tables[(row+r*column)%n])
		}
		some = others
	}
	return some
}

// free is a table at which nobody sits.
func (h *hall) free(r int) int {
	if t := slices.IndexFunc(h.tables[r], func(table []int) bool { return len(table) == 0 }); t >= 0 {
		return t
	}
	h.tables[r] = append(h.tables[r], nil)
	return len(h.tables[r]) - 1
}

// fold lets the people of a table that is too small join others that have room, if not, lets somebody join them, and if nobody can, lets them join what others they can.
func (h *hall) fold(r, t, well, most int) {
	if h.join(r, t, well, true) || h.fill(r, t) || h.join(r, t, most, true) {
		return
	}
	h.join(r, t, len(h.people), false)
}

// join seats the people of a table at others, all of them or none, and says whether it did.
func (h *hall) join(r, t, seats int, share bool) bool {
	some := slices.Clone(h.tables[r][t])
	for _, p := range some {
		h.rise(r, p)
	}
	left := h.place(r, some, seats, share)
	if len(left) == 0 {
		return true
	}
	for _, p := range some {
		if h.at[p*h.rounds+r] >= 0 {
			h.rise(r, p)
		}
		h.sit(r, p, t)
	}
	return false
}

// fill lets people of larger tables join a table until it has three: newcomers first, from the largest table.
func (h *hall) fill(r, t int) bool {
	var came, from []int
	for len(h.tables[r][t]) < leastSeats {
		best, worth := -1, 0
		for p := range h.people {
			at := h.at[p*h.rounds+r]
			if at < 0 || at == t || len(h.tables[r][at]) <= leastSeats || h.people[p].speaks&h.common(h.tables[r][t]) == 0 {
				continue
			}
			w := len(h.tables[r][at]) * repeated
			w -= h.away(r, p, t)
			for _, q := range h.tables[r][t] {
				w -= h.pair(r, p, q)
			}
			if best < 0 || w > worth {
				best, worth = p, w
			}
		}
		if best < 0 {
			for i, p := range came {
				h.rise(r, p)
				h.sit(r, p, from[i])
			}
			return false
		}
		came, from = append(came, best), append(from, h.at[best*h.rounds+r])
		h.rise(r, best)
		h.sit(r, best, t)
	}
	return true
}
