package digest

import (
	"time"

	"convene/digest/facts"
)

// sampleWords are what made-up people say in a preview: a phrase, two sentences and a question, by language.
var sampleWords = map[string][4]string{
	"en": {"a phrase of theirs", "Here stands a whole sentence that somebody wrote, unchanged.", "Here stands another, of somebody else.", "Here stands a question that nobody has answered yet?"},
	"fr": {"une formule à eux", "Ici vient une phrase entière de quelqu’un, inchangée.", "Ici vient une autre phrase, de quelqu’un d’autre.", "Ici vient une question à laquelle personne n’a encore répondu ?"},
	"es": {"una frase suya", "Aquí va una frase entera que alguien escribió, sin cambios.", "Aquí va otra, de otra persona.", "¿Aquí va una pregunta que nadie ha respondido todavía?"},
}

// sampleFacts are facts of people that there are not, for a preview of what is written from posts.
func sampleFacts(a *affair, from, until time.Time) *facts.Facts {
	words, ok := sampleWords[a.Language]
	if !ok {
		words = sampleWords["en"]
	}
	say := func(text, by string, post uint32) facts.Quote {
		return facts.Quote{Text: text, By: by, Address: "nobody@example.invalid", Post: post, Topic: 1, Language: a.Language}
	}
	first, second := say(words[1], "A. B.", 1), say(words[2], "C. D.", 2)
	return &facts.Facts{
		Themes:       []facts.Theme{{Phrase: words[0], Posts: 2, People: 2, Quote: first, Quotes: []facts.Quote{first, second}, Words: a.Language}},
		Questions:    []facts.Question{{Text: words[3], By: "C. D.", Post: 2, Topic: 1, Language: a.Language}},
		Contributors: []facts.Contributor{{Name: "A. B.", Address: "a@example.invalid", Posts: 1, Days: 1}, {Name: "C. D.", Address: "c@example.invalid", Posts: 1, Days: 1}},
		Counts:       facts.Counts{Posts: 2, People: 2, Topics: 1, Days: 1},
		Threads:      []facts.Thread{{Topic: 1, Post: 1, Subject: words[0], Posts: 2, People: 2, Quote: first}},
		Languages:    []facts.Tongue{{Language: a.Language, Posts: 2, Themed: 2, Quote: first}},
		Opening:      []facts.Line{{Quote: first, At: from}, {Quote: second, At: from}},
		From:         from, Until: until,
	}
}
