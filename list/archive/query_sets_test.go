package archive

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestTheBestAreThoseThatASortFinds(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	for room := range 12 {
		for many := range 40 {
			top, all := make(ranking, 0, room), []ranked(nil)
			for i := range many {
				one := ranked{post: uint32(i + 1), weight: float64(dice.IntN(9))}
				top, all = top.with(one), append(all, one)
			}
			better := func(a, b ranked) int {
				if b.less(a) {
					return -1
				}
				return 1
			}
			slices.SortFunc(all, better)
			slices.SortFunc(top, better)
			if !slices.Equal(top, all[:min(room, many)]) {
				t.Fatalf("the best %d of %d are %v instead of %v", room, many, top, all[:min(room, many)])
			}
		}
	}
}
