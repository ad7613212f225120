package plan

import (
	"regexp"
	"strings"
	"unicode"
)

// mailKeys are the words that lines of a mailed plan begin with, in English, French and Spanish, without accents and capitals.
var mailKeys = map[string]string{
	"title": "title", "titre": "title", "titulo": "title",
	"start": "start", "starts": "start", "begins": "start", "debut": "start", "inicio": "start", "comienzo": "start",
	"weeks": "weeks", "week": "weeks", "semaines": "weeks", "semaine": "weeks", "semanas": "weeks", "semana": "weeks",
	"question": "question", "questions": "question", "pregunta": "question", "preguntas": "question",
	"event": "event", "evenement": "event", "evento": "event",
	"where": "where", "lieu": "where", "lugar": "where",
	"hashtag": "hashtag", "etiqueta": "hashtag", "mot-diese": "hashtag",
	"purpose": "purpose", "but": "purpose", "objectif": "purpose", "proposito": "purpose", "objetivo": "purpose",
	"effort": "effort", "esfuerzo": "effort",
}

// listMark is what stands before an item of a list.
var listMark = regexp.MustCompile(`^(?:[-*•–]|\(?\d{1,2}[.)])\s+`)

// mailLine is a line of a mailed plan with its value, which may have gone on over several lines.
type mailLine struct {
	n          int
	key, value string
}

// split finds the lines that say something.
func (r *mailReader) split(text string) []mailLine {
	var lines []mailLine
	open := false // a line may go on
	for i, s := range strings.Split(strings.ToValidUTF8(text, "\ufffd"), "\n") {
		s = strings.TrimSpace(strings.Map(printable, s))
		if s == "--" {
			break
		}
		key, value, near := mailKey(s)
		item := strings.TrimSpace(listMark.ReplaceAllString(s, ""))
		last := len(lines) - 1
		switch {
		case s == "":
			open = false
		case key != "":
			lines, open = append(lines, mailLine{i + 1, key, value}), true
		case near != "":
			word, _, _ := strings.Cut(s, ":")
			r.fault(i+1, UnknownLine, strings.TrimSpace(word)+":", near)
			open = false
		case last >= 0 && lines[last].key == "question" && item != s && item != "":
			if lines[last].value == "" {
				lines[last].value = item
			} else {
				lines = append(lines, mailLine{i + 1, "question", item})
			}
			open = true
		case open:
			lines[last].value = strings.TrimSpace(lines[last].value + " " + s)
		}
	}
	return lines
}

// printable leaves out what a mail header or a terminal should not get.
func printable(c rune) rune {
	if c == '\t' || c == '\u00a0' {
		return ' '
	}
	if unicode.IsControl(c) || c == '\ufeff' || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 {
		return -1
	}
	return c
}

// mailKey reads the key of a line, however it is marked ("*Title:* x", "- Title: x"), and its value. near is the key that a word is much like which is none.
func mailKey(s string) (key, value, near string) {
	s = listMark.ReplaceAllString(s, "")
	word, value, found := strings.Cut(s, ":")
	word = plainLetters(strings.Trim(word, "*_ "))
	if !found || len(word) > 20 {
		return "", "", ""
	}
	if key = mailKeys[word]; key != "" {
		return key, strings.TrimSpace(strings.TrimLeft(value, "*_ ")), ""
	}
	for known := range mailKeys {
		if len(known) > 3 && nearly(word, known) && (near == "" || known < near) {
			near = known
		}
	}
	return "", "", near
}

// accents takes off those of French and Spanish.
var accents = strings.NewReplacer("é", "e", "è", "e", "ê", "e", "à", "a", "á", "a", "â", "a", "í", "i", "ó", "o", "ô", "o", "ú", "u", "û", "u", "ç", "c",
	"ñ", "n")

// plainLetters is a word in small letters without accents.
func plainLetters(s string) string {
	return accents.Replace(strings.ToLower(s))
}

// nearly reports whether two words differ by one letter: one more, one less, another one, or two that changed places.
func nearly(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch {
	case len(b) == len(a)+1:
		return a[i:] == b[i+1:]
	case len(b) != len(a) || i == len(a):
		return false
	case a[i+1:] == b[i+1:]:
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
