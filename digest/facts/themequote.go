package facts

import (
	"math"
	"slices"
	"strings"

	"convene/digest/words"
)

// quotes are the sentences that say a candidate best, each of another person. Where an exchange has too few, what was asked in it is one.
func (c *candidate) quotes(used *shown) []*sentence {
	quotes := c.find(used, mostQuotes, false)
	if c.whole && len(quotes) < 2 {
		quotes = c.find(used, 2, true)
	}
	return quotes
}

func (c *candidate) find(used *shown, most int, questions bool) (quotes []*sentence) {
	center := c.center()
	var all []*sentence
	for _, r := range c.posts {
		all = append(all, r.sentences...)
	}
	own := newShown()
	least := leastScore
	for len(quotes) < most {
		first := len(quotes) == 0
		s := used.best(all, least, func(s *sentence) float64 {
			if s.alone < leastAlone || first && s.post.Quote == AskFirst || own.has(s) || slices.ContainsFunc(quotes, s.sameAuthor) || words.IsQuestion(s.Text) && !(questions && s.asks) {
				return 0
			}
			return c.score(s, center)
		})
		if s == nil {
			break
		}
		own.add(s)
		if quotes = append(quotes, s); len(quotes) == 2 { // a third is worth its place only where it is nearly as good
			least = max(least, nearlyAsGood*c.score(quotes[0], center))
		}
	}
	return quotes
}

// sameAuthor reports whether two sentences are one person's, as far as address and name tell.
func (s *sentence) sameAuthor(o *sentence) bool {
	return s.post.person == o.post.person || s.post.Name != "" && strings.EqualFold(s.post.Name, o.post.Name)
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
		center[stem] = float64(n) / float64(len(c.posts)) * math.Log(1+float64(all)/float64(df)) * math.Pow(float64(n)/float64(df), 0.25)
		most = max(most, center[stem])
	}
	for stem := range center {
		center[stem] /= most
	}
	return center
}

// score is how well a sentence says what a candidate is about.
func (c *candidate) score(s *sentence, center map[int32]float64) float64 {
	named := c.names(s)
	if named == 0 && !c.whole {
		return 0
	}
	sum := 0.0
	all := unique(s.stems)
	for _, stem := range all {
		sum += center[stem]
	}
	central := sum / math.Sqrt(float64(len(all))+2)
	score := s.alone + 0.8*float64(named)/float64(max(1, len(c.stems))) + 0.8*central + 0.25*c.tongue.lex.Tells(s.Text)
	if c.whole { // whose title is a subject, and no phrase that every sentence of it has
		score = s.alone + 0.35*min(1, float64(named)/2) + 1.1*central + 0.25*c.tongue.lex.Tells(s.Text)
		if s.post == c.posts[0] {
			score += 0.3
		}
	}
	if s.Item {
		score -= 0.15
	}
	score += 0.04 * float64(min(enoughSaid, len(all))) // what says much needs less of what stood around it
	return score + 0.05*float64(min(3, len(s.post.answers)))
}
