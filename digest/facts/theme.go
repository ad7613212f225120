package facts

import (
	"math"
	"slices"
	"strings"

	"convene/digest/words"
)

const (
	// mostThemes is how many a summary has at most, fewThemes from how many on each has quotes of several people, and mostQuotes how many quotes each.
	mostThemes = 5
	fewThemes  = 3
	mostQuotes = 3
	// manyPosts is from how many posts on a theme has at least three.
	manyPosts = 30
	// again is what a post counts for a theme that is in another already.
	again = 0.15
	// leastAlone is how well the sentence that says a theme best stands by itself, at least, and leastScore how well it is one for the theme.
	leastAlone = 0.45
	leastScore = 0.9
)

// themes finds what several people wrote of: exchanges that they had, and phrases that many of them share, that say something which not everything says,
// and that do not say the same; each with sentences of theirs that can be read alone. Of a few themes one may have a single quote.
func (g *gathering) themes(used *shown) []Theme {
	p := picking{g: g, used: used, covered: map[*reading]bool{}, least: min(2, g.counts().People)}
	for _, t := range g.tongues {
		p.left = append(p.left, g.candidates(t)...)
	}
	fewest := 1
	if len(g.members) >= manyPosts {
		fewest = 3
	}
	var thin []*candidate
	for len(p.themes) < mostThemes {
		c := p.choose(p.left, fewest)
		if c == nil {
			break
		}
		quotes := c.quotes(used)
		if len(quotes) >= p.least {
			p.take(c, quotes)
			continue
		}
		p.drop(c)
		if len(quotes) > 0 {
			thin = append(thin, c)
		}
	}
	for len(p.themes) < fewThemes {
		c := p.choose(thin, 1)
		if c == nil {
			break
		}
		if quotes := c.quotes(used); len(quotes) > 0 {
			p.take(c, quotes)
		}
		thin = slices.DeleteFunc(thin, func(o *candidate) bool { return o == c || p.same(o, c) })
	}
	return p.themes
}

// picking is the choice of themes.
type picking struct {
	g       *gathering
	used    *shown
	left    []*candidate
	covered map[*reading]bool // posts that are in a theme
	least   int               // people, and quotes
	themes  []Theme
}

// take makes a theme of a candidate; others that say the same are none.
func (p *picking) take(c *candidate, quotes []*sentence) {
	p.themes = append(p.themes, p.g.theme(c, quotes))
	for _, s := range quotes {
		p.used.add(s)
	}
	for _, r := range c.posts {
		p.covered[r], r.themed = true, true
	}
	p.left = slices.DeleteFunc(p.left, func(o *candidate) bool { return o == c || p.same(o, c) })
}

func (p *picking) drop(c *candidate) {
	p.left = slices.DeleteFunc(p.left, func(o *candidate) bool { return o == c })
}

// same reports whether two candidates say the same: by their phrases, unless they are exchanges, which have no post in common.
func (p *picking) same(a, b *candidate) bool {
	return a.tongue == b.tongue && !(a.whole && b.whole) && overlaps(a.stems, b.stems)
}

// choose is the candidate of at least so many posts that tells most of what nothing chosen tells yet; nil: none has enough people.
func (p *picking) choose(all []*candidate, fewest int) (best *candidate) {
	most := 0.0
	for _, c := range all {
		if len(c.posts) < fewest {
			continue
		}
		if n, ok := c.worth(p.covered, p.least); ok && (best == nil || n > most) {
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

// quotes are the sentences that say a candidate best, each of another person. Where an exchange has too few, what was asked in it is one.
func (c *candidate) quotes(used *shown) []*sentence {
	quotes := c.find(used, false)
	if c.whole && len(quotes) < 2 {
		quotes = c.find(used, true)
	}
	return quotes
}

func (c *candidate) find(used *shown, questions bool) (quotes []*sentence) {
	center := c.center()
	var all []*sentence
	for _, r := range c.posts {
		all = append(all, r.sentences...)
	}
	own := newShown()
	for len(quotes) < mostQuotes {
		first := len(quotes) == 0
		s := used.best(all, leastScore, func(s *sentence) float64 {
			if first && (s.alone < leastAlone || s.post.Quote == AskFirst) || own.has(s) || slices.ContainsFunc(quotes, s.sameAuthor) || words.IsQuestion(s.Text) && !(questions && s.asks) {
				return 0
			}
			return c.score(s, center)
		})
		if s == nil {
			break
		}
		own.add(s)
		quotes = append(quotes, s)
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
		center[stem] = float64(n) / float64(len(c.posts)) * math.Log(1+float64(all)/float64(df))
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
	score := s.alone + 0.6*float64(named)/float64(max(1, len(c.stems))) + 0.8*central + 0.25*c.tongue.lex.Tells(s.Text)
	if c.whole { // whose title is a subject, and no phrase that every sentence of it has
		score = s.alone + 0.35*min(1, float64(named)/2) + 1.1*central + 0.25*c.tongue.lex.Tells(s.Text)
		if s.post == c.posts[0] {
			score += 0.2
		}
	}
	if s.Item {
		score -= 0.15
	}
	return score + 0.05*float64(min(3, len(s.post.answers)))
}
