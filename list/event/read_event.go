package event

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"
)

// event reads what a VEVENT says of itself, without changed dates.
func (r *reader) event(props ical.Props) (*Event, *Fault) {
	e := &Event{
		Title: plain(cutRunes(oneLine(propText(props, "SUMMARY", maxName*utf8.UTFMax)), maxName)), About: plain(propText(props, "DESCRIPTION", maxAbout)), Where: where(props), Format: Meeting,
		UID: strings.ReplaceAll(propText(props, "UID", maxUID), "\n", " "), Sequence: sequence(props), Cancelled: strings.EqualFold(propText(props, "STATUS", maxName), "CANCELLED"),
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
	if props.Get("RECURRENCE-ID") != nil {
		return e, nil // one date has no dates of its own, whatever some programs repeat there
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
		if rule.both {
			r.doubt(TwoLasts, p.Value)
		}
		if len(props.Values("RRULE")) > 1 || props.Get("EXRULE") != nil {
			r.doubt(LostRule, "")
		}
	}
	if f := r.further(e, props); f != nil {
		return nil, f
	}
	return e, nil
}

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

// onlyProgram reports whether a place says no more than which program is used.
func onlyProgram(place string) bool {
	place = strings.ToLower(place)
	return place == "" || strings.Contains(place, "microsoft teams") || strings.Contains(place, "google meet") || strings.Contains(place, "skype")
}

// where is the place, or the link where a program keeps it elsewhere.
func where(props ical.Props) string {
	place := oneLine(propText(props, "LOCATION", maxPlace))
	if !onlyProgram(place) || isLink(place) {
		return place
	}
	for _, name := range []string{"X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "CONFERENCE", "URL"} {
		if link := propText(props, name, maxPlace); isLink(link) {
			return link
		}
	}
	return place
}
