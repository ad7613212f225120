package event

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"
)

func sample(t testing.TB) *Event {
	t.Helper()
	loc, err := time.LoadLocation("Africa/Nairobi")
	if err != nil {
		t.Fatal(err)
	}
	return &Event{
		ID: "cafe-1", List: "peers@lists.example.org", Title: Texts{"": "World Café: what we learned", "fr": "Café du monde"},
		Start: time.Date(2026, 3, 17, 15, 0, 0, 0, loc), Length: 90 * time.Minute, Where: "https://meet.example.org/cafe?a=1,2;b",
		Agenda:     []Texts{{"": "10 min welcome"}, {"": `three rounds; "tables", by number` + "\\"}},
		Presenters: []Person{{Name: `Dede "D" Mensah`, Address: "dede@example.org"}},
	}
}

const sampleCalendar = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//convene//convene//EN
METHOD:PUBLISH
BEGIN:VEVENT
UID:cafe-1.peers@lists.example.org
DTSTAMP:20260223T060000Z
DTSTART:20260317T120000Z
DTEND:20260317T133000Z
SEQUENCE:0
SUMMARY:World Café: what we learned
DESCRIPTION:10 min welcome\nthree rounds\; "tables"\, by number\\
LOCATION:https://meet.example.org/cafe?a=1\,2\;b
URL:https://meet.example.org/cafe?a=1,2;b
ORGANIZER:mailto:peers+events@lists.example.org
STATUS:CONFIRMED
TRANSP:OPAQUE
END:VEVENT
END:VCALENDAR
`

var now = time.Date(2026, 2, 23, 6, 0, 0, 0, time.UTC)

func TestCalendar(t *testing.T) {
	e := sample(t)
	if got := string(e.Calendar(now)); got != strings.ReplaceAll(sampleCalendar, "\n", "\r\n") {
		t.Errorf("got\n%s\nwant\n%s", got, sampleCalendar)
	}
	if got := string(e.Calendar(now, "fr")); !strings.Contains(got, "\r\nSUMMARY:Café du monde\r\n") {
		t.Errorf("in French it is\n%s", got)
	}
}

func TestCalendarOfOddEntries(t *testing.T) {
	all := string(WriteCalendar(now, []Entry{
		{UID: "a", Start: now, Summary: "a moment", Free: true, Cancelled: true, Revision: 3, Where: "Room 4, upstairs"},
		{UID: "b", Start: now, Summary: "bad\x00 \xff bytes\tand\r\nlines", Where: "https://exämple.org/ x", Organiser: Person{Name: "Ü^\"n\"", Address: "ü@exämple.org"}},
	}))
	for _, want := range []string{"TRANSP:TRANSPARENT\r\n", "STATUS:CANCELLED\r\n", "SEQUENCE:3\r\n", "LOCATION:Room 4\\, upstairs\r\n", "SUMMARY:bad \ufffd bytes and\\nlines\r\n", "LOCATION:https://exämple.org/ x\r\n",
		"ORGANIZER;CN=\"Ü^^^'n^'\":mailto:%C3%BC@ex%C3%A4mple.org\r\n"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not in\n%s", want, all)
		}
	}
	for _, never := range []string{"DTEND", "URL", "DESCRIPTION"} {
		if strings.Contains(all, never) {
			t.Errorf("%s is in\n%s", never, all)
		}
	}
}

// checkCalendar checks what every calendar file must be, and reads it back.
func checkCalendar(t testing.TB, b []byte) []ical.Event {
	t.Helper()
	if !utf8.Valid(b) || !bytes.HasSuffix(b, []byte("\r\n")) {
		t.Fatalf("not UTF-8 in whole lines: %q", b)
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(string(b), "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
			t.Fatalf("a line of %d octets: %q", len(line), line)
		}
	}
	cal, err := ical.NewDecoder(bytes.NewReader(b)).Decode()
	if err != nil {
		t.Fatalf("%v in\n%s", err, b)
	}
	return cal.Events()
}

func TestCalendarIsReadBack(t *testing.T) {
	e := sample(t)
	e.Title[""] = strings.Repeat("Ünïcödé, and; more\\ ", 20)
	events := checkCalendar(t, e.Calendar(now))
	if len(events) != 1 {
		t.Fatalf("%d events", len(events))
	}
	summary, err := events[0].Props.Text(ical.PropSummary)
	start, err2 := events[0].DateTimeStart(nil)
	if err != nil || err2 != nil || summary != strings.TrimSpace(e.Title[""]) || !start.Equal(e.Start) {
		t.Errorf("read back: %q at %s (%v, %v)", summary, start, err, err2)
	}
}

// Another program's reading of the same file.
func TestCalendarInPython(t *testing.T) {
	got := python(t, []asked{{Text: string(sample(t).Calendar(now))}})[0]
	if len(got.Errors) > 0 || len(got.Events) != 1 {
		t.Fatalf("%+v", got)
	}
	e := got.Events[0]
	const want = "World Café: what we learned|2026-03-17T12:00:00Z|2026-03-17T13:30:00Z|10 min welcome\nthree rounds; \"tables\", by number\\|https://meet.example.org/cafe?a=1,2;b"
	if got := strings.Join([]string{e.Summary, e.Start, e.End, e.Description, e.Location}, "|"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Whatever people write, a calendar program can read the file.
func FuzzCalendar(f *testing.F) {
	f.Add("World Café", "https://meet.example.org/", "Dede", "dede@example.org")
	f.Add("a\r\nEND:VEVENT", "Room; 4", "\"x\":;,", "x\r\ny@z")
	f.Fuzz(func(t *testing.T, summary, where, name, address string) {
		events := checkCalendar(t, WriteCalendar(now, []Entry{{UID: "x@y", Start: now, Summary: summary, Description: summary, Where: where, Organiser: Person{Name: name, Address: address}}}))
		if len(events) != 1 {
			t.Fatalf("%d events", len(events))
		}
	})
}

func TestTexts(t *testing.T) {
	all := Texts{"": "plain", "en": "English", "fr": "français", "pt": "português"}
	for want, x := range map[string]struct {
		t    Texts
		tags []string
	}{
		"français": {all, []string{"de", "fr"}}, "português": {all, []string{"pt-BR"}}, "plain": {all, []string{"de"}}, "English": {Texts{"en": "English", "es": "español"}, []string{"de"}},
		"español": {Texts{"es": "español", "fr": "français"}, nil}, "": {nil, []string{"en"}},
	} {
		if got := x.t.In(x.tags...); got != want {
			t.Errorf("%v in %v is %q, want %q", x.t, x.tags, got, want)
		}
	}
}

// A file that has the event beside others names no person: by the same UID, it has the organiser of the invitations.
func TestEntryIsFromTheList(t *testing.T) {
	e := sample(t)
	e.Organiser = Person{Name: "Ann", Address: "ann@example.org"}
	if got := e.Entry().Organiser; got != (Person{Address: "peers+events@lists.example.org"}) {
		t.Errorf("the entry is from %+v", got)
	}
}
