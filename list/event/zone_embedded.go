package event

import (
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-ical"
	"github.com/teambition/rrule-go"
)

// embedded is a time zone that a calendar file brings (RFC 5545 §3.6.5).
type embedded struct {
	name     string // TZID
	location string // what the program calls it otherwise (X-LIC-LOCATION)
	turns    []turn
}

// turn is a change of clocks, which may come again and again.
type turn struct {
	start    time.Time // on the clock before, written in UTC
	from, to int       // seconds before UTC
	rule     *rule
	further  []time.Time // like start
}

// Bounds on a zone: more than the history of any has.
const (
	maxTurns   = 200
	maxRules   = 40 // of them
	maxFurther = 500
)

// embeddedZone reads a zone; ok is false where it has nothing that can be read.
func embeddedZone(c *ical.Component) (z embedded, ok bool) {
	z.name, z.location = propText(c.Props, "TZID", maxName), propText(c.Props, "X-LIC-LOCATION", maxName)
	rules, further := 0, 0
	for _, x := range c.Children {
		start, from, to := x.Props.Get("DTSTART"), x.Props.Get("TZOFFSETFROM"), x.Props.Get("TZOFFSETTO")
		if start == nil || to == nil || len(z.turns) == maxTurns {
			continue
		}
		t := turn{}
		m, err := readMoment(start.Value)
		if t.start = m.wall; err != nil {
			continue
		}
		if t.to, ok = readOffset(to.Value); !ok {
			continue
		}
		t.from = t.to
		if from != nil {
			if t.from, ok = readOffset(from.Value); !ok {
				continue
			}
		}
		if p := x.Props.Get("RRULE"); p != nil && rules < maxRules {
			// Clocks change every year by the same rule, or by dates.
			if r, f := readRule(p.Value); f == nil && r.option.Freq == rrule.YEARLY && r.option.Count == 0 && r.option.Interval <= 1 {
				t.rule = r
				rules++
			}
		}
		for _, p := range x.Props.Values("RDATE") {
			for s := range strings.SplitSeq(p.Value, ",") {
				if m, err := readMoment(s); err == nil && further < maxFurther {
					t.further = append(t.further, m.wall)
					further++
				}
			}
		}
		z.turns = append(z.turns, t)
	}
	return z, len(z.turns) > 0 && z.name != ""
}

// readOffset reads a difference to UTC (RFC 5545 §3.3.14), in seconds.
func readOffset(s string) (int, bool) {
	s = strings.ReplaceAll(strings.TrimSpace(s), ":", "")
	sign := 1
	switch {
	case strings.HasPrefix(s, "-"):
		sign = -1
	case !strings.HasPrefix(s, "+"):
		s = "+" + s // against the standard, and clear
	}
	s = s[1:]
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil || len(s) != 4 && len(s) != 6 {
		return 0, false
	}
	if len(s) == 4 {
		n *= 100
	}
	h, m, sec := int(n)/10000, int(n)/100%100, int(n)%100
	return sign * (h*3600 + m*60 + sec), h < 24 && m < 60 && sec < 60
}

// offset is how far the zone's clocks are before UTC, in seconds, when they show wall: what the last change of clocks until then made of it, or what was before
// the first.
func (z embedded) offset(wall time.Time) int {
	var last, first time.Time
	offset, before := 0, 0
	for _, t := range z.turns {
		if first.IsZero() || t.start.Before(first) {
			first, before = t.start, t.from
		}
		for at := range t.near(wall) {
			if !at.After(wall) && (last.IsZero() || at.After(last)) {
				last, offset = at, t.to
			}
		}
	}
	if last.IsZero() {
		return before
	}
	return offset
}

// near are the times of a change of clocks up to wall, at least the last of them.
func (t turn) near(wall time.Time) iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		for _, at := range append(t.further[:len(t.further):len(t.further)], t.start) {
			if !yield(at) {
				return
			}
		}
		if t.rule == nil || wall.Before(t.start) {
			return
		}
		start, last := t.start, t.rule.until.wall
		if t.rule.until.utc {
			last = last.Add(time.Duration(t.from) * time.Second)
		}
		end := wall
		if !last.IsZero() && last.Before(wall) {
			end = last
		}
		if years := end.Year() - start.Year() - 2; years > 0 {
			start = start.AddDate(years, 0, 0) // every year the same: the old ones are of no interest
		}
		for at := range t.rule.walls(start) {
			if at.After(wall) || !last.IsZero() && at.After(last) || !yield(at) {
				return
			}
		}
	}
}
