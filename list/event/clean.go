package event

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/emersion/go-ical"
)

// Bounds on a calendar file.
const (
	maxObject  = 1 << 20 // octets
	maxLine    = 32_000  // octets of a line that is read, without its folds; more is cut
	maxNesting = 16
	maxParts   = 3000 // components that are read
)

// kept are the properties that are read, by component; nothing else reaches go-ical.
var kept = map[string][]string{
	"VCALENDAR": {"METHOD", "PRODID", "NAME", "X-WR-CALNAME", "X-WR-TIMEZONE"},
	"VEVENT": {"UID", "DTSTAMP", "DTSTART", "DTEND", "DURATION", "SUMMARY", "DESCRIPTION", "LOCATION", "URL", "ORGANIZER", "ATTENDEE", "SEQUENCE", "STATUS", "RRULE", "EXRULE",
		"EXDATE", "RDATE", "RECURRENCE-ID", "COMMENT", "CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "X-MICROSOFT-CDO-ALLDAYEVENT"},
	"VTIMEZONE": {"TZID", "X-LIC-LOCATION"},
	"STANDARD":  {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE"},
	"DAYLIGHT":  {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE"},
}

// belongs says which component a component that is read stands in.
var belongs = map[string]string{"VEVENT": "VCALENDAR", "VTIMEZONE": "VCALENDAR", "STANDARD": "VTIMEZONE", "DAYLIGHT": "VTIMEZONE"}

// cleaner goes through a calendar file once, in linear time, and writes it anew as go-ical can take it: one calendar of lines that end in CRLF and are
// well formed, with the components and properties that are read and no others. go-ical 2025-03-29 panics at a parameter that nothing follows, refuses a whole file
// for one bad line, calls itself once a nesting, and is quadratic in the length of a parameter.
type cleaner struct {
	out       bytes.Buffer
	open      []string // components that are open, outermost first
	skipping  int      // how many of them, from behind, are not read
	parts     int
	calendars int    // that were begun
	asked     bool   // the first has a method
	last      string // the line that is not written yet
}

// decode is a calendar file as go-ical has it.
func decode(b []byte) (*ical.Calendar, error) {
	if len(b) > maxObject {
		return nil, fault(TooLarge, fmt.Sprint(maxObject))
	}
	c := &cleaner{}
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	var line []byte
	for len(b) > 0 {
		end := bytes.IndexAny(b, "\r\n")
		next := b[max(0, end):]
		if end < 0 {
			end, next = len(b), nil
		}
		line = append(line, b[:end]...)
		b = bytes.TrimPrefix(bytes.TrimPrefix(next, []byte("\r")), []byte("\n"))
		if len(b) > 1 && (b[0] == ' ' || b[0] == '\t') && len(line) > 0 {
			b = b[1:] // RFC 5545 §3.1; a fold may be within a character
			continue
		}
		if err := c.line(string(line)); err != nil {
			return nil, err
		}
		line = line[:0]
	}
	if c.calendars == 0 {
		return nil, fault(NoCalendar, "")
	}
	for len(c.open) > 0 {
		c.end(len(c.open) - 1)
	}
	c.write("END:VCALENDAR")
	c.write("")
	cal, err := ical.NewDecoder(&c.out).Decode()
	if err != nil {
		return nil, fault(NoCalendar, "")
	}
	return cal, nil
}

// write writes the line before, and keeps this one, since the next may belong to it.
func (c *cleaner) write(line string) {
	if c.last != "" {
		c.out.WriteString(c.last + "\r\n")
	}
	c.last = line
}

func (c *cleaner) line(s string) error {
	if len(s) > maxLine {
		s = s[:maxLine]
	}
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "")
	name, params, value, ok := cutLine(s)
	switch {
	case strings.HasSuffix(c.last, "=") && isPrintable(c.last) && len(c.last) < maxLine:
		c.last = strings.TrimSuffix(c.last, "=") + s
	case ok && name == "BEGIN":
		return c.begin(strings.ToUpper(strings.TrimSpace(value)))
	case ok && name == "END":
		c.end(lastIndex(c.open, strings.ToUpper(strings.TrimSpace(value))))
	case len(c.open) == 0 || c.skipping > 0:
	case !ok && s != "" && isText(c.last):
		c.last += `\n` + s // somebody took away the fold
	case ok && name == "METHOD" && c.calendars > 1:
	case ok && slices.Contains(kept[c.open[len(c.open)-1]], name):
		c.asked = c.asked || name == "METHOD"
		c.write(name + params + ":" + value)
	}
	return nil
}

func (c *cleaner) begin(name string) error {
	if len(c.open) >= maxNesting {
		return fault(TooMuch, "BEGIN:"+name)
	}
	within := ""
	if len(c.open) > 0 {
		within = c.open[len(c.open)-1]
	}
	c.open = append(c.open, name)
	switch {
	case name == "VCALENDAR" && within == "":
		// A second one in a file is as if it were the same; in a mail that asks something there is one (RFC 6047 §2.4).
		switch c.calendars++; {
		case c.calendars == 1:
			c.write("BEGIN:VCALENDAR")
		case c.asked:
			c.skipping++
		}
	case c.skipping > 0 || belongs[name] == "" || belongs[name] != within:
		c.skipping++
	default:
		if c.parts++; c.parts > maxParts {
			return fault(TooMuch, name)
		}
		c.write("BEGIN:" + name)
	}
	return nil
}

// end closes the components from the at-th on; -1: none.
func (c *cleaner) end(at int) {
	for at >= 0 && len(c.open) > at {
		name := c.open[len(c.open)-1]
		c.open = c.open[:len(c.open)-1]
		switch {
		case c.skipping > 0:
			c.skipping--
		case name != "VCALENDAR":
			c.write("END:" + name)
		}
	}
}

func lastIndex(all []string, name string) int {
	for i := len(all) - 1; i >= 0; i-- {
		if all[i] == name {
			return i
		}
	}
	return -1
}
