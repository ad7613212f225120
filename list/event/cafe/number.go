package cafe

// number numbers the tables of each round so that as few as can be stay where they were in the round before, and then as few as can be come back to where they were
// earlier.
func (h *hall) number() {
	for r := 1; r < h.rounds; r++ {
		tables := h.tables[r]
		for better := true; better; {
			better = false
			for t := range tables {
				stay := h.staying(r, tables[t], t)
				for u := 0; u < len(tables) && stay > 0; u++ {
					if h.staying(r, tables[t], u)+h.staying(r, tables[u], t) < stay+h.staying(r, tables[u], u) {
						tables[t], tables[u] = tables[u], tables[t]
						stay, better = h.staying(r, tables[t], t), true
					}
				}
			}
		}
		for t, table := range tables {
			for _, p := range table {
				h.at[p*h.rounds+r] = t
			}
		}
	}
}

// staying weighs how many of a table of round r were at table t before.
func (h *hall) staying(r int, table []int, t int) int {
	weight := 0
	for _, p := range table {
		for before := range r {
			switch {
			case h.at[p*h.rounds+before] != t:
			case before == r-1:
				weight += 100
			default:
				weight++
			}
		}
	}
	return weight
}
