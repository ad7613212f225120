package message

import (
	"math"
	"strconv"
	"strings"
)

// length reads a number with its unit, which is empty where there is none.
func length(s string) (n float64, unit string, ok bool) {
	unit = strings.TrimLeft(s, "+-.0123456789")
	n, err := strconv.ParseFloat(s[:len(s)-len(unit)], 64)
	return n, unit, err == nil
}

// colorNames are the names of colours that text is hidden with, or stands on.
var colorNames = map[string]string{"white": "#ffffff", "snow": "#fffafa", "ivory": "#fffff0", "whitesmoke": "#f5f5f5", "ghostwhite": "#f8f8ff", "floralwhite": "#fffaf0",
	"azure": "#f0ffff", "mintcream": "#f5fffa", "black": "#000000", "silver": "#c0c0c0", "gray": "#808080", "grey": "#808080", "lightgray": "#d3d3d3", "lightgrey": "#d3d3d3",
	"red": "#ff0000", "green": "#008000", "blue": "#0000ff", "navy": "#000080", "yellow": "#ffff00", "window": "#ffffff", "windowtext": "#000000"}

// colorOf is a colour of HTML or of a style as six hexadecimal digits, or "transparent"; one that is not known is empty.
func colorOf(s string) string {
	if c, ok := colorNames[s]; ok || s == "transparent" {
		if !ok {
			return s
		}
		return c
	}
	if rest, ok := strings.CutPrefix(s, "rgb"); ok {
		return rgb(strings.TrimPrefix(rest, "a"))
	}
	s = strings.TrimPrefix(s, "#")
	if strings.Trim(s, "0123456789abcdef") != "" {
		return ""
	}
	switch len(s) {
	case 4:
		if s[3] == '0' {
			return "transparent"
		}
		fallthrough
	case 3:
		return "#" + strings.Repeat(s[:1], 2) + strings.Repeat(s[1:2], 2) + strings.Repeat(s[2:3], 2)
	case 8:
		if s[6:] == "00" {
			return "transparent"
		}
		fallthrough
	case 6:
		return "#" + s[:6]
	}
	return ""
}

// rgb reads what stands behind "rgb" and "rgba".
func rgb(s string) string {
	c := []byte("#")
	fields := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("(), /\t", r) })
	if len(fields) < 3 {
		return ""
	}
	for i, f := range fields[:min(len(fields), 4)] {
		n, unit, ok := length(f)
		switch {
		case !ok:
			return ""
		case i == 3 && n == 0:
			return "transparent"
		case i == 3:
			continue
		case unit == "%":
			n *= 2.55
		}
		b := byte(math.Round(min(max(n, 0), 255)))
		c = append(c, hexDigits[b>>4]|0x20, hexDigits[b&15]|0x20)
	}
	return string(c)
}

// alike reports whether two colours cannot be told apart.
func alike(a, b string) bool {
	if len(a) != 7 || len(b) != 7 {
		return false
	}
	for i := 1; i < 7; i += 2 {
		x, _ := strconv.ParseUint(a[i:i+2], 16, 8)
		y, _ := strconv.ParseUint(b[i:i+2], 16, 8)
		if max(x, y)-min(x, y) > 12 {
			return false
		}
	}
	return true
}
