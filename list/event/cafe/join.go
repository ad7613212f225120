package cafe

import "slices"

// Join is the seating with one more at the tables that have most room, of those whose language they speak where there are any: for who comes when nobody else is
// to be told of another table. They get no duty. A seating without tables stays without, and who sits in it already stays where they are.
func Join(s Seating, g Guest) Seating {
	joined := Seating{Rounds: make([][]Table, len(s.Rounds))}
	speaks := func(t Table) bool {
		return t.Language == "" || len(g.Languages) == 0 || slices.ContainsFunc(g.Languages, func(l string) bool { return language(l) == t.Language })
	}
	for r, round := range s.Rounds {
		round = slices.Clone(round)
		if len(round) > 0 && s.Of(g.Key) == nil {
			best := 0
			for i, t := range round {
				if b := round[best]; speaks(t) != speaks(b) && speaks(t) || speaks(t) == speaks(b) && len(t.Guests) < len(b.Guests) {
					best = i
				}
			}
			t := &round[best]
			t.Guests = append(slices.Clone(t.Guests), g.Key)
			slices.Sort(t.Guests)
		}
		joined.Rounds[r] = round
	}
	return joined
}
