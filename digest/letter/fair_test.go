package letter

import (
	"slices"
	"strings"
	"testing"
)

// TestFairly: what is too much together is cut from the longest, to one length.
func TestFairly(t *testing.T) {
	long := strings.TrimSpace(strings.Repeat("word ", 100))
	for _, c := range []struct {
		name         string
		texts        []string
		words, least int
		want         []int // words of each
	}{
		{"what has room stays", []string{"one two", long}, 102, 5, []int{2, 100}},
		{"the longest is cut first", []string{"one two", long, "a b c d"}, 36, 5, []int{2, 30, 4}},
		{"the longest are cut to one length", []string{long, "one two", long + " more"}, 62, 5, []int{30, 2, 30}},
		{"nobody falls silent", []string{long, long, long}, 9, 5, []int{5, 5, 5}},
		{"there is nothing", nil, 9, 5, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []int
			for i, text := range fairly(c.texts, c.words, c.least) {
				got = append(got, len(strings.Fields(text)))
				if cut := strings.HasSuffix(text, "…"); cut == (text == c.texts[i]) {
					t.Errorf("%q does not say whether it is whole", text)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("there are %v words, not %v", got, c.want)
			}
		})
	}
}

// TestShortened ends behind a sentence or a line where it can, and knows texts without spaces.
func TestShortened(t *testing.T) {
	for text, want := range map[string]string{
		"They sang. They talked for long about it.":  "They sang. They talked for…",
		"They all sang there. They talked at length": "They all sang there. …",
		"- they sang there\n- they talked at length": "- they sang there …",
		"One, two, three, four, five, six":           "One, two, three, four, five…",
		"five words and no more":                     "five words and no more",
		strings.Repeat("字", 100):                     strings.Repeat("字", 59) + "…",
	} {
		if got := shortened(text, 5); got != want {
			t.Errorf("of %q there is %q, not %q", text, got, want)
		}
	}
}
