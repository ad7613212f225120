package event

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/teambition/rrule-go"
)

// ruleWords are the words of a language for rules. Where a pattern has a number and a day, the number stands first.
type ruleWords struct {
	days, months                    []string // from Monday; from January
	and                             string
	daily, everyDays, workdays      string
	weekly, fortnightly, everyWeeks string
	nth                             []string // of a month: first to fifth, then the last
	monthly, everyMonths            string   // behind a day
	onNth, onDate                   string
	yearly, date                    string
	times, until, year              string
}

var rulesIn = map[string]ruleWords{
	"en": {
		days:   []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
		months: []string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		and:    " and ", daily: "every day", everyDays: "every %d days", workdays: "from Monday to Friday",
		weekly: "every %s", fortnightly: "every second %s", everyWeeks: "every %d weeks on %s", nth: []string{"first", "second", "third", "fourth", "fifth", "last"},
		monthly: "of each month", everyMonths: "every %d months", onNth: "on the %s %s", onDate: "on day %d",
		yearly: "every year on %s", date: "%d %s", times: ", %d times", until: " until %s", year: " %d",
	},
	"fr": {
		days:   []string{"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"},
		months: []string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
		and:    " et ", daily: "chaque jour", everyDays: "tous les %d jours", workdays: "du lundi au vendredi",
		weekly: "chaque %s", fortnightly: "un %s sur deux", everyWeeks: "toutes les %d semaines, le %s", nth: []string{"premier", "deuxième", "troisième", "quatrième", "cinquième", "dernier"},
		monthly: "de chaque mois", everyMonths: "tous les %d mois", onNth: "le %s %s", onDate: "le %d",
		yearly: "chaque année le %s", date: "%d %s", times: ", %d fois", until: " jusqu'au %s", year: " %d",
	},
	"es": {
		days:   []string{"lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"},
		months: []string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
		and:    " y ", daily: "cada día", everyDays: "cada %d días", workdays: "de lunes a viernes",
		weekly: "cada %s", fortnightly: "un %s de cada dos", everyWeeks: "cada %d semanas, el %s", nth: []string{"primer", "segundo", "tercer", "cuarto", "quinto", "último"},
		monthly: "de cada mes", everyMonths: "cada %d meses", onNth: "el %s %s", onDate: "el día %d",
		yearly: "cada año el %s", date: "%d de %s", times: ", %d veces", until: " hasta el %s", year: " de %d",
	},
}

// Repeats says by which rule an event takes place again, such as "every second Tuesday until 5 May", in the first of these languages that there is, else in English.
// It is empty for one that takes place once, and for a rule that has no short words: then its dates say it.
func (e *Event) Repeats(languages ...string) string {
	r, f := readRule(e.Rule)
	if e.Rule == "" || f != nil {
		return ""
	}
	words := rulesIn["en"]
	for _, tag := range languages {
		base, _, _ := strings.Cut(strings.ToLower(tag), "-")
		if w, ok := rulesIn[base]; ok {
			words = w
			break
		}
	}
	s := words.rule(r.option, e.Start)
	switch last := r.ends(e); {
	case s == "":
	case r.option.Count > 0:
		n := e.times(r.option.Count)
		if n < 2 {
			return ""
		}
		s += fmt.Sprintf(words.times, n)
	case !last.IsZero():
		s += fmt.Sprintf(words.until, words.day(last))
		if last.Year() != e.Start.Year() {
			s += fmt.Sprintf(words.year, last.Year())
		}
	}
	return s
}

// timesCounted is how many dates of a rule are counted where some are taken off.
const timesCounted = 1000

// times is how often the rule of an event that counts so many dates has it take place, without the dates that were taken off.
func (e *Event) times(count int) int {
	if len(e.Except)+len(e.Changed) == 0 || count > timesCounted {
		return count
	}
	of := *e
	of.Extra, of.Cancelled = nil, false
	dates, _ := of.Dates(time.Time{}, time.Time{}, count)
	return len(dates)
}

