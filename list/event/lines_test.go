package event

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func mustZone(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// byZone compares times by what they print as, so that a zone counts.
var byZone = cmp.Comparer(func(a, b time.Time) bool {
	return a.Equal(b) && a.Location().String() == b.Location().String()
})

func TestReadLines(t *testing.T) {
	nairobi, paris := mustZone(t, "Africa/Nairobi"), mustZone(t, "Europe/Paris")
	at := func(zone *time.Location, day, hour, minute int) time.Time {
		return time.Date(2026, 3, day, hour, minute, 0, 0, zone)
	}
	for name, c := range map[string]struct {
		text string
		want Event
	}{
		"a title and a date are enough": {"Title: Coffee\nWhen: 2026-03-17 15:00",
			Event{Title: Texts{"": "Coffee"}, Start: at(nairobi, 17, 15, 0), Length: time.Hour, Format: Meeting}},
		"all lines, and text behind them": {"Dear list,\nthis is what I would like to do:\n\nTitle: Lunch and learn: solar pumps\nWhen: 2026-03-17 12:00 -13:30\nWhere: https://meet.example.org/x\n" +
			"Zone: Europe/Paris\nFormat: lunch and learn\nRepeat: every two weeks\nPlaces: 20\nPresenter: Ann Ng <ann@example.org>\nPresenter: Bob\nRegister by: 2026-03-16 18:00\n\n" +
			"We eat.\n\nThen we learn: a lot.\n-- \nAnn",
			Event{Title: Texts{"": "Lunch and learn: solar pumps"}, Start: at(paris, 17, 12, 0), Length: 90 * time.Minute, Where: "https://meet.example.org/x", Format: LunchAndLearn,
				Rule: "FREQ=WEEKLY;INTERVAL=2", Places: 20, Presenters: []Person{{"Ann Ng", "ann@example.org"}, {Name: "Bob"}}, RegisterBy: at(paris, 16, 18, 0),
				About: Texts{"": "We eat.\n\nThen we learn: a lot."}}},
		"in French, with hours as French people write them": {"*Titre :* Café du monde\nQuand : 2026-03-17 15h30 à 17h\nOù : salle 4\nFormat : World Café\nÀ propos : ce que nous avons appris",
			Event{Title: Texts{"": "Café du monde"}, Start: at(nairobi, 17, 15, 30), Length: 90 * time.Minute, Where: "salle 4", Format: WorldCafe, About: Texts{"": "ce que nous avons appris"}}},
		"in Spanish, as a list": {"- Título: Reunión\n- Cuándo: martes 2026-03-17 15:00\n- Duración: 1 hora 30 min\n- Dónde:\n  https://meet.example.org/y\n- Repetir: RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=3",
			Event{Title: Texts{"": "Reunión"}, Start: at(nairobi, 17, 15, 0), Length: 90 * time.Minute, Where: "https://meet.example.org/y", Format: Meeting, Rule: "FREQ=WEEKLY;COUNT=3;BYDAY=TU"}},
		"a rule in a word of Spanish": {"Título: Reunión\nCuándo: 2026-03-17 15:00\nRepetir: semanal",
			Event{Title: Texts{"": "Reunión"}, Start: at(nairobi, 17, 15, 0), Length: time.Hour, Format: Meeting, Rule: "FREQ=WEEKLY"}},
		"a rule in a word of French": {"Titre : Réunion\nQuand : 2026-03-17 15:00\nRépétition : Hebdomadaire",
			Event{Title: Texts{"": "Réunion"}, Start: at(nairobi, 17, 15, 0), Length: time.Hour, Format: Meeting, Rule: "FREQ=WEEKLY"}},
		"over midnight, in a zone behind the time": {"title: x\nWHEN: 2026-03-17 23:00-01:00 (Europe/Paris)", Event{Title: Texts{"": "x"}, Start: at(paris, 17, 23, 0), Length: 2 * time.Hour, Format: Meeting}},
		"a title that was broken, and a day to register by": {"Title: What we learned of solar pumps in the dry season of last year\nand what we did not\nWhen: 2026-03-17 15:00\nMinutes: 45\nRegister by: 2026-03-16\nMore follows.",
			Event{Title: Texts{"": "What we learned of solar pumps in the dry season of last year and what we did not"}, Start: at(nairobi, 17, 15, 0), Length: 45 * time.Minute,
				RegisterBy: at(nairobi, 16, 23, 59), Format: Meeting, About: Texts{"": "More follows."}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ReadLines(c.text, nairobi, now)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(&c.want, got, byZone); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestReadLinesFaults(t *testing.T) {
	for text, want := range map[string]string{
		"When: tomorrow":                                                  `line 1: "tomorrow" is not a date with a time, such as 2026-03-17 15:00` + "\n" + `there is no line "Title:"; it may be: Title: Lunch and learn`,
		"Title:\n\nWhen: 2026-03-17 15:00":                                `line 1: there is nothing behind "Title:"; it may be: Title: Lunch and learn`,
		"Title: x\nWhen: 2026-02-30 15:00\nWhen: 2026-03-01 15:00":        `line 2: "2026-02-30 15:00" is not a date with a time, such as 2026-03-17 15:00` + "\n" + `line 3: "When:" is there twice`,
		"Title: x\nWhen: 2026-02-17 15:00":                                `line 2: "2026-02-17 15:00" is over; a date is written such as 2026-03-17 15:00`,
		"Title: x\nWhen: 2026-03-17 15:00\nRegister by: 2026-02-01 10:00": `line 3: registration would be over already, by "Register by: 2026-02-01 10:00"`,
		"Title: x\nWhen: 2026-03-17 15:00-15:00":                          `line 2: "2026-03-17 15:00-15:00" ends when it starts`,
		"Title: x\nWhen: 2026-03-17":                                      `line 2: "2026-03-17" is not a date with a time, such as 2026-03-17 15:00`,
		"Title: x\nWhen: 2026-03-17 15:00\nMinutes: many\nZone: Mars/Phobos\nFormat: dance\nPlaces: some\nPresenter: <x\nRegister by: 2026-03-18\nRepeat: FREQ=HOURLY": `line 3: "many" is not a number of minutes, such as 90
line 4: "Mars/Phobos" is not a time zone, such as Africa/Nairobi
line 5: "dance" is not a format, such as meeting, world_cafe or lunch_and_learn
line 6: "some" is not a number of places, such as 20
line 7: "<x" is not a person, such as Ann Ng <ann@example.org>
line 8: "2026-03-18" is not a date before the event, such as 2026-03-16 18:00
line 9: the event would take place more than once a day (FREQ=HOURLY)`,
	} {
		_, err := ReadLines(text, time.UTC, now)
		var all Faults
		if !errors.As(err, &all) || err.Error() != want {
			t.Errorf("%q:\ngot  %v\nwant %s", text, err, want)
		}
	}
}

// Every fault has its sentence in three languages, with the same places for what was written.
func TestFaultTexts(t *testing.T) {
	for kind, texts := range faultTexts {
		for _, text := range texts[1:] {
			if text == "" || strings.Count(text, "%") != strings.Count(texts[0], "%") {
				t.Errorf("%s: %q beside %q", kind, text, texts[0])
			}
		}
		f := &Fault{Kind: kind, Text: "x", Line: 2}
		if en, fr := f.In("de", "en-GB"), f.In("fr-CA"); en == fr || strings.Contains(en+fr, "%!") || !strings.HasPrefix(fr, "ligne 2 : ") {
			t.Errorf("%s: %q, %q", kind, en, fr)
		}
	}
}
