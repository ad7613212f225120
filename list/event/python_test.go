package event

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

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
