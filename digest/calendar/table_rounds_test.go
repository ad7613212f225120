package calendar

import (
	"testing"
	"time"

	"convene/list/event"
)

func TestRoundTimes(t *testing.T) {
	for name, c := range map[string]struct {
		agenda          []string
		rounds, minutes int
		want            string // of the first and of the end
	}{
		"the agenda says how often and how long":           {[]string{"10 min: welcome", "3 × 20 min: tables", "20 min: harvest"}, 3, 90, "15:10 16:10"},
		"it says how long all of them take":                {[]string{"10 minutes: welcome", "60 minutes: three rounds at small tables", "20 minutes: what we take home"}, 3, 90, "15:10 16:10"},
		"in French":                                        {[]string{"5 min : accueil", "2x15 min : tables", "10 min : partage"}, 2, 45, "15:05 15:35"},
		"rounds come last":                                 {[]string{"15 min talk", "15 min questions", "45 min tables"}, 3, 75, "15:30 16:15"},
		"it has only the welcome":                          {[]string{"15 min welcome", "rounds", "harvest"}, 3, 90, "15:15 16:00"},
		"it says nothing":                                  {nil, 3, 90, "15:10 16:10"},
		"a short event":                                    {nil, 3, 45, "15:10 15:34"},
		"too short for rounds":                             {nil, 3, 20, ""},
		"of no length":                                     {nil, 3, 0, ""},
		"the agenda is longer than the event":              {[]string{"10 min: welcome", "3 × 40 min: tables"}, 3, 90, "15:10 16:10"},
		"another number of rounds than the agenda thought": {[]string{"10 min: welcome", "3 × 20 min: tables"}, 4, 90, "15:10 16:10"},
		"the first point is never the rounds":              {[]string{"45 min lecture", "talk"}, 3, 90, "15:10 16:10"},
	} {
		t.Run(name, func(t *testing.T) {
			e := &event.Event{Start: time.Date(2026, 3, 17, 15, 0, 0, 0, time.UTC), Length: time.Duration(c.minutes) * time.Minute}
			for _, line := range c.agenda {
				e.Agenda = append(e.Agenda, event.Texts{"": line})
			}
			got := ""
			if all := roundTimes(e, c.rounds); len(all) == c.rounds {
				got = all[0].from.Format("15:04") + " " + all[c.rounds-1].until.Format("15:04")
				for i, one := range all[1:] {
					if !one.from.Equal(all[i].until) {
						t.Errorf("round %d begins at %s", i+2, one.from)
					}
				}
			} else if len(all) > 0 {
				t.Errorf("there are %d rounds", len(all))
			}
			if got != c.want {
				t.Errorf("the rounds are %q, not %q", got, c.want)
			}
		})
	}
}