// day names a day of a year. The first of a month is an ordinal in French.
func (w ruleWords) day(t time.Time) string {
	s := fmt.Sprintf(w.date, t.Day(), w.months[t.Month()-1])
	if t.Day() == 1 && w.daily == rulesIn["fr"].daily {
		s = strings.Replace(s, "1 ", "1er ", 1)
	}
	return s
}

func (w ruleWords) rule(o rrule.ROption, start time.Time) string {
	if len(o.Bymonth)+len(o.Byyearday)+len(o.Byweekno)+len(o.Bysetpos)+len(o.Byhour)+len(o.Byminute)+len(o.Bysecond) > 0 || len(o.Bymonthday) > 0 && o.Freq != rrule.MONTHLY {
		return ""
	}
	every := max(1, o.Interval)
	switch {
	case o.Freq == rrule.DAILY && every == 1 && len(o.Byweekday) > 0, o.Freq == rrule.WEEKLY && every == 1 && len(o.Byweekday) == 5:
		if len(o.Byweekday) == 5 && !slices.Contains(o.Byweekday, rrule.SA) && !slices.Contains(o.Byweekday, rrule.SU) {
			return w.workdays
		}
		return fmt.Sprintf(w.weekly, w.list(o.Byweekday, start))
	case o.Freq == rrule.DAILY && len(o.Byweekday) == 0 && every == 1:
		return w.daily
	case o.Freq == rrule.DAILY && len(o.Byweekday) == 0:
		return fmt.Sprintf(w.everyDays, every)
	case o.Freq == rrule.WEEKLY && every == 1:
		return fmt.Sprintf(w.weekly, w.list(o.Byweekday, start))
	case o.Freq == rrule.WEEKLY && every == 2 && len(o.Byweekday) < 2:
		return fmt.Sprintf(w.fortnightly, w.list(o.Byweekday, start))
	case o.Freq == rrule.WEEKLY:
		return fmt.Sprintf(w.everyWeeks, every, w.list(o.Byweekday, start))
	case o.Freq == rrule.MONTHLY:
		return w.month(o, every, start)
	case o.Freq == rrule.YEARLY && every == 1 && len(o.Byweekday) == 0:
		return fmt.Sprintf(w.yearly, w.day(start))
	}
	return ""
}

// list names days of the week, from Monday on; without any it is that of the start.
func (w ruleWords) list(days []rrule.Weekday, start time.Time) string {
	if len(days) == 0 {
		return w.days[(int(start.Weekday())+6)%7]
	}
	var names []string
	for i, name := range w.days {
		if slices.ContainsFunc(days, func(d rrule.Weekday) bool { return d.Day() == i }) {
			names = append(names, name)
		}
	}
	last := len(names) - 1
	return strings.TrimPrefix(strings.Join(names[:last], ", ")+w.and, w.and) + names[last]
}

func (w ruleWords) month(o rrule.ROption, every int, start time.Time) string {
	day := fmt.Sprintf(w.onDate, start.Day())
	switch {
	case len(o.Byweekday) == 1 && len(o.Bymonthday) == 0 && o.Byweekday[0].N() >= -1 && o.Byweekday[0].N() <= 5 && o.Byweekday[0].N() != 0:
		n := o.Byweekday[0].N()
		if n < 0 {
			n = len(w.nth)
		}
		day = fmt.Sprintf(w.onNth, w.nth[n-1], w.days[o.Byweekday[0].Day()])
	case len(o.Byweekday) == 0 && len(o.Bymonthday) == 1 && o.Bymonthday[0] > 0:
		day = fmt.Sprintf(w.onDate, o.Bymonthday[0])
	case len(o.Byweekday)+len(o.Bymonthday) > 0:
		return ""
	}
	if every == 1 {
		return day + " " + w.monthly
	}
	return day + ", " + fmt.Sprintf(w.everyMonths, every)
}
