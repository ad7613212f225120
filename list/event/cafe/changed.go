package cafe

import "slices"

// Changed are the keys, sorted, of those who have to be told of what is otherwise after than it was before: who sits at a table of another number in some round, or at
// one where nobody is left of those they were told of, or has another duty; and who had no table before. That others came to a table, or left it, is no reason to write
// to those who stay there. Who has no table after is not among them.
func Changed(before, after Seating) []string {
	old, now := before.seats(), after.seats()
	var keys []string
	for key, seats := range now {
		was, told := old[key]
		if !told || len(was) != len(seats) {
			keys = append(keys, key)
			continue
		}
		for r := range seats {
			if otherSeat(was[r], seats[r], key) {
				keys = append(keys, key)
				break
			}
		}
	}
	slices.Sort(keys)
	return keys
}

// seats is where everybody sits, as Of has it.
func (s Seating) seats() map[string][]Table {
	all := map[string][]Table{}
	for r, round := range s.Rounds {
		for _, t := range round {
			for _, key := range t.Guests {
				if all[key] == nil {
					all[key] = make([]Table, len(s.Rounds))
				}
				all[key][r] = t
			}
		}
	}
	return all
}

// otherSeat says whether key has another table, or another duty at it.
func otherSeat(before, after Table, key string) bool {
	if before.Number != after.Number || (before.Host == key) != (after.Host == key) || (before.Notes == key) != (after.Notes == key) {
		return true
	}
	company := func(k string) bool { return k != key && before.has(k) }
	return len(before.Guests) > 1 && !slices.ContainsFunc(after.Guests, company)
}
