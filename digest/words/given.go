package words

import (
	"regexp"
	"unicode"
)

// Given is what a sentence names as known to who reads it: "the port".
type Given struct {
	Words []string // behind the article, none of which says nothing
	Bare  bool     // it is one word
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
			known = known || l.props.known[p.low] || l.numbers[p.low] || unicode.IsUpper(firstRune(p.word)) && len(g.Words) == 0 && p.ends
			g.Words = append(g.Words, p.word)
			ended = p.ends
		}
		held := !ended && k < len(pieces) && l.props.held[pieces[k].low]
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
