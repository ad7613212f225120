package event

import (
	"testing"
	"time"
)

func TestRepeats(t *testing.T) {
	start := time.Date(2026, 3, 17, 15, 0, 0, 0, mustZone(t, "Europe/Paris")) // a Tuesday
	for rule, want := range map[string][3]string{
		"":                                 {},
		"FREQ=DAILY":                       {"every day", "chaque jour", "cada día"},
		"FREQ=DAILY;INTERVAL=3;COUNT=4":    {"every 3 days, 4 times", "tous les 3 jours, 4 fois", "cada 3 días, 4 veces"},
		"FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR":  {"from Monday to Friday", "du lundi au vendredi", "de lunes a viernes"},
		"FREQ=WEEKLY;BYDAY=FR,TH,WE,TU,MO": {"from Monday to Friday", "du lundi au vendredi", "de lunes a viernes"},
		"FREQ=WEEKLY;BYDAY=TH,TU,SA":       {"every Tuesday, Thursday and Saturday", "chaque mardi, jeudi et samedi", "cada martes, jueves y sábado"},
		"FREQ=WEEKLY;INTERVAL=2;UNTIL=20260505T130000Z": {"every second Tuesday until 5 May", "un mardi sur deux jusqu'au 5 mai", "un martes de cada dos hasta el 5 de mayo"},
		"FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,WE":            {"every 3 weeks on Monday and Wednesday", "toutes les 3 semaines, le lundi et mercredi", "cada 3 semanas, el lunes y miércoles"},
		"FREQ=MONTHLY;BYDAY=3TU":                        {"on the third Tuesday of each month", "le troisième mardi de chaque mois", "el tercer martes de cada mes"},
		"FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20270101":        {"on the last Friday of each month until 1 January 2027", "le dernier vendredi de chaque mois jusqu'au 1er janvier 2027", "el último viernes de cada mes hasta el 1 de enero de 2027"},
		"FREQ=MONTHLY":                                  {"on day 17 of each month", "le 17 de chaque mois", "el día 17 de cada mes"},
		"FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=5":          {"on day 5, every 2 months", "le 5, tous les 2 mois", "el día 5, cada 2 meses"},
		"FREQ=YEARLY":                                   {"every year on 17 March", "chaque année le 17 mars", "cada año el 17 de marzo"},
		"FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2":              {},
		"FREQ=MONTHLY;BYMONTHDAY=1,15":                  {},
		"FREQ=MONTHLY;BYDAY=-2TU":                       {},
	} {
		e := &Event{Start: start, Rule: rule}
		for i, language := range []string{"de", "fr-CA", "es"} {
			if got := e.Repeats(language); got != want[i] {
				t.Errorf("%s in %s is %q, want %q", rule, language, got, want[i])
			}
		}
	}
}

// What a rule counts is said without the dates that were taken off, since these do not take place.
func TestRepeatsWithoutWhatIsOff(t *testing.T) {
	start := time.Date(2026, 3, 6, 12, 0, 0, 0, time.UTC)
	e := &Event{Title: Texts{"": "Lunch"}, Start: start, Length: time.Hour, Rule: "FREQ=WEEKLY;COUNT=6", Except: []time.Time{start.AddDate(0, 0, 14)}}
	if got := e.Repeats("en"); got != "every Friday, 5 times" {
		t.Errorf("with one date off: %q", got)
	}
	e.Extra = []time.Time{start.AddDate(0, 0, 2)}
	e.Changed = []Instance{{Of: start, Start: start.AddDate(0, 0, -1)}}
	if got := e.Repeats("fr"); got != "chaque vendredi, 5 fois" {
		t.Errorf("with one more beside the rule, and one put forward: %q", got)
	}
	e.Rule = "FREQ=WEEKLY;COUNT=2"
	e.Extra, e.Changed, e.Except = nil, nil, []time.Time{start}
	if got := e.Repeats("en"); got != "" {
		t.Errorf("of which one is left: %q", got)
	}
}
