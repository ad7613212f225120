package event

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
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
