package event

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// eventWriter writes events into a calendar object.
type eventWriter struct {
	calendarWriter
	now       time.Time
	method    Method
	organiser func(*Event) Person
	guest     Person // without an address: none
	status    PartStat
	languages []string
}

// Key is what calendar programs know the event by.
func (e *Event) Key() string {
	local, domain, _ := strings.Cut(e.List, "@")
	return cmp.Or(e.UID, fmt.Sprintf("%s.%s@%s", e.ID, local, domain))
}

// isSeries reports whether it takes place more than once.
func (e *Event) isSeries() bool { return e.Rule != "" || len(e.Extra) > 0 || len(e.Changed) > 0 }

// onClock reports whether its times are written on the clock of its zone, which has to be in the object then. A date alone needs none: UTC is the same moment for all.
func (e *Event) onClock() bool {
	return e.isSeries() && !e.AllDay && !e.Floating && e.Start.Location() != time.UTC
}

// zones writes the zones that these events' times are in, each once.
func (w *eventWriter) zones(events []*Event) {
	var names []string
	first := map[string]time.Time{}
	zones := map[string]*time.Location{}
	for _, e := range events {
		if !e.onClock() {
			continue
		}
		name := e.Start.Location().String()
		if zones[name] == nil {
			zones[name], first[name] = e.Start.Location(), e.Start
			names = append(names, name)
		}
		for _, t := range append(e.Extra[:len(e.Extra):len(e.Extra)], e.Start) {
			if t.Before(first[name]) {
				first[name] = t
			}
		}
		for _, c := range e.Changed {
			if !c.Start.IsZero() && c.Start.Before(first[name]) {
				first[name] = c.Start
			}
		}
	}
	for _, name := range names {
		w.zone(zones[name], first[name], w.now)
	}
}

// event writes an event, and the dates of it that are otherwise.
func (w *eventWriter) event(e *Event) {
	w.begin(e)
	w.time("DTSTART", e, e.Start)
	w.end(e, e.date(e.Start, nil))
	w.rule(e)
	w.common(e, e.Title, e.About, e.Where, e.Cancelled || w.method == Cancel)
	if e.Cancelled || w.method == Cancel {
		return
	}
	for i, c := range e.Changed {
		if !c.Cancelled {
			w.date(e, &e.Changed[i])
		}
	}
}

// date writes one date that is otherwise than the event.
func (w *eventWriter) date(e *Event, c *Instance) {
	d := e.date(c.Of, c)
	w.begin(e)
	w.time("RECURRENCE-ID", e, d.Of)
	w.time("DTSTART", e, d.Start)
	w.end(e, d)
	title, about := e.Title, e.About
	if c.Title != nil {
		title = c.Title
	}
	if c.About != nil {
		about = c.About
	}
	w.common(e, title, about, cmp.Or(c.Where, e.Where), c.Cancelled)
}

// description is what the event is about, and what happens when.
func (e *Event) description(about Texts, languages []string) string {
	lines := []string{about.In(languages...)}
	for _, a := range e.Agenda {
		lines = append(lines, a.In(languages...))
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

func (w *eventWriter) begin(e *Event) {
	w.line("BEGIN", "", "VEVENT")
	w.text("UID", e.Key())
	w.line("DTSTAMP", "", w.now.UTC().Format(utc))
}

// time writes a date in the form that the event has them in.
func (w *eventWriter) time(name string, e *Event, t time.Time) {
	params, value := e.written(t)
	w.line(name, params, value)
}

// written is a date as its event has them: a day, a time that is everywhere the same on the clock, one on the clock of its zone, or one in UTC.
func (e *Event) written(t time.Time) (params, value string) {
	local := t.In(e.Start.Location())
	switch {
	case e.AllDay:
		return ";VALUE=DATE", local.Format(dayForm)
	case e.Floating:
		return "", local.Format(clockForm)
	case e.onClock():
		return zoneParam(local.Location()), local.Format(clockForm)
	}
	return "", t.UTC().Format(utc)
}

func zoneParam(zone *time.Location) string {
	if name := zone.String(); strings.ContainsAny(name, ":;,") {
		return `;TZID="` + name + `"`
	}
	return ";TZID=" + zone.String()
}

// end writes until when a date takes. A day ends where the next begins.
func (w *eventWriter) end(e *Event, d Date) {
	switch {
	case e.AllDay:
		w.time("DTEND", e, atWall(wallOf(d.Start.In(e.Start.Location())).Add(max(d.End.Sub(d.Start), 24*time.Hour).Round(24*time.Hour)), e.Start.Location()))
	case d.End.After(d.Start):
		w.time("DTEND", e, d.End)
	}
}

// rule writes by which the event takes place again, and on which dates it does not or does beside it.
func (w *eventWriter) rule(e *Event) {
	if r, f := readRule(e.Rule); e.Rule != "" && f == nil {
		w.line("RRULE", "", r.fit(e).String())
	}
	except := slices.Clone(e.Except)
	for _, c := range e.Changed {
		if c.Cancelled {
			except = append(except, c.Of)
		}
	}
	for _, t := range except {
		w.time("EXDATE", e, t)
	}
	for _, t := range e.Extra {
		w.time("RDATE", e, t)
	}
}

// from writes the organiser of an event, for whom another may act whose address that is by now (RFC 5545 §3.2.18): programs take a change from the organiser that they know.
func (w *eventWriter) from(organiser string, by Person) {
	if organiser == "" || strings.EqualFold(organiser, by.Address) {
		w.person("ORGANIZER", "", by)
		return
	}
	w.person("ORGANIZER", `;SENT-BY="`+mailto(by.Address)+`"`, Person{by.Name, organiser})
}

// common writes what stands in every part of an event.
func (w *eventWriter) common(e *Event, title, about Texts, where string, cancelled bool) {
	w.line("SEQUENCE", "", fmt.Sprint(e.Sequence))
	w.text("SUMMARY", title.In(w.languages...))
	w.text("DESCRIPTION", e.description(about, w.languages))
	w.text("LOCATION", where)
	if isLink(where) {
		w.line("URL", "", where)
	}
	w.from(e.From, w.organiser(e))
	params := ";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT"
	if w.method == Request {
		params += ";PARTSTAT=" + string(cmp.Or(w.status, NeedsAction)) + ";RSVP=TRUE"
	}
	w.person("ATTENDEE", params, w.guest)
	status, transparent := "CONFIRMED", "OPAQUE"
	if cancelled {
		status = "CANCELLED"
	}
	if e.AllDay || cancelled {
		transparent = "TRANSPARENT"
	}
	w.line("STATUS", "", status)
	w.line("TRANSP", "", transparent)
	w.line("END", "", "VEVENT")
}
