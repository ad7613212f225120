package event

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-ical"
)

// Bounds on what is read of an event.
const (
	maxGuests  = 200
	maxDates   = 1000 // of the dates taken off, further and changed, each
	maxUID     = 1000 // octets
	maxName    = 400  // characters of a title or of a person's name; octets of the other names
	maxPlace   = 1000
	maxAbout   = 16_000
	maxLength  = 366 * 24 * time.Hour
	maxRevised = 1 << 30
)

// Read reads a calendar object (RFC 5545) as a mail or a file brings it: in UTF-8, with whatever real programs do to one. zone is the list's: in it are
// times in UTC, days, times without a zone, and times in a zone that nobody knows.
//
// An error is of type *Fault, and a sentence for who sent it. Where an object has several events, those that cannot be read are left out, unless none can.
func Read(b []byte, zone *time.Location) (*Object, error) {
	cal, err := decode(b)
	if err != nil {
		return nil, err
	}
	r := &reader{list: zone, zones: map[string]*embeddedZoneOf{}}
	o := &Object{Product: propText(cal.Props, "PRODID", maxName), Name: cmp.Or(propText(cal.Props, "X-WR-CALNAME", maxName), propText(cal.Props, "NAME", maxName))}
	if name := propText(cal.Props, "X-WR-TIMEZONE", maxName); name != "" {
		if known, err := Zone(name); err == nil {
			o.Zone = known
		}
	}
	if o.Method = Method(strings.ToUpper(propText(cal.Props, "METHOD", maxName))); o.Method != "" {
		if !slices.Contains([]Method{Request, Publish, Cancel, Reply, Counter, Refresh, Add, DeclineCounter}, o.Method) {
			return nil, fault(BadMethod, string(o.Method))
		}
	}
	r.method = o.Method
	groups := r.group(cal.Children)
	if len(groups) == 0 {
		return nil, fault(NoEvent, "")
	}
	for _, g := range groups {
		item, f := r.item(g)
		if f != nil {
			o.Faults = append(o.Faults, f)
			continue
		}
		o.Items = append(o.Items, *item)
	}
	if len(o.Items) == 0 {
		return nil, o.Faults[0]
	}
	return o, nil
}

// reader reads the events of one calendar object.
type reader struct {
	list   *time.Location
	home   *time.Location // what a time is in whose zone nobody knows
	method Method
	zones  map[string]*embeddedZoneOf // by TZID
	doubts []Doubt                    // of the event that is read
}

// embeddedZoneOf is a zone that the object brings, and what was found out of it.
type embeddedZoneOf struct {
	embedded
	found    *time.Location // the last that it was; nil: none
	searches int            // how often all zones were looked at

	dates [2][]difference // those of the event, and of the series, that was asked about last
}

// of are the zone's differences for an event that starts at main; the dates of one event are asked about one after the other.
func (z *embeddedZoneOf) of(main time.Time, series bool) []difference {
	i := 0
	if series {
		i = 1
	}
	if len(z.dates[i]) == 0 || !z.dates[i][0].wall.Equal(main) {
		z.dates[i] = z.samples(main, series)
	}
	return z.dates[i]
}

// maxSearches is how often all zones of the world are looked at for one of an object.
const maxSearches = 5

// group takes the zones, and puts together the events that are one: with the same UID, the one without RECURRENCE-ID first.
func (r *reader) group(all []*ical.Component) [][]*ical.Component {
	var groups [][]*ical.Component
	at := map[string]int{}
	for _, c := range all {
		switch c.Name {
		case "VTIMEZONE":
			if z, ok := embeddedZone(c); ok && r.zones[z.name] == nil {
				r.zones[z.name] = &embeddedZoneOf{embedded: z}
			}
		case "VEVENT":
			uid := propText(c.Props, "UID", maxUID)
			i, ok := at[uid]
			if !ok || uid == "" {
				i = len(groups)
				at[uid] = i
				groups = append(groups, nil)
			}
			groups[i] = append(groups[i], c)
		}
	}
	for _, g := range groups {
		slices.SortStableFunc(g, func(a, b *ical.Component) int {
			return len(a.Props.Values("RECURRENCE-ID")) - len(b.Props.Values("RECURRENCE-ID"))
		})
	}
	return groups
}

// item reads one event with its changed dates.
func (r *reader) item(parts []*ical.Component) (*Item, *Fault) {
	r.doubts, r.home = nil, r.list
	parts = newest(parts)
	main := parts[0]
	e, f := r.event(main.Props)
	if f != nil {
		return nil, f
	}
	if !e.Start.IsZero() {
		r.home = e.Start.Location()
	}
	i := &Item{Event: e, Partial: main.Props.Get("RECURRENCE-ID") != nil, Comment: propText(main.Props, "COMMENT", maxAbout)}
	i.Stamp = stamp(main.Props)
	people(i, main.Props)
	for _, c := range parts {
		if r.method == Reply {
			i.replies = append(i.replies, r.reply(c, e.UID, e.Start))
		}
		p := c.Props.Get("RECURRENCE-ID")
		if p == nil {
			continue
		}
		if len(e.Changed) == maxDates {
			return nil, fault(TooMuch, "RECURRENCE-ID")
		}
		if p.Params.Get("RANGE") != "" {
			r.doubt(WideChange, "")
		}
		of, ok := r.dateOf(p, e)
		if !ok {
			r.doubt(LostDates, "RECURRENCE-ID")
			continue
		}
		x, f := r.instance(c.Props, e, of)
		if f != nil {
			return nil, f
		}
		e.Changed = append(e.Changed, *x)
	}
	if r.method == Cancel && !i.Partial {
		e.Cancelled = true
	}
	i.Doubts = r.doubts
	return i, nil
}

// newest leaves out what another part of the same event replaces: of several with the same RECURRENCE-ID the last in (SEQUENCE, DTSTAMP) stays.
func newest(parts []*ical.Component) []*ical.Component {
	at := map[string]int{}
	var kept []*ical.Component
	for _, c := range parts {
		key := ""
		if p := c.Props.Get("RECURRENCE-ID"); p != nil {
			key = p.Params.Get("TZID") + ":" + p.Value
		}
		i, again := at[key]
		switch {
		case !again:
			at[key] = len(kept)
			kept = append(kept, c)
		case sequence(c.Props) > sequence(kept[i].Props) ||
			sequence(c.Props) == sequence(kept[i].Props) && propText(c.Props, "DTSTAMP", maxName) >= propText(kept[i].Props, "DTSTAMP", maxName):
			kept[i] = c
		}
	}
	return kept
}

func sequence(props ical.Props) int {
	n, err := strconv.Atoi(propText(props, "SEQUENCE", maxName))
	if err != nil {
		return 0
	}
	return min(max(n, 0), maxRevised)
}

// stamp is when something was written; it always is in UTC (RFC 5545 §3.8.7.2).
func stamp(props ical.Props) time.Time {
	if p := props.Get("DTSTAMP"); p != nil {
		if m, err := readMoment(p.Value); err == nil {
			return m.wall
		}
	}
	return time.Time{}
}

func (r *reader) doubt(kind DoubtKind, text string) {
	d := Doubt{kind, shown(text)}
	if !slices.Contains(r.doubts, d) {
		r.doubts = append(r.doubts, d)
	}
}
