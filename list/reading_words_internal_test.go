package list

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestAddressesAreFoundAsTheirPatternSays makes up texts of what addresses are made of: looking only around signs finds what looking everywhere does.
func TestAddressesAreFoundAsTheirPatternSays(t *testing.T) {
	pieces := []string{"a", "é", "日", "9", ".", "-", "@", "%40", "%", "4", "0", " ", "\n", "<", ">", "\"", "“", "b.c", "x@y.org", "\xff", "\u202e", "_", "://", "/m/", "@…"}
	dice := rand.New(rand.NewPCG(3, 9))
	changed := 0
	for range 50_000 {
		var b strings.Builder
		for range dice.IntN(24) {
			b.WriteString(pieces[dice.IntN(len(pieces))])
		}
		want := mailAddress.ReplaceAllStringFunc(b.String(), linkOrName)
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

// TestLinksToPostsStay: an address in what strangers read loses its domain, and a link to another post does not.
func TestLinksToPostsStay(t *testing.T) {
	for text, want := range map[string]string{
		"ask kofi@people.test": "ask kofi@…",
		"<https://lists.example.org/m/kofi.2026@people.test>, by kofi@people.test": "<https://lists.example.org/m/kofi.2026@people.test>, by kofi@…",
		"http://127.0.0.1:8025/m/a%2Fb%40people.test":                              "http://127.0.0.1:8025/m/a%2Fb%40people.test",
		"https://elsewhere.example/me@people.test":                                 "https://elsewhere.example/me@…",
	} {
		if got := withoutAddresses(text); got != want {
			t.Errorf("%q became %q", text, got)
		}
	}
}
