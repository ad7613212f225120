package calendar

import (
	"strings"
	"unicode"

	"convene/list"
	"convene/list/message"
)

// answerPhrases are how answers may begin whose first word alone says something else, or nothing, or belongs to a program: in en, fr and es.
var answerPhrases = func() map[string]string {
	all := map[string]string{}
	for said, some := range map[string]string{
		Yes: "no problem|no worries|no way i'd miss this|no way i'd miss it|no way i would miss this|no way i would miss it|wouldn't miss it|i wouldn't miss it|of course|with pleasure|absolutely|count me in|i'm in|" +
			"i'll come|i will come|i'll be there|i will be there|i'm coming|i am coming|attending|accept|accepted|i accept|je viens|je viendrai|j'y serai|je serai là|avec plaisir|avec grand plaisir|bien sûr|" +
			"bien sur|pas de problème|pas de souci|j'accepte|accepté|acceptée|accepter|si, voy|si voy|voy|iré|allí estaré|con gusto|con mucho gusto|claro|claro que sí|claro que si|por supuesto|desde luego|no hay problema|" +
			"sin problema|cómo no|acepto|aceptado|aceptada|aceptar",
		No: "i can't make it|i can't come|i can't|i cannot make it|i cannot come|i cannot|can't make it|cannot make it|not coming|i'm not coming|not attending|unfortunately not|sorry no|sorry i can't|sorry i cannot|" +
			"decline|declined|i decline|je ne peux pas|je ne viens pas|je ne viendrai pas|je ne pourrai pas|désolé non|désolée non|malheureusement non|je décline|décliné|déclinée|décliner|refusé|refusée|" +
			"lo siento no|rechazo|rechazado|rechazada|rechazar|declino",
		Maybe: "not sure|i'm not sure|i am not sure|i don't know|don't know|definitely maybe|peut être|je ne sais pas|pas sûr|pas sûre|pas sur|pas encore sûr|pas encore sûre|je ne suis pas sûr|je ne suis pas sûre|" +
			"tal vez|puede ser|a lo mejor|no sé|no se|no lo sé|no lo se|aún no sé|todavía no sé|no estoy seguro|no estoy segura|provisional|provisoire",
	} {
		for phrase := range strings.SplitSeq(some, "|") {
			all[strings.Join(spokenWords(phrase), " ")] = said
		}
	}
	return all
}()

// longestPhrase is how many words the longest of them has.
const longestPhrase = 7

func spokenWords(line string) []string {
	return strings.FieldsFunc(strings.ToLower(strings.ReplaceAll(line, "’", "'")), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(".,;:!¡…()", r) })
}

// phrased is what a line says that begins with a phrase, and whether what follows leaves that sure; empty: it begins with none.
func phrased(line string) (answer string, sure bool) {
	words := spokenWords(harmlessBehind(line))
	for n := min(len(words), longestPhrase); n > 0; n-- {
		if answer = answerPhrases[strings.Join(words[:n], " ")]; answer == "" {
			continue
		}
		for i, w := range words[n:] {
			switch {
			case answer != Maybe && i == 0 && w == "wait": // "I can't wait"
				return Yes, answer == No
			case answer == Yes && (deniesWords[w] || butWords[w] || exceptWords[w] || onlyWords[w]), answer == No && (butWords[w] || w != "si" && list.Yes(w)):
				return answer, dayIn.MatchString(withDays(strings.ToLower(line)))
			}
		}
		return answer, true
	}
	return "", false
}

// harmlessBehind is a line without the phrases behind its first one that deny nothing.
func harmlessBehind(line string) string {
	head, tail, found := strings.Cut(strings.ReplaceAll(line, "’", "'"), ",")
	if !found {
		return line
	}
	return head + "," + harmless.ReplaceAllString(strings.ToLower(tail), " ")
}

// greetings begin a line that greets.
var greetings = wordsOf("hi hello hey dear greetings good bonjour bonsoir salut cher chère chers hola buenos buenas estimado estimada estimados querido querida")

// ungreeted is an answer without the line above it that greets.
func ungreeted(a list.Answer) list.Answer {
	if words := len(strings.Fields(a.Rest)); !greetings[a.Verb] || words > politely-1 || strings.TrimSpace(a.Text) == "" {
		return a
	}
	for _, w := range spokenWords(a.Rest) {
		if list.Yes(w) || list.No(w) {
			return a
		}
	}
	return list.AnswerIn(strings.TrimSpace(a.Text))
}

// isAnswer reports whether a subject is somebody's own, and has a word that answers.
func isAnswer(subject string) bool {
	if _, replies := message.ReplyMarker(subject); replies || strings.TrimSpace(subject) == "" {
		return false
	}
	_, ok := readAnswer(list.AnswerIn(subject))
	return ok
}

// noBefore are the words that may follow a "no" at once, without a comma, and leave it one. "No problem" and "no idea" are none.
var noBefore = wordsOf(`i i'm i'll we thanks thank not sorry but unfortunately this to for on the not all except only merci je j' désolé désolée pas sauf toutes tous gracias lo yo puedo podré voy iré asistiré vengo
	me puede el la los las al a todas todos salvo excepto menos pero`)

// denies reports whether an answer whose first word is "no" says no: nothing follows it, or what is apart from it, or goes with it.
func denies(a list.Answer) bool {
	if a.Verb != "no" {
		return true // in other languages it is not the beginning of something else
	}
	behind := strings.ToLower(a.Whole)
	if i := strings.Index(behind, "no"); i >= 0 {
		behind = behind[i+len("no"):]
	}
	line, _, _ := strings.Cut(behind, "\n")
	if strings.TrimSpace(a.Rest) == "" || !strings.HasPrefix(line, " ") && line != "" || strings.TrimSpace(line) == "" {
		return true
	}
	next := strings.Fields(line)[0]
	if word := strings.TrimFunc(next, unicode.IsPunct); word == "" || noBefore[word] || monthNames[word] != 0 || unicode.IsNumber([]rune(word)[0]) {
		return true
	}
	return false
}
