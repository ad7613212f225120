package cafe

import (
	"cmp"
	"slices"
)

// start seats each room, in each round. Its people stand in columns, one column as long as there are tables, and with each round the columns move on, each a step
// further than the one before it: the person in a row of column c is at table row + round × c, modulo the tables. People of one column never meet; of two columns
// they meet again when rounds times columns apart is a multiple of the tables, which takes as many tables as that. Who is of one group is put into one column.
func (h *hall) start(rooms [][]int, o Options) {
	for r := range h.tables {
		h.tables[r] = h.tables[r][:0]
	}
	for _, room := range rooms {
		room = slices.Clone(room)
		slices.SortFunc(room, func(a, b int) int {
			pa, pb := h.people[a], h.people[b]
			return cmp.Or(cmp.Compare(pa.group, pb.group), cmp.Compare(pa.traits, pb.traits), cmp.Compare(a, b))
		})
		n := o.tablesFor(len(room))
		for r := range h.tables {
			first := len(h.tables[r])
			h.tables[r] = append(h.tables[r], make([][]int, n)...)
			for i, p := range room {
				t := first + (i%n+r*(i/n))%n
				h.tables[r][t] = append(h.tables[r][t], p)
				h.at[p*h.rounds+r] = t
			}
		}
	}
}
