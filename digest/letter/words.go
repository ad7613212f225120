package letter

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// names of days and months in the languages that there are built-in texts in. Others get figures.
type calendar struct {
	days   [7]string // from Sunday
	months [12]string
	day    string // of day, number and month
	first  string // the first of a month
	place  string // of hour and place
	vowel  string // the same before a vowel
	and    string
	or     string
	member string    // stands for who has no name
	kilo   [2]string // units of size
	comma  string
}

var calendars = map[string]calendar{
	"en": {
		days:   [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		day:    "%s %s %s", first: "1", place: "%s %s", vowel: "%s %s", and: "and", or: "or", member: "a member", kilo: [2]string{"kB", "MB"}, comma: ".",
	},
	"fr": {
		days:   [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
		months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
		day:    "%s %s %s", first: "1er", place: "%s, heure de %s", vowel: "%s, heure d’%s", and: "et", or: "ou", member: "un membre", kilo: [2]string{"ko", "Mo"}, comma: ",",
	},
	"es": {
		days: [7]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
		months: [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
			"diciembre"},
		day: "%s %s de %s", first: "1", place: "%s, hora de %s", vowel: "%s, hora de %s", and: "y", or: "o", member: "una persona de la lista", kilo: [2]string{"kB", "MB"}, comma: ",",
	},
}

// calendarOf is the calendar of a language; ok says that it has one.
func calendarOf(language string) (c calendar, ok bool) {
	base, _, _ := strings.Cut(language, "-")
	if c, ok = calendars[base]; !ok {
		c = calendars[baseLanguage]
	}
	return c, ok
}

// dayIn writes a day without its year.
func dayIn(language string, t time.Time) string {
	c, ok := calendarOf(language)
	if !ok {
		return t.Format(time.DateOnly)
	}
	number := strconv.Itoa(t.Day())
	if t.Day() == 1 {
		number = c.first
	}
	return fmt.Sprintf(c.day, c.days[t.Weekday()], number, c.months[t.Month()-1])
}

// dateIn writes a day without its weekday and year.
func dateIn(language string, t time.Time) string {
	c, _ := calendarOf(language)
	return strings.TrimPrefix(dayIn(language, t), c.days[t.Weekday()]+" ")
}

// briefIn is a date in as few characters as it takes, for subjects: 5 April, 30 Sept; 5 abr; 5/4.
func briefIn(language string, t time.Time) string {
	switch language {
	case "fr":
		return fmt.Sprintf("%d/%d", t.Day(), t.Month())
	case "en", "es":
		months := "Jan Feb March April May June July Aug Sept Oct Nov Dec"
		if language == "es" {
			months = "ene feb mar abr may jun jul ago sep oct nov dic"
		}
		return fmt.Sprint(t.Day(), " ", strings.Fields(months)[t.Month()-1])
	}
	return dateIn(language, t)
}

// weekdayIn is the day of the week alone.
func weekdayIn(language string, t time.Time) string {
	c, ok := calendarOf(language)
	if !ok {
		return t.Format(time.DateOnly)
	}
	return c.days[t.Weekday()]
}

// capital is a text with its first letter a capital, as a line begins.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToTitle(r)) + s[n:]
}

// clockIn writes a time of day with the place whose time it is, and the same in GMT, with the day where that is another.
func clockIn(language string, t time.Time) string {
	c, ok := calendarOf(language)
	utc := t.UTC()
	here, there := hourIn(language, t), hourIn(language, utc)
	_, offset := t.Zone()
	place := placeOf(t)
	switch {
	case place == "" && offset == 0:
		return here + " GMT"
	case place == "":
		return here + " " + t.Format("MST")
	case !ok:
		here += " " + place
	case strings.ContainsRune("AEIOUÉ", []rune(place)[0]):
		here = fmt.Sprintf(c.vowel, here, place)
	default:
		here = fmt.Sprintf(c.place, here, place)
	}
	if offset == 0 {
		return here + " (GMT)"
	}
	if utc.Day() != t.Day() {
		if there = c.days[utc.Weekday()] + " " + there; !ok {
			there = utc.Format("2006-01-02 15:04")
		}
	}
	return here + " (" + there + " GMT)"
}

// hourIn is a time of day as a language writes it.
func hourIn(language string, t time.Time) string {
	if base, _, _ := strings.Cut(language, "-"); base == "fr" {
		return t.Format("15") + " h " + t.Format("04")
	}
	return t.Format("15:04")
}

// placeOf is the city that a time's zone is named after; empty where it is named after none.
func placeOf(t time.Time) string {
	name := t.Location().String()
	i := strings.LastIndexByte(name, '/')
	if i < 0 || strings.HasPrefix(name, "Etc/") {
		return ""
	}
	return strings.ReplaceAll(name[i+1:], "_", " ")
}

// languageNames are languages as they call themselves.
var languageNames = map[string]string{
	"en": "English", "fr": "français", "es": "español", "pt": "português", "de": "Deutsch", "it": "italiano", "nl": "Nederlands", "sw": "Kiswahili",
	"ar": "العربية", "ru": "русский", "bn": "বাংলা", "hi": "हिन्दी", "zh": "中文", "ja": "日本語", "id": "Bahasa Indonesia", "vi": "Tiếng Việt", "tr": "Türkçe",
	"am": "አማርኛ", "ht": "Kreyòl ayisyen", "qu": "Runasimi", "ne": "नेपाली", "ur": "اردو", "fa": "فارسی", "km": "ខ្មែរ", "th": "ไทย", "pl": "polski", "uk": "українська",
}

// languageName is what a language calls itself; its tag where that is not known here.
func languageName(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if name, ok := languageNames[base]; ok {
		return name
	}
	return tag
}

// pluralIn is the word that goes with a number. In French it is one of none as well.
func pluralIn(language string, n int, one, many string) string {
	base, _, _ := strings.Cut(language, "-")
	if n == 1 || n == 0 && base == "fr" {
		return one
	}
	return many
}

// joinIn writes names in a row: all of them, or one of them.
func joinIn(language string, one bool, names []string) string {
	c, _ := calendarOf(language)
	names = slices.Clone(names)
	for i, n := range names {
		names[i] = cmp.Or(n, c.member)
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last, word := names[len(names)-1], c.and
	if one {
		word = c.or
	}
	return strings.Join(names[:len(names)-1], ", ") + " " + before(word, last) + " " + last
}

// before is how the Spanish words for "and" and "or" are said before the same sound: "e" and "u".
func before(word, next string) string {
	sound := strings.ToLower(next)
	switch {
	case word == "y" && (strings.HasPrefix(sound, "i") || strings.HasPrefix(sound, "í") || strings.HasPrefix(sound, "hi") && !strings.HasPrefix(sound, "hie")):
		return "e"
	case word == "o" && (strings.HasPrefix(sound, "o") || strings.HasPrefix(sound, "ó") || strings.HasPrefix(sound, "ho")):
		return "u"
	}
	return word
}

// sizeIn writes a number of octets.
func sizeIn(language string, octets int64) string {
	c, _ := calendarOf(language)
	if octets < 1000_000 {
		return fmt.Sprintf("%d %s", max((octets+500)/1000, 1), c.kilo[0])
	}
	return strings.Replace(fmt.Sprintf("%.1f %s", float64(octets)/1e6, c.kilo[1]), ".", c.comma, 1)
}

// lasts are the words for how long something takes: a minute, an hour, a day, each for one and for more.
var lasts = map[string][3][2]string{
	"en": {{"minute", "minutes"}, {"hour", "hours"}, {"day", "days"}},
	"fr": {{"minute", "minutes"}, {"heure", "heures"}, {"jour", "jours"}},
	"es": {{"minuto", "minutos"}, {"hora", "horas"}, {"día", "días"}},
}

// longMinutes is how many minutes are still said as such.
const longMinutes = 180

// lengthIn is how long something takes: "90 minutes", "2 days 2 hours".
func lengthIn(language string, minutes int) string {
	base, _, _ := strings.Cut(language, "-")
	words, ok := lasts[base]
	if !ok {
		words = lasts["en"]
	}
	parts := [3]int{minutes % 60, minutes / 60 % 24, minutes / (60 * 24)}
	if minutes <= longMinutes {
		parts = [3]int{minutes}
	}
	var all []string
	for i := len(parts) - 1; i >= 0; i-- {
		if n := parts[i]; n > 0 {
			all = append(all, fmt.Sprint(n, " ", pluralIn(language, n, words[i][0], words[i][1])))
		}
	}
	return strings.Join(all, " ")
}
