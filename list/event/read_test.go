package event

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// berlinRules is the zone of Berlin under another name.
func berlinRules(name string) string {
	return "BEGIN:VTIMEZONE\nTZID:" + name + "\nBEGIN:STANDARD\nDTSTART:16010101T030000\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD\n" +
		"BEGIN:DAYLIGHT\nDTSTART:16010101T020000\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:DAYLIGHT\nEND:VTIMEZONE"
}

func vevent(lines ...string) string {
	return "BEGIN:VEVENT\nUID:a\n" + strings.Join(lines, "\n") + "\nEND:VEVENT"
}

// What programs write, and what is read of it: the start in its zone, how long it takes, and the doubts.
func TestStarts(t *testing.T) {
	nairobi := mustZone(t, "Africa/Nairobi")
	for name, c := range map[string]struct {
		lines []string
		want  string
	}{
		"UTC is shown in the list's zone":      {[]string{vevent("DTSTART:20260317T120000Z", "DTEND:20260317T133000Z")}, "2026-03-17 15:00 Africa/Nairobi 1h30m0s"},
		"a series in UTC stays there":          {[]string{vevent("DTSTART:20260317T120000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY")}, "2026-03-17 12:00 UTC 1h0m0s"},
		"a zone without definition":            {[]string{vevent("DTSTART;TZID=Europe/Berlin:20260317T120000", "DURATION:PT90M")}, "2026-03-17 12:00 Europe/Berlin 1h30m0s"},
		"a zone of Windows":                    {[]string{vevent(`DTSTART;TZID="W. Europe Standard Time":20260317T120000`)}, "2026-03-17 12:00 Europe/Berlin 0s"},
		"a zone behind a path":                 {[]string{vevent("DTSTART;TZID=/freeassociation.sourceforge.net/Tzfile/Europe/Berlin:20260317T120000")}, "2026-03-17 12:00 Europe/Berlin 0s"},
		"a zone as Exchange shows it":          {[]string{vevent(`DTSTART;TZID="(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna":20260717T120000`)}, "2026-07-17 12:00 Europe/Amsterdam 0s"},
		"a zone of Exchange with no city":      {[]string{vevent(`DTSTART;TZID="(GMT-05:00) Somewhere":20260717T120000`)}, "2026-07-17 12:00 UTC-05:00 0s"},
		"a zone that nobody knows":             {[]string{vevent("DTSTART;TZID=Our office:20260317T120000")}, "2026-03-17 12:00 Africa/Nairobi 0s zone(Our office)"},
		"its rules say which zone that is":     {[]string{berlinRules("Our office"), vevent("DTSTART;TZID=Our office:20260317T120000", "RRULE:FREQ=DAILY")}, "2026-03-17 12:00 Europe/Budapest 0s"},
		"rules win over a name":                {[]string{berlinRules("America/New_York"), vevent("DTSTART;TZID=America/New_York:20260317T120000", "RRULE:FREQ=DAILY")}, "2026-03-17 12:00 Europe/Budapest 0s"},
		"a name counts where rules agree":      {[]string{berlinRules("Europe/Paris"), vevent("DTSTART;TZID=Europe/Paris:20260317T120000", "RRULE:FREQ=DAILY")}, "2026-03-17 12:00 Europe/Paris 0s"},
		"a definition behind its use, escaped": {[]string{vevent(`DTSTART;TZID="Here, there":20260717T120000`), berlinRules(`Here\, there`)}, "2026-07-17 12:00 Europe/Budapest 0s"},
		"a zone of one half of the year": {[]string{"BEGIN:VTIMEZONE\nTZID:odd\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0137\nTZOFFSETTO:+0137\nEND:STANDARD\nEND:VTIMEZONE",
			vevent("DTSTART;TZID=odd:20260717T120000", "RRULE:FREQ=DAILY")}, "2026-07-17 12:00 UTC+01:37 0s"},
		"rules of no zone in the world": {[]string{strings.ReplaceAll(berlinRules("odd"), "BYMONTH=10", "BYMONTH=12"), vevent("DTSTART;TZID=odd:20260717T120000", "RRULE:FREQ=DAILY")},
			"2026-07-17 12:00 UTC+02:00 0s fixed(odd)"},
		"rules that were changed since": {[]string{strings.NewReplacer("BYDAY=-1SU;BYMONTH=3", "BYDAY=1SU;BYMONTH=4", "+0100", "-0500", "+0200", "-0400").Replace(berlinRules("US/Eastern")),
			vevent("DTSTART;TZID=US/Eastern:20260101T120000", "RRULE:FREQ=DAILY")}, "2026-01-01 12:00 US/Eastern 0s fixed(US/Eastern)"},
		"floating":                            {[]string{vevent("DTSTART:20260317T120000", "DTEND:20260317T130000")}, "2026-03-17 12:00 Africa/Nairobi 1h0m0s floating"},
		"a day":                               {[]string{vevent("DTSTART;VALUE=DATE:20260317")}, "2026-03-17 00:00 Africa/Nairobi 24h0m0s days"},
		"days, by date or by duration":        {[]string{vevent("DTSTART;VALUE=DATE:20260317", "DTEND;VALUE=DATE:20260320")}, "2026-03-17 00:00 Africa/Nairobi 72h0m0s days"},
		"a day that ends as it begins":        {[]string{vevent("DTSTART;VALUE=DATE:20260317", "DTEND;VALUE=DATE:20260317")}, "2026-03-17 00:00 Africa/Nairobi 24h0m0s days"},
		"a day of Outlook":                    {[]string{vevent("DTSTART;TZID=Romance Standard Time:20260317T000000", "DTEND;TZID=Romance Standard Time:20260318T000000", "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE")}, "2026-03-17 00:00 Africa/Nairobi 24h0m0s days"},
		"an end in another zone":              {[]string{vevent("DTSTART;TZID=Europe/Berlin:20260317T120000", "DTEND;TZID=Europe/London:20260317T120000")}, "2026-03-17 12:00 Europe/Berlin 1h0m0s"},
		"hyphens and colons":                  {[]string{vevent("DTSTART:2026-03-17T12:00:00Z")}, "2026-03-17 15:00 Africa/Nairobi 0s"},
		"over a clock change an hour is less": {[]string{vevent("DTSTART;TZID=Europe/Berlin:20260329T010000", "DTEND;TZID=Europe/Berlin:20260329T040000")}, "2026-03-29 01:00 Europe/Berlin 2h0m0s"},
	} {
		t.Run(name, func(t *testing.T) {
			o, err := Read(object(c.lines...), nairobi)
			if err != nil {
				t.Fatal(err)
			}
			e := o.Items[0].Event
			got := fmt.Sprint(e.Start.Format("2006-01-02 15:04 "), e.Start.Location(), " ", e.Length)
			if e.AllDay {
				got += " days"
			}
			if e.Floating {
				got += " floating"
			}
			for _, d := range o.Items[0].Doubts {
				got += fmt.Sprintf(" %s(%s)", d.Kind, d.Text)
			}
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if again, err := Zone(e.Start.Location().String()); err != nil || again.String() != e.Start.Location().String() {
				t.Errorf("its zone is not known by name: %v", err)
			}
		})
	}
}

