package facts

import (
	"cmp"
	"slices"
)

const (
	// mostThemes is how many a summary has at most, fewThemes from how many on each has quotes of several people, and mostQuotes how many quotes each.
	mostThemes = 5
	fewThemes  = 3
	mostQuotes = 3
	// manyPosts is from how many posts in a language on a theme has at least manyLeast.
	manyPosts = 30
	manyLeast = 3
	// mostTried is how many candidates are looked at for one theme.
	mostTried = 100
	// again is what a post counts for a theme that is in another already.
	again = 0.15
	// leastAlone is how well the sentence that says a theme best stands by itself, at least, and leastScore how well it is one for the theme.
	leastAlone = 0.45
	leastScore = 1.1
	// leastApart is how well a quote of a theme stands with nothing but its title, at least, and leastHeard what somebody said for it to be heard.
	leastApart = 0.7
	leastHeard = 0.25
	// leastCentral is how much a sentence that does not name an exchange's title has of what that exchange is about, at least; leastFirst one of its first
	// post, which was written for all to know. From enoughPosts on what they are about shows in their words.
	leastCentral = 0.95
	leastFirst   = 0.3
	enoughPosts  = 8
	// nearlyAsGood is what share of the first quote's score the third has at least.
	nearlyAsGood = 0.8
	// enoughSaid is how many different words that say something make a sentence no better by another one.
	enoughSaid = 12
)

// themes finds what several people wrote of: exchanges that they had, and phrases that many of them share, that say something which not everything says,
// and that do not say the same; each with sentences of theirs that can be read alone. Of a few themes one may have a single quote.
func (g *gathering) themes(used *shown) []Theme {
	p := picking{g: g, used: used, covered: map[*reading]bool{}, least: min(2, g.counts().People)}
	for _, t := range g.tongues {
		p.left = append(p.left, g.candidates(t)...)
	}
	var thin []*candidate
	for len(p.themes) < mostThemes && p.pick(&p.left, p.least, &thin) {
	}
	for len(p.themes) < fewThemes && p.pick(&thin, 1, nil) {
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

// take makes a theme of a candidate.
func (p *picking) take(c *candidate, quotes []*sentence) {
	p.themes = append(p.themes, p.g.theme(c, quotes))
	for _, s := range quotes {
		p.used.add(s)
	}
	for _, r := range c.posts {
		p.covered[r], r.themed = true, true
	}
}

// pick makes a theme of the candidate that tells most of what no theme tells yet, of those that have as many quotes as it takes; false: none
// has. Those that have some quotes go to thin. Each is looked at once between two themes.
func (p *picking) pick(from *[]*candidate, quotes int, thin *[]*candidate) bool {
	failed := map[*candidate]bool{}
	defer func() {
		*from = slices.DeleteFunc(*from, func(c *candidate) bool { return failed[c] })
	}()
	for i, c := range p.ranked(*from) {
		if i == mostTried {
			break
		}
		found, voices := c.quotes(p.used), 0
		if len(found) < quotes {
			voices = c.voices(p.used)
		}
		if len(found) >= quotes || voices >= quotes && (len(found) > 0 || c.whole) {
			p.take(c, found)
			*from = slices.DeleteFunc(*from, func(o *candidate) bool { return o == c || p.same(o, c) })
			return true
		}
		failed[c] = true
		if len(found) > 0 && thin != nil {
			*thin = append(*thin, c)
		}
	}
	return false
}

// same reports whether two candidates say the same: by their phrases, unless they are exchanges, which have no post in common.
func (p *picking) same(a, b *candidate) bool {
	return a.tongue == b.tongue && !(a.whole && b.whole) && overlaps(a.stems, b.stems)
}

// ranked are the candidates of enough posts and people, the one that tells most of what no theme tells yet first.
func (p *picking) ranked(all []*candidate) []*candidate {
	worth := map[*candidate]float64{}
	var found []*candidate
	for _, c := range all {
		if len(c.tongue.posts) >= manyPosts && len(c.posts) < manyLeast {
			continue
		}
		if n, ok := c.worth(p.covered, p.least); ok {
			worth[c] = n
			found = append(found, c)
		}
	}
	slices.SortStableFunc(found, func(a, b *candidate) int { return cmp.Compare(worth[b], worth[a]) })
	return found
}

// overlaps reports whether two phrases share more than half the words of the shorter one; half of them where they are not two sorts of one thing.
func overlaps(a, b []int32) bool {
	both := 0
	for _, stem := range a {
		if slices.Contains(b, stem) {
			both++
		}
	}
	least := min(len(a), len(b))
	return both*2 > least || both*2 == least && !sorts(a, b)
}

// theme is a candidate with its quotes as a theme.
func (g *gathering) theme(c *candidate, quotes []*sentence) Theme {
	theme := Theme{Phrase: c.text, Posts: len(c.posts), People: len(peopleOf(c.posts)), Words: c.tongue.tag}
	for _, s := range quotes {
		theme.Quotes = append(theme.Quotes, g.quote(s))
	}
	if len(quotes) == 0 { // what was said leans on the rest of it, and is read there
		p := c.posts[0]
		theme.Quotes, theme.Quote = []Quote{}, Quote{MessageID: p.MessageID, Link: p.Link, Post: p.Number, Topic: p.Topic, Language: c.tongue.tag}
		return theme
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
