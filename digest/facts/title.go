package facts

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"convene/digest/words"
)

// numbering is the number of a part at the end of a subject: a range, or in brackets, or behind a word that counts parts.
var numbering = regexp.MustCompile(`\s+(?:[#(\[]\p{Nd}+(?:\s?[-–/]\s?\p{Nd}+)?[)\]]?|\p{Nd}+\s?[-–/]\s?\p{Nd}+|\p{Nd}+)$`)

// frame is what a subject begins with that says of what kind the mail is, and not what it is about.
var frame = regexp.MustCompile(`(?i)^(?:(?:(?:(?:a |an |some |another |one |quick |newbie |beginner'?s? |une? |una? |uma? |autre |otra |petite )*(?:introduction|intro|meta|questions?|help|problems?|update|announcement|announce|offtopic|off-topic|ot|fyi|rfc|poll|` +
	`présentation|méta|aide|annonce|problèmes?|sondage|presentación|preguntas?|ayuda|dudas?|anuncio|apresentação|perguntas?|ajuda|dúvidas?|aviso))\s*[,:–—-]\s+)|` +
	`(?:(?:some |a few |a |an |more |my |again |quick )*(?:thoughts?|questions?|notes?|comments?|ideas?)|again|encore|de nuevo|quelques questions|preguntas?|dudas?|perguntas?|dúvidas?) (?:on|about|with|regarding|concerning|sur|à propos de|au sujet de|sobre|acerca de) )`)

// titleOf is a subject as the title of a theme, without what only says of what kind the mail is; empty: it is too long for one, or says too little.
func titleOf(subject string, lex *words.Lexicon) string {
	if at := numbering.FindStringIndex(subject); at != nil {
		before := words.Words(subject[:at[0]])
		if n := len(before); strings.ContainsAny(subject[at[0]:], "#([-–/") || n > 0 && lex.Weak(before[n-1]) {
			subject = subject[:at[0]]
		}
	}
	if rest := subject[len(frame.FindString(subject)):]; len(words.Words(rest)) > 1 {
		subject = rest
	}
	title := strings.TrimRight(subject, " ?!.…")
	if strings.HasSuffix(subject, "?") {
		title = strings.TrimSpace(strings.TrimRight(subject, " ?")) + "?"
	}
	all := words.Words(title)
	if len(all) < 2 || len(all) > longTitle || utf8.RuneCountInString(title) > 80 || strings.ContainsAny(title, "{}[]<>=\\|") {
		return ""
	}
	return title
}

// thin reports whether of the words of a title at most one is not used of anything: "Turkey Questions".
func thin(title string, lex *words.Lexicon) bool {
	n := 0
	for _, word := range words.Words(title) {
		if !lex.Stop(word) && !lex.Weak(word) {
			n++
		}
	}
	return n < 2
}

// fuller is the subject of another exchange that somebody began who writes in this one, too, with a word of a thin title that says more; without one it is the title.
func (t *tongue) fuller(title string, of *exchange, exchanges []*exchange) string {
	if !thin(title, t.lex) {
		return title
	}
	stems := of.stems
	for _, e := range exchanges {
		other := titleOf(e.subject, t.lex)
		if other == "" || thin(other, t.lex) || !slices.ContainsFunc(of.posts, func(r *reading) bool { return r.person == e.posts[0].person }) {
			continue
		}
		for _, stem := range stems {
			if in, all := t.all.Docs(stem); in*familyRare <= all && !t.lex.Weak(t.all.Stem(stem)) && slices.Contains(e.stems, stem) {
				return other
			}
		}
	}
	return title
}

// vague are words of subjects that say how somebody is or what kind of mail it is, and not of what it is.
var vague = regexp.MustCompile(`(?i)^(?:newbie|newbies|newcomer|beginner'?s?|confusion|confused|performance|weirdness|strange|weird|trouble|troubles|adventures?|difficulty|difficulties|doubts?|curious|stuck|lost|offer|request|plus|simple|basic|odd|general|random|` +
	`difficultés?|souci|soucis|débutante?s?|perdue?|bizarre|simple|dificultad(?:es)?|principiante|perdid[oa]|raro|sencill[ao]|dificuldades?|iniciante|estranho|simples)$`)

// leastTold is in what share of an exchange a phrase stands for it to be told behind a title that says too little, and fewTold how many people have it.
const (
	leastTold = 0.25
	fewTold   = 3
)

// told is a title, and behind one of which at most one word says what it is about the phrase that most of its posts have.
func (e *exchange) told(title string, phrases []*words.Phrase) string {
	lex, n := e.tongue.lex, 0
	for _, word := range words.Words(title) {
		if !lex.Stop(word) && !lex.Weak(word) && !vague.MatchString(word) {
			n++
		}
	}
	if n > 1 || strings.HasSuffix(title, "?") {
		return title
	}
	stems, best, found := e.tongue.all.Find(title), 0.0, ""
	for _, p := range phrases {
		if len(p.Stems) == 1 && (!p.Alone || e.tongue.full(p.Stems[0])) || slices.ContainsFunc(p.Stems, func(stem int32) bool { return slices.Contains(stems, stem) }) {
			continue
		}
		var in []*reading
		for _, r := range e.posts {
			if slices.Contains(p.Docs, r.index) {
				in = append(in, r)
			}
		}
		part := float64(len(in)) / float64(len(e.posts))
		score := part * math.Pow(float64(len(in))/float64(len(p.Docs)), 0.3) * (0.5 + 0.5*float64(len(p.Stems))) * nounness(p)
		if part >= leastTold && len(peopleOf(in)) >= fewTold && score > best {
			best, found = score, p.Text
		}
	}
	if found == "" {
		return title
	}
	return title + " (" + found + ")"
}

// named reports whether a word is in the subject of an exchange that holds half of what has it, and that can be a title: that says more.
func (t *tongue) named(p *words.Phrase, exchanges []*exchange) bool {
	for _, e := range exchanges {
		if slices.Contains(e.stems, p.Stems[0]) && len(peopleOf(e.posts)) > 1 && titleOf(e.subject, t.lex) != "" {
			n := 0
			for _, r := range e.posts {
				if slices.Contains(p.Docs, r.index) {
					n++
				}
			}
			if n*2 >= len(p.Docs) {
				return true
			}
		}
	}
	return false
}

// longer reports whether a phrase of several words with this one stands in half of what has the word, at least.
func longer(p *words.Phrase, phrases []words.Phrase) bool {
	return slices.ContainsFunc(phrases, func(o words.Phrase) bool {
		return len(o.Stems) > 1 && slices.Contains(o.Stems, p.Stems[0]) && len(o.People) > 1 && len(o.Docs)*2 >= len(p.Docs)
	})
}
