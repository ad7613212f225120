package cafe

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files")

// crowd is so many guests of whom nothing is known.
func crowd(n int) []Guest {
	guests := make([]Guest, n)
	for i := range guests {
		guests[i].Key = fmt.Sprintf("g%03d", i)
	}
	return guests
}

// TestRepeats holds how many meet again. Up to 20 people it is as few as can be: with fewer tables than seats at one, two of a table must meet at the next, and with
// few people there are more meetings than pairs.
func TestRepeats(t *testing.T) {
	most := map[int]int{6: 5, 7: 6, 8: 8, 9: 12, 10: 18, 11: 4, 12: 6, 13: 8, 14: 10, 15: 12, 16: 0, 17: 2, 18: 4, 19: 6, 20: 8}
	for n := 6; n <= 60; n++ {
		if n > 20 && n%7 > 0 && os.Getenv(everything) == "" {
			continue
		}
		for _, size := range []int{4, 5} {
			if got := Seat(crowd(n), Options{Rounds: 3, Size: size}).Repeats(); got > most[n] {
				t.Errorf("%d people at tables of %d meet again %d times, not %d", n, size, got, most[n])
			}
		}
	}
	if got := Seat(crowd(200), Options{Rounds: 3}).Repeats(); got > 0 {
		t.Errorf("200 people meet again %d times", got)
	}
}

// TestSizes holds how many sit at each table for every number of people.
func TestSizes(t *testing.T) {
	var got strings.Builder
	for n := 1; n <= 60; n++ {
		fmt.Fprintf(&got, "%d:", n)
		for _, o := range []Options{{Rounds: 3, Size: 5}, {Rounds: 3, Size: 4}, {Rounds: 3, Show: 0.7}, {Rounds: 1}} {
			sizes := map[int]int{}
			h := newHall(newPeople(crowd(n)), o.Rounds)
			h.start(plans(h.people, o.within())[0], o.within())
			for _, table := range h.tables[o.Rounds-1] {
				sizes[len(table)]++
			}
			got.WriteString(" ")
			for i, size := range slices.Backward(slices.Sorted(maps.Keys(sizes))) {
				if i < len(sizes)-1 {
					got.WriteString("+")
				}
				fmt.Fprintf(&got, "%dx%d", sizes[size], size)
			}
		}
		got.WriteString("\n")
	}
	golden(t, "sizes.txt", got.String())
}

// TestSmallCafe holds a whole seating.
func TestSmallCafe(t *testing.T) {
	guests := []Guest{
		{Key: "awa", Languages: []string{"fr"}, Group: "Dakar", Host: true},
		{Key: "binh", Languages: []string{"en", "fr"}, Group: "Hue"},
		{Key: "carla", Languages: []string{"es", "en"}, Group: "La Paz", Notes: true},
		{Key: "dede", Languages: []string{"fr-SN"}, Group: "Dakar"},
		{Key: "elif", Languages: []string{"en"}, Group: "Izmir", NotHost: true},
		{Key: "farid", Languages: []string{"fr", "en"}, Group: "Oran"},
		{Key: "grace", Languages: []string{"en"}, Group: "Nairobi", Host: true, Notes: true},
		{Key: "hugo", Languages: []string{"en", "fr"}, Group: "Lyon", NotHost: true, NotNotes: true},
		{Key: "ines", Languages: []string{"EN", "es"}, Group: "La Paz"},
	}
	var got strings.Builder
	for r, round := range Seat(guests, Options{Rounds: 3}).Rounds {
		for _, table := range round {
			fmt.Fprintf(&got, "round %d, table %d (%s): %s; host %s, notes %s\n", r+1, table.Number, table.Language, strings.Join(table.Guests, " "), table.Host, table.Notes)
		}
	}
	golden(t, "small.txt", got.String())
}

// golden compares with a file of testdata, and writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || got != string(want) {
		t.Errorf("%s: %v\n%s", path, err, got)
	}
}

