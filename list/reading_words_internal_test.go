package list

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestAddressesAreFoundAsTheirPatternSays makes up texts of what addresses are made of: looking only around signs finds what looking everywhere does.
func TestAddressesAreFoundAsTheirPatternSays(t *testing.T) {
	pieces := []string{"a", "é", "日", "9", ".", "-", "@", "%40", "%", "4", "0", " ", "\n", "<", ">", "\"", "“", "b.c", "x@y.org", "\xff", "\u202e", "_", "://", "@…"}
	dice := rand.New(rand.NewPCG(3, 9))
	changed := 0
	for range 50_000 {
		var b strings.Builder
		for range dice.IntN(24) {
			b.WriteString(pieces[dice.IntN(len(pieces))])
		}
		want := mailAddress.ReplaceAllString(b.String(), "$1@…")
		if got := withoutAddresses(b.String()); got != want {
			t.Fatalf("%q became %q instead of %q", b.String(), got, want)
		}
		if want != b.String() {
			changed++
		}
	}
	if changed < 1000 {
		t.Errorf("%d of the texts had addresses", changed)
	}
}
