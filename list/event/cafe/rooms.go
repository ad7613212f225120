package cafe

import (
	"cmp"
	"math/bits"
	"slices"
)

// mostTongues is among how many languages the ones that tables are held in are looked for.
const mostTongues = 10

// plans are ways to share people out among rooms, a room for each language that tables are held in. All of them give everybody a room whose language they speak
// wherever that can be; they differ in how many of those who speak several go to the smaller rooms. Who cannot be given any is with those who are nearest.
func plans(people people, o Options) [][][]int {
	everybody := make([]int, len(people))
	common := ^uint64(0)
	for i := range people {
		everybody[i] = i
		common &= people[i].speaks
	}
	if common != 0 || o.tablesFor(len(people)) == 1 {
		return [][][]int{{everybody}}
	}
	tongues := people.tongues()
	var all [][][]int
	for share := range shares {
		rooms := people.rooms(tongues, share, o)
		if !slices.ContainsFunc(all, func(other [][]int) bool { return sameSizes(other, rooms) }) {
			all = append(all, rooms)
		}
	}
	return all
}

func sameSizes(a, b [][]int) bool {
	return slices.EqualFunc(a, b, func(x, y []int) bool { return len(x) == len(y) })
}

// tongues chooses the languages of the rooms, as bits: those by which most people have a room, and of these as few as can be, so that who speaks several meets as many
// as can be. The one that most speak is the first.
func (ps people) tongues() []uint64 {
	usable := ps.usable()
	speak := ps.speakers(usable)
	best := 0
	for set := range speak {
		more := cmp.Or(speak[set]-speak[best], bits.OnesCount(uint(best))-bits.OnesCount(uint(set)))
		if more > 0 && filled(set, speak) {
			best = set
		}
	}
	var chosen []uint64
	for i, l := range usable {
		if best>>i&1 == 1 {
			chosen = append(chosen, l)
		}
	}
	return chosen
}

// speakers counts, for each set of these languages (bit i for the i-th), the people who speak one of it.
func (ps people) speakers(languages []uint64) []int {
	within := make([]int, 1<<len(languages)) // how many speak nothing but of a set
	for p := range ps {
		set := 0
		for i, l := range languages {
			if ps[p].speaks&l != 0 {
				set |= 1 << i
			}
		}
		within[set]++
	}
	for i := range languages {
		for set := range within {
			if set>>i&1 == 1 {
				within[set] += within[set&^(1<<i)]
			}
		}
	}
	speak := make([]int, len(within))
	for set := range speak {
		speak[set] = len(ps) - within[(len(within)-1)&^set]
	}
	return speak
}

// filled says whether each language of a set can have a table at the same time: by Hall's theorem, whether any of them together have people enough for as many tables.
func filled(set int, speak []int) bool {
	for some := set; some > 0; some = (some - 1) & set {
		if speak[some] < leastSeats*bits.OnesCount(uint(some)) {
			return false
		}
	}
	return true
}

// usable are the languages that enough people for a table speak, the most spoken first: mostTongues of them, those first by which most people come to speak one.
func (ps people) usable() []uint64 {
	var all []uint64
	for i := range 64 {
		if l := uint64(1) << i; ps.speaking(l) >= leastSeats && slices.ContainsFunc(ps, func(p person) bool { return p.speaks&l != 0 && p.speaks != ^uint64(0) }) {
			all = append(all, l)
		}
	}
	most := func(a, b uint64) int { return cmp.Or(ps.speaking(b)-ps.speaking(a), cmp.Compare(a, b)) }
	if len(all) > mostTongues {
		var chosen []uint64
		for len(chosen) < mostTongues {
			next := slices.MaxFunc(all, func(a, b uint64) int {
				return cmp.Or(ps.speaking(a|union(chosen))-ps.speaking(b|union(chosen)), most(b, a))
			})
			chosen = append(chosen, next)
			all = slices.DeleteFunc(all, func(l uint64) bool { return l == next })
		}
		all = chosen
	}
	slices.SortFunc(all, most)
	return all
}

func union(languages []uint64) (all uint64) {
	for _, l := range languages {
		all |= l
	}
	return all
}

// speaking counts the people who speak one of these languages.
func (ps people) speaking(languages uint64) int {
	n := 0
	for i := range ps {
		if ps[i].speaks&languages != 0 {
			n++
		}
	}
	return n
}
