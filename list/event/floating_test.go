package event

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// What is meant wherever one is keeps its times of day on the clock that it is put on, with all of its dates; and is written with that zone.
func TestAnchored(t *testing.T) {
	nairobi, bogota := mustZone(t, "Africa/Nairobi"), mustZone(t, "America/Bogota")
	o, err := Read([]byte(strings.ReplaceAll("BEGIN:VCALENDAR\nX-WR-TIMEZONE:America/Bogota\nBEGIN:VEVENT\nUID:a\nDTSTART:20260317T150000\nDTEND:20260317T163000\nRRULE:FREQ=DAILY;UNTIL=20260320T150000\n"+
		"EXDATE:20260318T150000\nRDATE:20260325T150000\nEND:VEVENT\nBEGIN:VEVENT\nUID:a\nRECURRENCE-ID:20260319T150000\nDTSTART:20260319T170000\nDTEND:20260319T180000\nEND:VEVENT\nEND:VCALENDAR\n", "\n", "\r\n")), nairobi)
	if err != nil {
		t.Fatal(err)
	}
	if o.Zone == nil || o.Zone.String() != "America/Bogota" {
		t.Fatalf("its calendar is in %v", o.Zone)
	}
	e := o.Items[0].Event.Anchored(o.Zone)
	if e.Floating || !o.Items[0].Event.Floating {
		t.Error("it is meant wherever one is, or was changed itself")
	}
	dates, _ := e.Dates(time.Time{}, time.Time{}, 10)
	var got []string
	for _, d := range dates {
		got = append(got, fmt.Sprintf("%s %s", d.Start.In(bogota).Format("02 15:04"), d.End.Sub(d.Start)))
	}
	if want := "17 15:00 1h30m0s, 19 17:00 1h0m0s, 20 15:00 1h30m0s, 25 15:00 1h30m0s"; strings.Join(got, ", ") != want {
		t.Errorf("it takes place on %q, not %q", got, want)
	}
	written := string(e.Calendar(e.Start))
	for _, want := range []string{"DTSTART;TZID=America/Bogota:20260317T150000", "UNTIL=20260320T200000Z", "EXDATE;TZID=America/Bogota:20260318T150000", "RDATE;TZID=America/Bogota:20260325T150000"} {
		if !strings.Contains(written, want) {
			t.Errorf("%s is not in\n%s", want, written)
		}
	}
	if same := e.Anchored(nairobi); same != e {
		t.Error("one that keeps to a clock was put on another")
	}
}
