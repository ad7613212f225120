package event

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Fault is what is the matter with something that was submitted, said so that who wrote it can put it right.
type Fault struct {
	Kind FaultKind
	Line int    // of a text of lines, from 1; zero: it is about the whole
	Text string // what was written, or what is missing; may be empty
}

// FaultKind says what is the matter.
type FaultKind string

// What can be the matter. Behind each stands what Text is.
const (
	TooLarge     FaultKind = "large"     // the most octets that are taken
	TooMuch      FaultKind = "much"      // what there are too many of
	NoCalendar   FaultKind = "calendar"  // nothing
	NoEvent      FaultKind = "event"     // nothing
	NoStart      FaultKind = "start"     // nothing
	NoUID        FaultKind = "uid"       // nothing
	BadTime      FaultKind = "time"      // a date with its property
	EndsFirst    FaultKind = "ends"      // nothing
	TakesLong    FaultKind = "takes"     // nothing
	BadRule      FaultKind = "rule"      // the rule
	TooOften     FaultKind = "often"     // the rule
	NeverOn      FaultKind = "never"     // the rule
	TwoEnds      FaultKind = "two ends"  // the rule, of lines and of the config: an object's is a Doubt
	BadMethod    FaultKind = "method"    // the method
	NoAnswer     FaultKind = "answer"    // nothing
	ManyAnswers  FaultKind = "answers"   // nothing
	BadPartStat  FaultKind = "partstat"  // the answer
	MissingLine  FaultKind = "missing"   // the label
	TwiceLine    FaultKind = "twice"     // the label
	EmptyLine    FaultKind = "empty"     // the label
	LongLine     FaultKind = "long"      // the value
	BadWhen      FaultKind = "when"      // the value
	PastWhen     FaultKind = "past"      // the value
	BadMinutes   FaultKind = "minutes"   // the value
	BadZone      FaultKind = "zone"      // the value
	BadFormat    FaultKind = "format"    // the value
	BadPlaces    FaultKind = "places"    // the value
	BadRegister  FaultKind = "register"  // the value
	PastRegister FaultKind = "closed"    // the value
	SameEnd      FaultKind = "same end"  // the value
	BadPresenter FaultKind = "presenter" // the value
	NotMarked    FaultKind = "marked"    // the name of a file
	Forwarded    FaultKind = "forwarded" // nothing
	Quoted       FaultKind = "quoted"    // nothing
	NoTitle      FaultKind = "title"     // nothing
	Over         FaultKind = "over"      // nothing
	FarAhead     FaultKind = "far"       // nothing
	TwoMethods   FaultKind = "methods"   // both methods
	CafeAgain    FaultKind = "cafe"      // nothing
)

