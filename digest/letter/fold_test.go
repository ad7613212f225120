package letter

import (
	"slices"
	"testing"
)

// TestFoldKeepsTogether: what is read as one is not divided between lines.
func TestFoldKeepsTogether(t *testing.T) {
	for text, want := range map[string][]string{
		"mardi 17 mars, 15 h 00, heure de":    {"mardi 17 mars,", "15 h 00, heure de"},
		"à Nairobi et (12 h 00 GMT) et puis":  {"à Nairobi et", "(12 h 00 GMT) et", "puis"},
		"ils ont dit cela : « Oui, cela va »": {"ils ont dit cela :", "« Oui, cela va »"},
		"la lettre h est muette":              {"la lettre h est", "muette"},
	} {
		var lines []string
		if foldTo(func(l string) { lines = append(lines, l) }, text, 18); !slices.Equal(lines, want) {
			t.Errorf("%q is folded to %q, not %q", text, lines, want)
		}
	}
}
