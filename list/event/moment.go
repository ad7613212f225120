package event

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// moment is a date of a calendar file as it is written: a day, or a time on the clock of UTC or of a zone that stands elsewhere.
type moment struct {
	wall time.Time // what is written, in UTC whatever clock is meant
	day  bool      // it has no time of day
	utc  bool
}

// How they are written (RFC 5545 §3.3.4 and §3.3.5).
const (
	dayForm   = "20060102"
	clockForm = "20060102T150405"
)

var errMoment = errors.New("event: not a date of a calendar file")

// isoMarks are what ISO 8601 has between numbers, and RFC 5545 has not.
var isoMarks = strings.NewReplacer("-", "", ":", "")

// readMoment reads a date, with the hyphens and colons that some programs write.
func readMoment(s string) (moment, error) {
	s = strings.TrimSpace(s)
	if len(s) > len(clockForm)+6 {
		return moment{}, errMoment
	}
	s = isoMarks.Replace(strings.ToUpper(s))
	m := moment{}
	s, m.utc = strings.CutSuffix(s, "Z")
	form := clockForm
	if m.day = len(s) == len(dayForm); m.day {
		form = dayForm
	}
	var err error
	m.wall, err = time.Parse(form, s)
	if err != nil || m.wall.Year() < 1 || len(s) != len(form) {
		return moment{}, errMoment
	}
	return m, nil
}

func (m moment) String() string {
	switch {
	case m.day:
		return m.wall.Format(dayForm)
	case m.utc:
		return m.wall.Format(utc)
	}
	return m.wall.Format(clockForm)
}

// wallOf is what a clock in the zone of t shows, written in UTC.
func wallOf(t time.Time) time.Time {
	y, mo, d := t.Date()
	h, mi, s := t.Clock()
	return time.Date(y, mo, d, h, mi, s, 0, time.UTC)
}

// atWall is when a clock in zone shows wall. What it shows twice in autumn is the first time; what it skips in spring is as if it had not been put on yet
// (RFC 5545 §3.3.5).
func atWall(wall time.Time, zone *time.Location) time.Time {
	var offsets [2]int
	for i, near := range []time.Duration{-24 * time.Hour, 24 * time.Hour} {
		_, offsets[i] = wall.Add(near).In(zone).Zone()
	}
	for _, offset := range offsets {
		t := wall.Add(-time.Duration(offset) * time.Second).In(zone)
		if _, is := t.Zone(); is == offset {
			return t
		}
	}
	return wall.Add(-time.Duration(offsets[0]) * time.Second).In(zone)
}

// readLength reads a duration (RFC 5545 §3.3.6), which may be negative.
func readLength(s string) (time.Duration, error) {
	bad := fmt.Errorf("event: %q is not a duration", shown(s))
	rest := strings.ToUpper(strings.TrimSpace(s))
	sign := time.Duration(1)
	if t, ok := strings.CutPrefix(rest, "-"); ok {
		rest, sign = t, -1
	}
	rest, ok := strings.CutPrefix(strings.TrimPrefix(rest, "+"), "P")
	if !ok || rest == "" || len(rest) > 40 {
		return 0, bad
	}
	units := map[byte]time.Duration{'W': 7 * 24 * time.Hour, 'D': 24 * time.Hour, 'H': time.Hour, 'M': time.Minute, 'S': time.Second}
	var sum time.Duration
	for rest != "" {
		if rest = strings.TrimPrefix(rest, "T"); rest == "" {
			break // "P1DT" of old programs
		}
		i := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
		if i <= 0 || units[rest[i]] == 0 {
			return 0, bad
		}
		n, err := strconv.Atoi(rest[:i])
		if err != nil || n > 1_000_000_000 || time.Duration(n) > 100*366*24*time.Hour/units[rest[i]] {
			return 0, bad
		}
		sum += time.Duration(n) * units[rest[i]]
		rest = rest[i+1:]
	}
	return sign * sum, nil
}
