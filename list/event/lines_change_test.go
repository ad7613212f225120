package event

import (
	"strings"
	"testing"
	"time"
)

// What lines do not name stays as it is.
func TestReadChange(t *testing.T) {
	zone, err := time.LoadLocation("Africa/Nairobi")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 2, 1, 9, 0, 0, 0, zone)
	e := &Event{ID: "circle", Title: plain("Reading circle"), Start: time.Date(2026, 2, 20, 15, 0, 0, 0, zone), Length: 90 * time.Minute, Where: "Room 1", Format: Meeting, Rule: "FREQ=WEEKLY;COUNT=4",
		Except: []time.Time{time.Date(2026, 2, 27, 15, 0, 0, 0, zone)}, RegisterBy: time.Date(2026, 2, 19, 18, 0, 0, 0, zone), Places: 20, UID: "x@y"}
	for name, c := range map[string]struct{ text, want string }{
		"nothing":                        {"thanks", "there is no line"},
		"the place":                      {"Where: Room 2", "Reading circle 2026-02-20 15:00-16:30 Room 2 20 by 02-19 18:00 weekly, not once"},
		"the title, in French":           {"Titre : Cercle", "Cercle 2026-02-20 15:00-16:30 Room 1 20 by 02-19 18:00 weekly, not once"},
		"a time keeps the length":        {"When: 2026-02-21 10:00", "Reading circle 2026-02-21 10:00-11:30 Room 1 20 by 02-20 13:00 weekly"},
		"a time with its end":            {"When: 2026-02-21 10:00-12:00", "Reading circle 2026-02-21 10:00-12:00 Room 1 20 by 02-20 13:00 weekly"},
		"minutes alone":                  {"Minutes: 30", "Reading circle 2026-02-20 15:00-15:30 Room 1 20 by 02-19 18:00 weekly, not once"},
		"registration, of the old start": {"Register by: 2026-02-20", "not a date before the event"},
		"an empty title":                 {"Title:", "nothing behind"},
		"an hour that there is not":      {"When: 2026-02-21 25:00", "not a date with a time"},
		"it as it was told":              {"Title: Reading circle\nWhen: " + e.When() + "\nWhere: Room 1", "Reading circle 2026-02-20 15:00-16:30 Room 1 20 by 02-19 18:00 weekly"},
	} {
		got, err := ReadChange(c.text, e, now)
		said := ""
		if err != nil {
			said = err.Error()
		} else {
			said = got.Title.In() + got.Start.Format(" 2006-01-02 15:04-") + got.End().Format("15:04 ") + got.Where + " 20 by " + got.RegisterBy.Format("01-02 15:04")
			if got.Rule != "" {
				said += " weekly"
			}
			if len(got.Except) > 0 {
				said += ", not once"
			}
			if got.UID != e.UID || got.ID != e.ID || got.Places != 20 {
				t.Errorf("%s: %+v is another event", name, got)
			}
		}
		if said != c.want && (err == nil || !strings.Contains(said, c.want)) {
			t.Errorf("%s: %q, want %q", name, said, c.want)
		}
	}
	if e.Where != "Room 1" || len(e.Except) != 1 {
		t.Errorf("the event itself changed: %+v", e)
	}
}

// What stands below the lines of a change is talk; new words on what it is about have their label.
func TestReadChangeAbout(t *testing.T) {
	now := time.Date(2026, 2, 1, 9, 0, 0, 0, time.UTC)
	e := &Event{Title: plain("Reading circle"), Start: now.AddDate(0, 0, 9), Length: time.Hour, About: plain("We read Freire.")}
	for text, want := range map[string]string{
		"Where: Room 2\n\nThanks, Dede":                       "We read Freire.",
		"About: We read hooks.\nAnd more.":                    "We read hooks.\nAnd more.",
		"Hello,\n\nWhere: Room 2\nÀ propos : Nous lisons\n\n": "Nous lisons",
	} {
		c, err := ReadChange(text, e, now)
		if err != nil || c.About.In() != want {
			t.Errorf("%q leaves it about %q, %v", text, c.About.In(), err)
		}
	}
	if HasLine("Thanks!\nSee: you") || !HasLine("Thanks!\n> x\n- Where: Room 2") {
		t.Error("what has a line of an event")
	}
}
