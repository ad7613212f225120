package facts

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"convene/digest/words"
	"convene/list/message"
)

// candidate is something that may be a theme: a phrase, and the posts that are about it.
type candidate struct {
	text   string
	stems  []int32 // of the words of the phrase that say something
	tongue *tongue
	posts  []*reading
	named  map[*reading]bool // those that name it
	whole  bool              // posts are a whole exchange: those that do not name it are about it, too
	merit  float64
}

// exchange is what members wrote in topics of their own making that have one subject.
type exchange struct {
	tongue  *tongue
	subject string
	stems   []int32 // of the subject
	posts   []*reading
}

const (
	// hot is from how many posts on a topic with more than half of all is no theme, but the discussion itself.
	hot = 12
	// longTitle is how many words a subject has at most to be the title of a theme.
	longTitle = 9
)

// exchanges are the topics that members opened, those with the same subject, or nearly, being one.
func (g *gathering) exchanges(t *tongue) (all []*exchange) {
	of := map[uint32]*exchange{}
	for _, r := range t.posts {
		info := g.topics[r.Topic]
		if info.planned {
			continue
		}
		e := of[r.Topic]
		if e == nil {
			e = likeExchange(all, t, info)
			if e == nil {
				e = &exchange{tongue: t, subject: info.subject, stems: unique(t.all.Find(info.subject))}
				all = append(all, e)
			}
			of[r.Topic] = e
		}
		e.posts = append(e.posts, r)
	}
	for _, e := range all {
		slices.SortFunc(e.posts, func(a, b *reading) int { return cmp.Compare(a.index, b.index) })
	}
	return slices.DeleteFunc(all, func(e *exchange) bool { return len(e.posts) >= hot && len(e.posts)*2 > len(g.members) })
}

// likeExchange is the exchange with the subject of a topic, or with that which it had before; nil: there is none.
func likeExchange(all []*exchange, t *tongue, info *topic) *exchange {
	for _, subject := range []string{info.subject, info.was} {
		stems := unique(t.all.Find(subject))
		for _, e := range all {
			if subject != "" && strings.EqualFold(e.subject, subject) || len(stems) > 1 && near(stems, e.stems) || len(stems) > 0 && slices.Equal(stems, e.stems) {
				return e
			}
		}
	}
	return nil
}

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
			if c := g.ofExchange(e, of[e]); c != nil {
				all = append(all, c)
			}
		}
	}
	asked := g.askedWords(t)
	for i, p := range phrases {
		if !slices.ContainsFunc(p.Stems, func(stem int32) bool { return !asked[stem] }) {
			continue
		}
		c := &candidate{text: p.Text, stems: p.Stems, tongue: t, named: map[*reading]bool{}}
		for _, doc := range p.Docs {
			c.posts = append(c.posts, g.members[doc])
			c.named[g.members[doc]] = true
		}
		c.merit = g.merit(&p, t, spread[i], len(exchanges))
		all = append(all, c)
	}
	return all
}

// ofExchange makes a candidate of an exchange: its title is the phrase that stands in most of it and hardly anywhere else, or its subject.
func (g *gathering) ofExchange(e *exchange, phrases []*words.Phrase) *candidate {
	c := &candidate{tongue: e.tongue, posts: e.posts, named: map[*reading]bool{}, whole: true, merit: 1}
	in := map[int]bool{}
	for _, r := range e.posts {
		in[r.index] = true
	}
	best, found := 0.0, (*words.Phrase)(nil)
	for _, p := range phrases {
		n := 0
		for _, doc := range p.Docs {
			if in[doc] {
				n++
			}
		}
		if n < 2 {
			continue
		}
		score := math.Pow(float64(n)/float64(len(e.posts)), 0.7) * math.Pow(float64(n)/float64(len(p.Docs)), 0.7) * (1 + 0.3*float64(len(p.Stems)-1)) * nounness(p)
		if !slices.ContainsFunc(p.Stems, func(stem int32) bool { return !slices.Contains(e.stems, stem) }) {
			score *= 3
		}
		if score > best {
			best, found = score, p
		}
	}
	title := titleOf(e.subject)
	switch {
	case found != nil && best >= 0.3:
		c.text, c.stems = found.Text, found.Stems
	case title != "" && len(e.stems) > 0:
		c.text, c.stems = title, e.stems
	case found != nil:
		c.text, c.stems = found.Text, found.Stems
	default:
		return nil
	}
	for _, r := range e.posts {
		c.named[r] = slices.ContainsFunc(r.sentences, func(s *sentence) bool { return c.names(s) > 0 })
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

// titleOf is a subject as the title of a theme; empty: it is too long for one, or says too little.
func titleOf(subject string) string {
	title := strings.TrimRight(subject, " ?!.…")
	if strings.HasSuffix(subject, "?") {
		title = strings.TrimSpace(strings.TrimRight(subject, " ?")) + "?"
	}
	all := words.Words(title)
	if len(all) < 2 || len(all) > longTitle || utf8.RuneCountInString(title) > 70 || strings.ContainsAny(title, "_{}[]<>=\\|") {
		return ""
	}
	return title
}

// merit is how good a phrase is as such: one that says more, that few say, and that stands in few exchanges of many, is better.
func (g *gathering) merit(p *words.Phrase, t *tongue, spread, exchanges int) float64 {
	rare := 0.0
	for _, stem := range p.Stems {
		in, all := t.all.Docs(stem)
		rare += math.Log(float64(all+1)/float64(in)) / math.Log(float64(all+2))
	}
	rare /= float64(len(p.Stems))
	merit := math.Pow(rare, 1.3) * (1 + 0.35*float64(len(p.Stems)-1)) * nounness(p)
	if len(p.Stems) == 1 {
		merit *= 0.75
	}
	if exchanges > 3 { // of a list of many topics, a word that is in several of them is a habit
		merit *= math.Pow(1-min(0.9, float64(spread)/float64(exchanges)), 3)
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

// names is how many of the words of the phrase a sentence has.
func (c *candidate) names(s *sentence) (n int) {
	for _, stem := range c.stems {
		if slices.Contains(s.stems, stem) {
			n++
		}
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
	return sum * c.merit, true
}

// wasSubject is what a topic was called before, where its subject says so; empty: it does not.
func wasSubject(subject string) string {
	_, _, was := message.TopicSubject(subject, "")
	return plainSubject(was)
}
