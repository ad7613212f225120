package event

import (
	"errors"
	"testing"
	"time"
)

func FuzzRead(f *testing.F) {
	for _, b := range corpusFiles(f) {
		if len(b) < 20_000 {
			f.Add(b)
		}
	}
	f.Add(object("METHOD:REQUEST", berlinRules("x"), vevent("DTSTART;TZID=x:20260317T120000", "RRULE:FREQ=DAILY", "RDATE;VALUE=PERIOD:20260318T120000Z/PT5H")))
	zone := mustZone(f, "Africa/Nairobi")
	f.Fuzz(func(t *testing.T, b []byte) {
		o, err := Read(b, zone)
		var fault *Fault
		if err != nil && !errors.As(err, &fault) || err == nil && len(o.Items) == 0 {
			t.Fatalf("%v, %v", o, err)
		}
		if err != nil {
			return
		}
		o.Answers()
		for _, i := range o.Items[:min(3, len(o.Items))] {
			i.Event.Dates(now, time.Time{}, 3)
			i.Event.List = "a@example.org"
			written := i.Event.Calendar(now)
			checkCalendar(t, written)
			if i.Event.Start.IsZero() || i.Event.Start.Year() < 1900 || i.Event.Start.Year() > 2300 {
				continue
			}
			again, err := Read(written, zone)
			if err != nil {
				t.Fatalf("%v in\n%s", err, written)
			}
			mine, _ := i.Event.Dates(time.Time{}, time.Time{}, 5)
			read, _ := again.Items[0].Event.Dates(time.Time{}, time.Time{}, 5)
			if len(mine) != len(read) {
				t.Fatalf("%v, then %v in\n%s", mine, read, written)
			}
			for n := range mine {
				if !mine[n].Start.Equal(read[n].Start) {
					t.Fatalf("%v, then %v in\n%s", mine, read, written)
				}
			}
		}
	})
}

func FuzzDates(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v.Rrule, int64(873190800))
	}
	f.Add("FREQ=MONTHLY;BYDAY=-5SU,5MO,FR;BYMONTH=2", int64(253402300700))
	zone := mustZone(f, "Europe/Berlin")
	f.Fuzz(func(t *testing.T, rule string, start int64) {
		e := &Event{Start: time.Unix(start, 0).In(zone), Length: time.Hour, Rule: rule}
		if y := e.Start.Year(); y < 1 || y > 9999 {
			return
		}
		dates, _ := e.Dates(e.Start, time.Time{}, 20)
		for i, d := range dates {
			if i > 0 && d.Start.Before(dates[i-1].Start) || d.Start.Before(e.Start) {
				t.Fatalf("%s: %v", rule, dates)
			}
		}
		if r, bad := readRule(rule); bad == nil {
			if again, bad := readRule(r.String()); bad != nil || again.String() != r.String() {
				t.Fatalf("%s is written as %s, and that is read as %v", rule, r, again)
			}
		}
	})
}

func FuzzReadLines(f *testing.F) {
	f.Add("Title: Coffee\nWhen: 2026-03-17 15:00 -16:30\nWhere: x\n\nAbout it")
	f.Add("*Titre :* Café\nQuand : 2026-03-17 15h30 à 17h\nRépétition : chaque semaine\nIntervenant : \"A, B\" <a@b.c>")
	f.Add("Título: x\nCuándo: 2026-03-17 24:61\nDuración: 1 h\nZona: UTC+3\nInscripción hasta: 2026-03-16")
	zone := mustZone(f, "Africa/Nairobi")
	f.Fuzz(func(t *testing.T, text string) {
		e, err := ReadLines(text, zone, now)
		var faults Faults
		if err != nil && !errors.As(err, &faults) || err == nil && (e.Title[""] == "" || !e.Start.After(now) || e.Length <= 0) {
			t.Fatalf("%+v, %v", e, err)
		}
		if err == nil {
			checkCalendar(t, e.Calendar(now))
		}
	})
}
