package cafe

import "math"

// What it weighs that somebody is at a table again: the one of the round before, or of an earlier one.
const (
	stays     = 100
	comesBack = 1
)

// number numbers the tables of each round so that as few people as can be stay where they were in the round before, and then as few as can be come back to where they
// were earlier.
func (h *hall) number() {
	for r := 1; r < h.rounds; r++ {
		tables := h.tables[r]
		weight := make([][]int, len(tables))
		for t, table := range tables {
			weight[t] = make([]int, len(tables))
			for _, p := range table {
				for before, at := range h.at[p*h.rounds : p*h.rounds+r] {
					if before == r-1 {
						weight[t][at] += stays
					} else {
						weight[t][at] += comesBack
					}
				}
			}
		}
		h.tables[r] = make([][]int, len(tables))
		for t, number := range numbers(weight) {
			h.tables[r][number] = tables[t]
			for _, p := range tables[t] {
				h.at[p*h.rounds+r] = number
			}
		}
	}
}

// numbers assigns, of very many tables only nearly the best: each has the first number that is left and weighs least.
func numbers(weight [][]int) []int {
	if len(weight) <= 100 {
		return assign(weight)
	}
	column, taken := make([]int, len(weight)), make([]bool, len(weight))
	for row, weights := range weight {
		best := -1
		for c, w := range weights {
			if !taken[c] && (best < 0 || w < weights[best]) {
				best = c
			}
		}
		column[row], taken[best] = best, true
	}
	return column
}

// assign gives each row a column of its own such that their weights come to the least (the Hungarian method, by shortest augmenting paths: row by row a path of
// columns that change hands is looked for, with prices that keep what is left of each weight from falling below zero).
func assign(weight [][]int) []int {
	n := len(weight)
	rowPrice, columnPrice := make([]int, n+1), make([]int, n+1)
	holder := make([]int, n+1) // of a column; column n is where the path of a new row begins
	for c := range holder {
		holder[c] = -1
	}
	for row := range n {
		slack, by, done := make([]int, n), make([]int, n), make([]bool, n+1)
		for c := range slack {
			slack[c] = math.MaxInt
		}
		holder[n] = row
		at := n
		for holder[at] >= 0 {
			done[at] = true
			from, next := holder[at], -1
			for c := range n {
				if done[c] {
					continue
				}
				if left := weight[from][c] - rowPrice[from] - columnPrice[c]; left < slack[c] {
					slack[c], by[c] = left, at
				}
				if next < 0 || slack[c] < slack[next] {
					next = c
				}
			}
			least := slack[next]
			for c := range done {
				if done[c] {
					rowPrice[holder[c]] += least
					columnPrice[c] -= least
				} else {
					slack[c] -= least
				}
			}
			at = next
		}
		for at != n {
			holder[at] = holder[by[at]]
			at = by[at]
		}
	}
	column := make([]int, n)
	for c, row := range holder[:n] {
		column[row] = c
	}
	return column
}
