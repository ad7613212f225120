package cafe

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
)

// without is the guests but those with these numbers.
func without(guests []Guest, numbers ...int) []Guest {
	var left []Guest
	for i, g := range guests {
		if !slices.Contains(numbers, i) {
			left = append(left, g)
		}
	}
	return left
}

// elsewhere counts those who were told a table, still come, and are at another one in some round.
func elsewhere(before, after Seating, guests []Guest) int {
	n := 0
	for _, g := range guests {
		old, now := before.Of(g.Key), after.Of(g.Key)
		for r := range old {
			if old[r].Number != now[r].Number {
				n++
				break
			}
		}
	}
	return n
}

func TestReseatMovesFew(t *testing.T) {
	fr := []string{"fr"}
	crowd25, two := crowd(25), mixed(60)
	for name, c := range map[string]struct {
		before, now []Guest
		most        int // who were told a table and get another
	}{
		"one left: all stay": {crowd25, without(crowd25, 7), 0},
		"five left, none of whom sat together twice: all stay":        {crowd25, without(crowd25, 0, 6, 12, 18, 24), 0},
		"one came, and sits at a table of five":                       {crowd25, append(crowd(25), Guest{Key: "x"}), 0},
		"four came, and have a table of their own":                    {crowd25, append(crowd(25), Guest{Key: "w"}, Guest{Key: "x"}, Guest{Key: "y"}, Guest{Key: "z"}), 0},
		"two left and two came":                                       {crowd25, append(without(crowd25, 3, 9), Guest{Key: "x"}, Guest{Key: "y"}), 0},
		"a French and an English speaker left, one of each came":      {two, append(without(two, 0, 2), Guest{Key: "x", Languages: fr}, Guest{Key: "y", Languages: []string{"en"}}), 0},
		"one of six left: the table of two is folded in each round":   {crowd(6), crowd(5), 5},
		"half left: tables of one and two are folded, the others not": {crowd25, crowd(12), 5},
	} {
		t.Run(name, func(t *testing.T) {
			o := Options{Rounds: 3}
			before := Seat(c.before, o)
			after := Reseat(before, c.now, o)
			if n := elsewhere(before, after, c.now); n > c.most {
				t.Errorf("%d have another table, not %d", n, c.most)
			}
			for _, key := range Changed(before, after) {
				if !slices.ContainsFunc(c.now, func(g Guest) bool { return g.Key == key }) {
					t.Errorf("%s does not come", key)
				}
			}
			for _, g := range c.now {
				if before.Of(g.Key) == nil && !slices.Contains(Changed(before, after), g.Key) {
					t.Errorf("%s is not told a table", g.Key)
				}
			}
		})
	}
}

func TestReseatPassesADutyOn(t *testing.T) {
	guests := crowd(10)
	o := Options{Rounds: 1}
	before := Seat(guests, o)
	host := before.Rounds[0][0].Host
	for i := range guests {
		guests[i].NotHost = guests[i].Key == host
	}
	after := Reseat(before, guests, o)
	if n := elsewhere(before, after, guests); n != 0 {
		t.Errorf("%d have another table", n)
	}
	if got, want := Changed(before, after), []string{host, after.Rounds[0][0].Host}; len(got) != 2 || !slices.Contains(got, want[0]) || !slices.Contains(got, want[1]) {
		t.Errorf("%v are told so, not %v", got, want)
	}
}

func TestReseatBeginsAnew(t *testing.T) {
	guests, o := crowd(12), Options{Rounds: 2}
	want := Seat(guests, o)
	for name, before := range map[string]Seating{
		"nothing was told":            {},
		"there were other rounds":     Seat(guests, Options{Rounds: 3}),
		"all are others":              Seat([]Guest{{Key: "x"}, {Key: "y"}, {Key: "z"}}, o),
		"the numbers cannot be":       {Rounds: [][]Table{{{Number: -1, Guests: []string{"g001"}}}, {{Number: 1 << 40, Guests: []string{"g001"}}}}},
		"everybody sits at one table": {Rounds: [][]Table{{{Number: 1, Guests: keys(guests)}}, {{Number: 1, Guests: keys(guests)}}}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Reseat(before, guests, o); !reflect.DeepEqual(got, want) {
				t.Errorf("%v", got)
			}
		})
	}
	if got := Reseat(want, nil, o); got.Rounds != nil {
		t.Errorf("nobody comes: %v", got)
	}
}

func keys(guests []Guest) []string {
	var all []string
	for _, g := range guests {
		all = append(all, g.Key)
	}
	return all
}

// TestLanguageStays holds that a table keeps the language it was told of while all of it speak that, though another would now be liked better.
func TestLanguageStays(t *testing.T) {
	var guests []Guest
	for i := range 5 {
		guests = append(guests, Guest{Key: fmt.Sprint(i), Languages: []string{"fr", "en"}})
	}
	guests[4].Languages = []string{"en"}
	before := Seat(guests, Options{Rounds: 1})
	after := Reseat(before, guests[:4], Options{Rounds: 1})
	if got := []string{before.Rounds[0][0].Language, after.Rounds[0][0].Language}; got[0] != "en" || got[1] != "en" {
		t.Errorf("the languages are %v", got)
	}
}

func TestChanged(t *testing.T) {
	table := func(number int, host, notes string, guests ...string) Seating {
		return Seating{Rounds: [][]Table{{{Number: number, Guests: guests, Host: host, Notes: notes}}}}
	}
	before := table(1, "a", "b", "a", "b", "c", "d")
	for name, c := range map[string]struct {
		after Seating
		want  []string
	}{
		"nothing":                               {before, nil},
		"somebody left":                         {table(1, "a", "b", "a", "b", "c"), nil},
		"the host left, another hosts":          {table(1, "c", "b", "b", "c", "d"), []string{"c"}},
		"somebody came":                         {table(1, "a", "b", "a", "b", "c", "d", "e"), []string{"e"}},
		"host and note taker changed":           {table(1, "b", "a", "a", "b", "c", "d"), []string{"a", "b"}},
		"another number":                        {table(2, "a", "b", "a", "b", "c", "d"), []string{"a", "b", "c", "d"}},
		"a table of that number with strangers": {table(1, "a", "y", "a", "x", "y"), []string{"a", "x", "y"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Changed(before, c.after); !slices.Equal(got, c.want) {
				t.Errorf("%v", got)
			}
		})
	}
}
