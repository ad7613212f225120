package event

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"
)

// Bounds on what is read of an event.
const (
	maxGuests  = 200
	maxDates   = 1000 // of the dates taken off, further and changed, each
	maxUID     = 1000 // octets
	maxName    = 400
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
	o := &Object{Product: r.text(cal.Props, "PRODID", maxName), Name: cmp.Or(r.text(cal.Props, "X-WR-CALNAME", maxName), r.text(cal.Props, "NAME", maxName))}
	if o.Method = Method(strings.ToUpper(r.text(cal.Props, "METHOD", maxName))); o.Method != "" {
		if !slices.Contains([]Method{Request, Publish, Cancel, Reply, Counter, Refresh, Add, DeclineCounter}, o.Method) {
			return nil, fault(BadMethod, string(o.Method))
		}
	}
	r.method = o.Method
	groups := r.group(cal.Children)
	if len(groups) == 0 {
		return nil, fault(NoEvent, "")
	}
	var first *Fault
	for _, g := range groups {
		item, f := r.item(g)
		if f != nil {
			first = cmp.Or(first, f)
			continue
		}
		o.Items = append(o.Items, *item)
	}
	if len(o.Items) == 0 {
		return nil, first
	}
	return o, nil
}

// reader reads the events of one calendar object.
type reader struct {
	list   *time.Location
	method Method
	zones  map[string]*embeddedZoneOf // by TZID
	doubts []Doubt                    // of the event that is read
}

// embeddedZoneOf is a zone that the object brings, and what was found out of it.
type embeddedZoneOf struct {
	embedded
	found    *time.Location // the last that it was; nil: not looked for yet
	searched bool           // all zones were looked at, and none is like it
}

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
			uid := r.text(c.Props, "UID", maxUID)
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
	r.doubts = nil
	parts = newest(parts, r)
	main := parts[0]
	e, f := r.event(main.Props)
	if f != nil {
		return nil, f
	}
	i := &Item{Event: e, Partial: main.Props.Get("RECURRENCE-ID") != nil, Comment: r.text(main.Props, "COMMENT", maxAbout)}
	i.Stamp = r.stamp(main.Props)
	r.people(i, main.Props)
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
func newest(parts []*ical.Component, r *reader) []*ical.Component {
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
		case r.sequence(c.Props) > r.sequence(kept[i].Props) ||
			r.sequence(c.Props) == r.sequence(kept[i].Props) && r.text(c.Props, "DTSTAMP", maxName) >= r.text(kept[i].Props, "DTSTAMP", maxName):
			kept[i] = c
		}
	}
	return kept
}

func (r *reader) sequence(props ical.Props) int {
	n, err := strconv.Atoi(r.text(props, "SEQUENCE", maxName))
	if err != nil {
		return 0
	}
	return min(max(n, 0), maxRevised)
}

// stamp is when something was written; it always is in UTC (RFC 5545 §3.8.7.2).
func (r *reader) stamp(props ical.Props) time.Time {
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

// people reads the organiser and the guests.
func (r *reader) people(i *Item, props ical.Props) {
	if p := props.Get("ORGANIZER"); p != nil {
		i.Event.Organiser = person(p)
		i.SentBy = address(p.Params.Get("SENT-BY"))
	}
	for _, p := range props.Values("ATTENDEE") {
		if i.GuestCount++; len(i.Guests) == maxGuests {
			continue
		}
		g := Guest{Person: person(&p), Status: PartStat(strings.ToUpper(p.Params.Get("PARTSTAT"))), SentBy: address(p.Params.Get("SENT-BY")),
			Role: strings.ToUpper(p.Params.Get("ROLE")), RSVP: strings.EqualFold(p.Params.Get("RSVP"), "TRUE")}
		g.Status = cmp.Or(g.Status, NeedsAction)
		i.Guests = append(i.Guests, g)
	}
}

// person reads a calendar user (RFC 5545 §3.3.3): mostly mailto:, at times with the name in quotes of its own, or with the address in EMAIL (RFC 7986 §6.2).
func person(p *ical.Prop) Person {
	x := Person{Name: cutText(strings.Trim(strings.TrimSpace(paramText(p.Params.Get("CN"))), `"'`), maxName), Address: address(p.Value)}
	if x.Address == "" {
		x.Address = address(p.Params.Get("EMAIL"))
	}
	if strings.EqualFold(x.Name, x.Address) {
		x.Name = ""
	}
	return x
}

// address is the address in a mailto: URI, or one that stands without it; empty: there is none.
func address(uri string) string {
	uri = strings.TrimSpace(uri)
	if i := strings.LastIndex(strings.ToLower(uri), "mailto:"); i >= 0 {
		uri = uri[i+len("mailto:"):]
	}
	uri, _, _ = strings.Cut(uri, "?")
	if plain, err := url.PathUnescape(uri); err == nil {
		uri = plain
	}
	uri = strings.Trim(uri, " <>'")
	if at := strings.LastIndex(uri, "@"); at <= 0 || at == len(uri)-1 || len(uri) > 320 || !utf8.ValidString(uri) || strings.ContainsFunc(uri, func(c rune) bool { return c <= ' ' || c == 0x7f || c == ',' || c == ';' }) {
		return ""
	}
	return uri
}
