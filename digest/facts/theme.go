package facts

import (
	"cmp"
	"math"
	"slices"

	"convene/digest/words"
)

const (
	// mostThemes is how many a summary has at most, and mostQuotes how many quotes each.
	mostThemes = 5
	mostQuotes = 3
	// ofTopic is what a post counts for a theme that is its topic's, if it does not name it.
	ofTopic = 0.6
	// again is what a post counts for a theme that is in another already.
	again = 0.15
	// leastAlone is how well the sentence that says a theme best stands by itself, at least.
	leastAlone = 0.45
)

// candidate is a phrase that may be a theme.
type candidate struct {
	words.Phrase
	tongue *tongue
	posts  map[*reading]float64 // what each counts for it
	merit  float64              // of the phrase as such
}

// themes finds what several people wrote of: phrases that many people share, that say something which not everything says, and that do not say the same;
// each with sentences of theirs that can be read alone.
func (g *gathering) themes(used *shown) []Theme {
	var all []*candidate
	for _, t := range g.tongues {
		all = append(all, g.candidates(t)...)
	}
	least := min(2, g.counts().People)
	covered := map[*reading]bool{}
	var themes []Theme
	var chosen []*candidate
	for _, quotes := range []int{2, 1} { // one quote is enough where too little has two
		for len(themes) < mostThemes && (quotes > 1 || len(themes) < 3) {
			c := choose(all, covered, least)
			if c == nil {
				break
			}
			all = slices.DeleteFunc(all, func(o *candidate) bool { return o == c })
			theme, ok := g.theme(c, used, min(quotes, least))
			if !ok {
				continue
			}
			themes, chosen = append(themes, theme), append(chosen, c)
			for r := range c.posts {
				covered[r], r.themed = true, true
			}
			all = slices.DeleteFunc(all, func(o *candidate) bool { return o.tongue == c.tongue && overlaps(o.Stems, c.Stems) })
		}
		if quotes > 1 && len(themes) < 3 {
			all = nil
			for _, t := range g.tongues {
				all = append(all, g.candidates(t)...)
			}
			for _, c := range chosen {
				all = slices.DeleteFunc(all, func(o *candidate) bool { return o.tongue == c.tongue && overlaps(o.Stems, c.Stems) })
			}
		}
	}
	return themes
}

// overlaps reports whether two phrases share a word.
func overlaps(a, b []int32) bool {
	return slices.ContainsFunc(a, func(stem int32) bool { return slices.Contains(b, stem) })
}

// candidates are the phrases of a language that may be themes.
func (g *gathering) candidates(t *tongue) (all []*candidate) {
	asked := g.askedWords(t)
	groups := map[uint32][]*reading{}
	for _, r := range t.posts {
		if !g.topics[r.Topic].planned {
			groups[r.Topic] = append(groups[r.Topic], r)
		}
	}
	for _, p := range t.all.Phrases() {
		if !slices.ContainsFunc(p.Stems, func(stem int32) bool { return !asked[stem] }) {
			continue
		}
		c := &candidate{Phrase: p, tongue: t, posts: map[*reading]float64{}}
		in := map[uint32]int{}
		for _, doc := range p.Docs {
			c.posts[g.members[doc]] = 1
			in[g.members[doc].Topic]++
		}
		titled := false
		for id, n := range in {
			group := groups[id]
			if len(group) < 2 {
				continue
			}
			title := g.titles(t, g.topics[id].subject, p.Stems)
			titled = titled || title
			if title || n >= 3 && n*5 >= len(group)*2 {
				for _, r := range group {
					if c.posts[r] == 0 {
						c.posts[r] = ofTopic
					}
				}
			}
		}
		c.merit = g.merit(c, titled)
		all = append(all, c)
	}
	return all
}

// askedWords are the words of what the discussion itself asks: what only repeats them is no theme.
func (g *gathering) askedWords(t *tongue) map[int32]bool {
	all := map[int32]bool{}
	add := func(text string) {
		for _, stem := range t.all.Find(text) {
			all[stem] = true
		}
	}
	for _, text := range g.plan.Title {
		add(text)
	}
	for _, q := range g.plan.Questions {
		for _, text := range q {
			add(text)
		}
	}
	for _, text := range g.in.Asked {
		add(text)
	}
	return all
}

// titles reports whether a phrase stands in a subject.
func (g *gathering) titles(t *tongue, subject string, stems []int32) bool {
	all := t.all.Find(subject)
	return !slices.ContainsFunc(stems, func(stem int32) bool { return !slices.Contains(all, stem) })
}

