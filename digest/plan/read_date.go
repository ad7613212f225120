package plan

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// written is a date as people write one, with whatever stands around it.
type written struct {
	day      Date
	from, to int // minutes from midnight; -1: not said
	link     string
	rest     string
}

var (
	isoDate   = regexp.MustCompile(`\b(\d{4})-(\d{1,2})-(\d{1,2})\b`)
	wordDate  = regexp.MustCompile(`(?i)\b(\d{1,2})(?:er|st|nd|rd|th|\.)?\s+(?:de\s+)?(\pL{3,})\.?,?\s+(?:de\s+|del\s+)?(\d{4})\b`)
	monthDate = regexp.MustCompile(`(?i)\b(\pL{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b`)
	hourText  = regexp.MustCompile(`\b(\d{1,2})(?::(\d\d)|[hH](\d\d)?)(?:\s*(?:-|–|to|à|a)\s*(\d{1,2})(?::(\d\d)|[hH](\d\d)?))?(?:\b|$)`)
	halfDay   = regexp.MustCompile(`(?i)\b(1[0-2]|[1-9])(?:[:.](\d\d))?\s*([ap])\.?m\b\.?`)
	joining   = regexp.MustCompile(`(?i)\x00[\s,]*(?:at|à|a|a las|um)?[\s,]*\x01`)
	leading   = regexp.MustCompile(`(?i)\s+(?:on|le|el)\s*\x00`)
	linkText  = regexp.MustCompile(`https?://[^\s<>"]+`)
)

// monthNames are the months in English, French and Spanish, without accents.
var monthNames = [12][]string{
	{"january", "janvier", "enero"}, {"february", "fevrier", "febrero"}, {"march", "mars", "marzo"}, {"april", "avril", "abril"}, {"may", "mai", "mayo"},
	{"june", "juin", "junio"}, {"july", "juillet", "julio"}, {"august", "aout", "agosto"}, {"september", "septembre", "septiembre"},
	{"october", "octobre", "octubre"}, {"november", "novembre", "noviembre"}, {"december", "decembre", "diciembre"},
}

// monthOf is the month that a word means, in full or as far as it is clear; zero: none.
func monthOf(word string) time.Month {
	word = plainLetters(word)
	var found time.Month
	for i, names := range monthNames {
		for _, name := range names {
			if len(word) < 3 || !strings.HasPrefix(name, word) || found == time.Month(i+1) {
				continue
			}
			if found != 0 {
				return 0 // "jui" is two months
			}
			found = time.Month(i + 1)
		}
	}
	return found
}

// find reads the date in a value, and what else stands there: times of day, a link, and the rest. A date in numbers alone is only taken as 2026-03-02, since
// 2/3/2026 is another day for every second reader.
func (r *mailReader) find(l mailLine, s string) (written, bool) {
	w := written{from: -1, to: -1}
	s, w.link = cutOut(s, linkText, func(m []string) string { return m[0] })
	var y, m, d int
	number := func(s string) int { n, _ := strconv.Atoi(s); return n }
	found := false
	for _, form := range []struct {
		text *regexp.Regexp
		read func(p []string) bool
	}{
		{isoDate, func(p []string) bool { y, m, d = number(p[1]), number(p[2]), number(p[3]); return true }},
		{wordDate, func(p []string) bool { y, m, d = number(p[3]), int(monthOf(p[2])), number(p[1]); return m > 0 }},
		{monthDate, func(p []string) bool { y, m, d = number(p[3]), int(monthOf(p[1])), number(p[2]); return m > 0 }},
	} {
		at := form.text.FindStringSubmatchIndex(s)
		if at == nil || !form.read(form.text.FindStringSubmatch(s)) {
			continue
		}
		s, found = s[:at[0]]+" \x00 "+s[at[1]:], true
		break
	}
	w.day = Date{y, time.Month(m), d}
	if !found || w.day.AddDays(0) != w.day || y < 1970 || y > 9999 {
		r.fault(l.n, BadDate, l.value, "")
		return w, false
	}
	s = w.hours(s)
	s, ok := r.weekday(l, s, w.day)
	s = leading.ReplaceAllString(joining.ReplaceAllString(s, " \x00 "), " \x00 ")
	w.rest = strings.Trim(strings.Join(strings.Fields(strings.NewReplacer("\x00", " ", "\x01", " ").Replace(s)), " "), " ,;:.–-")
	return w, ok
}

// hours takes the times of day out of a text.
func (w *written) hours(s string) string {
	if p := halfDay.FindStringSubmatchIndex(s); p != nil {
		m := halfDay.FindStringSubmatch(s)
		if w.from = hourOf(m[1], m[2]); w.from >= 0 {
			w.from %= 12 * 60
			if strings.EqualFold(m[3], "p") {
				w.from += 12 * 60
			}
		}
		return s[:p[0]] + " \x01 " + s[p[1]:]
	}
	p := hourText.FindStringSubmatchIndex(s)
	if p == nil {
		return s
	}
	m := hourText.FindStringSubmatch(s)
	w.from, w.to = hourOf(m[1], m[2]+m[3]), hourOf(m[4], m[5]+m[6])
	return s[:p[0]] + " \x01 " + s[p[1]:]
}

// cutOut takes what a pattern finds out of a text.
func cutOut(s string, text *regexp.Regexp, read func([]string) string) (rest, found string) {
	at := text.FindStringIndex(s)
	if at == nil {
		return s, ""
	}
	return s[:at[0]] + " " + s[at[1]:], read(text.FindStringSubmatch(s))
}

// hourOf is a time of day in minutes from midnight; -1: none.
func hourOf(hour, minute string) int {
	h, err := strconv.Atoi(hour)
	m, _ := strconv.Atoi(minute)
	if err != nil || h > 23 || m > 59 {
		return -1
	}
	return h*60 + m
}

// weekday takes out the weekday that stands before the date, and complains when it is another day's.
func (r *mailReader) weekday(l mailLine, s string, day Date) (string, bool) {
	before, after, _ := strings.Cut(s, "\x00")
	before = strings.TrimRight(before, " ,")
	i := strings.LastIndexByte(before, ' ') + 1
	named, ok := ParseWeekday(strings.TrimSuffix(before[i:], "."))
	if !ok {
		return s, true
	}
	if named != day.Weekday() {
		r.fault(l.n, BadWeekday, l.value, day.Weekday().String())
		return s, false
	}
	return before[:i] + "\x00" + after, true
}
