package event

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"
)

// change is a change of clocks.
type change struct {
	wall     time.Time // on the clock before, written in UTC
	from, to int       // seconds before UTC
	name     string    // of the time that begins
	summer   bool
}

// kind is what changes have in common that come again.
func (c change) kind() change {
	c.wall = time.Time{}
	return c
}

// How far changes are looked at, in years: in twelve every date has been on every day of the week, so that all dates of a rule by weekdays are seen; and how
// far they are written where they follow no rule.
const (
	yearsSeen   = 12
	yearsListed = 12
)

// stride is how far apart the clock is looked at. Shorter than that no zone has had a time and gone back.
const stride = 5 * 24 * time.Hour

// zone writes the time zone (RFC 5545 §3.6.5) for times from first on: the time that is then, the changes that follow no rule one by one, and the rule that those
// behind them follow. A zone whose changes follow none, such as Morocco's, is good for some years from now, or from first.
func (w *calendarWriter) zone(zone *time.Location, first, now time.Time) {
	w.line("BEGIN", "", "VTIMEZONE")
	w.text("TZID", zone.String())
	until := later(first, now).AddDate(yearsSeen+1, 0, 0)
	all := changes(zone, first, until)
	at := regularFrom(all, until)
	var rules []string
	if at < len(all)-1 {
		rules = []string{yearly(all[at:], all[at]), yearly(all[at:], all[at+1])}
	} else {
		last := later(first, now).AddDate(yearsListed, 0, 0)
		at = len(all)
		for at > 1 && all[at-1].wall.After(last) {
			at--
		}
	}
	var done []change
	for i, c := range all[:at] {
		if !slices.Contains(done, c.kind()) {
			done = append(done, c.kind())
			w.change(c, "", all[i+1:at])
		}
	}
	for i, rule := range rules {
		w.change(all[at+i], rule, nil)
	}
	w.line("END", "", "VTIMEZONE")
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// change writes one, with the rule by which it comes again, or those of the others that are alike.
func (w *calendarWriter) change(c change, rule string, others []change) {
	part := "STANDARD"
	if c.summer {
		part = "DAYLIGHT"
	}
	w.line("BEGIN", "", part)
	w.line("DTSTART", "", c.wall.Format(clockForm))
	if rule != "" {
		w.line("RRULE", "", rule)
	}
	for _, o := range others {
		if o.kind() == c.kind() {
			w.line("RDATE", "", o.wall.Format(clockForm))
		}
	}
	w.line("TZOFFSETFROM", "", offsetText(c.from))
	w.line("TZOFFSETTO", "", offsetText(c.to))
	w.text("TZNAME", c.name)
	w.line("END", "", part)
}

// offsetText is a difference to UTC (RFC 5545 §3.3.14).
func offsetText(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	s := fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
	if seconds%60 != 0 {
		s += fmt.Sprintf("%02d", seconds%60)
	}
	return s
}

// changes are those of a zone from the last until first on, at least one: of a zone whose clocks had not changed for a year it is the beginning of its time.
//
// They are looked for by strides: Time.ZoneBounds (Go 1.26) has bounds at new year behind the last change that a zone's file lists, and stops at one of them.
func changes(zone *time.Location, first, until time.Time) []change {
	var all []change
	known := false
	t := first.In(zone)
	for day := t.AddDate(0, 0, -400); day.Before(until); day = day.Add(stride) {
		next := day.Add(stride)
		if sameClock(day, next) {
			continue
		}
		minutes := sort.Search(int(stride/time.Minute), func(i int) bool { return !sameClock(day, day.Add(time.Duration(i)*time.Minute)) })
		at := day.Truncate(time.Minute).Add(time.Duration(minutes) * time.Minute)
		_, from := at.Add(-time.Minute).Zone()
		name, to := at.Zone()
		c := change{at.Add(time.Duration(from) * time.Second).UTC(), from, to, name, at.IsDST()}
		if !at.After(t) {
			all, known = all[:0], true // only the last of these is of interest
		}
		all = append(all, c)
	}
	if !known {
		name, offset := t.Zone()
		early := time.Date(min(1970, t.Year()-1), 1, 1, 0, 0, 0, 0, time.UTC)
		all = append([]change{{early, offset, offset, name, t.IsDST()}}, all...)
	}
	return all
}

func sameClock(a, b time.Time) bool {
	n, offset := a.Zone()
	m, other := b.Zone()
	return n == m && offset == other && a.IsDST() == b.IsDST()
}

// regularFrom is the first of the changes from which on they are two a year, each by one rule, until until; where there are none such, their number.
func regularFrom(all []change, until time.Time) int {
	if until.Sub(all[len(all)-1].wall) > 300*24*time.Hour {
		return len(all) // they came to an end, as Mexico's
	}
	for i := 0; i+2*yearsSeen-2 <= len(all); i++ {
		if rest := all[i:]; yearly(rest, rest[0]) != "" && yearly(rest, rest[1]) != "" {
			return i
		}
	}
	return len(all)
}

// yearly is the rule by which every second of these changes comes, which are like one of them; empty: there is none.
func yearly(all []change, like change) string {
	year, least, most, last := 0, 31, 1, true
	for i, c := range all {
		if c.kind() != like.kind() {
			if i%2 == 0 && all[0].kind() == like.kind() || i%2 == 1 && all[0].kind() != like.kind() {
				return ""
			}
			continue
		}
		if year != 0 && c.wall.Year() != year+1 || c.wall.Month() != like.wall.Month() || c.wall.Weekday() != like.wall.Weekday() || c.wall.Sub(midnight(c.wall)) != like.wall.Sub(midnight(like.wall)) {
			return ""
		}
		year = c.wall.Year()
		least, most = min(least, c.wall.Day()), max(most, c.wall.Day())
		last = last && c.wall.AddDate(0, 0, 7).Month() != c.wall.Month()
	}
	weekday := strings.ToUpper(like.wall.Weekday().String()[:2])
	rule := fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d", like.wall.Month())
	switch {
	case last:
		return rule + ";BYDAY=-1" + weekday
	case most-least > 6:
		return ""
	case (least-1)/7 == (most-1)/7:
		return rule + fmt.Sprintf(";BYDAY=%d%s", (least-1)/7+1, weekday)
	}
	days := make([]int, 7)
	for i := range days {
		days[i] = least + i
	}
	return rule + ";BYDAY=" + weekday + listed("BYMONTHDAY", days)
}
