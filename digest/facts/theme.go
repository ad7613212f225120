package facts

import (
	"math"
	"slices"

	"convene/digest/words"
)

const (
	// mostThemes is how many a summary has at most, fewThemes from how many on each has quotes of several people, and mostQuotes how many quotes each.
	mostThemes = 5
	fewThemes  = 3
	mostQuotes = 3
	// again is what a post counts for a theme that is in another already.
	again = 0.15
	// leastAlone is how well the sentence that says a theme best stands by itself, at least, and leastScore how well it is one for the theme.
	leastAlone = 0.45
	leastScore = 0.9
)

// themes finds what several people wrote of: exchanges that they had, and phrases that many of them share, that say something which not everything says,
// and that do not say the same; each with sentences of theirs that can be read alone.
func (g *gathering) themes(used *shown) (themes []Theme) {
	var left, thin []*candidate
	for _, t := range g.tongues {
		left = append(left, g.candidates(t)...)
	}
	least := min(2, g.counts().People)
	covered := map[*reading]bool{}
	take := func(c *candidate, quotes []*sentence) {
		themes = append(themes, g.theme(c, quotes))
		for _, s := range quotes {
			used.add(s)
		}
		for _, r := range c.posts {
			covered[r], r.themed = true, true
		}
		same := func(o *candidate) bool {
			return o == c || o.tongue == c.tongue && !(o.whole && c.whole) && overlaps(o.stems, c.stems)
		}
		left, thin = slices.DeleteFunc(left, same), slices.DeleteFunc(thin, same)
	}
	for len(themes) < mostThemes {
		c := choose(left, covered, least)
		if c == nil {
			break
		}
		if quotes := c.quotes(used); len(quotes) >= least {
			take(c, quotes)
		} else if left = slices.DeleteFunc(left, func(o *candidate) bool { return o == c }); len(quotes) > 0 {
			thin = append(thin, c)
		}
	}
	for len(themes) < fewThemes { // one quote is enough where too little has two
		c := choose(thin, covered, least)
		if c == nil {
			break
		}
		if quotes := c.quotes(used); len(quotes) > 0 {
			take(c, quotes)
		} else {
			thin = slices.DeleteFunc(thin, func(o *candidate) bool { return o == c })
		}
	}
	return themes
}

// choose is the candidate that tells most of what nothing chosen tells yet; nil: none has enough people.
func choose(all []*candidate, covered map[*reading]bool, least int) (best *candidate) {
	most := 0.0
	for _, c := range all {
		if n, ok := c.worth(covered, least); ok && (best == nil || n > most) {
			best, most = c, n
		}
	}
	return best
}

// overlaps reports whether two phrases share more than half the words of the shorter one.
func overlaps(a, b []int32) bool {
	both := 0
	for _, stem := range a {
		if slices.Contains(b, stem) {
			both++
		}
	}
	return both*2 > min(len(a), len(b))
}

// theme is a candidate with its quotes as a theme.
func (g *gathering) theme(c *candidate, quotes []*sentence) Theme {
	theme := Theme{Phrase: c.text, Posts: len(c.posts), People: len(peopleOf(c.posts)), Words: c.tongue.tag}
	for _, s := range quotes {
		theme.Quotes = append(theme.Quotes, g.quote(s))
	}
	theme.Quote = theme.Quotes[0]
	for i, s := range quotes[1:] {
		if c.tongue.lex.Contrasts(s.Text) {
			theme.Other = i + 2
			break
		}
	}
	return theme
}

// quotes are the sentences that say a candidate best, each of another person.
func (c *candidate) quotes(used *shown) (quotes []*sentence) {
	center := c.center()
	var all []*sentence
	for _, r := range c.posts {
		all = append(all, r.sentences...)
	}
	own := newShown()
	for len(quotes) < mostQuotes {
		first := len(quotes) == 0
		s := used.best(all, leastScore, func(s *sentence) float64 {
			if first && (s.alone < leastAlone || s.post.Quote == AskFirst) || own.has(s) || slices.ContainsFunc(quotes, func(q *sentence) bool { return q.post.person == s.post.person }) {
				return 0
			}
			return c.score(s, center, first)
		})
		if s == nil {
			break
		}
		own.add(s)
		quotes = append(quotes, s)
	}
	return quotes
}

// center is what the posts of a candidate say more than others do, by stem: 1 for what they say most.
func (c *candidate) center() map[int32]float64 {
	in := (&exchange{posts: c.posts}).stemsIn()
	center, most := map[int32]float64{}, 0.0
	for stem, n := range in {
		if n < 2 {
			continue
		}
		df, all := c.tongue.all.Docs(stem)
		center[stem] = float64(n) / float64(len(c.posts)) * math.Log(1+float64(all)/float64(df))
		most = max(most, center[stem])
	}
	for stem := range center {
		center[stem] /= most
	}
	return center
}

// score is how well a sentence says what a candidate is about.
func (c *candidate) score(s *sentence, center map[int32]float64, first bool) float64 {
	named := c.names(s)
	if named == 0 && (first || !c.whole) || words.IsQuestion(s.Text) { // questions have a place of their own
		return 0
	}
	sum := 0.0
	all := unique(s.stems)
	for _, stem := range all {
		sum += center[stem]
	}
	score := s.alone + 0.6*float64(named)/float64(len(c.stems)) + 0.8*sum/math.Sqrt(float64(len(all))+2) + 0.25*c.tongue.lex.Tells(s.Text)
	if s.Item {
		score -= 0.15
	}
	return score + 0.05*float64(min(3, len(s.post.answers)))
}
