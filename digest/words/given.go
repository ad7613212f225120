package words

import (
	"regexp"
	"strings"
	"unicode"
)

// Given is what a sentence names as known to who reads it: "the port".
type Given struct {
	Words []string // behind the article, none of which says nothing
	Bare  bool     // it is one word
	Opens bool     // the sentence begins with it
	Near  bool     // what follows may tell which it is, or belong to the verb: "put the bread in the oven"
}

// Given are the things that a sentence names as known without saying which they are, in the languages whose definite article is for such alone. What the
// sentence itself goes on to tell of ("the port of the server", "the people who came") is none.
func (l *Lexicon) Given(sentence string) (all []Given) {
	if l.props.the == nil {
		return nil
	}
	pieces := l.pieces(sentence)
	for i := range pieces {
		if !l.props.the[pieces[i].low] {
			continue
		}
		g, k := Given{}, i+1
		known, ended := false, false
		for ; k < len(pieces) && !ended && len(g.Words) < 4; k++ {
			p := pieces[k]
			if len(g.Words) == 0 && l.props.skipped[p.low] && !p.ends {
				continue
			}
			if l.Stop(p.word) && !l.props.known[p.low] || l.verbs[p.low] && len(g.Words) > 0 {
				break
			}
			known = known || l.numbers[p.low] || len(g.Words) == 0 && l.props.ranks[p.low] || unicode.IsUpper(firstRune(p.word)) && len(g.Words) == 0 && p.ends
			g.Words = append(g.Words, p.word)
			ended = p.ends
		}
		held := !ended && k < len(pieces) && l.props.held[pieces[k].low]
		g.Near = !ended && k < len(pieces) && l.props.near[pieces[k].low]
		known = known || len(g.Words) > 0 && l.props.known[strings.ToLower(g.Words[len(g.Words)-1])]
		g.Opens = i == 0
		if g.Bare = len(g.Words) == 1; len(g.Words) > 0 && !known && !held {
			all = append(all, g)
		}
	}
	return all
}

// then is a time that was told of before.
var then = regexp.MustCompile(`(?i)(?:^|\s)(?:(?:since|until|by|back) then|depuis lors|desde entonces|desde então)(?:$|[\s,.])`)

// GoesOn reports whether a sentence counts from a time that was told of before it: "since then".
func (l *Lexicon) GoesOn(sentence string) bool { return then.MatchString(sentence) }

// Premise reports whether a sentence only tells how things stand with who writes, and the next one why that is told: a question, or what is wrong with it.
func (l *Lexicon) Premise(sentence, next string, asks bool) bool {
	return setting.MatchString(sentence) && (asks || wrong.MatchString(next))
}

var (
	// setting is what somebody has or does that others need to know to answer.
	setting = regexp.MustCompile(`(?i)^(?:(?:currently|up until now|at the moment|right now|so|well|ok|actuellement|pour l'instant|actualmente|por ahora|atualmente|neste momento),? )?(?:` +
		`(?:i|we)(?:['’](?:m|re|ve)| am| are| have)? (?:(?:been|currently|just|also|now|recently|only|already) )*(?:us(?:e|ing)|have an?|have the|got an?|got the|run|running|work(?:ing)? (?:on|with)|develop(?:ing)?|writing|build|building|adding)` +
		`|my (?:app|application|server|program|setup|site|page|system|code|organi[sz]ation) |our (?:app|application|server|program|setup|site|page|system) ` +
		`|(?:j['’]utilise|nous utilisons|je travaille|nous travaillons|j['’]ai (?:un|une|des)|nous avons (?:un|une|des)) |(?:uso|usamos|utilizo|utilizamos|tengo|tenemos|trabajo|trabajamos|estoy usando|estamos usando) ` +
		`|(?:uso|usamos|utilizo|utilizamos|tenho|temos|trabalho|trabalhamos|estou (?:a usar|usando)|estamos (?:a usar|usando)) )`)
	// wrong is how somebody begins to say why.
	wrong = regexp.MustCompile(`(?i)^(?:but|however|unfortunately|yet|now|i now|we now|the (?:problem|question|issue|trouble)|my (?:problem|question|issue|trouble)|there (?:is|are) (?:a |an |one |some )?(?:question|problem|issue)s?|i have (?:a|an|one|some) (?:question|problem|issue)s?` +
		`|mais|cependant|malheureusement|hélas|or|le problème|ma question|mon problème|pero|sin embargo|lamentablemente|por desgracia|el problema|mi problema|mi pregunta|mas|porém|no entanto|infelizmente|o problema|a minha pergunta|o meu problema)(?:$|[^\pL])`)
)
