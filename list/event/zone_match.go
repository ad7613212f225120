package event

import (
	"strings"
	"time"
)

// difference is a time with the difference to UTC that a zone has then.
type difference struct {
	wall   time.Time
	offset int
}

// samples are the zone's differences at wall and, with series, every month through the year behind it.
func (z embedded) samples(wall time.Time, series bool) []difference {
	all := []difference{{wall, z.offset(wall)}}
	for i := 1; i < 12 && series; i++ {
		w := wall.AddDate(0, i, 0)
		all = append(all, difference{w, z.offset(w)})
	}
	return all
}

// has reports whether a zone has these differences.
func has(zone *time.Location, all []difference) bool { return misses(zone, all) == 0 }

// misses are how many of these differences a zone does not have.
func misses(zone *time.Location, all []difference) int {
	n := 0
	for _, s := range all {
		if _, offset := atWall(s.wall, zone).Zone(); offset != s.offset {
			n++
		}
	}
	return n
}

// resolve is the zone of the world that this one is, for an event with these differences on its dates, and those of the year behind it; nil: there is none. It
// goes by its rules: its name counts where they agree with it. Of zones that agree the list's comes first, then those of Windows.
func (z embedded) resolve(dates, year []difference, list *time.Location) *time.Location {
	for _, name := range []string{z.name, z.location} {
		if zone, err := Zone(name); err == nil && has(zone, dates) {
			return zone
		}
	}
	if has(list, year) {
		return list
	}
	for line := range strings.SplitSeq(windowsText, "\n") {
		_, name, _ := strings.Cut(line, " = ")
		if zone := ianaZone(name); zone != nil && has(zone, year) {
			return zone
		}
	}
	return nil
}

// nearly is what comes nearest to a zone that is none of the world's: that of its name, where only some weeks are otherwise, as with rules that a country has
// changed since they were written; else the fixed difference of the event's date.
func (z embedded) nearly(dates []difference) *time.Location {
	for _, name := range []string{z.name, z.location} {
		if zone, err := Zone(name); err == nil && has(zone, dates[:1]) && misses(zone, dates) <= 2 {
			return zone
		}
	}
	return fixed(dates[0].offset)
}
