package list

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"text/template"
	"time"
)

// textFuncs are the functions that texts may use beside those of text/template, which count what they do as work. None fails otherwise: what it cannot
// read it returns as it is.
//
//	date RFC3339            Monday, 2 March 2026, as the language writes it
//	datetime RFC3339        the same with the time of day
//	indent TEXT             every line behind two spaces
//	quote TEXT              every line behind "> "
//	lines TEXT              the lines, to range over
//	columns LINE            what tabs divide, to index
//	column N LINE           one of those, from 0; empty where there is none
//	mailto ADDR SUBJ BODY   a link that begins a mail (RFC 6068)
//	plural N ONE MANY       "1 post", "3 posts"; in French, 0 goes with ONE
//	printf FORMAT TEXT      the text in place of each %s
func textFuncs(language string, w *textWork) template.FuncMap {
	one := func(f func(string) string) func(string) (string, error) {
		return func(s string) (string, error) { return w.text(func() string { return f(s) }, s) }
	}
	apart := func(f func(string) []string) func(string) ([]string, error) {
		return func(s string) ([]string, error) { return w.pieces(f, s) }
	}
	return template.FuncMap{
		"date":     one(func(s string) string { return dateIn(language, s, false) }),
		"datetime": one(func(s string) string { return dateIn(language, s, true) }),
		"indent":   one(func(s string) string { return eachLine(s, "  ") }),
		"quote":    one(func(s string) string { return eachLine(s, "> ") }),
		"lines":    apart(textLines),
		"columns":  apart(func(s string) []string { return strings.Split(s, "\t") }),
		"column": func(n int, line string) (string, error) {
			return w.text(func() string { return textColumn(n, line) }, line)
		},
		"mailto": func(address, subject, body string) (string, error) {
			return w.text(func() string { return mailtoLink(address, subject, body) }, address, subject, body)
		},
		"plural": func(n, one, many string) (string, error) {
			return w.text(func() string { return plural(language, n, one, many) }, n, one, many)
		},
		"printf": func(format string, texts ...string) (string, error) {
			all := make([]any, len(texts))
			for i, t := range texts {
				all[i] = t
			}
			return w.text(func() string { return fmt.Sprintf(format, all...) }, append(texts, format)...)
		},
		stepFunc: w.step,
	}
}

// textLines are the lines of a text; none of an empty one.
func textLines(s string) []string {
	if s = strings.TrimRight(s, "\n"); s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

// textColumn is what stands behind so many tabs.
func textColumn(n int, line string) string {
	all := strings.Split(line, "\t")
	if n < 0 || n >= len(all) {
		return ""
	}
	return all[n]
}

// eachLine puts a prefix before every line that is not empty.
func eachLine(s, prefix string) string {
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(prefix+l, " ")
	}
	return strings.Join(lines, "\n")
}

// mailtoLink writes a mailto URL with percent-encoding, also of spaces: a plus sign stands for itself there (RFC 6068 §5).
func mailtoLink(address, subject, body string) string {
	escape := func(s string) string {
		return strings.ReplaceAll(url.QueryEscape(strings.ReplaceAll(s, "\n", "\r\n")), "+", "%20")
	}
	link := "mailto:" + strings.ReplaceAll(escape(address), "%40", "@")
	sign := "?"
	if subject != "" {
		link, sign = link+sign+"subject="+escape(subject), "&"
	}
	if body != "" {
		link += sign + "body=" + escape(body)
	}
	return link
}

func plural(language, n, one, many string) string {
	base, _, _ := strings.Cut(language, "-")
	if n == "1" || n == "0" && base == "fr" {
		many = one
	}
	return n + " " + many
}

// calendar is how a language writes a date.
type calendar struct {
	days   [7]string // from Sunday
	months [12]string
	write  func(day, month string, t time.Time) string
}

var calendars = map[string]calendar{
	"fr": {
		[7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
		[12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
		func(day, month string, t time.Time) string {
			number := strconv.Itoa(t.Day())
			if t.Day() == 1 {
				number = "1er"
			}
			return fmt.Sprintf("%s %s %s %d", day, number, month, t.Year())
		},
	},
	"es": {
		[7]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
		[12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
		func(day, month string, t time.Time) string {
			return fmt.Sprintf("%s %d de %s de %d", day, t.Day(), month, t.Year())
		},
	},
}

// dateIn writes a time of RFC 3339 in its own offset. Languages whose calendar is not here get figures.
func dateIn(language, s string, clock bool) string {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return s
	}
	base, _, _ := strings.Cut(language, "-")
	text := t.Format(time.DateOnly)
	if c, ok := calendars[base]; ok {
		text = c.write(c.days[t.Weekday()], c.months[t.Month()-1], t)
	} else if base == "en" {
		text = t.Format("Monday, 2 January 2006")
	}
	if clock {
		text += t.Format(", 15:04 (") + offsetName(t) + ")"
	}
	return text
}

// offsetName is an offset as people write it: UTC, UTC+3, UTC-3:30.
func offsetName(t time.Time) string {
	_, seconds := t.Zone()
	if seconds == 0 {
		return "UTC"
	}
	sign, minutes := "+", seconds/60
	if minutes < 0 {
		sign, minutes = "-", -minutes
	}
	name := "UTC" + sign + strconv.Itoa(minutes/60)
	if minutes%60 != 0 {
		name += fmt.Sprintf(":%02d", minutes%60)
	}
	return name
}