// faultTexts are the sentences, in English, French and Spanish.
var faultTexts = map[FaultKind][3]string{
	TooLarge: {"the invitation is larger than %s octets", "l'invitation dépasse %s octets", "la invitación supera los %s octetos"},
	TooMuch:  {"the invitation has too much of one thing: %s", "l'invitation contient trop d'éléments : %s", "la invitación contiene demasiados elementos: %s"},
	NoCalendar: {"this is not a calendar file (it does not begin with BEGIN:VCALENDAR)", "ce n'est pas un fichier de calendrier (il ne commence pas par BEGIN:VCALENDAR)",
		"no es un archivo de calendario (no empieza por BEGIN:VCALENDAR)"},
	NoEvent:   {"there is no event in the calendar file (no VEVENT)", "le fichier de calendrier ne contient aucun événement (VEVENT)", "el archivo de calendario no contiene ningún evento (VEVENT)"},
	NoStart:   {"the invitation has no start time (DTSTART)", "l'invitation n'indique pas de début (DTSTART)", "la invitación no tiene hora de inicio (DTSTART)"},
	NoUID:     {"the invitation has no identifier (UID)", "l'invitation n'a pas d'identifiant (UID)", "la invitación no tiene identificador (UID)"},
	BadTime:   {"%s is not a date that can be read", "%s n'est pas une date lisible", "%s no es una fecha que se pueda leer"},
	EndsFirst: {"the event ends before it starts", "l'événement finit avant de commencer", "el evento termina antes de empezar"},
	TakesLong: {"the event would take more than a year", "l'événement durerait plus d'un an", "el evento duraría más de un año"},
	BadRule:   {"the rule %q by which the event takes place again cannot be read", "la règle %q de répétition de l'événement n'est pas lisible", "la regla %q de repetición del evento no se puede leer"},
	TooOften:  {"the event would take place more than once a day (%s)", "l'événement aurait lieu plus d'une fois par jour (%s)", "el evento se repetiría más de una vez al día (%s)"},
	NeverOn:   {"by the rule %q the event never takes place", "selon la règle %q, l'événement n'a jamais lieu", "según la regla %q, el evento no tiene lugar nunca"},
	TwoEnds: {"the rule %q says both how often (COUNT) and until when (UNTIL): leave one of them out", "la règle %q dit à la fois combien de fois (COUNT) et jusqu'à quand (UNTIL) : retirez l'un des deux",
		"la regla %q dice a la vez cuántas veces (COUNT) y hasta cuándo (UNTIL): quite uno de los dos"},
	BadMethod:   {"%q is not something a calendar program asks (METHOD)", "%q n'est pas une demande de calendrier connue (METHOD)", "%q no es una petición de calendario conocida (METHOD)"},
	NoAnswer:    {"this calendar file answers no invitation", "ce fichier de calendrier ne répond à aucune invitation", "este archivo de calendario no responde a ninguna invitación"},
	ManyAnswers: {"an answer is from one person, and here are several", "une réponse vient d'une seule personne, et il y en a plusieurs", "una respuesta es de una sola persona, y aquí hay varias"},
	BadPartStat: {"%q is neither yes, nor no, nor maybe", "%q n'est ni oui, ni non, ni peut-être", "%q no es ni sí, ni no, ni quizá"},
	MissingLine: {"there is no line %q; it may be: %s", "il manque la ligne %q ; par exemple : %s", "falta la línea %q; por ejemplo: %s"},
	TwiceLine:   {"%q is there twice", "%q s'y trouve deux fois", "%q aparece dos veces"},
	EmptyLine:   {"there is nothing behind %q; it may be: %s", "il n'y a rien après %q ; par exemple : %s", "no hay nada después de %q; por ejemplo: %s"},
	LongLine:    {"%q is too long", "%q est trop long", "%q es demasiado largo"},
	BadWhen:     {"%q is not a date with a time, such as 2026-03-17 15:00", "%q n'est pas une date avec une heure, comme 2026-03-17 15:00", "%q no es una fecha con hora, como 2026-03-17 15:00"},
	PastWhen:    {"%q is over; a date is written such as 2026-03-17 15:00", "%q est passé ; une date s'écrit comme 2026-03-17 15:00", "%q ya ha pasado; una fecha se escribe como 2026-03-17 15:00"},
	BadMinutes:  {"%q is not a number of minutes, such as 90", "%q n'est pas un nombre de minutes, comme 90", "%q no es un número de minutos, como 90"},
	BadZone:     {"%q is not a time zone, such as Africa/Nairobi", "%q n'est pas un fuseau horaire, comme Africa/Nairobi", "%q no es una zona horaria, como Africa/Nairobi"},
	BadFormat: {"%q is not a format, such as meeting, world_cafe or lunch_and_learn", "%q n'est pas un format, comme meeting, world_cafe ou lunch_and_learn",
		"%q no es un formato, como meeting, world_cafe o lunch_and_learn"},
	BadPlaces:   {"%q is not a number of places, such as 20", "%q n'est pas un nombre de places, comme 20", "%q no es un número de plazas, como 20"},
	BadRegister: {"%q is not a date before the event, such as 2026-03-16 18:00", "%q n'est pas une date avant l'événement, comme 2026-03-16 18:00", "%q no es una fecha anterior al evento, como 2026-03-16 18:00"},
	PastRegister: {"registration would be over already, by \"Register by: %s\"", "l'inscription serait déjà close, d'après « Inscription avant : %s »",
		"la inscripción ya estaría cerrada, según «Inscripción hasta: %s»"},
	SameEnd: {"%q ends when it starts", "%q finit quand il commence", "%q termina cuando empieza"},
	NotMarked: {"%q was not taken as an invitation, since your mail program does not mark it as one (text/calendar)",
		"%q n'a pas été pris pour une invitation, car votre messagerie ne l'indique pas comme telle (text/calendar)",
		"%q no se tomó como invitación, porque su programa de correo no lo marca como tal (text/calendar)"},
	Forwarded: {"an invitation within a mail that is forwarded is not taken, for it is somebody else's", "une invitation dans un message transféré n'est pas prise, car elle est de quelqu'un d'autre",
		"una invitación dentro de un correo reenviado no se toma, porque es de otra persona"},
	Quoted: {"the lines of an event stand in what you forward or quote, and not in your own words", "les lignes d'un événement sont dans ce que vous transférez ou citez, et non dans votre propre texte",
		"las líneas de un evento están en lo que usted reenvía o cita, y no en su propio texto"},
	NoTitle:    {"the event has no title (SUMMARY)", "l'événement n'a pas de titre (SUMMARY)", "el evento no tiene título (SUMMARY)"},
	Over:       {"the event is over", "l'événement est passé", "el evento ya ha pasado"},
	FarAhead:   {"the event is more than five years ahead", "l'événement est dans plus de cinq ans", "el evento será dentro de más de cinco años"},
	TwoMethods: {"the mail and the invitation in it ask for different things: %s", "le message et l'invitation qu'il contient demandent des choses différentes : %s", "el correo y la invitación que contiene piden cosas distintas: %s"},
	CafeAgain: {"a World Café takes place once, since people are seated for one meeting; send one event for each date", "un World Café n'a lieu qu'une fois, car les tables valent pour une seule rencontre ; envoyez un événement par date",
		"un World Café tiene lugar una sola vez, porque las mesas son para un solo encuentro; envíe un evento por fecha"},
	BadPresenter: {"%q is not a person, such as Ann Ng <ann@example.org>", "%q n'est pas une personne, comme Ann Ng <ann@example.org>", "%q no es una persona, como Ann Ng <ann@example.org>"},
}