// merit is how good a phrase is as such: one that says more, and what few others say, is better; one that is no noun is hardly any good.
func (g *gathering) merit(c *candidate, titled bool) float64 {
	rare := 0.0
	for _, stem := range c.Stems {
		in, all := c.tongue.all.Docs(stem)
		rare += math.Log(float64(all+1)/float64(in)) / math.Log(float64(all+2))
	}
	rare /= float64(len(c.Stems))
	merit := (0.25 + rare) * (1 + 0.35*float64(len(c.Stems)-1))
	if titled {
		merit *= 1.5
	}
	if len(c.Stems) == 1 {
		merit *= 0.75
		if c.Noun < 0.2 && !c.Proper {
			merit *= 0.4
		}
	}
	return merit
}

// choose is the candidate that tells most of what nothing chosen tells yet; nil: none has enough people.
func choose(all []*candidate, covered map[*reading]bool, least int) *candidate {
	var best *candidate
	most := 0.0
	for _, c := range all {
		by := map[int]float64{}
		fresh, people := 0, map[int]bool{}
		for r, weight := range c.posts {
			if covered[r] {
				weight *= again
			} else {
				fresh++
				people[r.person] = true
			}
			by[r.person] += weight
		}
		if len(people) < least || fresh*3 < len(c.posts) {
			continue
		}
		sums := make([]float64, 0, len(by))
		for _, n := range by {
			sums = append(sums, math.Sqrt(n))
		}
		slices.Sort(sums) // so that they add up to the same, whatever the order
		sum := 0.0
		for _, n := range sums {
			sum += n
		}
		if score := sum * c.merit; best == nil || score > most {
			best, most = c, score
		}
	}
	return best
}

// theme makes a theme of a candidate; false: there are not as many sentences for it as least.
func (g *gathering) theme(c *candidate, used *shown, least int) (Theme, bool) {
	people := map[int]bool{}
	var posts []*reading
	for r := range c.posts {
		posts = append(posts, r)
		people[r.person] = true
	}
	slices.SortFunc(posts, func(a, b *reading) int { return cmp.Compare(a.index, b.index) })
	center := c.center(posts)
	var all []*sentence
	for _, r := range posts {
		all = append(all, r.sentences...)
	}
	var quotes []*sentence
	own := newShown()
	for len(quotes) < mostQuotes {
		first := len(quotes) == 0
		s := used.best(all, 0.9, func(s *sentence) float64 {
			if own.has(s) || first && (s.alone < leastAlone || s.post.Quote == AskFirst) || slices.ContainsFunc(quotes, func(q *sentence) bool { return q.post.person == s.post.person }) {
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
	if len(quotes) < least || len(quotes) == 0 {
		return Theme{}, false
	}
	theme := Theme{Phrase: c.Text, Posts: len(posts), People: len(people), Words: c.tongue.tag}
	for _, s := range quotes {
		used.add(s)
		theme.Quotes = append(theme.Quotes, g.quote(s))
	}
	theme.Quote = theme.Quotes[0]
	for i, s := range quotes[1:] {
		if c.tongue.lex.Contrasts(s.Text) {
			theme.Other = i + 2
			break
		}
	}
	return theme, true
}

// center is what the posts of a candidate say more than others do, by stem, 1 for what they say most.
func (c *candidate) center(posts []*reading) map[int32]float64 {
	in := map[int32]int{}
	for _, r := range posts {
		seen := map[int32]bool{}
		for _, s := range r.sentences {
			for _, stem := range s.stems {
				if !seen[stem] {
					seen[stem] = true
					in[stem]++
				}
			}
		}
	}
	center, most := map[int32]float64{}, 0.0
	for stem, n := range in {
		if n < 2 {
			continue
		}
		df, all := c.tongue.all.Docs(stem)
		w := float64(n) / float64(len(posts)) * math.Log(1+float64(all)/float64(df))
		center[stem] = w
		most = max(most, w)
	}
	for stem := range center {
		center[stem] /= most
	}
	return center
}

// score is how well a sentence says what a candidate is about.
func (c *candidate) score(s *sentence, center map[int32]float64, first bool) float64 {
	named := 0
	for _, stem := range c.Stems {
		if slices.Contains(s.stems, stem) {
			named++
		}
	}
	if named == 0 && (first || c.posts[s.post] < 1) {
		return 0
	}
	sum := 0.0
	all := unique(s.stems)
	for _, stem := range all {
		sum += center[stem]
	}
	score := s.alone + 0.8*float64(named)/float64(len(c.Stems)) + 0.8*sum/math.Sqrt(float64(len(all))+2)
	if s.asks || words.IsQuestion(s.Text) {
		score -= 0.6
	}
	if s.Loose || s.Item {
		score -= 0.15
	}
	return score + 0.05*float64(min(3, len(s.post.answers)))
}
