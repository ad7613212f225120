package facts

import (
	"math"
	"slices"
	"strings"

	"convene/digest/words"
)

// quotes are the sentences that say a candidate best and can be read with nothing but its title, each of another person. Where there are too few, two
// sentences that follow each other are one, and of an exchange what was asked in it.
func (c *candidate) quotes(used *shown) []*sentence {
	quotes := c.find(used, search{most: mostQuotes, apart: leastApart})
	if len(quotes) < 2 {
		quotes = c.find(used, search{most: 2, apart: leastApart, found: quotes, of: c.pairs(), questions: true})
	}
	if c.whole && len(quotes) < 2 {
		quotes = c.find(used, search{most: 2, apart: leastApart, found: quotes, questions: true})
	}
	return quotes
}

// voices is how many people say something on a candidate that could be quoted, if not all of it alone.
func (c *candidate) voices(used *shown) int {
	return len(c.find(used, search{most: mostQuotes, apart: leastHeard, questions: c.whole}))
}

// search is which sentences of a candidate are looked for.
type search struct {
	most      int     // found, with these
	apart     float64 // how well each stands apart, at least
	questions bool    // they may ask something
	found     []*sentence
	of        []*sentence // among these; nil: all of its posts
}

// find finds the best sentences, each of another person.
func (c *candidate) find(used *shown, of search) (quotes []*sentence) {
	center := c.center()
	all, own, least := of.of, newShown(), leastScore
	if all == nil {
		for _, r := range c.posts {
			all = append(all, r.sentences...)
		}
	}
	for _, s := range of.found {
		own.add(s)
	}
	for quotes = of.found; len(quotes) < of.most; {
		first := len(quotes) == 0
		s := used.best(all, least, func(s *sentence) float64 {
			if s.apart(c.stems) < of.apart || first && s.post.Quote == AskFirst || own.has(s) || slices.ContainsFunc(quotes, s.sameAuthor) || words.IsQuestion(s.Text) && !(of.questions && s.asks) {
				return 0
			}
			if of.apart >= leastApart && !c.tells(s, center) {
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

// centrality is how much of what a candidate is about a sentence has, and in how many words it says something.
func centrality(s *sentence, center map[int32]float64) (central float64, n int) {
	all := unique(s.stems)
	sum := 0.0
	for _, stem := range all {
		sum += center[stem]
	}
	return sum / math.Sqrt(float64(len(all))+2), len(all)
}

// tells reports whether a sentence is about a candidate as far as a reader can see: it has words of the title; or much of what the posts are about, of
// which there are enough to tell that.
func (c *candidate) tells(s *sentence, center map[int32]float64) bool {
	if c.names(s) > 0 {
		return true
	}
	central, _ := centrality(s, center)
	return c.whole && (central >= leastCentral && len(c.posts) >= enoughPosts || s.post == c.posts[0] && s.post.begins && central >= leastFirst)
}

// score is how well a sentence says what a candidate is about.
func (c *candidate) score(s *sentence, center map[int32]float64) float64 {
	named := c.names(s)
	if named == 0 && !c.whole {
		return 0
	}
	central, all := centrality(s, center)
	alone := s.apart(c.stems)
	score := alone + 0.8*float64(named)/float64(max(1, len(c.stems))) + 0.8*central + 0.25*c.tongue.lex.Tells(s.Text)
	if c.whole { // whose title is a subject, and no phrase that every sentence of it has
		score = alone + 0.35*min(1, float64(named)/2) + 1.1*central + 0.25*c.tongue.lex.Tells(s.Text)
		if s.post == c.posts[0] {
			score += 0.3
		}
	}
	if s.Item {
		score -= 0.15
	}
	score += 0.04 * float64(min(enoughSaid, all)) // what says much needs less of what stood around it
	return score + 0.05*float64(min(3, len(s.post.answers)))
}
