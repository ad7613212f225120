package cafe

import "slices"

// duty is who hosts a table and who takes its notes; nobody: -1.
type duty struct{ host, notes int }

// What is wrong with a duty, as search.go has it for seats: each outweighs the next.
const (
	undone    = 10_000_000 // nobody does it
	both      = 100_000    // one person does both at a table
	another   = 1_000      // for each that the person has already
	otherwise = 50         // somebody else was told that it is theirs
	unoffered = 10         // the person did not offer it
	misplaced = 1          // and offered the other
)

// roster is the duties of a café while they are passed round.
type roster struct {
	people people
	tables [][][]int
	duties [][]duty
	told   [][]duty // as duties: whose they were told they are; nil: nobody was told
	load   []int    // duties of each person
	chains int      // that a duty was passed down
}

// duties passes the duties round: nobody has two while somebody at that table who would do it has none, and those who offered come first. Who was told of a duty
// keeps it, unless that stands against the former.
func (ps people) duties(tables [][][]int, told [][]duty) [][]duty {
	r := &roster{people: ps, tables: tables, told: told, load: make([]int, len(ps))}
	for i, round := range tables {
		r.duties = append(r.duties, slices.Repeat([]duty{{-1, -1}}, len(round)))
		for t := range round {
			if told != nil {
				r.give(i, t, r.standing(i, t))
			}
		}
	}
	for better := true; better; {
		better = false
		for i, round := range tables {
			for t := range round {
				better = r.settle(i, t) || better
			}
		}
		if !better && told == nil {
			better = r.pass()
		}
	}
	return r.duties
}

// standing is what is left of the duties that a table was told of.
func (r *roster) standing(round, t int) duty {
	d := r.told[round][t]
	if !slices.Contains(r.tables[round][t], d.host) || r.declines(d.host, true) {
		d.host = -1
	}
	if !slices.Contains(r.tables[round][t], d.notes) || r.declines(d.notes, false) {
		d.notes = -1
	}
	return d
}

func (r *roster) declines(p int, host bool) bool {
	g := r.people[p].guest
	return host && g.NotHost || !host && g.NotNotes
}

// give makes d the duties of a table.
func (r *roster) give(round, t int, d duty) {
	old := r.duties[round][t]
	for _, p := range []int{old.host, old.notes} {
		if p >= 0 {
			r.load[p]--
		}
	}
	for _, p := range []int{d.host, d.notes} {
		if p >= 0 {
			r.load[p]++
		}
	}
	r.duties[round][t] = d
}

// settle gives a table's duties to the two who are best for them, and says whether these are others than before.
func (r *roster) settle(round, t int) bool {
	old := r.duties[round][t]
	r.give(round, t, duty{-1, -1})
	best, least := old, r.cost(round, t, old)
	for _, h := range append([]int{-1}, r.tables[round][t]...) {
		if h >= 0 && r.declines(h, true) {
			continue
		}
		for _, n := range append([]int{-1}, r.tables[round][t]...) {
			if n >= 0 && r.declines(n, false) {
				continue
			}
			if cost := r.cost(round, t, duty{h, n}); cost < least {
				best, least = duty{h, n}, cost
			}
		}
	}
	r.give(round, t, best)
	return best != old
}

// cost is what it costs that two more duties are d's.
func (r *roster) cost(round, t int, d duty) int {
	told := duty{-1, -1}
	if r.told != nil {
		told = r.told[round][t]
	}
	cost := r.one(d.host, told.host, true) + r.one(d.notes, told.notes, false)
	if d.host == d.notes && d.host >= 0 {
		cost += both
	}
	return cost
}

// one is what it costs that one more duty is p's, if told was told that it is theirs.
func (r *roster) one(p, told int, host bool) int {
	if p < 0 {
		return undone
	}
	cost := another * r.load[p]
	if told >= 0 && told != p {
		cost += otherwise
	}
	g := r.people[p].guest
	offered, other := g.Host, g.Notes
	if !host {
		offered, other = other, offered
	}
	switch {
	case offered:
		return cost
	case other:
		return cost + unoffered + misplaced
	}
	return cost + unoffered
}
