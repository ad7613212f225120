package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"convene/digest/plan"
)

// Hours is a range of clock time, in minutes from midnight.
type Hours struct{ From, To int }

// Rate is so many in so long; the zero Rate is no limit.
type Rate struct {
	Count int
	Per   time.Duration
}

// units are the lengths behind the letters of durations and rates.
var units = map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}

var (
	durationText = regexp.MustCompile(`^(\d{1,9})([smhdw])$`)
	rateText     = regexp.MustCompile(`^(\d{1,9})/([smhd])$`)
	sizeText     = regexp.MustCompile(`^(\d{1,12})(KB|MB|GB|KiB|MiB|GiB)$`)
	hoursText    = regexp.MustCompile(`^(\d\d:\d\d)-(\d\d:\d\d)$`)
)

// maxDuration bounds every duration: nothing here waits longer.
const maxDuration = 10 * 365 * 24 * time.Hour

func parseDuration(s string) (time.Duration, error) {
	m := durationText.FindStringSubmatch(s)
	if m == nil {
		return 0, fmt.Errorf("%q is not a duration: one number and one of s, m, h, d, w, such as \"90s\" or \"5d\"", s)
	}
	n, _ := strconv.Atoi(m[1])
	switch {
	case n == 0:
		return 0, fmt.Errorf("%q is no time at all: a duration is more than 0", s)
	case n > int(maxDuration/units[m[2]]):
		return 0, fmt.Errorf("%q is longer than ten years", s)
	}
	return time.Duration(n) * units[m[2]], nil
}

func parseRate(s string) (Rate, error) {
	m := rateText.FindStringSubmatch(s)
	if m == nil {
		return Rate{}, fmt.Errorf("%q is not a rate: a number, a slash and one of s, m, h, d, such as \"200/h\"", s)
	}
	n, _ := strconv.Atoi(m[1])
	if n == 0 {
		return Rate{}, fmt.Errorf("%q would send nothing: a rate is more than 0", s)
	}
	return Rate{n, units[m[2]]}, nil
}

// sizeUnits are the octets behind the letters of a size.
var sizeUnits = map[string]int64{"KB": 1e3, "MB": 1e6, "GB": 1e9, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}

func parseSize(s string) (int64, error) {
	m := sizeText.FindStringSubmatch(s)
	if m == nil {
		return 0, fmt.Errorf("%q is not a size: a number and one of KB, MB, GB, KiB, MiB, GiB, such as \"25MB\"", s)
	}
	n, _ := strconv.ParseInt(m[1], 10, 64)
	switch {
	case n == 0:
		return 0, fmt.Errorf("%q is no size: it must be more than 0", s)
	case n > (1<<50)/sizeUnits[m[2]]:
		return 0, fmt.Errorf("%q is too large", s)
	}
	return n * sizeUnits[m[2]], nil
}

func parseZone(s string) (*time.Location, error) {
	l, err := time.LoadLocation(s)
	if err != nil || s == "" || s == "Local" {
		return nil, fmt.Errorf("%q is not a time zone, such as \"Africa/Nairobi\", \"Europe/Berlin\" or \"UTC\"", s)
	}
	return l, nil
}

// clockMinutes reads HH:MM in minutes from midnight.
func clockMinutes(s string) (int, error) {
	t, err := time.Parse("15:04", s)
	if err != nil {
		return 0, fmt.Errorf("%q is not a time of day, such as \"09:00\"", s)
	}
	return t.Hour()*60 + t.Minute(), nil
}

func parseHours(s string) (Hours, error) {
	m := hoursText.FindStringSubmatch(s)
	if m == nil {
		return Hours{}, fmt.Errorf("%q is not a range of hours, such as \"08:00-18:00\"", s)
	}
	from, err := clockMinutes(m[1])
	if err != nil {
		return Hours{}, err
	}
	to, err := clockMinutes(m[2])
	if m[2] == "24:00" {
		to, err = 24*60, nil
	}
	if err == nil && to <= from {
		err = fmt.Errorf("%q ends before it begins", s)
	}
	return Hours{from, to}, err
}

func parseDate(s string) (string, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", fmt.Errorf("%q is not a date, such as 2026-03-02", s)
	}
	return s, nil
}

// moment is how a date and time is written, without a zone: it is the list's.
const moment = "2006-01-02 15:04"

func parseMoment(s string) (string, error) {
	if _, err := time.Parse(moment, strings.TrimSuffix(s, ":00")); err == nil && strings.Count(s, ":") == 2 {
		return strings.TrimSuffix(s, ":00"), nil
	}
	if _, err := time.Parse(moment, s); err != nil {
		return "", fmt.Errorf("%q is not a date and time of day, such as \"2026-03-17 15:00\" (in the list's own zone)", s)
	}
	return s, nil
}

// checkSend reads the times of a plan: absolute, by day from the start, or by week and weekday.
func checkSend(s string) error {
	_, err := plan.ParseWhen(s)
	return err
}

// checkCron reads a cron line.
func checkCron(s string) error {
	_, err := plan.ParseCron(s)
	return err
}
