package cafe

import "slices"

// Of is the table of each round at which somebody sits, the zero Table in a round in which they do not. It is nil for who has no table at all.
func (s Seating) Of(key string) []Table {
	var tables []Table
	for r, round := range s.Rounds {
		i := slices.IndexFunc(round, func(t Table) bool { return t.has(key) })
		if i < 0 {
			continue
		}
		if tables == nil {
			tables = make([]Table, len(s.Rounds))
		}
		tables[r] = round[i]
	}
	return tables
}

// has says whether somebody sits at the table.
func (t Table) has(key string) bool {
	_, found := slices.BinarySearch(t.Guests, key)
	return found
}

// Repeats counts the meetings of two people beyond their first.
func (s Seating) Repeats() int {
	met := map[[2]string]bool{}
	repeats := 0
	for _, round := range s.Rounds {
		for _, t := range round {
			for i, a := range t.Guests {
				for _, b := range t.Guests[:i] {
					if met[[2]string{b, a}] {
						repeats++
					}
					met[[2]string{b, a}] = true
				}
			}
		}
	}
	return repeats
}

// seating is the hall as others read it.
func (h *hall) seating(duties [][]duty) Seating {
	name := func(p int) string {
		if p < 0 {
			return ""
		}
		return h.people[p].guest.Key
	}
	s := Seating{Rounds: make([][]Table, h.rounds)}
	for r, tables := range h.tables {
		for t, table := range tables {
			if len(table) == 0 {
				continue // folded
			}
			told := ""
			if r < len(h.spoken) && t < len(h.spoken[r]) {
				told = h.spoken[r][t]
			}
			seats := Table{Number: t + 1, Host: name(duties[r][t].host), Notes: name(duties[r][t].notes), Language: h.people.shared(table, told)}
			for _, p := range table {
				seats.Guests = append(seats.Guests, name(p))
			}
			slices.Sort(seats.Guests)
			s.Rounds[r] = append(s.Rounds[r], seats)
		}
	}
	return s
}
