package cafe

import "slices"

// mostNumber bounds the numbers of tables that Reseat believes.
const mostNumber = 10_000

// Reseat seats the guests who come now, of whom some were told their tables before: as few of these as can be get another one. Who left leaves a gap; newcomers sit where
// there is room and a language, or at new tables if they are enough. A table that is left with fewer than three is folded, and its people join others; where these have no
// room, somebody joins them. Numbers stay. It begins anew, as Seat does, where nothing of before is left, rounds are more or fewer, or where a table would be without a
// language, too small or too large and Seat can avoid that.
func Reseat(before Seating, guests []Guest, o Options) Seating {
	o = o.within()
	people := newPeople(guests)
	if len(people) == 0 {
		return Seating{}
	}
	h := newHall(people, o.Rounds)
	if len(before.Rounds) != o.Rounds || !h.recall(before) {
		return Seat(guests, o)
	}
	for r := range h.tables {
		h.settle(r, o)
	}
	h.descend(effort(len(people), o.Rounds)/4, 0)
	if flaws := h.flaws(o); flaws > 0 {
		if anew := arrange(people, o); anew.flaws(o) < flaws {
			anew.number()
			return anew.seating(people.duties(anew.tables, nil))
		}
	}
	return h.seating(people.duties(h.tables, h.duties(before)))
}

// recall seats everybody where they were told, and says whether it could seat anybody. Table t has number t+1; numbers that there were none of are empty tables.
func (h *hall) recall(before Seating) bool {
	who := h.people.index()
	for i := range h.at {
		h.at[i] = -1
	}
	h.spoken = make([][]string, h.rounds)
	seated := false
	for r, round := range before.Rounds {
		for _, t := range round {
			if t.Number < 1 || t.Number > mostNumber {
				continue
			}
			for len(h.tables[r]) < t.Number {
				h.tables[r] = append(h.tables[r], nil)
				h.spoken[r] = append(h.spoken[r], "")
			}
			h.spoken[r][t.Number-1] = t.Language
			for _, key := range t.Guests {
				if p, comes := who[key]; comes && h.at[p*h.rounds+r] < 0 {
					h.sit(r, p, t.Number-1)
					seated = true
				}
			}
		}
	}
	h.told = slices.Clone(h.at)
	return seated
}

// duties are those that the tables were told of.
func (h *hall) duties(before Seating) [][]duty {
	who := h.people.index()
	one := func(key string) int {
		if p, comes := who[key]; comes {
			return p
		}
		return -1
	}
	duties := make([][]duty, h.rounds)
	for r, round := range before.Rounds {
		duties[r] = slices.Repeat([]duty{{-1, -1}}, len(h.tables[r]))
		for _, t := range round {
			if t.Number >= 1 && t.Number <= mostNumber {
				duties[r][t.Number-1] = duty{one(t.Host), one(t.Notes)}
			}
		}
	}
	return duties
}

// index is the people by key.
func (ps people) index() map[string]int {
	index := make(map[string]int, len(ps))
	for i := range ps {
		index[ps[i].guest.Key] = i
	}
	return index
}

// flaws counts the tables without a language in common, and those that are too small or too large.
func (h *hall) flaws(o Options) int {
	_, most := o.fits()
	flaws := 0
	for _, tables := range h.tables {
		for _, table := range tables {
			if len(table) > most || len(table) > 0 && len(table) < min(leastSeats, len(h.people)) {
				flaws++
			}
			if h.common(table) == 0 {
				flaws++
			}
		}
	}
	return flaws
}

// common is what all of a table speak.
func (h *hall) common(table []int) uint64 {
	common := ^uint64(0)
	for _, p := range table {
		common &= h.people[p].speaks
	}
	return common
}
