package cafe

import (
	"fmt"
	"testing"
)

// mixed is so many guests of seven organisations, a fifth of whom speak French alone, and a fifth English and French.
func mixed(n int) []Guest {
	guests := crowd(n)
	for i := range guests {
		g := &guests[i]
		g.Languages = [][]string{{"fr"}, {"en", "fr"}, {"en"}, {"en"}, {"en"}}[i%5]
		g.Group = fmt.Sprint(i % 7)
		g.Host, g.NotNotes = i%4 == 0, i%9 == 0
	}
	return guests
}

func BenchmarkSeat(b *testing.B) {
	for _, c := range []struct {
		name   string
		guests []Guest
		rounds int
	}{
		{"20x3", crowd(20), 3}, {"200x3", crowd(200), 3}, {"200x3 in two languages", mixed(200), 3},
		{"1000x5", crowd(1000), 5}, {"1000x5 in two languages", mixed(1000), 5},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				Seat(c.guests, Options{Rounds: c.rounds})
			}
		})
	}
}

func BenchmarkReseat(b *testing.B) {
	guests := mixed(200)
	before := Seat(guests, Options{Rounds: 3})
	for b.Loop() {
		Reseat(before, guests[5:], Options{Rounds: 3})
	}
}
