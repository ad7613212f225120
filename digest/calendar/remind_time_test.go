package calendar

import (
	"testing"
	"time"

	"convene/list"
)

// What is late goes out by day, and at night where the event begins soon.
func TestLateRemindersWakeNobody(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no time zones:", err)
	}
	at := func(s string) time.Time {
		when, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	o := &occasion{list: &list.List{Location: zone}}
	for name, c := range map[string][3]string{ // now, the start, when it goes
		"by day it goes at once":                        {"2026-03-28 21:59", "2026-03-29 15:00", "2026-03-28 21:59"},
		"from ten on it waits for seven":                {"2026-03-28 22:00", "2026-03-29 15:00", "2026-03-29 07:00"},
		"behind midnight it waits for the same day":     {"2026-03-29 00:30", "2026-03-29 15:00", "2026-03-29 07:00"},
		"at seven it goes":                              {"2026-03-29 07:00", "2026-03-29 15:00", "2026-03-29 07:00"},
		"what begins within three hours goes at once":   {"2026-03-29 05:00", "2026-03-29 08:00", "2026-03-29 05:00"},
		"what begins early waits for three hours ahead": {"2026-03-28 23:00", "2026-03-29 07:30", "2026-03-29 04:30"},
		"what begins at ten at night is for the night":  {"2026-03-28 22:30", "2026-03-29 00:30", "2026-03-28 22:30"},
	} {
		if got := o.awake(at(c[0]), at(c[1])); !got.Equal(at(c[2])) {
			t.Errorf("%s: it goes at %s, not at %s", name, got.In(zone), c[2])
		}
	}
}
