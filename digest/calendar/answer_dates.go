package calendar

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"convene/list"
)

// What the words of an answer that names dates do, in the languages of the texts. Any that is in none of these, in front of a date, makes an answer that is asked back.
var (
	deniesWords = wordsOf(`not no non pas ne nor ni never nunca tampoco cannot can't cant couldn't won't don't`)
	exceptWords = wordsOf(`except excepting excluding sauf excepté excepte hormis excepto salvo menos`)
	onlyWords   = wordsOf(`only just seulement uniquement sólo solo solamente únicamente unicamente`)
	butWords    = wordsOf(`but mais pero however`)
	restWords   = wordsOf(`all rest others other every otherwise tous toutes reste autres sinon todos todas resto demás demas otros otras`)
	weekdays    = wordsOf(`monday tuesday wednesday thursday friday saturday sunday lundi mardi mercredi jeudi vendredi samedi dimanche
		lunes martes miércoles miercoles jueves viernes sábado sabado domingo mondays tuesdays wednesdays thursdays fridays saturdays sundays`)
	relativeDays = wordsOf(`today tonight tomorrow week weeks month aujourd'hui demain semaine semaines mois hoy mañana manana semana semanas mes`)
	fillers      = wordsOf(`i i'll i'm we we'll will can could come coming attend make it be there am on the to at for of and also too both date dates day days please thanks thank you sorry
		unfortunately sadly merci désolé désolée je j' nous peux pourrai pourrais viens viendrai venir être là le la les l' du de des à au aux et aussi pour y en date dates jour jours
		malheureusement gracias perdón lo siento yo puedo podré voy iré ir venir asistir el los las del al a para también fecha fechas día días desafortunadamente lamentablemente`)
	monthNames = func() map[string]time.Month {
		all := map[string]time.Month{}
		for _, names := range []string{"january february march april may june july august september october november december", "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
			"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"} {
			for i, name := range strings.Fields(names) {
				all[name] = time.Month(i + 1)
			}
		}
		return all
	}()
)

func wordsOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// harmless are phrases with a word in them that denies, and yet say nothing against a yes.
var harmless = regexp.MustCompile(`\b(no problem|not a problem|no worries|why not|(can't|cannot|can not) wait|pourquoi pas|pas de (problème|souci)|(no hay|sin) problema|c[óo]mo no|no hace falta)`)

var (
	dayMonth = regexp.MustCompile(`\b(\d{1,2})(?:st|nd|rd|th|er|º)? +(?:of |de |d')?(\pL+)(?:,? +(?:de |del )?(20\d\d))?`)
	monthDay = regexp.MustCompile(`\b(\pL+) +(\d{1,2})(?:st|nd|rd|th)?\b(?:,? +(20\d\d))?`)
	// datedWord is a day, a time of day, a word, a number, or a mark that makes a difference.
	datedWord = regexp.MustCompile(`\d{4}-\d\d-\d\d|\d{1,2}[:h]\d\d|[\pL\pM']+|\d+|[?–—/]| -+ `)
	// numericDay is a day of which not everybody reads the same: 3/4 is in March or in April.
	numericDay = regexp.MustCompile(`(^|[^\d:/.-])\d{1,2}(/\d{1,2}(/(20)?\d\d)?|\.\d{1,2}(\.((20)?\d\d)?)?|-\d{1,2}(-(20)?\d\d)?)([^\d:/-]|$)`)
	dayToken   = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)
)

// withDays is a text with the days that it names by their months as numbers, of the year 0 where it says none.
func withDays(text string) string {
	day := func(found, d, name, year string) string {
		m, ok := monthNames[name]
		n, err := strconv.Atoi(d)
		if !ok || err != nil || n < 1 || n > 31 {
			return found
		}
		if year == "" {
			year = "0000"
		}
		return " " + year + "-" + twoDigits(int(m)) + "-" + twoDigits(n) + " "
	}
	text = dayMonth.ReplaceAllStringFunc(text, func(found string) string {
		x := dayMonth.FindStringSubmatch(found)
		return day(found, x[1], x[2], x[3])
	})
	return monthDay.ReplaceAllStringFunc(text, func(found string) string {
		x := monthDay.FindStringSubmatch(found)
		return day(found, x[2], x[1], x[3])
	})
}

func twoDigits(n int) string { return strconv.Itoa(n/10) + strconv.Itoa(n%10) }

