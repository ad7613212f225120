package calendar

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"convene/list"
)

// The words of an answer beside yes and no, in the languages of the texts and those nearest to them.
var (
	maybeWords = []string{"maybe", "perhaps", "tentative", "peut-être", "peut-etre", "quizás", "quizas", "quizá", "quiza", "talvez", "labda", "vielleicht"}
	hostWords  = []string{"host", "animer", "anime", "animar", "animo", "anfitrión", "anfitrion", "anfitriona", "hôte", "hote"}
	notesWords = []string{"notes", "note", "notas", "apuntes"}
	passWords  = []string{"pass", "passe", "passer", "paso", "pasar", "passo"}
	allWords   = []string{"all", "tous", "toutes", "todos", "todas"}
	mailWords  = []string{"mail", "email", "courriel", "correo"}
)

// datePattern finds the date of a series in an answer.
var datePattern = regexp.MustCompile(`\b(20\d\d-\d\d-\d\d)\b`)

// readAnswer reads what somebody answers; false: it fits no word. An answer of a few words is searched for all of them ("yes, host", "no 2026-04-07").
func readAnswer(a list.Answer) (s said, ok bool) {
	a = ungreeted(a)
	words := strings.FieldsFunc(strings.ToLower(a.Verb+" "+a.Rest), func(r rune) bool { return strings.ContainsRune(" ,.;:!/", r) })
	if len(words) > politely {
		words = words[:1]
	}
	has := func(some []string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(some, w) })
	}
	said, sure := "", true
	if a.Verb != list.VerbUnread {
		said, sure = phrased(a.Verb + " " + a.Rest)
	}
	switch {
	case said != "":
		s.answer, s.unclear, ok = said, !sure, true
	case a.Verb == "si" && a.Rest != "" && !has(hostWords) && !has(notesWords): // before other words it is a French "if"
	case list.Yes(a.Verb):
		s.answer, ok = Yes, true
		if behind := spokenWords(a.Rest); len(behind) > 0 && (slices.Contains(maybeWords, behind[0]) || answerPhrases[strings.Join(behind, " ")] == Maybe) {
			s.answer = Maybe
		}
	case list.No(a.Verb):
		s.answer, ok = No, true
		s.unclear = !denies(a) || has([]string{"yes", "oui", "sí"}) && !dayIn.MatchString(withDays(strings.ToLower(a.Own())))
	case slices.Contains(maybeWords, a.Verb):
		s.answer, ok = Maybe, true
	}
	if s.answer != No {
		s.host, s.notes = has(hostWords), has(notesWords)
		s.pass, s.mail = has(passWords), has(mailWords)
		if s.pass && (s.host || s.notes) { // they pass on just that
			s.pass, s.passNotes, s.host, s.notes = s.host, s.notes, false, false
		}
		ok = ok || s.host || s.notes || s.pass || s.passNotes || s.mail
	}
	s.all = has(allWords)
	if ok && s.answer != "" && !s.unclear {
		s.dated(cmp.Or(a.Whole, a.Verb+" "+a.Rest))
	}
	return s, ok
}

// politely is how many words an answer may have before it is for a person to read.
const politely = 5
