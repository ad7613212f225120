package event

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Entry is one date in a calendar file.
type Entry struct {
	UID         string    // the same for the same date, whatever is changed of it
	Start, End  time.Time // End may be zero: it is a moment
	Summary     string
	Description string // may have several lines
	Where       string // a link or a place
	Organiser   Person
	Free        bool // it takes nobody's time
	Cancelled   bool
	// Revision counts the changes since it was first sent out.
	Revision int
}

// Calendar is the event as a calendar file (RFC 5545), for people to keep, in the first of these languages that its texts are in. now is when it is made.
func (e *Event) Calendar(now time.Time, languages ...string) []byte {
	return WriteCalendar(now, []Entry{e.Entry(languages...)})
}

// Entry is the event as an entry of a calendar file.
func (e *Event) Entry(languages ...string) Entry {
	var about []string
	for _, a := range e.Agenda {
		about = append(about, a.In(languages...))
	}
	local, domain, _ := strings.Cut(e.List, "@")
	x := Entry{
		UID: fmt.Sprintf("%s.%s@%s", e.ID, local, domain), Start: e.Start, End: e.End(), Summary: e.Title.In(languages...),
		Description: strings.Join(about, "\n"), Where: e.Where,
	}
	if len(e.Presenters) > 0 {
		x.Organiser = e.Presenters[0]
	}
	return x
}

// WriteCalendar writes a calendar file (RFC 5545) that publishes these entries (METHOD:PUBLISH, RFC 5546 §3.2.1). Times are in UTC, which needs no definition of a
// zone and is the same moment for everybody; programs show it on their reader's clock. Lines are folded at 75 octets, between characters.
func WriteCalendar(now time.Time, entries []Entry) []byte {
	w := &calendarWriter{}
	w.line("BEGIN", "", "VCALENDAR")
	w.line("VERSION", "", "2.0")
	w.line("PRODID", "", "-//convene//convene//EN")
	w.line("METHOD", "", "PUBLISH")
	for _, e := range entries {
		w.entry(now, e)
	}
	w.line("END", "", "VCALENDAR")
	return w.Bytes()
}

// utc is how a date with a time is written.
const utc = "20060102T150405Z"

type calendarWriter struct{ bytes.Buffer }

func (w *calendarWriter) entry(now time.Time, e Entry) {
	w.line("BEGIN", "", "VEVENT")
	w.text("UID", e.UID)
	w.line("DTSTAMP", "", now.UTC().Format(utc))
	w.line("DTSTART", "", e.Start.UTC().Format(utc))
	if e.End.After(e.Start) {
		w.line("DTEND", "", e.End.UTC().Format(utc))
	}
	w.line("SEQUENCE", "", fmt.Sprint(e.Revision))
	w.text("SUMMARY", e.Summary)
	w.text("DESCRIPTION", e.Description)
	w.text("LOCATION", e.Where)
	if isLink(e.Where) {
		w.line("URL", "", e.Where)
	}
	if e.Organiser.Address != "" && isMailto(e.Organiser.Address) {
		name := ""
		if e.Organiser.Name != "" {
			name = `;CN="` + quotable(e.Organiser.Name) + `"`
		}
		w.line("ORGANIZER", name, "mailto:"+e.Organiser.Address)
	}
	if e.Free {
		w.line("TRANSP", "", "TRANSPARENT")
	}
	if e.Cancelled {
		w.line("STATUS", "", "CANCELLED")
	}
	w.line("END", "", "VEVENT")
}

// isLink reports whether a place is a link that can stand as it is: a URI has neither spaces nor anything beyond ASCII.
func isLink(s string) bool {
	if !strings.HasPrefix(s, "https://") && !strings.HasPrefix(s, "http://") {
		return false
	}
	return plainASCII(s)
}

// isMailto reports whether an address can stand in a URI as it is.
func isMailto(s string) bool { return plainASCII(s) && !strings.ContainsAny(s, `?%#"`) }

func plainASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

// quotable is a text without what a parameter in quotes cannot have (RFC 5545 §3.2).
func quotable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '"':
			return '\''
		case r < ' ' || r == 0x7f:
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// text writes a value of type TEXT, escaped (RFC 5545 §3.3.11); an empty one is left out. Control characters but line breaks have no place in it.
func (w *calendarWriter) text(name, value string) {
	value = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(value, "\ufffd"), "\r\n", "\n"))
	if value == "" {
		return
	}
	value = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`, "\r", `\n`, "\t", " ").Replace(value)
	w.line(name, "", strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, value))
}

// foldAt is the most octets of a line without its end (RFC 5545 §3.1).
const foldAt = 75

// line writes one content line, folded.
func (w *calendarWriter) line(name, params, value string) {
	s := name + params + ":" + value
	room := foldAt
	for len(s) > room {
		cut := room
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		w.WriteString(s[:cut] + "\r\n ")
		s, room = s[cut:], foldAt-1 // the space counts
	}
	w.WriteString(s + "\r\n")
}
