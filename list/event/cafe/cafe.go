// Package cafe seats the people of a World Café: for each round tables of four or five (three or six where the number asks for it), at which everybody
// meets as many others as can be, and all of a table have a language in common; it names who hosts each table and who takes its notes.
//
// It is pure and deterministic: the same guests in any order and the same options give the same seating. It sends nothing, and knows no address: people are their keys.
//
// Seat goes from the coarse to the fine. rooms.go decides how many sit at tables of which language, so that whoever speaks only one has company in it; sizes.go cuts
// a room into tables; start.go seats each room by a design in which nobody meets twice where there are tables enough; search.go exchanges people, a pair at a time,
// for fewer repeated meetings and then for tables of many organisations; number.go numbers the tables so that people move from round to round; duty.go passes the
// duties round. Reseat, in reseat.go, begins with the tables that people were told of instead; Join
// puts one more at tables that have room.
package cafe

import (
	"math"
	"slices"
	"strings"
)

// Guest is somebody who comes.
type Guest struct {
	Key       string   // known by it in a Seating; unique
	Languages []string // that they speak, the best first (BCP 47, the language alone counts); empty: any
	Group     string   // an organisation, of which a table should have few; empty: none is known
	// Host and Notes say that they offered to host or to take notes; NotHost and NotNotes that they asked not to, which counts over an offer.
	Host, Notes, NotHost, NotNotes bool
}

// Options are how to seat. What is out of range counts as the nearest that is in it.
type Options struct {
	Rounds int // 1 to 10
	Size   int // people at a table, 3 to 6; zero: 5
	// Show is the share of guests that is expected to come, over 0 up to 1: tables are so many seats larger that Size of them come, and of 12 at most. Zero: 1.
	Show float64
}

// Table is one table of a round.
type Table struct {
	Number   int      // from 1 in each round; a number is missing where Reseat folded a table
	Guests   []string // keys, sorted
	Host     string   // empty: nobody would
	Notes    string   // another than Host, unless there is nobody else; empty: nobody would
	Language string   // that all of them have in common, the one that they like best; empty: there is none, or nobody said
}

// Seating is who sits where.
type Seating struct {
	Rounds [][]Table // each by Number
}

const (
	maxRounds  = 10
	leastSeats = 3  // fewer than three are no table, unless no more come
	mostSeats  = 12 // of which few come
)

// within is the options with what is missing or out of range put right.
func (o Options) within() Options {
	o.Rounds = min(max(o.Rounds, 1), maxRounds)
	if o.Size == 0 {
		o.Size = 5
	}
	o.Size = min(max(o.Size, leastSeats), 6)
	if !(o.Show > 0 && o.Show <= 1) { // NaN too
		o.Show = 1
	}
	return o
}

// Seat seats the guests. It gives no tables where nobody comes, and one where no more than five do.
func Seat(guests []Guest, o Options) Seating {
	o = o.within()
	people := newPeople(guests)
	if len(people) == 0 {
		return Seating{}
	}
	best := arrange(people, o)
	best.number()
	return best.seating(people.duties(best.tables, nil))
}

// arrange is the best of what the search makes of each way to share people out among languages: each gets a little of it, then the best of them the rest.
func arrange(people people, o Options) *hall {
	var best *hall
	tries := effort(len(people), o.Rounds)
	for _, rooms := range plans(people, o) {
		h := newHall(people, o.Rounds)
		h.start(rooms, o)
		h.improve(tries/8, 2)
		if best == nil || h.cost() < best.cost() {
			best = h
		}
	}
	best.improve(tries, 8)
	return best
}

// person is a Guest as the search sees one.
type person struct {
	guest  Guest
	speaks uint64 // a bit for each language; all of them: any
	group  int    // zero: none
	traits uint8  // Host, Notes, NotHost and NotNotes, a bit for each
}

// people are by key.
type people []person

// newPeople sorts the guests, by key: all that follows depends on nothing but who they are. Of two with one key the first counts.
func newPeople(guests []Guest) people {
	gs := slices.Clone(guests)
	slices.SortStableFunc(gs, func(a, b Guest) int { return strings.Compare(a.Key, b.Key) })
	gs = slices.CompactFunc(gs, func(a, b Guest) bool { return a.Key == b.Key })
	bits, groups := languageBits(gs), map[string]int{"": 0}
	all := make(people, len(gs))
	for i, g := range gs {
		if _, ok := groups[g.Group]; !ok {
			groups[g.Group] = len(groups)
		}
		p := person{guest: g, group: groups[g.Group]}
		for _, l := range g.Languages {
			p.speaks |= bits[language(l)]
		}
		if len(g.Languages) == 0 {
			p.speaks = math.MaxUint64
		}
		for n, yes := range []bool{g.Host && !g.NotHost, g.Notes && !g.NotNotes, g.NotHost, g.NotNotes} {
			if yes {
				p.traits |= 1 << n
			}
		}
		all[i] = p
	}
	return all
}

// seed makes a number of who comes, for the search's choices.
func (ps people) seed() uint64 {
	h := uint64(14695981039346656037) // FNV-1a
	for _, p := range ps {
		for _, c := range []byte(p.guest.Key + "\x00") {
			h = (h ^ uint64(c)) * 1099511628211
		}
	}
	return h
}
