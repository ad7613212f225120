package cafe

import (
	"slices"
	"testing"
)

func TestJoin(t *testing.T) {
	s := Seating{Rounds: [][]Table{
		{{Number: 1, Guests: []string{"a", "b", "c", "d"}, Host: "a", Language: "en"}, {Number: 2, Guests: []string{"e", "f", "g"}, Host: "f", Language: "fr"}},
		{{Number: 1, Guests: []string{"e", "f", "g"}, Language: "fr"}, {Number: 3, Guests: []string{"a", "b", "c", "d"}}},
	}}
	for name, c := range map[string]struct {
		guest Guest
		want  []int
	}{
		"who says nothing of languages sits where there is most room": {Guest{Key: "x"}, []int{2, 1}},
		"who speaks one sits where it is spoken":                      {Guest{Key: "x", Languages: []string{"en-GB"}}, []int{1, 3}},
		"whom nobody understands sits somewhere":                      {Guest{Key: "x", Languages: []string{"qu"}}, []int{2, 3}},
		"who has tables keeps them":                                   {Guest{Key: "a"}, []int{1, 3}},
	} {
		t.Run(name, func(t *testing.T) {
			joined := Join(s, c.guest)
			var got []int
			for _, table := range joined.Of(c.guest.Key) {
				got = append(got, table.Number)
				if !slices.IsSorted(table.Guests) {
					t.Errorf("%v is not in order", table.Guests)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("they sit at %v, not at %v", got, c.want)
			}
			if told := slices.DeleteFunc(Changed(s, joined), func(key string) bool { return key == c.guest.Key }); len(told) > 0 || len(s.Rounds[0][1].Guests) != 3 {
				t.Errorf("%v are told of it, or the old tables are others", told)
			}
		})
	}
	if got := Join(Seating{}, Guest{Key: "x"}); len(got.Rounds) != 0 {
		t.Errorf("there are tables now: %v", got)
	}
}
