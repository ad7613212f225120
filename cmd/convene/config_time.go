package main

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
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
	dayText      = regexp.MustCompile(`^day (-?[1-9]\d{0,3}) (\d\d:\d\d)$`)
	weekText     = regexp.MustCompile(`^week ([1-9]\d?) (MON|TUE|WED|THU|FRI|SAT|SUN) (\d\d:\d\d)$`)
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
	at := ""
	if m := dayText.FindStringSubmatch(s); m != nil {
		at = m[2]
	} else if m := weekText.FindStringSubmatch(s); m != nil {
		at = m[3]
	} else if _, err := parseMoment(s); err == nil {
		return nil
	}
	if _, err := clockMinutes(at); err != nil {
		return fmt.Errorf(`%q is not a time to send at: "2026-02-23 09:00", "day 3 09:00", "day -7 09:00" or "week 1 FRI 11:00"`, s)
	}
	return nil
}

// checkCron reads a cron line and asks for its next time: an impossible one ("0 0 31 2 *") is well formed and never comes.
func checkCron(s string) error {
	if strings.HasPrefix(s, "TZ=") || strings.HasPrefix(s, "CRON_TZ=") {
		return fmt.Errorf("%q names a time zone: cron lines are in the time zone of their list", s)
	}
	schedule, err := parseCron(s)
	if err != nil {
		return fmt.Errorf("%q is not a cron line (minute hour day month weekday): %w", s, err)
	}
	// Leap days come every four years, but for 2100. The day is fixed so that a config does not become wrong by waiting.
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	if next := schedule.Next(from); next.IsZero() || next.Sub(from) > 5*365*24*time.Hour {
		return fmt.Errorf("%q never fires: there is no such day", s)
	}
	return nil
}

// parseCron wraps the cron parser, which panics on some lines (robfig/cron v3.0.1, "TZ=0").
func parseCron(s string) (schedule cron.Schedule, err error) {
	defer func() {
		if recover() != nil {
			schedule, err = nil, errors.New("it cannot be read")
		}
	}()
	parts := strings.Fields(s)
	if len(parts) != 5 {
		return nil, fmt.Errorf("it has %d parts, not 5", len(parts))
	}
	schedule, err = cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow).Parse(s)
	if err != nil && strings.Contains(parts[4], "7") {
		err = errors.New("weekdays are 0 to 6 or SUN to SAT, Sunday is 0 or SUN")
	}
	return schedule, err
}
