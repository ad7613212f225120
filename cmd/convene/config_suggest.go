package main

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// suggest returns " (did you mean …?)" when one of the words is near what was written, else nothing.
func suggest(written string, words []string) string {
	if utf8.RuneCountInString(written) > 40 {
		return ""
	}
	best, nearest := "", 3
	for _, w := range words {
		if d := distance(strings.ToLower(written), strings.ToLower(w)); d < nearest && d*2 < len(w)+1 {
			best, nearest = w, d
		}
	}
	if best == "" {
		return ""
	}
	return " (did you mean " + best + "?)"
}

// distance counts the letters to insert, leave out, replace or swap with their neighbour to make b of a.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	var before []int
	last := make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := range x {
		row := make([]int, len(y)+1)
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(y)]
}

// printableKey shows a key as it is, or in quotes where it has something that a terminal should not get.
func printableKey(key string) string {
	if q := strconv.Quote(key); q != `"`+key+`"` {
		return q
	}
	return key
}
