package event

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTake(t *testing.T) {
	paris := mustZone(t, "Europe/Paris")
	at := func(day, hour int) time.Time { return time.Date(2026, 3, day, hour, 0, 0, 0, paris) }
	known := func() *Event {
		return &Event{ID: "x", List: "peers@example.org", UID: "a", Title: Texts{"": "Coffee", "fr": "Café"}, Start: at(3, 9), Length: time.Hour, Rule: "FREQ=WEEKLY", Sequence: 2, Places: 20,
			Organiser: Person{"Ann", "ann@example.org"}, RegisterBy: at(2, 18), Format: LunchAndLearn}
	}
	const head = "UID:a\nSEQUENCE:3\nSUMMARY:Coffee\nORGANIZER;CN=Ann:mailto:ann@example.org\nDTEND;TZID=Europe/Paris:"
	for name, c := range map[string]struct {
		lines []string
		taken bool
		want  func(e *Event)
	}{
		"what is known is nothing new": {[]string{"METHOD:REQUEST", "BEGIN:VEVENT", "UID:a\nSEQUENCE:2\nSUMMARY:Coffee\nORGANIZER;CN=Ann:mailto:ann@example.org\nRRULE:FREQ=WEEKLY",
			"DTSTART;TZID=Europe/Paris:20260303T090000\nDURATION:PT1H", "END:VEVENT"}, false, func(e *Event) {}},
		"an older one counts for nothing": {[]string{"METHOD:REQUEST", "BEGIN:VEVENT", "UID:a\nSEQUENCE:1\nSUMMARY:Tea", "DTSTART;TZID=Europe/Paris:20260303T090000", "END:VEVENT"}, false, nil},
		"another event's":                 {[]string{"METHOD:CANCEL", "BEGIN:VEVENT", "UID:b\nSEQUENCE:9", "END:VEVENT"}, false, nil},
		"a question":                      {[]string{"METHOD:COUNTER", "BEGIN:VEVENT", "UID:a\nSEQUENCE:3", "DTSTART;TZID=Europe/Paris:20260303T110000", "END:VEVENT"}, false, nil},
		"a later time, and what the list knows stays": {[]string{"METHOD:REQUEST", "BEGIN:VEVENT", head + "20260304T120000", "DTSTART;TZID=Europe/Paris:20260304T100000", "RRULE:FREQ=WEEKLY", "END:VEVENT"}, true,
			func(e *Event) { e.Start, e.Length, e.RegisterBy, e.Sequence = at(4, 10), 2*time.Hour, at(3, 19), 3 }},
		"one date is otherwise": {[]string{"METHOD:REQUEST", "BEGIN:VEVENT", head + "20260311T120000", "RECURRENCE-ID;TZID=Europe/Paris:20260310T090000", "DTSTART;TZID=Europe/Paris:20260311T110000", "END:VEVENT"}, true,
			func(e *Event) { e.Changed, e.Sequence = []Instance{{Of: at(10, 9), Start: at(11, 11)}}, 3 }},
		"one date falls out, by its day": {[]string{"METHOD:CANCEL", "BEGIN:VEVENT", "UID:a\nSEQUENCE:3", "RECURRENCE-ID;TZID=Europe/Paris:20260310T000000", "END:VEVENT"}, true,
			func(e *Event) { e.Changed, e.Sequence = []Instance{{Of: at(10, 9), Cancelled: true}}, 3 }},
		"one date more, and longer": {[]string{"METHOD:ADD", "BEGIN:VEVENT", head + "20260312T120000", "DTSTART;TZID=Europe/Paris:20260312T090000", "END:VEVENT"}, true,
			func(e *Event) {
				e.Extra, e.Changed, e.Sequence = []time.Time{at(12, 9)}, []Instance{{Of: at(12, 9), Length: 3 * time.Hour}}, 3
			}},
		"all of it falls out": {[]string{"METHOD:CANCEL", "BEGIN:VEVENT", "UID:a\nSEQUENCE:3", "END:VEVENT"}, true, func(e *Event) { e.Cancelled, e.Sequence = true, 3 }},
	} {
		t.Run(name, func(t *testing.T) {
			o, err := Read(object(c.lines...), paris)
			if err != nil {
				t.Fatal(err)
			}
			e, want := known(), known()
			if c.want != nil {
				c.want(want)
			}
			got, taken := e.Take(o.Method, &o.Items[0])
			if d := cmp.Diff(want, got, byZone); d != "" || taken != c.taken {
				t.Errorf("taken %v; %s", taken, d)
			}
			if d := cmp.Diff(known(), e, byZone); d != "" {
				t.Errorf("what was known has changed: %s", d)
			}
		})
	}
}
