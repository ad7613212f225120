package plan

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestDateAtOverClockChanges(t *testing.T) {
	for name, c := range map[string]struct{ zone, date, clock, want string }{
		"an ordinary day": {"Africa/Nairobi", "2026-03-02", "09:00", "2026-03-02T06:00:00Z"},
		"in the gap it is the first instant after it":      {"Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:00:00Z"},
		"the end of the gap is the same instant":           {"Europe/Berlin", "2026-03-29", "03:00", "2026-03-29T01:00:00Z"},
		"before the gap":                                   {"Europe/Berlin", "2026-03-29", "01:59", "2026-03-29T00:59:00Z"},
		"what is there twice is its first":                 {"Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30:00Z"},
		"the first minute behind a repeat":                 {"Europe/Berlin", "2026-10-25", "03:00", "2026-10-25T02:00:00Z"},
		"a midnight that is not there":                     {"America/Santiago", "2026-09-06", "00:00", "2026-09-06T04:00:00Z"},
		"a gap of half an hour":                            {"Australia/Lord_Howe", "2026-10-04", "02:10", "2026-10-03T15:30:00Z"},
		"a repeat of half an hour":                         {"Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45:00Z"},
		"a day that was left out":                          {"Pacific/Apia", "2011-12-30", "12:00", "2011-12-30T10:00:00Z"},
		"midnight at the end of a day":                     {"UTC", "2026-12-31", "24:00", "2027-01-01T00:00:00Z"},
		"a zone that never changed":                        {"UTC", "1800-01-01", "00:00", "1800-01-01T00:00:00Z"},
		"a zone that will not change again, far ahead":     {"Asia/Tokyo", "2300-06-01", "12:00", "2300-06-01T03:00:00Z"},
		"a zone that goes on changing, far ahead, in July": {"America/New_York", "2200-07-01", "12:00", "2200-07-01T16:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			h, m, _ := strings.Cut(c.clock, ":")
			minutes := int(h[0]-'0')*600 + int(h[1]-'0')*60 + int(m[0]-'0')*10 + int(m[1]-'0')
			if got := date(t, c.date).At(minutes, zone(t, c.zone)).UTC().Format(time.RFC3339); got != c.want {
				t.Errorf("%s %s in %s is %s, want %s", c.date, c.clock, c.zone, got, c.want)
			}
		})
	}
}

func TestDates(t *testing.T) {
	d := date(t, "2028-02-28")
	if got := d.AddDays(2); got != (Date{2028, time.March, 1}) || got.Weekday() != time.Wednesday || got.Sub(d) != 2 || d.Compare(got) != -1 {
		t.Errorf("two days after 28 February 2028 is %v, a %v", got, got.Weekday())
	}
	for _, bad := range []string{"2026-02-30", "", "2.3.2026"} {
		if d, err := ParseDate(bad); err == nil {
			t.Errorf("%q was read as %v", bad, d)
		}
	}
	b, err := json.Marshal(map[string]Date{"day": d})
	var back map[string]Date
	if err != nil || string(b) != `{"day":"2028-02-28"}` || json.Unmarshal(b, &back) != nil || back["day"] != d {
		t.Errorf("as JSON it is %s (%v), and back %v", b, err, back)
	}
}

func TestWhen(t *testing.T) {
	loc, start := zone(t, "Africa/Nairobi"), date(t, "2026-03-04") // a Wednesday
	for s, want := range map[string]string{
		"day 1 09:00":         "Wed 2026-03-04 09:00",
		"day -1 23:59":        "Tue 2026-03-03 23:59",
		"day -7 09:00":        "Wed 2026-02-25 09:00",
		"day 3 00:00":         "Fri 2026-03-06 00:00",
		"week 1 FRI 11:00":    "Fri 2026-03-06 11:00",
		"week 1 MON 11:00":    "Mon 2026-03-09 11:00",
		"week 2 WED 08:05":    "Wed 2026-03-11 08:05",
		"2026-02-23 09:00":    "Mon 2026-02-23 09:00",
		"2026-02-23 09:00:00": "Mon 2026-02-23 09:00",
	} {
		w, err := ParseWhen(s)
		if got := w.From(start, loc).Format("Mon 2006-01-02 15:04"); err != nil || got != want {
			t.Errorf("%q is %s (%v), want %s", s, got, err, want)
		}
	}
	for _, bad := range []string{"", "day 0 09:00", "day 1", "day 1 24:00", "week 0 MON 09:00", "week 1 XXX 09:00", "2026-02-30 09:00", "09:00", "day 1 9:00", "week 100 MON 09:00"} {
		if w, err := ParseWhen(bad); err == nil {
			t.Errorf("%q was read as %+v", bad, w)
		}
	}
}

