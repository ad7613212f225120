package list

import "strings"

// plainLine keeps control characters and over-long lines out of a notice.
func plainLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
	if len(s) > 900 {
		s = strings.ToValidUTF8(s[:900], "")
	}
	return s
}

func hasEightBit(b []byte) bool {
	for _, c := range b {
		if c > 0x7f {
			return true
		}
	}
	return false
}
