package event

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Bounds on what lines may say, in characters.
const (
	maxTitle     = 200
	maxValue     = 1000
	maxAboutText = 8000
	maxFaults    = 20
	usualLength  = time.Hour
)

// lineLabels are the words that lines of a mailed event begin with, in English, French and Spanish, without accents and capitals.
var lineLabels = map[string]string{
	"title": "Title:", "titre": "Title:", "titulo": "Title:",
	"when": "When:", "quand": "When:", "cuando": "When:", "date": "When:", "fecha": "When:",
	"where": "Where:", "ou": "Where:", "donde": "Where:", "lieu": "Where:", "lugar": "Where:",
	"minutes": "Minutes:", "duree": "Minutes:", "duracion": "Minutes:", "duration": "Minutes:", "minutos": "Minutes:",
	"zone": "Zone:", "time zone": "Zone:", "fuseau": "Zone:", "fuseau horaire": "Zone:", "zona": "Zone:", "zona horaria": "Zone:",
	"format": "Format:", "formato": "Format:",
	"repeat": "Repeat:", "repeats": "Repeat:", "repetition": "Repeat:", "repetir": "Repeat:", "repeticion": "Repeat:",
	"places": "Places:", "plazas": "Places:", "seats": "Places:",
	"about": "About:", "a propos": "About:", "description": "About:", "descripcion": "About:", "acerca de": "About:",
	"presenter": "Presenter:", "presenters": "Presenter:", "intervenant": "Presenter:", "intervenante": "Presenter:", "ponente": "Presenter:", "presenta": "Presenter:",
	"register by": "Register by:", "inscription avant": "Register by:", "s'inscrire avant": "Register by:", "inscribirse antes de": "Register by:",
	"inscripcion antes de": "Register by:", "inscripcion hasta": "Register by:",
}

// Faults are all that is the matter with a mailed event, in order of line; those about the whole stand last.
type Faults []*Fault

// Error says them in English, a line each.
func (f Faults) Error() string { return f.In("en") }

// In says them in the first of these languages that there is, a line each.
func (f Faults) In(languages ...string) string {
	lines := make([]string, len(f))
	for i, x := range f {
		lines[i] = x.In(languages...)
	}
	return strings.Join(lines, "\n")
}

// ReadLines makes an event of lines in a mail: "Title: …", "When: 2026-03-17 15:00", which "-16:30" may stand behind, "Where: …", "Minutes: 90", "Zone: Africa/Nairobi",
// "Format: lunch_and_learn", "Repeat: FREQ=WEEKLY", "Places: 20", "About: …", "Presenter: Ann Ng <ann@example.org>", as many as there are, and
// "Register by: 2026-03-16 18:00"; also in French and Spanish. Title and When have to be there; without a length it takes an hour. What stands behind the
// lines is what it is about; what stands before them is talk. text is the sender's own words, without quotations; times are in zone, the list's, unless one is said.
//
// An error is of type Faults, and has all of them; each names its line.
func ReadLines(text string, zone *time.Location, now time.Time) (*Event, error) {
	r := &lineReader{e: &Event{Format: Meeting}, zone: zone, now: now, values: map[string]line{}}
	r.split(text)
	r.read()
	for _, name := range []string{"Title:", "When:"} {
		if l, ok := r.values[name]; !ok {
			r.fault(0, MissingLine, name)
		} else if l.text == "" {
			r.fault(l.n, EmptyLine, name)
		}
	}
	if len(r.faults) > 0 {
		slices.SortStableFunc(r.faults, func(a, b *Fault) int {
			return cmp.Or(cmp.Compare(min(a.Line, 1), min(b.Line, 1))*-1, cmp.Compare(a.Line, b.Line))
		})
		return nil, r.faults
	}
	return r.e, nil
}

// HasLine reports whether a text has a line of an event, such as ReadLines and ReadChange read.
func HasLine(text string) bool {
	for s := range strings.Lines(strings.ToValidUTF8(text, "\ufffd")) {
		if name, _ := lineLabel(strings.TrimSpace(strings.Map(printable, s))); name != "" {
			return true
		}
	}
	return false
}

// line is what stands behind a label.
type line struct {
	n    int
	text string
}

type lineReader struct {
	e          *Event
	zone       *time.Location
	now        time.Time
	values     map[string]line // by label
	presenters []line
	about      []string
	labelled   bool // what it is about has its label
	until      bool // the time of the event says until when it takes
	faults     Faults
}

func (r *lineReader) fault(n int, kind FaultKind, text string) {
	if len(r.faults) < maxFaults {
		r.faults = append(r.faults, &Fault{Kind: kind, Line: n, Text: shown(text)})
	}
}

// lineMark is what stands before an item of a list.
var lineMark = regexp.MustCompile(`^(?:[-*•–]|\(?\d{1,2}[.)])\s+`)

// wrapped is from how many characters on a line may have been broken by a mail program, so that the next belongs to it.
const wrapped = 60

// split finds the lines that say something.
func (r *lineReader) split(text string) {
	begun, last, before := false, "", ""
	for i, s := range strings.Split(strings.ToValidUTF8(text, "\ufffd"), "\n") {
		s = strings.TrimSpace(strings.Map(printable, s))
		if s == "--" {
			break
		}
		name, value := lineLabel(s)
		switch {
		case name == "About:":
			r.about, last = append(r.about, value), ""
			begun, r.labelled = true, true
		case name != "":
			r.take(name, line{i + 1, value})
			begun, last = true, name
		case s != "" && last != "" && r.values[last].text == "":
			r.values[last] = line{i + 1, s} // it stands below its label
		case begun && s != "" && last != "" && utf8.RuneCountInString(before) >= wrapped && (last == "Title:" || last == "Where:"):
			v := r.values[last]
			v.text += " " + s
			r.values[last] = v
		case begun:
			r.about, last = append(r.about, s), ""
		}
		before = s
	}
	about := strings.TrimSpace(strings.Join(r.about, "\n"))
	if utf8.RuneCountInString(about) > maxAboutText {
		r.fault(0, LongLine, about)
	}
	r.e.About = plain(about)
}

func (r *lineReader) take(name string, l line) {
	_, again := r.values[name]
	switch {
	case name == "Presenter:" && l.text != "":
		r.presenters = append(r.presenters, l)
	case again:
		r.fault(l.n, TwiceLine, name)
	default:
		r.values[name] = l
	}
}

// lineLabel reads the label of a line, however it is marked ("*Title:* x", "- Title: x"), and what stands behind it.
func lineLabel(s string) (name, value string) {
	word, value, found := strings.Cut(lineMark.ReplaceAllString(s, ""), ":")
	if !found || len(word) > 40 {
		return "", ""
	}
	name = lineLabels[plainLetters(strings.Join(strings.Fields(strings.Trim(word, "*_ ")), " "))]
	return name, strings.TrimSpace(strings.TrimLeft(value, "*_ "))
}

// accents takes off those of French and Spanish.
var accents = strings.NewReplacer("é", "e", "è", "e", "ê", "e", "à", "a", "á", "a", "â", "a", "í", "i", "î", "i", "ó", "o", "ô", "o", "ú", "u", "ù", "u", "û", "u",
	"ç", "c", "ñ", "n", "’", "'")

func plainLetters(s string) string { return accents.Replace(strings.ToLower(s)) }

// printable leaves out what a mail header or a terminal should not get.
func printable(c rune) rune {
	if c == '\t' || c == '\u00a0' || c == '\u202f' {
		return ' '
	}
	if unicode.IsControl(c) || c == '\ufeff' || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 {
		return -1
	}
	return c
}
