package letter

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"convene/digest/facts"
	"convene/digest/plan"
	"convene/list/event"
)

// builtBook is what is built in, read once.
var builtBook = sync.OnceValue(Built)

// remote is a discussion of two weeks in three languages, with an event behind it.
func remote(t *testing.T) *plan.Discussion {
	z := zone(t, "Africa/Nairobi")
	return &plan.Discussion{
		ID: "remote", List: "peers@lists.example.org", ListTitle: "Peer Learning",
		Title:        plan.Texts{"en": "Facilitating at a distance", "fr": "Faciliter à distance", "es": "Facilitar a distancia"},
		Start:        plan.Date{Year: 2026, Month: 3, Day: 2},
		Weeks:        2,
		Facilitators: []plan.Person{{Name: "Luis Prieto", Address: "luis@example.org"}, {Name: "Noor Rahman", Address: "noor@example.org"}},
		Intro: plan.Texts{"en": "I am Luis Prieto. I ran farmer radio groups in Bolivia, and made every mistake once.",
			"fr": "Je m’appelle Luis Prieto. J’ai animé des groupes de radio rurale en Bolivie, et commis chaque erreur une fois.",
			"es": "Soy Luis Prieto. Llevé grupos de radio campesina en Bolivia y cometí cada error una vez."},
		Introduction: plan.Texts{"en": "please introduce yourself in a sentence, with one opportunity or challenge in your work now.",
			"fr": "présentez-vous en une phrase, avec une chance ou une difficulté de votre travail en ce moment.",
			"es": "preséntese en una frase, con una oportunidad o una dificultad de su trabajo en este momento."},
		Hashtag: "#remote",
		Purpose: plan.Texts{"en": "How do we keep people talking when half of them are on a phone with one bar? We start two weeks on this one question.",
			"fr": "Comment garder une conversation vivante quand la moitié du groupe n’a qu’un téléphone et une barre de réseau ? Nous commençons deux semaines sur cette seule question.",
			"es": "¿Cómo mantenemos viva una conversación cuando la mitad del grupo tiene solo un teléfono y una raya de señal? Empezamos dos semanas con esta única pregunta."},
		Evidence: plan.Texts{"en": "What you say becomes a paper of four pages for the training team in Accra.",
			"fr": "Ce que vous direz deviendra un document de quatre pages pour l’équipe de formation à Accra.",
			"es": "Lo que ustedes digan será un documento de cuatro páginas para el equipo de formación en Acra."},
		CallToAction: plan.Texts{"en": "Which one thing will you do differently in your next call?", "fr": "Quelle seule chose ferez-vous autrement lors de votre prochain appel ?",
			"es": "¿Qué única cosa hará de otra manera en su próxima llamada?"},
		Effort: plan.Texts{"en": "10 minutes, twice a week", "fr": "10 minutes, deux fois par semaine", "es": "10 minutos, dos veces por semana"},
		Questions: []plan.Texts{
			{"en": "Think of a time when a quiet group began to talk. What had somebody just done?", "fr": "Pensez à un moment où un groupe silencieux s’est mis à parler. Que venait de faire quelqu’un ?",
				"es": "Piense en un momento en que un grupo callado empezó a hablar. ¿Qué acababa de hacer alguien?"},
			{"en": "What worked when the line was bad?", "fr": "Qu’est-ce qui a marché quand la ligne était mauvaise ?", "es": "¿Qué funcionó cuando la señal era mala?"},
			{"en": "What will you try next?", "fr": "Qu’allez-vous essayer maintenant ?", "es": "¿Qué va a probar ahora?"},
		},
		Responders: []plan.Responders{{Question: 1, Members: []plan.Responder{{Address: "dede@example.org"}}}},
		Thanks:     plan.ThanksBoth, Spotlights: 3, Attribution: plan.ByName,
		Event: &event.Event{ID: "cafe-1", Title: plan.Texts{"en": "World Café: what we learned", "fr": "World Café : ce que nous avons appris", "es": "World Café: lo que aprendimos"},
			Start: time.Date(2026, 3, 17, 15, 0, 0, 0, z), Length: 90 * time.Minute, Format: event.WorldCafe, Where: "https://meet.example.org/cafe",
			RegisterBy: time.Date(2026, 3, 16, 18, 0, 0, 0, z),
			Agenda:     []plan.Texts{{"": "10 min: welcome", "fr": "10 min : accueil", "es": "10 min: bienvenida"}, {"": "3 × 20 min: three rounds of tables", "fr": "3 × 20 min : trois tours de tables", "es": "3 × 20 min: tres rondas de mesas"}, {"": "20 min: what we take home", "fr": "20 min : ce que nous emportons", "es": "20 min: lo que nos llevamos"}}},
		Language: "en", Languages: []string{"en", "fr", "es"}, Calendar: plan.Calendar{Location: z},
	}
}