// lineExamples are what may stand behind a label that has to be there.
var lineExamples = map[string]string{"Title:": "Title: Lunch and learn", "When:": "When: 2026-03-17 15:00"}

// Error is the sentence in English.
func (f *Fault) Error() string { return f.In("en") }

// In is the sentence in the first of these languages that there is, which are English, French and Spanish; else in English. It has no full stop.
func (f *Fault) In(languages ...string) string {
	at := 0
	for _, tag := range languages {
		base, _, _ := strings.Cut(strings.ToLower(tag), "-")
		if i := slices.Index([]string{"en", "fr", "es"}, base); i >= 0 {
			at = i
			break
		}
	}
	format := faultTexts[f.Kind][at]
	said := format
	switch strings.Count(format, "%") {
	case 1:
		said = fmt.Sprintf(format, f.Text)
	case 2:
		example := lineExamples[f.Text]
		if example == "" {
			example = f.Text + " …"
		}
		said = fmt.Sprintf(format, f.Text, example)
	}
	if f.Line > 0 {
		said = fmt.Sprintf([]string{"line %d: %s", "ligne %d : %s", "línea %d: %s"}[at], f.Line, said)
	}
	return said
}

// fault is one about the whole; what was written is cut so that it can be quoted.
func fault(kind FaultKind, text string) *Fault { return &Fault{Kind: kind, Text: shown(text)} }

// shown is a text of at most 80 characters without control characters, for a sentence.
func shown(s string) string {
	s = strings.TrimSpace(quotable(s))
	if utf8.RuneCountInString(s) > 80 {
		s = string([]rune(s)[:79]) + "…"
	}
	return s
}
