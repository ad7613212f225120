package event

import (
	"maps"
	"slices"
	"strings"
)

func pick(t Texts, languages []string) string {
	for _, tag := range languages {
		if s, ok := t[tag]; ok && tag != "" {
			return s
		}
		if base, _, cut := strings.Cut(tag, "-"); cut {
			if s, ok := t[base]; ok {
				return s
			}
		}
	}
	for _, tag := range []string{"", "en"} {
		if s, ok := t[tag]; ok {
			return s
		}
	}
	for _, tag := range slices.Sorted(maps.Keys(t)) {
		return t[tag]
	}
	return ""
}
