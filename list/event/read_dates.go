package event

import (
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-ical"
)

// at is when a date is that a property has. For a zone that the object brings, main is the start of the event, and series that it takes place again.
func (r *reader) at(m moment, p *ical.Prop, main time.Time, series bool) time.Time {
	name := strings.TrimSpace(p.Params.Get("TZID"))
	switch {
	case m.utc:
		return m.wall
	case m.day || name == "":
		return atWall(m.wall, r.list)
	}
	return atWall(m.wall, r.zone(name, main, series))
}

// zone is the zone of a TZID. One that the object brings wins over its name (RFC 5545 §3.2.19).
func (r *reader) zone(name string, main time.Time, series bool) *time.Location {
	z := r.zones[name]
	if z == nil {
		zone, err := Zone(name)
		if err != nil {
			r.doubt(UnknownZone, name)
			return r.home
		}
		return zone
	}
	all := z.of(main, series)
	if z.found == nil || !has(z.found, all) {
		z.found = nil
		if z.searches++; z.searches <= maxSearches {
			z.found = z.resolve(all, z.of(main, true), r.list)
		}
	}
	if z.found != nil {
		return z.found
	}
	zone := z.nearly(all)
	if !has(zone, all) {
		r.doubt(GuessedZone, name)
	}
	return zone
}

// further reads the dates that were taken off, and those beside the rule.
func (r *reader) further(e *Event, props ical.Props) *Fault {
	for name, to := range map[string]*[]time.Time{"EXDATE": &e.Except, "RDATE": &e.Extra} {
		for _, p := range props.Values(name) {
			for s := range strings.SplitSeq(p.Value, ",") {
				s, end, period := strings.Cut(s, "/")
				if strings.TrimSpace(s) == "" {
					continue
				}
				one := p
				one.Value = s
				t, ok := r.dateOf(&one, e)
				if !ok {
					r.doubt(LostDates, name)
					continue
				}
				if *to = append(*to, t); len(*to) > maxDates {
					return fault(TooMuch, name)
				}
				if name == "RDATE" && period {
					r.period(e, t, end, &p)
				}
			}
		}
		slices.SortFunc(*to, time.Time.Compare)
		*to = slices.CompactFunc(*to, time.Time.Equal)
	}
	return nil
}

// period takes the end of a further date that has one of its own (RFC 5545 §3.3.9): the date is changed.
func (r *reader) period(e *Event, start time.Time, end string, p *ical.Prop) {
	length, err := readLength(end)
	if err != nil {
		m, err := readMoment(end)
		if err != nil {
			r.doubt(LostDates, "RDATE")
			return
		}
		length = r.at(m, p, wallOf(e.Start), true).Sub(start)
	}
	if length > 0 && length <= maxLength && length != e.Length && len(e.Changed) < maxDates {
		e.Changed = append(e.Changed, Instance{Of: start, Length: length})
	}
}

// dateOf reads a date of a series, on the clock of its event. A day alone is the date of that day.
func (r *reader) dateOf(p *ical.Prop, e *Event) (time.Time, bool) {
	m, err := readMoment(p.Value)
	if err != nil {
		return time.Time{}, false
	}
	if e.Start.IsZero() {
		return r.at(m, p, m.wall, true), true
	}
	wall, zone := wallOf(e.Start), e.Start.Location()
	switch {
	case e.AllDay && m.utc: // of programs that keep days as midnights
		return atWall(midnight(wallOf(m.wall.In(zone))), zone), true
	case e.AllDay:
		return atWall(midnight(m.wall), zone), true
	case m.day:
		return atWall(m.wall.Add(wall.Sub(midnight(wall))), zone), true
	case !m.utc && strings.TrimSpace(p.Params.Get("TZID")) == "":
		return atWall(m.wall, zone), true
	}
	return r.at(m, p, wall, true).In(zone), true
}
