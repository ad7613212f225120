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
		{"lui\u017f@example.org", "luis@example.org", false},    // long s, of which the upper case is S
		{"\u212aim@example.org", "kim@example.org", false},      // the sign for Kelvin, of which the lower case is k
		{"\u0130da@example.org", "ida@example.org", false},      // I with a dot, of which the lower case begins with i
		{"\u0131da@example.org", "ida@example.org", false},      // i without its dot
		{"\uff4cuis@example.org", "luis@example.org", false},    // a wide letter
		{"a\u0308nn@example.org", "\u00e4nn@example.org", true}, // a letter and its dots, or one letter: keyboards differ
		{"ann@m\u00fcnchen.example", "ann@xn--mnchen-3ya.example", true},
		{"\u7528\u6237@M\u00dcNCHEN.example", "\u7528\u6237@xn--mnchen-3ya.EXAMPLE", true},
		{"ann@m\u00fcnchen.example", "ann@munchen.example", false},
		{"\u212aa\u0308@example.org", "\u212a\u00e4@example.org", true},
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