// remoteRows is its plan.
func remoteRows(t *testing.T) []plan.Row {
	z := zone(t, "Africa/Nairobi")
	luis := plan.Person{Name: "Luis Prieto", Address: "luis@example.org"}
	row := func(n int, kind plan.Kind, week int, month time.Month, day, hour int, asks ...int) plan.Row {
		return plan.Row{N: n, Key: fmt.Sprintf("remote/%s/%d", kind, week), Kind: kind, Week: week, At: time.Date(2026, month, day, hour, 0, 0, 0, z), SentBy: luis, Asks: asks}
	}
	return []plan.Row{
		row(1, plan.Announcement, 0, 2, 23, 9), row(2, plan.Kickoff, 1, 3, 2, 9, 0), row(3, plan.Midweek, 1, 3, 4, 12), row(4, plan.Weekly, 1, 3, 6, 11),
		row(5, plan.Questions, 2, 3, 9, 9, 1, 2), row(6, plan.Midweek, 2, 3, 11, 12), row(7, plan.Closing, 2, 3, 13, 11), row(8, plan.EventContent, 0, 3, 19, 9),
		row(9, plan.EventSummary, 0, 3, 24, 9), row(10, plan.FollowUp, 0, 4, 15, 9),
	}
}

// quoted is a quote of somebody's.
func quoted(post, topic uint32, by, language, text string) facts.Quote {
	return facts.Quote{Text: text, By: by, Address: "x@example.org", MessageID: fmt.Sprintf("%d@mail.example.org", post),
		Link: fmt.Sprintf("https://lists.example.org/peers/%d", post), Post: post, Topic: topic, Language: language}
}