// dated reads what an answer, whose first word says s.answer, says of dates: of several, of all but some, or of nothing that is sure.
func (s *said) dated(own string) {
	text := withDays(harmless.ReplaceAllString(strings.ReplaceAll(strings.ToLower(own), "’", "'"), " "))
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if found := dayIn.FindAllStringIndex(text, -1); found != nil { // the line of the last date is the last that is of them
		end := found[len(found)-1][1]
		more, _, _ := strings.Cut(text[end:], "\n")
		line = text[:end] + more
	}
	words := datedWord.FindAllString(line, -1)
	if i := slices.IndexFunc(words, isWord); i >= 0 && i < len(words) {
		words = words[i+1:]
	}
	if !slices.ContainsFunc(words, dayToken.MatchString) {
		s.vague = numericDay.MatchString(line) || slices.ContainsFunc(words, func(w string) bool {
			return weekdays[w] || relativeDays[w] || exceptWords[w] || onlyWords[w] || s.answer != No && deniesWords[w] || monthNames[w] != 0 && w != "may" && w != "mars"
		})
		return
	}
	r := dateReading{answer: s.answer, parts: []datePart{{answer: s.answer}}}
	for i, w := range words {
		r.word(w, words[i+1:])
	}
	*s = r.said(*s)
}

var dayIn = regexp.MustCompile(`\b\d{4}-\d\d-\d\d\b`)

func isWord(token string) bool {
	return strings.ContainsFunc(token, func(r rune) bool { return r > '9' })
}

// datePart is what an answer says of some dates.
type datePart struct {
	answer string
	days   []time.Time
	all    bool // of all others
}

// dateReading is how far an answer is read.
type dateReading struct {
	answer string // what the next date is given; empty: nobody can say
	parts  []datePart
	bad    bool
}

// word reads one; rest are those behind it.
func (r *dateReading) word(w string, rest []string) {
	last := &r.parts[len(r.parts)-1]
	dates := slices.ContainsFunc(rest, dayToken.MatchString)
	switch {
	case dayToken.MatchString(w):
		day, err := time.Parse(time.DateOnly, w)
		if r.answer == "" || err != nil {
			r.bad = true
			return
		}
		last.days = append(last.days, day)
	case restWords[w]:
		last.all, r.bad = true, r.bad || r.answer == ""
	case deniesWords[w]:
		r.turn(No, dates, rest)
	case exceptWords[w]:
		r.bad = r.bad || !dates || r.answer != Yes && r.answer != No
		r.turn(map[string]string{Yes: No, No: Yes}[r.answer], dates, rest)
	case onlyWords[w]:
		r.bad = r.bad || r.answer != Yes || !dates || len(last.days) > 0
	case butWords[w]:
		if dates || slices.ContainsFunc(rest, func(w string) bool { return restWords[w] }) {
			r.answer = ""
		}
	case slices.Contains(maybeWords, w):
		r.turn(Maybe, dates, rest)
	case w != "si" && list.Yes(w):
		r.turn(Yes, dates, rest)
	case weekdays[w]:
		r.bad = r.bad || len(rest) == 0 || !dayToken.MatchString(rest[0])
	case dates && !fillers[w] && !strings.ContainsAny(w, ":h"):
		r.bad = true
	case w == "?" || !isWord(w) && !strings.ContainsAny(w, ":h"):
		r.bad = true
	}
}

// turn has what follows be another answer. Where nothing follows that it is of, nobody knows what it is of.
func (r *dateReading) turn(answer string, dates bool, rest []string) {
	if r.answer == answer {
		return
	}
	if !dates && !slices.ContainsFunc(rest, func(w string) bool { return restWords[w] }) {
		r.bad = true
		return
	}
	r.answer = answer
	if r.parts[len(r.parts)-1].answer != answer {
		r.parts = append(r.parts, datePart{answer: answer})
	}
}

// said is what an answer says, read to its end.
func (r *dateReading) said(s said) said {
	var all []said
	seen := map[time.Time]string{}
	whole := ""
	for i, p := range r.parts {
		if p.all || i == 0 && len(p.days) == 0 && len(r.parts) > 1 {
			r.bad = r.bad || whole != "" && whole != p.answer
			whole = p.answer
		}
		for _, day := range p.days {
			r.bad = r.bad || seen[day] != "" && seen[day] != p.answer
			if seen[day] == "" {
				all = append(all, said{answer: p.answer, of: day, day: true})
			}
			seen[day] = p.answer
		}
	}
	if r.bad || len(all) == 0 || len(all) > mostDates {
		s.unclear = true
		return s
	}
	if whole != "" {
		s.answer, s.all, s.also = whole, true, all
		return s
	}
	s.answer, s.of, s.day, s.also = all[0].answer, all[0].of, true, all[1:]
	return s
}
