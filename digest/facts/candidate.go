package facts

import (
	"math"
	"slices"

	"convene/digest/words"
	"convene/list/message"
)

// candidate is something that may be a theme: a phrase, and the posts that are about it.
type candidate struct {
	text   string
	stems  []int32 // of the words of the phrase that say something
	tongue *tongue
	posts  []*reading
	whole  bool // posts are a whole exchange: those that do not name it are about it, too
	merit  float64
}

const (
	// hot is from how many posts on a topic with more than half of all is no theme, but the discussion itself.
	hot = 12
	// longTitle is how many words a subject has at most to be the title of a theme.
	longTitle = 11
	// namedOften is how many topics of one subject show that people know by it what is meant.
	namedOften = 3
	// manyExchanges is from how many on a list is one of many topics.
	manyExchanges = 4
	// leastShare is in what share of an exchange a phrase stands for it to be the title before a subject that people left.
	leastShare = 0.3
	// leastPart is in what share of an exchange the words of a phrase stand for it to be any title at all.
	leastPart = 0.2
	// fewSay is how many people say a single word at least for it to be a theme by itself: two may mean two things by it.
	fewSay = 3
	// ownShare is which part of all posts with a word are an exchange's at least for it to be its own: one in so many.
	ownShare = 4
)

// candidates are all that may be a theme in a language: exchanges that several people had, and phrases that stand in what they wrote.
func (g *gathering) candidates(t *tongue) (all []*candidate) {
	phrases := t.all.Phrases()
	exchanges := g.exchanges(t)
	in := map[*reading]*exchange{}
	for _, e := range exchanges {
		for _, r := range e.posts {
			in[r] = e
		}
	}
	of := map[*exchange][]*words.Phrase{}
	spread := make([]int, len(phrases))
	for i := range phrases {
		seen := map[*exchange]bool{}
		for _, doc := range phrases[i].Docs {
			if e := in[g.members[doc]]; e != nil && !seen[e] {
				seen[e] = true
				of[e] = append(of[e], &phrases[i])
			}
		}
		spread[i] = len(seen)
	}
	for _, e := range exchanges {
		if len(peopleOf(e.posts)) > 1 {
			if c := g.ofExchange(e, of[e], exchanges); c != nil {
				all = append(all, c)
			}
		}
	}
	all = append(all, t.families(exchanges, phrases)...)
	asked := g.askedWords(t)
	first := len(all)
	for i, p := range phrases {
		if len(p.Stems) == 1 && !p.Alone || !slices.ContainsFunc(p.Stems, func(stem int32) bool { return !asked[stem] }) {
			continue
		}
		if len(p.Stems) == 1 && (len(p.People) < fewSay && !p.Proper || t.named(&p, exchanges) || longer(&p, phrases)) {
			continue
		}
		if len(p.Stems) == 1 && len(exchanges) >= manyExchanges && spread[i] >= manyExchanges { // a word that belongs to the list
			continue
		}
		c := &candidate{text: p.Text, stems: p.Stems, tongue: t}
		for _, doc := range p.Docs {
			c.posts = append(c.posts, g.members[doc])
		}
		c.merit = g.merit(&p, t, spread[i], len(exchanges))
		all = append(all, c)
	}
	if len(exchanges) < manyExchanges {
		t.gatherKin(all[first:])
	}
	return all
}

// ofExchange makes a candidate of an exchange: its title is its subject, if that can be read as one and they wrote about it; else the phrase that stands in
// most of it and hardly anywhere else. One word is no title where the subject can be one.
func (g *gathering) ofExchange(e *exchange, phrases []*words.Phrase, exchanges []*exchange) *candidate {
	c := &candidate{tongue: e.tongue, posts: e.posts, whole: true, merit: 1}
	title := titleOf(e.subject, e.tongue.lex)
	p, share := e.phrase(phrases)
	switch {
	case title != "" && len(e.stems) > 0 && (share < leastShare || len(p.Stems) == 1 || e.keepsTo(e.stems)):
		c.text, c.stems = e.tongue.fuller(title, e, exchanges), e.stems
		if c.text == title {
			c.text = e.told(title, phrases)
		}
	case p != nil:
		c.text, c.stems = p.Text, p.Stems
	default:
		return nil
	}
	return c
}

// nounness is near 1 for what can be the name of something.
func nounness(p *words.Phrase) float64 {
	if p.Proper || len(p.Stems) > 1 && p.Noun > -0.2 {
		return 1
	}
	return max(0.25, min(1, 0.45+p.Noun))
}

// merit is how good a phrase is as such: one of several words is better than one alone, and one that not everybody uses. On a list of many topics a word
// that stands in several of them is a habit.
func (g *gathering) merit(p *words.Phrase, t *tongue, spread, exchanges int) float64 {
	_, all := t.all.Docs(p.Stems[0])
	rare := 0.0
	for _, stem := range p.Stems {
		in, _ := t.all.Docs(stem)
		rare += math.Log(float64(all+1)/float64(in)) / math.Log(float64(all+2))
	}
	rare /= float64(len(p.Stems))
	merit := (0.35 + rare) * (1 + 0.5*float64(len(p.Stems)-1)) * nounness(p)
	if len(p.Stems) == 1 {
		merit *= 0.5 * math.Pow(rare, 0.5)
	}
	if exchanges >= manyExchanges {
		merit *= math.Pow(rare, 0.8) * math.Pow(1-min(0.9, float64(spread)/float64(exchanges)), 3)
		if spread > 1 {
			merit *= 0.5
		}
	}
	return merit
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

// names is how many of the words of the phrase a sentence has. One that may be of anything ("question") names nothing alone.
func (c *candidate) names(s *sentence) (n int) {
	named := false
	for _, stem := range c.stems {
		if slices.Contains(s.stems, stem) {
			n++
			named = named || !c.tongue.lex.Weak(c.tongue.all.Stem(stem))
		}
	}
	if !named && c.whole {
		return 0
	}
	return n
}

// worth is how much a candidate tells of what is not told yet. false: too few people are behind it.
func (c *candidate) worth(covered map[*reading]bool, least int) (float64, bool) {
	by := map[int]float64{}
	fresh := map[int]bool{}
	n := 0
	for _, r := range c.posts {
		weight := 1.0
		if covered[r] {
			weight = again
		} else {
			fresh[r.person] = true
			n++
		}
		by[r.person] += weight
	}
	if len(fresh) < least || n*2 < len(c.posts) {
		return 0, false
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
	return math.Pow(sum, 1.2) * c.merit, true
}

// wasSubject is what a topic was called before, where its subject says so; empty: it does not.
func wasSubject(subject string) string {
	_, _, was := message.TopicSubject(subject, "")
	return plainSubject(was)
}
