package event

import (
	_ "embed"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// windowsText is what Windows calls time zones, a line each.
//
//go:embed windows.txt
var windowsText string

// fixedZone is what a zone is called that is a difference to UTC and nothing else.
var fixedZone = regexp.MustCompile(`^(?:UTC|GMT)?([+-])(\d\d?):?(\d\d)?$`)

// shownZone is how Exchange shows zones: "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "(GMT-05.00) Eastern Time (US & Canada)".
var shownZone = regexp.MustCompile(`^\((?:UTC|GMT)(?:([+-])(\d\d?)[:.]?(\d\d)?)?\)\s*(.*)$`)

// Zone is the time zone of a name: one of the IANA database, whatever directory stands before it; one of Windows; or a fixed difference to UTC, such as
// UTC+05:30. The name of a zone that an event was read with is one that Zone knows.
func Zone(name string) (*time.Location, error) {
	name = strings.Trim(strings.TrimSpace(name), `"'`)
	if len(name) > 200 {
		return nil, fmt.Errorf("event: no time zone has a name of %d octets", len(name))
	}
	switch strings.ToUpper(name) {
	case "Z", "UTC", "GMT", "ETC/UTC", "ETC/GMT":
		return time.UTC, nil
	}
	if zone := ianaZone(name); zone != nil {
		return zone, nil
	}
	if zone := windowsZone(name); zone != nil {
		return zone, nil
	}
	if m := fixedZone.FindStringSubmatch(strings.ToUpper(name)); m != nil {
		if zone := offsetZone(m[1], m[2], m[3]); zone != nil {
			return zone, nil
		}
	}
	if m := shownZone.FindStringSubmatch(name); m != nil {
		if zone := cityZone(m[4]); zone != nil {
			return zone, nil
		}
		if zone := offsetZone(m[1], m[2], m[3]); zone != nil {
			return zone, nil
		}
	} else if zone := cityZone(name); zone != nil {
		return zone, nil // Exchange 2003: "Kuala Lumpur, Singapore"
	}
	return nil, fmt.Errorf("event: there is no time zone %q", shown(name))
}

// ianaZone looks for a name of the database, also behind what some programs put before it, as in /mozilla.org/20050126_1/Europe/Berlin.
func ianaZone(name string) *time.Location {
	name = strings.Trim(strings.ReplaceAll(name, " ", "_"), "/")
	for range 6 {
		if strings.Contains(name, "/") || name == "EST" || name == "MST" || name == "HST" || name == "CET" || name == "EET" || name == "WET" || name == "MET" || isCountry(name) {
			if zone, err := time.LoadLocation(name); err == nil && zone != time.Local {
				return zone
			}
		}
		_, rest, cut := strings.Cut(name, "/")
		if !cut {
			break
		}
		name = rest
	}
	return nil
}

// isCountry reports whether a name without a slash is one of the old ones that are a country or a city.
func isCountry(name string) bool {
	switch name {
	case "Cuba", "Egypt", "Eire", "GB", "Hongkong", "Iceland", "Iran", "Israel", "Jamaica", "Japan", "Libya", "NZ", "Poland", "Portugal", "PRC", "ROC", "ROK", "Singapore",
		"Turkey", "EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT":
		return true
	}
	return false
}

func windowsZone(name string) *time.Location {
	for line := range strings.SplitSeq(windowsText, "\n") {
		if known, zone, ok := strings.Cut(line, " = "); ok && strings.EqualFold(known, name) {
			return loadZone(zone)
		}
	}
	return nil
}

// loadZone is a zone of our own table.
func loadZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	return zone
}

// offsetZone is a fixed difference to UTC. Its name says it, and can be read again.
func offsetZone(sign, hours, minutes string) *time.Location {
	h, _ := strconv.Atoi(hours)
	m, _ := strconv.Atoi(minutes)
	if h > 14 || m > 59 {
		return nil
	}
	seconds := h*3600 + m*60
	if sign == "-" {
		seconds = -seconds
	}
	return fixed(seconds)
}

// fixed is the zone that is so many seconds before UTC; parts of a minute, which no zone has had for a century, are left out.
func fixed(seconds int) *time.Location {
	minutes := seconds / 60
	if minutes == 0 {
		return time.UTC
	}
	sign := '+'
	if minutes < 0 {
		sign, minutes = '-', -minutes
	}
	return time.FixedZone(fmt.Sprintf("UTC%c%02d:%02d", sign, minutes/60, minutes%60), seconds/60*60)
}

// shownNames are zones that Exchange does not show by a city of the database.
var shownNames = map[string]string{"Eastern_Time_(US_&_Canada)": "America/New_York", "Central_Time_(US_&_Canada)": "America/Chicago",
	"Mountain_Time_(US_&_Canada)": "America/Denver", "Pacific_Time_(US_&_Canada)": "America/Los_Angeles", "New_Delhi": "Asia/Kolkata", "Beijing": "Asia/Shanghai"}

// cityZone is the zone of the first of these cities that the database has one for.
func cityZone(cities string) *time.Location {
	for city := range strings.SplitSeq(cities, ",") {
		city = strings.ReplaceAll(strings.TrimSpace(city), " ", "_")
		if city == "" || strings.Contains(city, "/") {
			continue
		}
		if zone, ok := shownNames[city]; ok {
			return loadZone(zone)
		}
		for _, region := range []string{"Europe", "America", "Asia", "Africa", "Australia", "Pacific", "Atlantic", "Indian"} {
			if zone := loadZone(region + "/" + city); zone != nil {
				return zone
			}
		}
	}
	return nil
}
