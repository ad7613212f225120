package event

import (
	"net/mail"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// read makes the event of the lines.
func (r *lineReader) read() {
	for name, l := range r.values {
		most := maxValue
		if name == "Title:" {
			most = maxTitle
		}
		if utf8.RuneCountInString(l.text) > most {
			r.fault(l.n, LongLine, l.text)
		}
	}
	r.e.Title = plain(r.values["Title:"].text)
	r.e.Where = r.values["Where:"].text
	if l := r.values["Zone:"]; l.text != "" {
		if zone, err := Zone(l.text); err != nil {
			r.fault(l.n, BadZone, l.text)
		} else {
			r.zone = zone
		}
	}
	r.when()
	r.format()
	if l := r.values["Places:"]; l.text != "" {
		n, err := strconv.Atoi(firstWord(l.text))
		if r.e.Places = n; err != nil || n < 0 || n > 100_000 {
			r.fault(l.n, BadPlaces, l.text)
		}
	}
	for _, l := range r.presenters {
		p, ok := readPerson(l.text)
		if !ok {
			r.fault(l.n, BadPresenter, l.text)
		}
		r.e.Presenters = append(r.e.Presenters, p)
	}
	r.repeat()
}

var (
	whenText    = regexp.MustCompile(`^\D{0,12}(\d{4})-(\d{1,2})-(\d{1,2})(?:[T,]?\s*(?:at|à|a las|a)?\s*(\d{1,2})(?::(\d\d)|\s?[hH]\s?(\d\d)?)(?:\s*(?:-|–|—|to|à|a)\s*(\d{1,2})(?::(\d\d)|\s?[hH]\s?(\d\d)?))?)?\s*(\S.*)?$`)
	minutesText = regexp.MustCompile(`^(?:(\d{1,3})\s*(?:h|hours?|heures?|horas?)\s*)?(?:(\d{1,5})\s*(?:m|min|mn|minutes?|minutos?|')?)?\.?$`)
)

// whenOf reads a date with a time, until which time on the same day or in the night behind it, and a zone, which may stand behind them. clock is false where there
// is a date alone; length is below zero where the end is the start.
func (r *lineReader) whenOf(s string) (at time.Time, length time.Duration, clock, ok bool) {
	m := whenText.FindStringSubmatch(s)
	if m == nil {
		return at, 0, false, false
	}
	number := func(s ...string) int { n, _ := strconv.Atoi(strings.Join(s, "")); return n }
	zone := r.zone
	if m[10] != "" {
		var err error
		if zone, err = Zone(strings.Trim(m[10], "() ")); err != nil {
			return at, 0, false, false
		}
	}
	wall := time.Date(number(m[1]), time.Month(number(m[2])), number(m[3]), number(m[4]), number(m[5], m[6]), 0, 0, time.UTC)
	end := time.Date(wall.Year(), wall.Month(), wall.Day(), number(m[7]), number(m[8], m[9]), 0, 0, time.UTC)
	if wall.Day() != number(m[3]) || int(wall.Month()) != number(m[2]) || number(m[4]) > 23 || number(m[5], m[6]) > 59 || number(m[7]) > 24 || number(m[8], m[9]) > 59 {
		return at, 0, false, false
	}
	if at = atWall(wall, zone); m[7] != "" {
		if end.Equal(wall) {
			return at, -1, true, true
		}
		if !end.After(wall) {
			end = end.AddDate(0, 0, 1)
		}
		length = atWall(end, zone).Sub(at)
	}
	return at, length, m[4] != "", true
}

// when reads when the event is, how long it takes, and until when one registers.
func (r *lineReader) when() {
	l := r.values["When:"]
	if l.text != "" {
		start, length, clock, ok := r.whenOf(l.text)
		switch {
		case !ok || !clock:
			r.fault(l.n, BadWhen, l.text)
			return
		case !start.After(r.now):
			r.fault(l.n, PastWhen, l.text)
		case length < 0:
			r.fault(l.n, SameEnd, l.text)
			return
		}
		r.e.Start, r.e.Length, r.until = start, length, length > 0
	}
	if m := r.values["Minutes:"]; m.text != "" {
		p := minutesText.FindStringSubmatch(plainLetters(m.text))
		if p == nil {
			p = make([]string, 3)
		}
		hours, _ := strconv.Atoi(p[1])
		minutes, _ := strconv.Atoi(p[2])
		if r.e.Length = time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute; r.e.Length <= 0 || r.e.Length > 14*24*time.Hour {
			r.fault(m.n, BadMinutes, m.text)
		}
	}
	if r.e.Length == 0 {
		r.e.Length = usualLength
	}
	if x := r.values["Register by:"]; x.text != "" && !r.e.Start.IsZero() {
		by, _, clock, ok := r.whenOf(x.text)
		if !clock { // all of that day
			by = atWall(wallOf(by).Add(24*time.Hour-time.Minute), by.Location())
		}
		if r.e.RegisterBy = by; !ok || by.After(r.e.Start) {
			r.fault(x.n, BadRegister, x.text)
		} else if !by.After(r.now) {
			r.fault(x.n, PastRegister, x.text)
		}
	}
}

// formatWords are what people call the formats, without accents, capitals, and what stands between words.
var formatWords = map[string]Format{
	"worldcafe": WorldCafe, "cafedumonde": WorldCafe, "cafemundial": WorldCafe, "cafe": WorldCafe,
	"lunchandlearn": LunchAndLearn, "lunch&learn": LunchAndLearn, "dejeunercauserie": LunchAndLearn, "almuerzoyaprendizaje": LunchAndLearn,
	"meeting": Meeting, "reunion": Meeting, "call": Meeting, "webinar": Meeting, "webinaire": Meeting, "seminario": Meeting,
}

func (r *lineReader) format() {
	l := r.values["Format:"]
	if l.text == "" {
		return
	}
	f, ok := formatWords[strings.NewReplacer(" ", "", "_", "", "-", "", ".", "").Replace(plainLetters(l.text))]
	if r.e.Format = f; !ok {
		r.fault(l.n, BadFormat, l.text)
	}
}

// repeatWords are rules in words, without accents and capitals.
var repeatWords = map[string]string{
	"daily": "FREQ=DAILY", "every day": "FREQ=DAILY", "chaque jour": "FREQ=DAILY", "tous les jours": "FREQ=DAILY", "cada dia": "FREQ=DAILY", "todos los dias": "FREQ=DAILY",
	"quotidien": "FREQ=DAILY", "diario": "FREQ=DAILY", "diariamente": "FREQ=DAILY",
	"weekly": "FREQ=WEEKLY", "every week": "FREQ=WEEKLY", "chaque semaine": "FREQ=WEEKLY", "toutes les semaines": "FREQ=WEEKLY", "cada semana": "FREQ=WEEKLY",
	"hebdomadaire": "FREQ=WEEKLY", "semanal": "FREQ=WEEKLY", "semanalmente": "FREQ=WEEKLY", "todas las semanas": "FREQ=WEEKLY",
	"every two weeks": "FREQ=WEEKLY;INTERVAL=2", "every second week": "FREQ=WEEKLY;INTERVAL=2", "toutes les deux semaines": "FREQ=WEEKLY;INTERVAL=2",
	"cada dos semanas": "FREQ=WEEKLY;INTERVAL=2", "fortnightly": "FREQ=WEEKLY;INTERVAL=2", "every other week": "FREQ=WEEKLY;INTERVAL=2",
	"every 2 weeks": "FREQ=WEEKLY;INTERVAL=2", "une semaine sur deux": "FREQ=WEEKLY;INTERVAL=2", "toutes les 2 semaines": "FREQ=WEEKLY;INTERVAL=2",
	"tous les quinze jours": "FREQ=WEEKLY;INTERVAL=2", "cada 2 semanas": "FREQ=WEEKLY;INTERVAL=2", "quincenal": "FREQ=WEEKLY;INTERVAL=2",
	"monthly": "FREQ=MONTHLY", "every month": "FREQ=MONTHLY", "chaque mois": "FREQ=MONTHLY", "tous les mois": "FREQ=MONTHLY", "cada mes": "FREQ=MONTHLY",
	"mensuel": "FREQ=MONTHLY", "mensual": "FREQ=MONTHLY", "mensualmente": "FREQ=MONTHLY", "todos los meses": "FREQ=MONTHLY",
}

func (r *lineReader) repeat() {
	l := r.values["Repeat:"]
	if l.text == "" || r.e.Start.IsZero() {
		return
	}
	text := l.text
	if known := repeatWords[plainLetters(strings.Join(strings.Fields(text), " "))]; known != "" {
		text = known
	}
	if len(text) > 6 && strings.EqualFold(text[:6], "RRULE:") {
		text = text[6:]
	}
	rule, f := readRule(strings.ReplaceAll(text, " ", ""))
	if f == nil && rule.both {
		f = fault(TwoEnds, l.text)
	}
	if f == nil && !rule.matches(wallOf(r.e.Start)) {
		f = fault(NeverOn, l.text)
	}
	if f != nil {
		r.fault(l.n, f.Kind, l.text)
		return
	}
	r.e.Rule = rule.fit(r.e).String()
}

// readPerson reads a name, an address, or both.
func readPerson(s string) (Person, bool) {
	if !strings.Contains(s, "@") {
		return Person{Name: strings.Trim(s, `"`)}, !strings.ContainsAny(s, "<>") && utf8.RuneCountInString(s) <= maxTitle
	}
	a, err := mail.ParseAddress(s)
	if err != nil {
		i := strings.LastIndexByte(s, '<') // a name with a comma or a dot that is not in quotes
		if i <= 0 || !strings.HasSuffix(s, ">") {
			return Person{}, false
		}
		if a, err = mail.ParseAddress(s[i:]); err != nil {
			return Person{}, false
		}
		a.Name = strings.Trim(strings.TrimSpace(s[:i]), `"`)
	}
	return Person{Name: a.Name, Address: a.Address}, utf8.RuneCountInString(a.Name) <= maxTitle && len(a.Address) <= 320
}

func firstWord(s string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	return word
}
