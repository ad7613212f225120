package event

import (
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-ical"
)

// event reads what a VEVENT says of itself, without changed dates.
func (r *reader) event(props ical.Props) (*Event, *Fault) {
	e := &Event{
		Title: plain(r.text(props, "SUMMARY", maxName)), About: plain(r.text(props, "DESCRIPTION", maxAbout)), Where: r.where(props), Format: Meeting,
		UID: r.text(props, "UID", maxUID), Sequence: r.sequence(props), Cancelled: strings.EqualFold(r.text(props, "STATUS", maxName), "CANCELLED"),
	}
	p := props.Get("DTSTART")
	if p == nil {
		// Who takes back, asks or answers need not say when it was (RFC 5546 §3.2).
		if slices.Contains([]Method{Cancel, Reply, Refresh, DeclineCounter}, r.method) {
			return e, nil
		}
		return nil, fault(NoStart, "")
	}
	m, err := readMoment(p.Value)
	if err != nil {
		return nil, fault(BadTime, "DTSTART:"+p.Value)
	}
	series := props.Get("RRULE") != nil || props.Get("RDATE") != nil || props.Get("RECURRENCE-ID") != nil
	e.AllDay = m.day
	e.Floating = !m.day && !m.utc && strings.TrimSpace(p.Params.Get("TZID")) == ""
	e.Start = r.at(m, p, m.wall, series)
	if m.utc && !series {
		e.Start = e.Start.In(r.list)
	}
	if f := r.length(e, m, props); f != nil {
		return nil, f
	}
	if p := props.Get("RRULE"); p != nil && strings.TrimSpace(p.Value) != "" {
		rule, f := readRule(p.Value)
		if f != nil {
			return nil, f
		}
		if !rule.matches(wallOf(e.Start)) {
			return nil, fault(NeverOn, p.Value)
		}
		e.Rule = rule.fit(e).String()
		if len(props.Values("RRULE")) > 1 || props.Get("EXRULE") != nil {
			r.doubt(LostRule, "")
		}
	}
	if f := r.further(e, props); f != nil {
		return nil, f
	}
	return e, nil
}

func plain(s string) Texts {
	if s == "" {
		return nil
	}
	return Texts{"": s}
}

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
			return r.list
		}
		return zone
	}
	switch {
	case z.found != nil && has(z.found, z.samples(main, series)):
	case z.searched:
		z.found = fixed(z.offset(main))
	default:
		z.found = z.resolve(main, series, r.list)
		z.searched = isFixed(z.found)
	}
	if series && z.searched && isFixed(z.found) && !has(z.found, z.samples(main, true)) {
		r.doubt(GuessedZone, name)
	}
	return z.found
}

func isFixed(zone *time.Location) bool { return fixedZone.MatchString(zone.String()) }

// length finds out how long the event takes, of DTEND or DURATION.
func (r *reader) length(e *Event, m moment, props ical.Props) *Fault {
	var end time.Time
	if p := props.Get("DTEND"); p != nil {
		x, err := readMoment(p.Value)
		if err != nil {
			return fault(BadTime, "DTEND:"+p.Value)
		}
		switch {
		case m.day:
			end = x.wall
		case x.day || !x.utc && p.Params.Get("TZID") == "":
			end = atWall(x.wall, e.Start.Location()) // on the clock of the start
		default:
			end = r.at(x, p, m.wall, false)
		}
		if e.Length = end.Sub(e.Start); m.day {
			e.Length = time.Date(end.Year(), end.Month(), end.Day(), 0, 0, 0, 0, time.UTC).Sub(m.wall)
		}
	} else if p := props.Get("DURATION"); p != nil {
		var err error
		if e.Length, err = readLength(p.Value); err != nil {
			return fault(BadTime, "DURATION:"+p.Value)
		}
	}
	if all := props.Get("X-MICROSOFT-CDO-ALLDAYEVENT"); all != nil && strings.EqualFold(all.Value, "TRUE") && e.Length%(24*time.Hour) == 0 && wallOf(e.Start).Equal(midnight(wallOf(e.Start))) {
		// QUIRK: Outlook 2010 writes whole days from midnight to midnight of its own zone.
		e.AllDay, e.Floating, e.Start = true, false, atWall(wallOf(e.Start), r.list)
	}
	if e.AllDay && e.Length >= 0 {
		e.Length = max(e.Length.Truncate(24*time.Hour), 24*time.Hour)
	}
	switch {
	case e.Length < 0:
		return fault(EndsFirst, "")
	case e.Length > maxLength:
		return fault(TakesLong, "")
	}
	return nil
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
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

// instance reads a changed date: what in it is otherwise than in its event.
func (r *reader) instance(props ical.Props, e *Event, of time.Time) (*Instance, *Fault) {
	x := &Instance{Of: of}
	c, f := r.event(props)
	if f != nil {
		return nil, f
	}
	x.Cancelled = c.Cancelled && !e.Cancelled || r.method == Cancel
	if c.Start.IsZero() {
		return x, nil
	}
	if start := c.Start.In(of.Location()); !start.Equal(of) {
		x.Start = start
	}
	if c.Length != e.Length {
		x.Length = c.Length
	}
	if t := c.Title.In(); t != e.Title.In() {
		x.Title = c.Title
	}
	if t := c.About.In(); t != e.About.In() {
		x.About = c.About
	}
	if c.Where != e.Where {
		x.Where = c.Where
	}
	return x, nil
}

// meeting are the places that say no more than which program is used.
func onlyProgram(place string) bool {
	place = strings.ToLower(place)
	return place == "" || strings.Contains(place, "microsoft teams") || strings.Contains(place, "google meet") || strings.Contains(place, "skype")
}

// where is the place, or the link where a program keeps it elsewhere.
func (r *reader) where(props ical.Props) string {
	place := strings.Join(strings.Fields(r.text(props, "LOCATION", maxPlace)), " ")
	if !onlyProgram(place) || isLink(place) {
		return place
	}
	for _, name := range []string{"X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "CONFERENCE", "URL"} {
		if link := r.text(props, name, maxPlace); isLink(link) {
			return link
		}
	}
	return place
}

// text is a property of type TEXT, without its escapes. QUIRK: some programs do not escape commas and semicolons, so that go-ical would cut at the first.
func (r *reader) text(props ical.Props, name string, most int) string {
	p := props.Get(name)
	if p == nil {
		return ""
	}
	var b strings.Builder
	escaped := false
	for _, c := range p.Value {
		switch {
		case escaped && (c == 'n' || c == 'N'):
			b.WriteByte('\n')
		case escaped && c != '\\' && c != ';' && c != ',' && c != '"' && c != ':':
			b.WriteString(`\` + string(c))
		case !escaped && c == '\\':
			escaped = true
			continue
		case c >= ' ' && c != 0x7f || c == '\t':
			b.WriteRune(c)
		}
		escaped = false
	}
	if escaped {
		b.WriteByte('\\')
	}
	return cutText(strings.TrimSpace(b.String()), most)
}

var paramPlain = strings.NewReplacer("^^", "^", "^n", "\n", "^N", "\n", "^'", `"`)

// paramText is the value of a parameter without the escapes of RFC 6868.
func paramText(s string) string {
	return paramPlain.Replace(s)
}
