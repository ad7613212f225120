package web

import (
	"slices"
	"strings"
)

// A page is at most 50 kB, so that a slow connection shows it at once. What of that is for the texts of posts: the rest is the style sheet and what stands around them.
const (
	pageText  = 36_000
	aroundOne = 900 // around each post
)

// What a line costs on a page beside its own octets: its paragraph, each sign of quotation that it has more or less than the line before, and the beginning of a quotation.
const (
	lineCost  = 26
	depthCost = 60
	quoteCost = 450
	linkCost  = 80
)

// meter counts about how many octets a text takes on a page.
type meter struct{ depth int }

func (m *meter) line(s string) int {
	depth, _ := quoted(s)
	cost := lineCost + weight(s) + depthCost*max(depth-m.depth, m.depth-depth)
	if m.depth == 0 && depth > 0 {
		cost += quoteCost
	}
	m.depth = depth
	return cost
}

// weight is what octets take that are escaped, and the addresses of pages, which stand there twice.
func weight(s string) int {
	n := len(s)
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '<', '>', '&', '"', '\'', '+':
			n += 4
		}
	}
	if strings.Contains(s, "://") {
		for word := range strings.FieldsSeq(s) {
			if at := strings.Count(word, "://"); at > 0 {
				n += 3*len(word) + at*linkCost
			}
		}
	}
	return n
}

// measure is about how many octets a text takes on a page.
func measure(text string) (cost int) {
	var m meter
	for line := range strings.SplitSeq(text, "\n") {
		cost += m.line(line)
	}
	return cost
}

// portion is how much of a text, in octets, takes about most octets on a page: whole lines, if there are such.
func portion(text string, most int) int {
	var m meter
	cost, end := 0, 0
	for end < len(text) {
		line := text[end:]
		if i := strings.IndexByte(line, '\n'); i >= 0 {
			line = line[:i+1]
		}
		one := m.line(strings.TrimSuffix(line, "\n"))
		if cost += one; cost > most {
			if end == 0 || one > most/2 {
				end += wordEnd(line, (len(line)*max(most-cost+one, most/8))/one)
			}
			return end
		}
		end += len(line)
	}
	return end
}

// wordEnd is the end of the last word that is whole in the first n octets of a line, or else of its last whole letter.
func wordEnd(line string, n int) int {
	n = min(n, len(line))
	if i := strings.LastIndexByte(line[:n], ' '); i > 0 {
		return i + 1
	}
	for n > 0 && n < len(line) && line[n]&0xC0 == 0x80 {
		n--
	}
	if n == 0 {
		return len(line)
	}
	return n
}

// shares is how much room each of several texts gets on a page, which are so long: all they need if there is room, else the longest ones give way.
func shares(costs []int, room int) (most int) {
	sorted := slices.Sorted(slices.Values(costs))
	for i, c := range sorted {
		if most = room / (len(sorted) - i); c > most {
			return most
		}
		room -= c
	}
	return max(most, room) // all have room
}
