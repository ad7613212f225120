package list

import "testing"

func TestSameAddress(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"Luis@example.org", "luis@EXAMPLE.org", true},
		{"JÖRG@example.org", "jörg@example.org", true},
		{"ΣΟΦΙΑ@example.org", "σοφια@example.org", true},
		{"luis@example.org", "luis@example.com", false},
		{"lui\u017f@example.org", "luis@example.org", false},     // long s, of which the upper case is S
		{"\u212aim@example.org", "kim@example.org", false},       // the sign for Kelvin, of which the lower case is k
		{"\u0130da@example.org", "ida@example.org", false},       // I with a dot, of which the lower case begins with i
		{"\u0131da@example.org", "ida@example.org", false},       // i without its dot
		{"\uff4cuis@example.org", "luis@example.org", false},     // a wide letter
		{"a\u0308nn@example.org", "\u00e4nn@example.org", false}, // one letter, or a letter and its dots: two mailboxes to a server
		{"", "", true},
	} {
		if got := SameAddress(c.a, c.b); got != c.same {
			t.Errorf("%q and %q: %v", c.a, c.b, got)
		}
		if FoldAddress(FoldAddress(c.a)) != FoldAddress(c.a) {
			t.Errorf("%q folds twice", c.a)
		}
	}
}