func TestVolunteersComeFirst(t *testing.T) {
	guests := crowd(20)
	for i := range 4 {
		guests[3*i].Host = true
		guests[3*i+1].Notes = true
	}
	for _, table := range Seat(guests, Options{Rounds: 1}).Rounds[0] {
		host, notes := slices.IndexFunc(guests, func(g Guest) bool { return g.Key == table.Host }), slices.IndexFunc(guests, func(g Guest) bool { return g.Key == table.Notes })
		if !guests[host].Host || !guests[notes].Notes {
			t.Errorf("%v: one of the two did not offer it", table)
		}
	}
}

// TestBilinguals holds that they go to and fro between the languages, and that only who speaks nothing else stays at French tables.
func TestBilinguals(t *testing.T) {
	guests := crowd(30)
	for i := range guests {
		guests[i].Languages = []string{"en"}
		if i < 6 {
			guests[i].Languages = []string{"fr"}
		} else if i < 16 {
			guests[i].Languages = []string{"en", "fr"}
		}
	}
	s := Seat(guests, Options{Rounds: 3})
	if n := s.Repeats(); n > 4 {
		t.Errorf("they meet again %d times", n)
	}
	both := 0
	for _, g := range guests {
		met := map[string]bool{}
		for _, table := range s.Of(g.Key) {
			for _, other := range guests {
				if table.has(other.Key) && len(other.Languages) == 1 {
					met[other.Languages[0]] = true
				}
			}
			if table.Language == "" {
				t.Errorf("%v has no language", table)
			}
		}
		if len(g.Languages) == 2 && len(met) == 2 {
			both++
		}
	}
	if both < 5 {
		t.Errorf("%d of 10 who speak both met people of both", both)
	}
}

func TestOddLanguages(t *testing.T) {
	alone := crowd(20)
	for i := range alone {
		alone[i].Languages = []string{"es"}
	}
	alone[3].Languages, alone[11].Languages, alone[15].Languages = []string{"qu"}, []string{"qu"}, []string{"es", "qu"}
	for name, c := range map[string]struct {
		guests  []Guest
		without int // tables
	}{
		"two of a language that one more speaks have a table with that one": {alone, 0},
		"somebody whom nobody understands sits at a table all the same":     {append(slices.Clone(alone[:3]), append(slices.Clone(alone[4:11]), Guest{Key: "x", Languages: []string{"ay"}})...), 3},
		"who said nothing understands all":                                  {append(crowd(8), Guest{Key: "x", Languages: []string{"ay"}}), 0},
	} {
		t.Run(name, func(t *testing.T) {
			without := 0
			for _, round := range Seat(c.guests, Options{Rounds: 3}).Rounds {
				for _, table := range round {
					if table.Language == "" && slices.ContainsFunc(table.Guests, func(k string) bool {
						return slices.ContainsFunc(c.guests, func(g Guest) bool { return g.Key == k && len(g.Languages) > 0 })
					}) {
						without++
					}
				}
			}
			if without != c.without {
				t.Errorf("%d tables have no language", without)
			}
		})
	}
}

func TestGroupsAreSpread(t *testing.T) {
	guests := crowd(25)
	for i := range guests {
		guests[i].Group = fmt.Sprint(i % 5)
	}
	s := Seat(guests, Options{Rounds: 3})
	for _, round := range s.Rounds {
		for _, table := range round {
			groups := map[string]bool{}
			for _, key := range table.Guests {
				groups[guests[slices.IndexFunc(guests, func(g Guest) bool { return g.Key == key })].Group] = true
			}
			if len(groups) < 5 {
				t.Errorf("%v has %d groups", table, len(groups))
			}
		}
	}
	if s.Repeats() > 0 {
		t.Errorf("%d meet again", s.Repeats())
	}
}

// TestEverybodyMoves holds that nobody stays at a table where there are tables enough.
func TestEverybodyMoves(t *testing.T) {
	s := Seat(crowd(40), Options{Rounds: 3})
	for _, g := range crowd(40) {
		of := s.Of(g.Key)
		if of[0].Number == of[1].Number || of[1].Number == of[2].Number {
			t.Errorf("%s stays at a table: %d, %d, %d", g.Key, of[0].Number, of[1].Number, of[2].Number)
		}
	}
	if of := s.Of("nobody"); of != nil {
		t.Errorf("nobody has tables: %v", of)
	}
}
