package cafe

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// someGuests draws guests who speak some of so many languages.
func someGuests(t *rapid.T, most int) []Guest {
	tongues := []string{"en", "fr", "es", "pt-BR", "ar", "sw"}[:rapid.IntRange(1, 6).Draw(t, "languages")]
	yes := func(label string) bool { return rapid.IntRange(0, 5).Draw(t, label) == 0 }
	guests := make([]Guest, rapid.IntRange(0, most).Draw(t, "guests"))
	for i := range guests {
		g := Guest{Key: fmt.Sprint("g", i), Host: yes("host"), Notes: yes("notes"), NotHost: yes("not host"), NotNotes: yes("not notes")}
		g.Languages = rapid.SliceOfN(rapid.SampledFrom(tongues), 0, 3).Draw(t, "speaks")
		g.Group = rapid.SampledFrom([]string{"", "a", "b", "c"}).Draw(t, "group")
		guests[i] = g
	}
	return guests
}

func someOptions(t *rapid.T) Options {
	return Options{
		Rounds: rapid.IntRange(1, 5).Draw(t, "rounds"),
		Size:   rapid.SampledFrom([]int{0, 3, 4, 5, 6}).Draw(t, "size"),
		Show:   rapid.SampledFrom([]float64{0, 0.5, 0.7, 1}).Draw(t, "show"),
	}
}

// keep checks the rules that hold for whatever seating of these guests.
func keep(t *rapid.T, s Seating, guests []Guest, o Options) {
	if len(guests) == 0 {
		if len(s.Rounds) != 0 {
			t.Fatalf("nobody comes, and there are tables: %v", s)
		}
		return
	}
	if len(s.Rounds) != o.Rounds {
		t.Fatalf("%d rounds, not %d", len(s.Rounds), o.Rounds)
	}
	known := map[string]Guest{}
	for _, g := range guests {
		known[g.Key] = g
	}
	for r, round := range s.Rounds {
		var all []string
		last := 0
		for _, table := range round {
			if table.Number <= last {
				t.Fatalf("round %d: table %d comes after table %d", r, table.Number, last)
			}
			last = table.Number
			all = append(all, table.Guests...)
			if n := len(table.Guests); n < min(3, len(guests)) || n > tableMost(o) {
				t.Fatalf("round %d: %d people at a table, of %d", r, n, len(guests))
			}
			keepLanguage(t, table, known)
			keepDuties(t, table, known)
		}
		slices.Sort(all)
		if len(slices.Compact(slices.Clone(all))) != len(guests) || len(all) != len(guests) {
			t.Fatalf("round %d seats %v, of %d guests", r, all, len(guests))
		}
	}
	keepPassing(t, s, known)
}

func tableMost(o Options) int {
	_, most := o.within().fits()
	return most
}

func keepLanguage(t *rapid.T, table Table, known map[string]Guest) {
	common, said := map[string]int{}, 0
	for _, key := range table.Guests {
		seen := map[string]bool{}
		for _, l := range known[key].Languages {
			seen[language(l)] = true
		}
		for l := range seen {
			common[l]++
		}
		if len(seen) > 0 {
			said++
		}
	}
	if table.Language == "" {
		for l, n := range common {
			if n == said {
				t.Fatalf("%v has no language, and all speak %s", table, l)
			}
		}
	} else if common[table.Language] != said {
		t.Fatalf("%v: not all speak that", table)
	}
}

func keepDuties(t *rapid.T, table Table, known map[string]Guest) {
	for _, d := range []struct {
		key      string
		declines func(Guest) bool
	}{{table.Host, func(g Guest) bool { return g.NotHost }}, {table.Notes, func(g Guest) bool { return g.NotNotes }}} {
		willing := slices.ContainsFunc(table.Guests, func(key string) bool { return !d.declines(known[key]) })
		if (d.key == "") == willing || d.key != "" && (!table.has(d.key) || d.declines(known[d.key])) {
			t.Fatalf("%v: a duty is %q's", table, d.key)
		}
	}
	if table.Host != "" && table.Host == table.Notes {
		for _, h := range table.Guests {
			for _, n := range table.Guests {
				if h != n && !known[h].NotHost && !known[n].NotNotes {
					t.Fatalf("%v: %s and %s could share the duties", table, h, n)
				}
			}
		}
	}
}

// keepPassing holds that nobody has two duties while somebody at one of those tables who would do it has none; a second one at a table may be needed for the first.
func keepPassing(t *rapid.T, s Seating, known map[string]Guest) {
	load := map[string]int{}
	for _, round := range s.Rounds {
		for _, table := range round {
			load[table.Host]++
			load[table.Notes]++
		}
	}
	for _, round := range s.Rounds {
		for _, table := range round {
			for _, key := range table.Guests {
				g := known[key]
				if load[key] > 0 || table.Host == table.Notes {
					continue
				}
				if load[table.Host] > 1 && !g.NotHost && table.Host != "" || load[table.Notes] > 1 && !g.NotNotes && table.Notes != "" {
					t.Fatalf("%v: %s has no duty at all", table, key)
				}
			}
		}
	}
}

func TestSeatKeepsTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		guests, o := someGuests(t, 24), someOptions(t)
		s := Seat(guests, o)
		keep(t, s, guests, o)
		other := slices.Clone(guests)
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
		if !reflect.DeepEqual(Seat(other, o), s) {
			t.Fatal("the same guests in another order sit elsewhere")
		}
		if changed := Changed(s, Reseat(s, guests, o)); len(changed) > 0 {
			t.Fatalf("nobody came or left, and %v are told so", changed)
		}
	})
}

func TestReseatKeepsTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		guests, o := someGuests(t, 24), someOptions(t)
		before := Seat(guests, o)
		var now []Guest
		for _, g := range guests {
			if rapid.IntRange(0, 3).Draw(t, "leaves") > 0 {
				now = append(now, g)
			}
		}
		for i, g := range someGuests(t, 12) {
			g.Key = fmt.Sprint("new", i)
			now = append(now, g)
		}
		keep(t, Reseat(before, now, o), now, o)
	})
}

// TestLanguages holds for few people that every table has a language whenever people can be divided so: whether they can is tried out.
func TestLanguages(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		guests := someGuests(t, 11)
		for i := range guests {
			if len(guests[i].Languages) == 0 {
				guests[i].Languages = []string{"en"}
			}
		}
		can := dividable(newPeople(guests), map[uint64]int{}, 0)
		for _, round := range Seat(guests, Options{Rounds: 2}).Rounds {
			for _, table := range round {
				if can && table.Language == "" && len(guests) > 2 {
					t.Fatalf("%v has no language", table)
				}
			}
		}
	})
}

// dividable tries each language of each person, from p on, for whether no language is left with one or two.
func dividable(ps people, rooms map[uint64]int, p int) bool {
	if p == len(ps) {
		for _, n := range rooms {
			if n > 0 && n < 3 {
				return false
			}
		}
		return true
	}
	for l := uint64(1); l != 0 && l <= 1<<6; l <<= 1 {
		if ps[p].speaks&l != 0 {
			rooms[l]++
			if dividable(ps, rooms, p+1) {
				return true
			}
			rooms[l]--
		}
	}
	return false
}
