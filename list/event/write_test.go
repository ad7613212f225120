package event

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

var rsvp = Person{"Peers", "peers+rsvp-cafe@lists.example.org"}

// weekly is a series over both clock changes of its zone's year.
func weekly(t testing.TB, zone string) *Event {
	loc := mustZone(t, zone)
	at := func(month time.Month, day, hour int) time.Time {
		return time.Date(2026, month, day, hour, 0, 0, 0, loc)
	}
	return &Event{
		ID: "coffee", List: "peers@lists.example.org", Title: Texts{"": "Coffee"}, Start: at(3, 3, 9), Length: time.Hour, Where: "https://meet.example.org/c", Sequence: 4,
		Rule: "FREQ=WEEKLY;UNTIL=20261110T225959Z;BYDAY=TU", Except: []time.Time{at(3, 17, 9)}, Extra: []time.Time{at(3, 19, 9)},
		Changed: []Instance{{Of: at(3, 31, 9), Start: at(4, 1, 10), Length: 2 * time.Hour, Title: Texts{"": "Long coffee"}, Where: "Room 4", About: Texts{"": "With cake;\nmuch"}}},
	}
}

const invitation = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//convene//convene//EN
METHOD:REQUEST
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:STANDARD
DTSTART:20251026T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20260329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:coffee.peers@lists.example.org
DTSTAMP:20260223T060000Z
DTSTART;TZID=Europe/Berlin:20260303T090000
DTEND;TZID=Europe/Berlin:20260303T100000
RRULE:FREQ=WEEKLY;UNTIL=20261110T225959Z;BYDAY=TU
EXDATE;TZID=Europe/Berlin:20260317T090000
RDATE;TZID=Europe/Berlin:20260319T090000
SEQUENCE:4
SUMMARY:Coffee
LOCATION:https://meet.example.org/c
URL:https://meet.example.org/c
ORGANIZER;CN="Peers":mailto:peers+rsvp-cafe@lists.example.org
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=TENTATIVE;RSVP=TRUE;CN="Bob ^'B^'":mailto:bob@example.org
STATUS:CONFIRMED
TRANSP:OPAQUE
END:VEVENT
BEGIN:VEVENT
UID:coffee.peers@lists.example.org
DTSTAMP:20260223T060000Z
RECURRENCE-ID;TZID=Europe/Berlin:20260331T090000
DTSTART;TZID=Europe/Berlin:20260401T100000
DTEND;TZID=Europe/Berlin:20260401T120000
SEQUENCE:4
SUMMARY:Long coffee
DESCRIPTION:With cake\;\nmuch
LOCATION:Room 4
ORGANIZER;CN="Peers":mailto:peers+rsvp-cafe@lists.example.org
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=TENTATIVE;RSVP=TRUE;CN="Bob ^'B^'":mailto:bob@example.org
STATUS:CONFIRMED
TRANSP:OPAQUE
END:VEVENT
END:VCALENDAR
`

func TestInvitationOfASeries(t *testing.T) {
	got := weekly(t, "Europe/Berlin").Invitation(now, rsvp, Person{`Bob "B"`, "bob@example.org"}, Tentative)
	checkCalendar(t, got)
	if d := cmp.Diff(strings.Split(invitation, "\n"), strings.Split(unfold(got), "\n")); d != "" {
		t.Error(d)
	}
}

// unfold is a calendar file as people would read it.
func unfold(b []byte) string {
	return strings.ReplaceAll(strings.ReplaceAll(string(b), "\r\n ", ""), "\r\n", "\n")
}

func BenchmarkInvitations(b *testing.B) {
	invite := weekly(b, "Europe/Berlin").Inviter(now, rsvp)
	for b.Loop() {
		invite(Person{"Bob", "bob@example.org"}, NeedsAction)
	}
}

func BenchmarkZone(b *testing.B) {
	e := weekly(b, "Europe/Berlin")
	for b.Loop() {
		e.Inviter(now, rsvp)
	}
}

func TestFormsOfDates(t *testing.T) {
	paris := mustZone(t, "Europe/Paris")
	start := time.Date(2026, 3, 28, 9, 0, 0, 0, paris)
	for name, c := range map[string]struct {
		e    Event
		want []string
		not  string
	}{
		"once is in UTC":       {Event{Start: start, Length: time.Hour}, []string{"DTSTART:20260328T080000Z", "DTEND:20260328T090000Z"}, "VTIMEZONE"},
		"floating has no zone": {Event{Start: start, Length: time.Hour, Floating: true, Rule: "FREQ=DAILY;UNTIL=20260401"}, []string{"DTSTART:20260328T090000\n", "DTEND:20260328T100000\n", "UNTIL=20260401T235959\n"}, "TZID"},
		"days over a clock change": {Event{Start: time.Date(2026, 3, 28, 0, 0, 0, 0, paris), Length: 48 * time.Hour, AllDay: true, Rule: "FREQ=WEEKLY;UNTIL=20260501T120000Z"},
			[]string{"DTSTART;VALUE=DATE:20260328\n", "DTEND;VALUE=DATE:20260330\n", "UNTIL=20260501\n", "TRANSP:TRANSPARENT\n"}, "TZID"},
		"a series in UTC":              {Event{Start: start.UTC(), Length: time.Hour, Rule: "FREQ=WEEKLY"}, []string{"DTSTART:20260328T080000Z\n"}, "TZID"},
		"a series of a fixed zone":     {Event{Start: start.In(fixed(19800)), Length: time.Hour, Rule: "FREQ=WEEKLY"}, []string{`DTSTART;TZID="UTC+05:30":20260328T133000`, "TZID:UTC+05:30\n", "TZOFFSETTO:+0530\n"}, "DAYLIGHT"},
		"a moment":                     {Event{Start: start}, []string{"DTSTART:20260328T080000Z"}, "DTEND"},
		"cancelled dates are left out": {Event{Start: start.UTC(), Rule: "FREQ=DAILY", Changed: []Instance{{Of: start.UTC().AddDate(0, 0, 1), Cancelled: true}}}, []string{"EXDATE:20260329T080000Z"}, "RECURRENCE-ID"},
	} {
		t.Run(name, func(t *testing.T) {
			b := c.e.Calendar(now)
			checkCalendar(t, b)
			got := unfold(b)
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is not in\n%s", want, got)
				}
			}
			if strings.Contains(got, c.not) {
				t.Errorf("%q is in\n%s", c.not, got)
			}
		})
	}
}

func TestCancellation(t *testing.T) {
	e := weekly(t, "Europe/Berlin")
	guest := Person{"", "bob@exämple.org"}
	whole, err := Read(e.Cancellation(now, rsvp, guest, time.Time{}), time.UTC)
	if err != nil || whole.Method != Cancel || !whole.Items[0].Event.Cancelled || whole.Items[0].Partial || whole.Items[0].Event.UID != e.Key() || whole.Items[0].Event.Sequence != 4 {
		t.Errorf("the whole: %+v, %v", whole, err)
	}
	of := e.Start.AddDate(0, 0, 35)
	one, err := Read(e.Cancellation(now, rsvp, guest, of), time.UTC)
	if err != nil || one.Method != Cancel || len(one.Items) != 1 {
		t.Fatalf("one date: %+v, %v", one, err)
	}
	i := one.Items[0]
	if want := []Instance{{Of: of, Cancelled: true}}; !i.Partial || i.Event.Cancelled != false && !cmp.Equal(i.Event.Changed, want, byZone) {
		t.Errorf("one date: %+v", i.Event)
	}
	if want := []Guest{{Person: guest, Status: NeedsAction, Role: "REQ-PARTICIPANT"}}; !cmp.Equal(i.Guests, want) {
		t.Errorf("guests %+v", i.Guests)
	}
}

func TestFeed(t *testing.T) {
	cancelled := weekly(t, "Europe/Berlin")
	cancelled.ID, cancelled.Cancelled = "off", true
	b := WriteFeed(now, "Peers; events", 6*time.Hour, []*Event{weekly(t, "Africa/Nairobi"), weekly(t, "Europe/Berlin"), cancelled})
	checkCalendar(t, b)
	got := unfold(b)
	for want, n := range map[string]int{"X-WR-CALNAME:Peers\\; events\n": 1, "REFRESH-INTERVAL;VALUE=DURATION:PT360M\n": 1, "BEGIN:VTIMEZONE\n": 2, "TZID:Europe/Berlin\n": 1, "STATUS:CANCELLED\n": 1, "ATTENDEE": 0, "BEGIN:VEVENT\n": 5} {
		if strings.Count(got, want) != n {
			t.Errorf("%q is %d times in\n%s", want, strings.Count(got, want), got)
		}
	}
}

// What is written of an event is what is read of it, whatever the event.
func TestRoundTrip(t *testing.T) {
	zones := []*time.Location{time.UTC, fixed(-12600)}
	for _, name := range []string{"Europe/Berlin", "America/New_York", "Africa/Casablanca", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Jerusalem", "America/Santiago", "Asia/Kathmandu"} {
		zones = append(zones, mustZone(t, name))
	}
	rapid.Check(t, func(t *rapid.T) { checkRoundTrip(t, drawEvent(t, zones)) })
}

func drawEvent(t *rapid.T, zones []*time.Location) *Event {
	zone := rapid.SampledFrom(zones).Draw(t, "zone")
	text := func(name string) string {
		return strings.TrimSpace(rapid.StringMatching(`[ -~éñ漢\n;,\\]{0,120}`).Draw(t, name))
	}
	one := func(name string) string { return strings.Join(strings.Fields(text(name)), " ") }
	e := &Event{UID: rapid.StringMatching(`[a-z0-9]{1,90}@x`).Draw(t, "uid"), List: "a@x.org", Title: plain(one("title")), About: plain(text("about")), Where: one("where"), Format: Meeting,
		Organiser: Person{Address: "a@x.org"}, Sequence: rapid.IntRange(0, 9).Draw(t, "sequence"), Floating: rapid.Bool().Draw(t, "floating")}
	wall := time.Date(2026, 1, rapid.IntRange(1, 400).Draw(t, "day"), rapid.IntRange(3, 23).Draw(t, "hour"), rapid.IntRange(0, 59).Draw(t, "minute"), 0, 0, time.UTC)
	e.Length = time.Duration(rapid.IntRange(1, 3000).Draw(t, "length")) * time.Minute
	if e.AllDay = !e.Floating && rapid.Bool().Draw(t, "days"); e.AllDay {
		wall, e.Length = midnight(wall), time.Duration(rapid.IntRange(1, 5).Draw(t, "many"))*24*time.Hour
	}
	e.Start = atWall(wall, zone)
	e.Rule = rapid.SampledFrom([]string{"", "FREQ=DAILY", "FREQ=WEEKLY;COUNT=12", "FREQ=WEEKLY;INTERVAL=2;UNTIL=20271231;BYDAY=MO,WE;WKST=SU", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=YEARLY;COUNT=3;BYMONTHDAY=31"}).Draw(t, "rule")
	day := func(n int) time.Time { return atWall(wall.AddDate(0, 0, n), zone) }
	if e.Rule == "" {
		return e
	}
	r, _ := readRule(e.Rule)
	e.Rule = r.fit(e).String()
	for i := range rapid.IntRange(0, 3).Draw(t, "dates") {
		e.Except, e.Extra = append(e.Except, day(7*i+7)), append(e.Extra, day(7*i+3))
		x := Instance{Of: day(7*i + 70), Title: Texts{"": fmt.Sprint("changed ", i)}}
		if rapid.Bool().Draw(t, "moved") {
			x.Start, x.Length = day(7*i+71), e.Length+24*time.Hour
		}
		e.Changed = append(e.Changed, x)
	}
	return e
}

func checkRoundTrip(t *rapid.T, e *Event) {
	b := e.Calendar(now)
	o, err := Read(b, e.Start.Location())
	if err != nil || len(o.Items) != 1 {
		t.Fatalf("%v in\n%s", err, b)
	}
	want := *e
	want.List = ""
	instant := cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) && wallOf(a).Equal(wallOf(b)) })
	if d := cmp.Diff(&want, o.Items[0].Event, instant, cmpopts.EquateEmpty()); d != "" {
		t.Fatalf("%s\n%s", d, b)
	}
	if len(o.Items[0].Doubts) > 0 {
		t.Fatalf("%v in\n%s", o.Items[0].Doubts, b)
	}
	mine, _ := e.Dates(e.Start, time.Time{}, 200)
	read, _ := o.Items[0].Event.Dates(e.Start, time.Time{}, 200)
	if d := cmp.Diff(mine, read, instant, cmpopts.IgnoreFields(Date{}, "Change")); d != "" {
		t.Fatalf("%s\n%s", d, b)
	}
}

// asked is what Python is asked about, and answers.
type asked struct {
	Text    string   `json:"text"`
	Samples [][2]any `json:"samples"`
}

type pythonObject struct {
	Method string
	Errors []string
	Wrong  [][4]any
	Events []struct {
		UID, Summary, Description, Location, Start, End, Instance, Organiser, Status string
		Dates                                                                        []string
		Attendees                                                                    [][3]string
		Sequence                                                                     int
	}
}

// python is what Python's icalendar and dateutil read in objects. They are looked for in the system's own Python too.
func python(t testing.TB, jobs []asked) []pythonObject {
	t.Helper()
	in, err := json.Marshal(jobs)
	if err != nil {
		t.Fatal(err)
	}
	for _, program := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(program, "-c", "import icalendar, dateutil").Run() != nil {
			continue
		}
		cmd := exec.Command(program, "testdata/oracle.py")
		cmd.Env = append(cmd.Environ(), "PYTHONIOENCODING=utf-8")
		cmd.Stdin = bytes.NewReader(in)
		var said bytes.Buffer
		cmd.Stderr = &said
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v: %s", err, said.Bytes())
		}
		var objects []pythonObject
		if err := json.Unmarshal(out, &objects); err != nil {
			t.Fatal(err)
		}
		return objects
	}
	t.Skip("no Python here has icalendar and dateutil")
	return nil
}

// Python takes every date of a series for the same moment as Dates does, over the clock changes of zones of every kind.
func TestSeriesInPython(t *testing.T) {
	var jobs []asked
	var events []*Event
	for _, zone := range []string{"Europe/Berlin", "America/New_York", "Africa/Casablanca", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Jerusalem", "America/Santiago", "Africa/Nairobi", "Pacific/Auckland",
		"America/Nuuk", "Europe/Dublin", "Asia/Gaza"} {
		e := weekly(t, zone)
		events = append(events, e)
		jobs = append(jobs, asked{Text: string(e.Invitation(now, rsvp, Person{"Bob Ü", "bob@example.org"}, NeedsAction)), Samples: samplesOf(e.Start.Location(), 2026, 2029)})
	}
	for i, o := range python(t, jobs) {
		e, name := events[i], events[i].Start.Location().String()
		if o.Method != "REQUEST" || len(o.Errors)+len(o.Wrong) > 0 || len(o.Events) != 2 {
			t.Errorf("%s: %+v", name, o)
			continue
		}
		plain := *e
		plain.Changed = nil
		var want []string
		dates, _ := plain.Dates(time.Time{}, time.Time{}, 60)
		for _, d := range dates {
			want = append(want, d.Start.UTC().Format(time.RFC3339))
		}
		if d := cmp.Diff(want, o.Events[0].Dates); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		x, c := o.Events[1], e.Changed[0]
		if x.Instance != c.Of.UTC().Format(time.RFC3339) || x.Start != c.Start.UTC().Format(time.RFC3339) || x.Description != "With cake;\nmuch" || x.Sequence != 4 {
			t.Errorf("%s: the changed date is %+v", name, x)
		}
		if want := [][3]string{{"mailto:bob@example.org", "Bob Ü", "NEEDS-ACTION"}}; !cmp.Equal(x.Attendees, want) {
			t.Errorf("%s: attendees %v", name, x.Attendees)
		}
	}
}

// samplesOf are times on a zone's clock with their differences to UTC in minutes: every month, and before and after every change.
func samplesOf(zone *time.Location, from, to int) [][2]any {
	var all [][2]any
	add := func(t time.Time) {
		_, offset := t.Zone()
		all = append(all, [2]any{t.Format("2006-01-02T15:04:05"), offset / 60})
	}
	t := time.Date(from, 1, 1, 12, 0, 0, 0, zone)
	for t.Year() <= to {
		add(t)
		_, end := t.ZoneBounds() // good until 2037
		if next := t.AddDate(0, 1, 0); end.IsZero() || next.Before(end) {
			t = next
			continue
		}
		add(end.Add(-3 * time.Hour).In(zone))
		add(end.Add(3 * time.Hour).In(zone))
		t = time.Date(end.Year(), end.Month(), end.Day()+3, 12, 0, 0, 0, zone)
	}
	return all
}

// Every zone that Windows knows is written so that it is read as itself, from this year and from old ones on.
func TestZonesAreReadBack(t *testing.T) {
	for line := range strings.SplitSeq(windowsText, "\n") {
		_, name, ok := strings.Cut(line, " = ")
		if !ok {
			continue
		}
		zone := mustZone(t, name)
		for _, year := range []int{2026, 1995}[:1+len(name)%4/3] {
			w := &calendarWriter{}
			w.open(Publish)
			w.zone(zone, time.Date(year, 6, 1, 0, 0, 0, 0, zone), now)
			cal, err := decode(w.close())
			if err != nil {
				t.Fatal(err)
			}
			z, ok := embeddedZone(cal.Children[0])
			if !ok {
				t.Fatalf("%s is no zone:\n%s", name, w.Bytes())
			}
			for _, s := range samplesOf(zone, max(year+1, 2020), 2032) {
				wall, _ := time.Parse("2006-01-02T15:04:05", s[0].(string))
				if got := z.offset(wall) / 60; got != s[1] {
					t.Errorf("%s from %d at %s: %d, want %d in\n%s", name, year, s[0], got, s[1], w.Bytes())
					break
				}
			}
		}
	}
}
