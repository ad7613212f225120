package cafe

import (
	"fmt"
	"testing"
)

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