// heard are the facts of its first week.
func heard(t *testing.T) *facts.Facts {
	z := zone(t, "Africa/Nairobi")
	esther := quoted(12, 10, "Dede Mensah", "en", "When Mama Esther answers, the others know it is allowed.")
	closes := quoted(15, 10, "Tomás Quispe", "en", "With us the first voice closes the matter.")
	appel := quoted(17, 10, "Awa Diallo", "fr", "Le premier appel, c’est à la plus jeune, jamais au chef.")
	credit := quoted(19, 11, "Noor Rahman", "en", "We pay for the credit of the two who have none, and nobody else knows who they are.")
	radio := quoted(21, 11, "Nguyen Thi Lan", "en", "The radio asked the question on Monday; by Thursday we had forty voice notes.")
	aymara := quoted(23, 12, "Tomás Quispe", "es", "En aymara nadie contesta a una pregunta general; hay que preguntar a alguien por su nombre.")
	porto := quoted(25, 12, "João Baptista", "pt", "Aqui a conversa começa sempre depois da reunião, no caminho de casa.")
	ask := quoted(26, 12, "Grace Wanjiru", "en", "I stopped sending minutes and people began to call me.")
	ask.Ask = true
	theme := func(phrase string, people, posts, other int, quotes ...facts.Quote) facts.Theme {
		return facts.Theme{Phrase: phrase, Posts: posts, People: people, Quote: quotes[0], Quotes: quotes, Other: other, Words: quotes[0].Language}
	}
	question := func(post, topic uint32, by, text, language string, answers ...string) facts.Question {
		return facts.Question{Text: text, By: by, MessageID: fmt.Sprintf("%d@mail.example.org", post), Link: fmt.Sprintf("https://lists.example.org/peers/%d", post),
			Post: post, Topic: topic, Language: language, Answered: len(answers) > 0, AnswersBy: answers}
	}
	f := &facts.Facts{
		Themes: []facts.Theme{
			theme("Call one person before you write to forty", 9, 12, 2, esther, closes, appel),
			theme("credit of the two who have none", 4, 6, 0, credit, radio),
			theme("preguntar a alguien por su nombre", 3, 5, 0, aymara, ask),
		},
		Questions: []facts.Question{
			question(30, 10, "Awa Diallo", "Que fait-on quand la personne qu’on appelle n’ose pas parler la première ?", "fr"),
			question(31, 11, "Grace Wanjiru", "Has anybody done this with people who cannot read?", "en"),
			question(32, 11, "Noor Rahman", "How much credit does a voice note take?", "en", "Nguyen Thi Lan", "Dede Mensah"),
		},
		Spotlights: []facts.Spotlight{{Name: "Noor Rahman", For: facts.ForAnswering, N: 2}, {Name: "Awa Diallo", For: facts.ForBeginning, N: 3}, {Name: "João Baptista", For: facts.ForFirstTime, N: 1}},
		Thanks: []facts.Thank{{Name: "Dede Mensah", Address: "dede@example.org", Quote: esther, TakenUpBy: []string{"Tomás Quispe", "Awa Diallo", "Noor Rahman"}},
			{Name: "Awa Diallo", Address: "awa@example.org", Quote: appel, TakenUpBy: []string{"Dede Mensah"}, Open: true},
			{Name: "Noor Rahman", Address: "noor.r@example.org", Quote: credit}},
		Counts: facts.Counts{Posts: 23, People: 14, Topics: 3, First: 4, Days: 4, Following: 203},
		Links:  []facts.Link{{URL: "https://radio.example.net/guide?lang=en&page=2", By: "Nguyen Thi Lan", Post: 21}},
		Files:  []facts.File{{Name: "phone-tree.pdf", Size: 184_000, Link: "https://lists.example.org/peers/files/14", Post: 19}},
		Languages: []facts.Tongue{{Language: "en", Posts: 15, Themed: 12, Quote: esther}, {Language: "fr", Posts: 3, Themed: 3, Quote: appel},
			{Language: "es", Posts: 4, Themed: 4, Quote: aymara}, {Language: "pt", Posts: 1, Quote: porto}},
		Threads: []facts.Thread{{Topic: 10, Post: 10, Subject: "Question 1: What had somebody just done?", Posts: 12, People: 9, Quote: esther},
			{Topic: 11, Post: 11, Subject: "Phone credit", Posts: 6, People: 4, Quote: credit}, {Topic: 12, Post: 12, Subject: "Una pregunta general", Posts: 5, People: 3, Quote: aymara}},
		Doubts: []facts.Doubt{{What: "one post", Theme: 3}, {What: "no theme", Posts: 1, Tag: "pt"}, {What: "ask first", Name: "Grace Wanjiru"}},
	}
	for i, name := range []string{"Dede Mensah", "Noor Rahman", "Awa Diallo", "Tomás Quispe", "Nguyen Thi Lan", "João Baptista", "Grace Wanjiru", "Inés Mamani"} {
		f.Contributors = append(f.Contributors, facts.Contributor{Name: name, Address: fmt.Sprintf("m%d@example.org", i), Posts: 2, Private: name == "Grace Wanjiru"})
	}
	for i, q := range []facts.Quote{esther, closes, appel, credit, radio, aymara, porto, ask} {
		f.Opening = append(f.Opening, facts.Line{Quote: q, At: time.Date(2026, 3, 2+i/2, 9+i, 12, 0, 0, z)})
	}
	return f
}

// planned is what the nth row of the plan is written from.
func planned(t *testing.T, n int) *Planned {
	rows := remoteRows(t)
	f := heard(t)
	p := &Planned{Begun: true, Discussion: remote(t), Row: rows[n-1], Rows: rows, Facts: f, Voice: rows[n-1].SentBy, Now: rows[n-1].At,
		Place: Place{Title: "Peer Learning", Address: "peers@lists.example.org", Facilitator: "peers+facilitator@lists.example.org", Settings: "peers+settings@lists.example.org",
			Summary: "peers+summary@lists.example.org", Events: "peers+events@lists.example.org", Page: "https://lists.example.org/peers", Archive: "members"}}
	p.Open = f.Questions[:2]
	switch p.Row.Kind {
	case plan.EventContent, plan.EventSummary:
		p.Content = "Thirty-one of us came, and eleven more by mail. The [recording](https://media.example.org/cafe) has 84 minutes and 61 MB.\n\n- Table 4 spoke French throughout."
		p.Notes = []TableNotes{{Notes: "We agreed that the first call goes to the youngest.\nWe did not agree on who pays."}, {Notes: "Nobody had tried the radio twice."}}
	case plan.Closing:
		p.OpenUntil = time.Date(2026, 3, 18, 0, 0, 0, 0, zone(t, "Africa/Nairobi"))
	}
	return p
}