func TestShift(t *testing.T) {
	loc := zone(t, "Europe/Berlin")
	friday := at(t, loc, "2026-03-27 11:00")
	for s, want := range map[string]string{
		"+2d": "Sun 2026-03-29 11:00", "1w": "Fri 2026-04-03 11:00", "+3h": "Fri 2026-03-27 14:00", "+ 90m": "Fri 2026-03-27 12:30",
		"monday": "Mon 2026-03-30 11:00", "Friday": "Fri 2026-04-03 11:00", "mar": "Tue 2026-03-31 11:00", "Miércoles": "Wed 2026-04-01 11:00", "samedi": "Sat 2026-03-28 11:00",
	} {
		shift, err := ParseShift(s)
		if got := shift.From(friday).Format("Mon 2006-01-02 15:04"); err != nil || got != want {
			t.Errorf("%q from Friday is %s (%v), want %s", s, got, err, want)
		}
	}
	for _, bad := range []string{"", "+0d", "soon", "-2d", "1000d", "400d", "60w", "2 days", "m"} {
		if shift, err := ParseShift(bad); err == nil {
			t.Errorf("%q was read as %+v", bad, shift)
		}
	}
}

func TestParseCron(t *testing.T) {
	for line, says := range map[string]string{
		"0 0 31 2 *":              "never fires",
		"TZ=0":                    "names a time zone",
		"CRON_TZ=Europe/Berlin":   "names a time zone",
		"@every 1h":               "it has 2 parts, not 5",
		"@daily":                  "it has 1 parts, not 5",
		"0 7 * * 7":               "Sunday is 0 or SUN",
		"60 7 * * *":              "is not a cron line",
		"a b c d e":               "is not a cron line",
		"0 7 * * MON extra":       "it has 6 parts, not 5",
		"TZ=0 7 * * MON":          "names a time zone",
		"\x00":                    "it has 1 parts",
		"0 7 * * MON-":            "is not a cron line",
		"99999999999999 7 * * *":  "is not a cron line",
		"0 7 * * */0":             "is not a cron line",
		"0 7 * JAN-FEB-MAR *":     "is not a cron line",
		"0 7 30,31 2 *":           "never fires",
		"*/5 * * * * CRON_TZ=UTC": "it has 6 parts",
	} {
		if _, err := ParseCron(line); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want one that says %q", line, err, says)
		}
	}
}

func TestCronFires(t *testing.T) {
	for name, c := range map[string]struct{ line, day, want string }{
		"on its weekday":                        {"0 11 * * FRI", "2026-03-06", "11:00"},
		"not on another":                        {"0 11 * * FRI", "2026-03-05", ""},
		"several times a day, in order":         {"0,30 7,19 * * *", "2026-03-06", "07:00 07:30 19:00 19:30"},
		"a leap day":                            {"5 6 29 2 *", "2028-02-29", "06:05"},
		"day and weekday are an or":             {"0 9 1 * MON", "2026-03-01", "09:00"},
		"day and weekday are an or, other side": {"0 9 1 * MON", "2026-03-02", "09:00"},
		"every day by a star with a step":       {"0 9 */1 * MON", "2026-03-03", ""},
		"a question mark is a star":             {"0 9 ? * MON", "2026-03-02", "09:00"},
		"only in its month":                     {"0 9 * 4 *", "2026-03-02", ""},
	} {
		cron, err := ParseCron(c.line)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range cron.on(date(t, c.day)) {
			got = append(got, time.Time{}.Add(time.Duration(m)*time.Minute).Format("15:04"))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %q fires on %s at %v, want %s", name, c.line, c.day, got, c.want)
		}
	}
	if on := DailyAt(7*60 + 5).on(date(t, "2026-02-28")); len(on) != 1 || on[0] != 425 {
		t.Errorf("daily at 07:05 fires at %v", on)
	}
}
