package cafe

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// language is a BCP 47 tag without what stands behind its language, in lower case: pt of pt-BR.
func language(tag string) string {
	tag, _, _ = strings.Cut(strings.TrimSpace(tag), "-")
	tag, _, _ = strings.Cut(tag, "_")
	return strings.ToLower(tag)
}

// languageBits gives a bit to each language that somebody shares with somebody, the 64 that most speak if they are more.
func languageBits(guests []Guest) map[string]uint64 {
	speakers := map[string]int{}
	for _, g := range guests {
		seen := map[string]bool{}
		for _, l := range g.Languages {
			if l = language(l); !seen[l] {
				seen[l] = true
				speakers[l]++
			}
		}
	}
	tags := slices.SortedFunc(maps.Keys(speakers), func(a, b string) int {
		return cmp.Or(cmp.Compare(speakers[b], speakers[a]), cmp.Compare(a, b))
	})
	bits := map[string]uint64{}
	for i, l := range tags[:min(len(tags), 64)] {
		bits[l] = 1 << i
	}
	return bits
}

// shared is the language that all of these speak: the one that stands foremost in what they speak, taken together; but told, if that is one.
func (ps people) shared(table []int, told string) string {
	places, speakers := map[string]int{}, map[string]int{}
	said := 0
	for _, p := range table {
		seen := map[string]bool{}
		for i, l := range ps[p].guest.Languages {
			if l = language(l); !seen[l] {
				seen[l] = true
				places[l] += i
				speakers[l]++
			}
		}
		if len(seen) > 0 {
			said++
		}
	}
	if told != "" && speakers[told] == said && said > 0 {
		return told
	}
	best := ""
	for _, l := range slices.Sorted(maps.Keys(speakers)) {
		if speakers[l] == said && (best == "" || places[l] < places[best]) {
			best = l
		}
	}
	return best
}
