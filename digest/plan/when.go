package plan

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	dayText    = regexp.MustCompile(`^day (-?[1-9]\d{0,3}) (\d\d:\d\d)$`)
	weekText   = regexp.MustCompile(`^week ([1-9]\d?) (MON|TUE|WED|THU|FRI|SAT|SUN) (\d\d:\d\d)$`)
	momentText = regexp.MustCompile(`^(\d{4}-\d\d-\d\d) (\d\d:\d\d)(:00)?$`)
)

// weekdayNames are the days as config files have them.
var weekdayNames = map[string]time.Weekday{
	"SUN": time.Sunday, "MON": time.Monday, "TUE": time.Tuesday, "WED": time.Wednesday, "THU": time.Thursday, "FRI": time.Friday, "SAT": time.Saturday,
}

// When is a time of a plan as it is written, before it is known when the plan starts: an absolute one ("2026-02-23 09:00"), one counted in days ("day 3
// 09:00", "day -7 09:00": day 1 is the first, day -1 the day before it) or one in a week of the plan ("week 1 FRI 11:00").
type When struct {
	date    Date // of an absolute time
	day     int  // counted; zero: not
	week    int  // zero: none
	weekday time.Weekday
	minutes int
}

// ParseWhen reads one.
func ParseWhen(s string) (When, error) {
	wrong := fmt.Errorf(`%q is not a time to send at: "2026-02-23 09:00", "day 3 09:00", "day -7 09:00" or "week 1 FRI 11:00"`, s)
	var w When
	at := ""
	if m := dayText.FindStringSubmatch(s); m != nil {
		w.day, _ = strconv.Atoi(m[1])
		at = m[2]
	} else if m := weekText.FindStringSubmatch(s); m != nil {
		w.week, _ = strconv.Atoi(m[1])
		w.weekday, at = weekdayNames[m[2]], m[3]
	} else if m := momentText.FindStringSubmatch(s); m != nil {
		date, err := ParseDate(m[1])
		if err != nil {
			return When{}, wrong
		}
		w.date, at = date, m[2]
	}
	t, err := time.Parse("15:04", at)
	if err != nil {
		return When{}, wrong
	}
	w.minutes = clock(t)
	return w, nil
}

// From is the instant, in a plan that starts on a day.
func (w When) From(start Date, loc *time.Location) time.Time {
	day := w.date
	switch {
	case w.day > 0:
		day = start.AddDays(w.day - 1)
	case w.day < 0:
		day = start.AddDays(w.day)
	case w.week > 0:
		day = start.AddDays(7*(w.week-1) + (int(w.weekday)-int(start.Weekday())+7)%7)
	}
	return day.At(w.minutes, loc)
}

// Shift is how far a mail is moved, as a facilitator says it: "+2d", "+1w", "+3h", or a weekday. Days keep the time of day whatever the clocks do.
type Shift struct {
	Days    int
	Time    time.Duration
	Weekday time.Weekday // with Named
	Named   bool         // to the next such weekday, at the same time of day
}

var shiftText = regexp.MustCompile(`^\+?\s*(\d{1,3})\s*([mhdw])$`)

// maxShift bounds what is moved at once: beyond a year it is another plan.
const maxShift = 366

// ParseShift reads one. Words for days are those of ParseWeekday.
func ParseShift(s string) (Shift, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	if day, ok := ParseWeekday(s); ok {
		return Shift{Weekday: day, Named: true}, nil
	}
	m := shiftText.FindStringSubmatch(s)
	if m == nil {
		return Shift{}, fmt.Errorf("%q is not a shift, such as +2d, +1w, +3h or monday", s)
	}
	n, _ := strconv.Atoi(m[1])
	shift := map[string]Shift{
		"m": {Time: time.Duration(n) * time.Minute}, "h": {Time: time.Duration(n) * time.Hour}, "d": {Days: n}, "w": {Days: 7 * n},
	}[m[2]]
	switch {
	case n == 0:
		return Shift{}, fmt.Errorf("%q moves nothing", s)
	case shift.Days > maxShift:
		return Shift{}, fmt.Errorf("%q is more than a year", s)
	}
	return shift, nil
}

// weekdayWords are the days of the week from Sunday, in the languages in which facilitators are written to, without accents.
var weekdayWords = [][]string{
	{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"},
	{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
	{"domingo", "lunes", "martes", "miercoles", "jueves", "viernes", "sabado"},
}

// ParseWeekday reads the name of a day in English, French or Spanish, in full or its first three letters ("mar" is mardi or martes: Tuesday).
func ParseWeekday(s string) (time.Weekday, bool) {
	s = plainLetters(strings.TrimSpace(s))
	for _, names := range weekdayWords {
		for day, name := range names {
			if s == name || s == name[:3] {
				return time.Weekday(day), true
			}
		}
	}
	return 0, false
}

// From is an instant moved by it, in the instant's own location.
func (s Shift) From(t time.Time) time.Time {
	days := s.Days
	if s.Named {
		days = (int(s.Weekday)-int(t.Weekday())+6)%7 + 1
	}
	if days == 0 {
		return t.Add(s.Time)
	}
	return DateOf(t).AddDays(days).At(clock(t), t.Location()).Add(s.Time)
}
