package event

import (
	"bytes"
	"cmp"
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

// Entry is the event as an entry of a calendar file that has others, from the organiser that its invitations have.
func (e *Event) Entry(languages ...string) Entry {
	return Entry{UID: e.Key(), Start: e.Start, End: e.End(), Summary: e.Title.In(languages...), Description: e.description(e.About, languages), Where: e.Where,
		Cancelled: e.Cancelled, Revision: e.Sequence, Organiser: Person{Address: cmp.Or(e.From, offering(e).Address)}}
}

// WriteCalendar writes a calendar file (RFC 5545) that publishes these entries (METHOD:PUBLISH, RFC 5546 §3.2.1). Times are in UTC, which needs no definition of a
// zone and is the same moment for everybody; programs show it on their reader's clock. Lines are folded at 75 octets, between characters.
func WriteCalendar(now time.Time, entries []Entry) []byte {
	w := &calendarWriter{}
	w.open(Publish)
	for _, e := range entries {
		w.entry(now, e)
	}
	return w.close()
}

// open begins a calendar object.
func (w *calendarWriter) open(m Method) {
	w.line("BEGIN", "", "VCALENDAR")
	w.line("VERSION", "", "2.0")
	w.line("PRODID", "", "-//convene//convene//EN")
	w.line("METHOD", "", string(m))
}

func (w *calendarWriter) close() []byte {
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
	w.person("ORGANIZER", "", e.Organiser)
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

// person writes somebody, with these parameters before the name; one without an address is left out.
func (w *calendarWriter) person(property, params string, p Person) {
	if p.Address == "" {
		return
	}
	if name := paramEscapes.Replace(quotable(p.Name)); name != "" {
		params += `;CN="` + name + `"`
	}
	w.line(property, params, mailto(p.Address))
}

// paramEscapes is what a parameter has for what it cannot have (RFC 6868 §3.1).
var paramEscapes = strings.NewReplacer("^", "^^", "\n", "^n", `"`, "^'")

// mailto is an address as a URI (RFC 6068 §2), of plain ASCII.
func mailto(address string) string {
	var b strings.Builder
	for _, c := range []byte(address) {
		if c <= ' ' || c > '~' || strings.IndexByte(`%?#"/\<>[]^`+"`{|}&;", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return "mailto:" + b.String()
}

func plainASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

// quotable is a text without control characters, which neither a parameter (RFC 5545 §3.2) nor a sentence can have.
func quotable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

var textEscapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`, "\r", `\n`, "\t", " ")

// text writes a value of type TEXT, escaped (RFC 5545 §3.3.11); an empty one is left out. Control characters but line breaks have no place in it.
func (w *calendarWriter) text(name, value string) {
	value = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(value, "\ufffd"), "\r\n", "\n"))
	if value == "" {
		return
	}
	value = textEscapes.Replace(value)
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