// An invitation as Outlook writes one, with a BOM, folds within characters, and what nobody reads.
func TestInvitationOfOutlook(t *testing.T) {
	text := "\ufeffBEGIN:VCALENDAR\nPRODID:Microsoft Exchange Server 2010\nVERSION:2.0\nMETHOD:REQUEST\n" + berlinRules("W. Europe Standard Time") + `
BEGIN:VEVENT
ORGANIZER;CN="Müller, Jörg";SENT-BY="MAILTO:sek@example.org":MAILTO:joerg@example.org
ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=peers+even
 ts@lists.example.org:mailto:peers+events@lists.example.org
ATTENDEE;ROLE=OPT-PARTICIPANT;PARTSTAT=ACCEPTED;CN=Bo:mailto:bo@example.org
DESCRIPTION;LANGUAGE=de-DE:Erste Zeile\nzweite\, mit Komma; und Semikolo
 n\n
RRULE:FREQ=WEEKLY;UNTIL=20260526T130000Z;INTERVAL=2;BYDAY=TU;WKST=MO
EXDATE;TZID=W. Europe Standard Time:20260331T150000,20260414T150000
SUMMARY;LANGUAGE=de-DE:Kaffee, Kuchen` + "\xc3\n \xa4" + `
DTSTART;TZID=W. Europe Standard Time:20260317T150000
DTEND;TZID=W. Europe Standard Time:20260317T160000
UID:040000008200E00074C5B7101A82E008
CLASS:PUBLIC
DTSTAMP:20260301T101010Z
SEQUENCE:3
LOCATION;LANGUAGE=de-DE:Microsoft Teams-Besprechung
X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.example.com/l/1
BEGIN:VALARM
TRIGGER:-PT15M
DESCRIPTION:REMINDER
END:VALARM
END:VEVENT
BEGIN:VEVENT
UID:040000008200E00074C5B7101A82E008
RECURRENCE-ID;TZID=W. Europe Standard Time:20260428T150000
SUMMARY:Kaffee\, spät
DTSTART;TZID=W. Europe Standard Time:20260428T170000
DTEND;TZID=W. Europe Standard Time:20260428T180000
DESCRIPTION:Erste Zeile\nzweite\, mit Komma\; und Semikolon
LOCATION:https://teams.example.com/l/1
SEQUENCE:3
END:VEVENT
END:VCALENDAR`
	o, err := Read([]byte(text), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	berlin := mustZone(t, "Europe/Berlin")
	at := func(month time.Month, day, hour int) time.Time {
		return time.Date(2026, month, day, hour, 0, 0, 0, berlin)
	}
	want := &Object{Method: Request, Product: "Microsoft Exchange Server 2010", Items: []Item{{
		Event: &Event{Title: Texts{"": "Kaffee, Kuchenä"}, About: Texts{"": "Erste Zeile\nzweite, mit Komma; und Semikolon"}, Where: "https://teams.example.com/l/1", Format: Meeting,
			Start: at(3, 17, 15), Length: time.Hour, UID: "040000008200E00074C5B7101A82E008", Sequence: 3, Organiser: Person{"Müller, Jörg", "joerg@example.org"},
			Rule: "FREQ=WEEKLY;INTERVAL=2;UNTIL=20260526T130000Z;BYDAY=TU", Except: []time.Time{at(3, 31, 15), at(4, 14, 15)},
			Changed: []Instance{{Of: at(4, 28, 15), Start: at(4, 28, 17), Title: Texts{"": "Kaffee, spät"}}}},
		Stamp: time.Date(2026, 3, 1, 10, 10, 10, 0, time.UTC), SentBy: "sek@example.org", GuestCount: 2, Guests: []Guest{
			{Person: Person{"", "peers+events@lists.example.org"}, Status: NeedsAction, Role: "REQ-PARTICIPANT", RSVP: true},
			{Person: Person{"Bo", "bo@example.org"}, Status: Accepted, Role: "OPT-PARTICIPANT"}},
	}}}
	if d := cmp.Diff(want, o, byZone, cmp.AllowUnexported(Item{}, reply{})); d != "" {
		t.Error(d)
	}
}

// A calendar of the telephones of 2000 (vCalendar 1.0).
func TestOldTelephone(t *testing.T) {
	o, err := Read([]byte("BEGIN:VCALENDAR\r\nVERSION:1.0\r\nBEGIN:VEVENT\r\nDTSTART:20260317T150000Z\r\nSUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:Caf=C3=A9 du =\r\nmonde=0D=0Aet: plus\r\n"+
		"END:VEVENT\r\nEND:VCALENDAR"), time.UTC)
	if err != nil || o.Items[0].Event.Title[""] != "Café du monde et: plus" {
		t.Errorf("%+v, %v", o, err)
	}
}

// What cannot be taken is said in a sentence.
func TestReadFaults(t *testing.T) {
	many := func(n int, s string) string { return strings.Repeat(s+"\n", n) }
	for name, c := range map[string]struct {
		text string
		want string
	}{
		"nothing":          {"", "this is not a calendar file (it does not begin with BEGIN:VCALENDAR)"},
		"a mail":           {"Hello,\n\nI come.", "this is not a calendar file (it does not begin with BEGIN:VCALENDAR)"},
		"a task":           {"BEGIN:VCALENDAR\nBEGIN:VTODO\nUID:a\nDTSTART:20260317T120000Z\nEND:VTODO\nEND:VCALENDAR", "there is no event in the calendar file (no VEVENT)"},
		"no start":         {string(object("METHOD:REQUEST", vevent("SUMMARY:x"))), "the invitation has no start time (DTSTART)"},
		"a start of noon":  {string(object(vevent("DTSTART:noon"))), "DTSTART:noon is not a date that can be read"},
		"an end of noon":   {string(object(vevent("DTSTART:20260317", "DTEND:noon"))), "DTEND:noon is not a date that can be read"},
		"a duration":       {string(object(vevent("DTSTART:20260317", "DURATION:P1Y"))), "DURATION:P1Y is not a date that can be read"},
		"ends first":       {string(object(vevent("DTSTART:20260317T120000Z", "DTEND:20260317T110000Z"))), "the event ends before it starts"},
		"takes long":       {string(object(vevent("DTSTART:20260317T120000Z", "DTEND:99990317T110000Z"))), "the event would take more than a year"},
		"a method":         {string(object("METHOD:PARTY", vevent("DTSTART:20260317"))), `"PARTY" is not something a calendar program asks (METHOD)`},
		"every second":     {string(object(vevent("DTSTART:20260317T120000Z", "RRULE:FREQ=SECONDLY"))), "the event would take place more than once a day (FREQ=SECONDLY)"},
		"never":            {string(object(vevent("DTSTART:20260317T120000Z", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"))), `by the rule "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30" the event never takes place`},
		"a line of 5 MB":   {string(object(vevent("DTSTART:20260317", "SUMMARY:"+strings.Repeat("x", 5_000_000)))), "the invitation is larger than 1048576 octets"},
		"deep":             {"BEGIN:VCALENDAR\n" + many(10_000, "BEGIN:VEVENT"), "the invitation has too much of one thing: BEGIN:VEVENT"},
		"deep and strange": {"BEGIN:VCALENDAR\n" + many(10_000, "BEGIN:X-BOX"), "the invitation has too much of one thing: BEGIN:X-BOX"},
		"many events":      {string(object(many(5000, vevent("DTSTART:20260317")))), "the invitation has too much of one thing: VEVENT"},
		"many dates":       {string(object(vevent("DTSTART:20260317T120000Z", "RRULE:FREQ=DAILY", manyDates(1500)))), "the invitation has too much of one thing: EXDATE"},
	} {
		t.Run(name, func(t *testing.T) {
			o, err := Read([]byte(c.text), time.UTC)
			var f *Fault
			if !errors.As(err, &f) || err.Error() != c.want {
				t.Errorf("got %v, %v\nwant %s", o, err, c.want)
			}
		})
	}
}

func manyDates(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "EXDATE:%s\n", time.Date(2026, 4, i, 12, 0, 0, 0, time.UTC).Format(utc))
	}
	return b.String()
}

// What is too much, and does not matter, is left out.
func TestReadTooMuch(t *testing.T) {
	guests := strings.Repeat("ATTENDEE;PARTSTAT=ACCEPTED:mailto:someone@example.org\n", 10_000)
	o, err := Read(object(vevent("DTSTART:99991231T235900Z", "RRULE:FREQ=DAILY", "SUMMARY:"+strings.Repeat("é", 40_000), guests)), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	i := o.Items[0]
	if i.GuestCount != 10_000 || len(i.Guests) != maxGuests || utf8.RuneCountInString(i.Event.Title[""]) != maxName+1 {
		t.Errorf("%d of %d guests, a title of %d octets", len(i.Guests), i.GuestCount, len(i.Event.Title[""]))
	}
	if dates, more := i.Event.Dates(time.Time{}, time.Time{}, 10); len(dates) != 1 || more {
		t.Errorf("in the last minute of 9999 there are %d dates", len(dates))
	}
	for _, line := range []string{"X", ";", ":", "A;", "A;B", "A;B=", "A;B=\"", "A;B=c", "A;B=c,", "A;B=\"c\"d:e", "A;=:", "DTEND;TZID=Europe/Berlin", "ATTENDEE;CN=\"x:mailto:a@b.c", "\x00", "END:NOTHING", "END:"} {
		if o, err := Read(object("X-A;B", vevent(line, "DTSTART:20260317T120000Z", line)), time.UTC); err != nil || len(o.Items) != 1 {
			t.Errorf("with the line %q: %v", line, err)
		}
	}
}

// A title has as many characters in Japanese as in English.
func TestReadLongTitles(t *testing.T) {
	for _, letter := range []string{"x", "é", "日", "🌍"} {
		for n, want := range map[int]int{200: 200, maxName: maxName, maxName + 1: maxName + 1, 4 * maxName: maxName + 1} {
			title := strings.Repeat(letter, n)
			o, err := Read(object(vevent("DTSTART:20260220T120000Z", "SUMMARY:"+title)), time.UTC)
			if err != nil {
				t.Fatal(err)
			}
			if got := o.Items[0].Event.Title[""]; utf8.RuneCountInString(got) != want || n <= maxName && got != title {
				t.Errorf("of %d times %s there are %d characters, want %d", n, letter, utf8.RuneCountInString(got), want)
			}
		}
	}
}
