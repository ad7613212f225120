package cafe

import (
	"testing"

	"pgregory.net/rapid"
)

// TestAssign compares with all ways to assign.
func TestAssign(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "tables")
		weight := make([][]int, n)
		for i := range weight {
			weight[i] = rapid.SliceOfN(rapid.IntRange(0, 9), n, n).Draw(t, "weights")
		}
		got, taken := 0, map[int]bool{}
		for row, column := range assign(weight) {
			got += weight[row][column]
			taken[column] = true
		}
		if want := lightest(weight, 0, 0); got != want || len(taken) != n {
			t.Fatalf("columns %v weigh %d, and could weigh %d", taken, got, want)
		}
	})
}

func lightest(weight [][]int, row, taken int) int {
	if row == len(weight) {
		return 0
	}
	least := 1 << 30
	for c, w := range weight[row] {
		if taken>>c&1 == 0 {
			least = min(least, w+lightest(weight, row+1, taken|1<<c))
		}
	}
	return least
}
