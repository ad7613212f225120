package facts

import (
	"cmp"
	"math"
	"regexp"
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
	topics  int // of which it is made
}

const (
	// hot is from how many posts on a topic with more than half of all is no theme, but the discussion itself.
	hot = 12
	// longTitle is how many words a subject has at most to be the title of a theme.
	longTitle = 11
	// namedOften is how many topics of one subject show that people know by it what is meant.
	namedOften = 3
	// leastShare is in what share of an exchange a phrase stands for it to be the title before a subject that people left.
	leastShare = 0.3
	// ownShare is which part of all posts with a word are an exchange's at least for it to be its own: one in so many.
	ownShare = 4
)

// exchanges are the topics that members opened, those with the same subject, or nearly, being one. Who answers below a subject of their own begins one.
func (g *gathering) exchanges(t *tongue) (all []*exchange) {
	type thread struct {
		topic   uint32
		subject string
	}
	of := map[thread]*exchange{}
	for _, r := range t.posts {
		info := g.topics[r.Topic]
		if info.planned {
			continue
		}
		subject, was := plainSubject(r.Subject), wasSubject(r.Subject)
		key := thread{r.Topic, strings.ToLower(subject)}
		e := of[key]
		if e == nil {
			for _, s := range []string{subject, was} {
				if e = likeExchange(all, t, s); e != nil {
					break
				}
			}
		}
		if e == nil {
			e = &exchange{tongue: t, subject: subject, stems: unique(t.all.Find(subject))}
			all = append(all, e)
		}
		if of[key] == nil {
			of[key] = e
			e.topics++
		}
		e.posts = append(e.posts, r)
	}
	for _, e := range all {
		slices.SortFunc(e.posts, func(a, b *reading) int { return cmp.Compare(a.index, b.index) })
	}
	return slices.DeleteFunc(all, func(e *exchange) bool { return len(e.posts) >= hot && len(e.posts)*2 > len(g.members) })
}

// likeExchange is the exchange with a subject, or with one that hardly differs; nil: there is none.
func likeExchange(all []*exchange, t *tongue, subject string) *exchange {
	stems := unique(t.all.Find(subject))
	for _, e := range all {
		if subject != "" && strings.EqualFold(e.subject, subject) || len(stems) > 1 && near(stems, e.stems) || len(stems) > 0 && slices.Equal(stems, e.stems) {
			return e
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

// ofExchange makes a candidate of an exchange: its title is its subject, if that can be read as one and they wrote about it; else the phrase that stands in
// most of it and hardly anywhere else.
func (g *gathering) ofExchange(e *exchange, phrases []*words.Phrase) *candidate {
	c := &candidate{tongue: e.tongue, posts: e.posts, named: map[*reading]bool{}, whole: true, merit: 1}
	title := titleOf(e.subject)
	p, share := e.phrase(phrases)
	switch {
	case title != "" && len(e.stems) > 0 && (share < leastShare || e.keepsTo(e.stems)):
		c.text, c.stems = title, e.stems
	case p != nil:
		c.text, c.stems = p.Text, p.Stems
	default:
		return nil
	}
	for _, r := range e.posts {
		c.named[r] = slices.ContainsFunc(r.sentences, func(s *sentence) bool { return c.names(s) > 0 })
	}
	return c
}

// keepsTo reports whether an exchange is about its subject: its words, as far as they are its own, stand in many posts, or people took it for several
// topics.
func (e *exchange) keepsTo(stems []int32) bool {
	in := e.stemsIn()
	own := slices.DeleteFunc(slices.Clone(stems), func(stem int32) bool {
		df, _ := e.tongue.all.Docs(stem)
		return in[stem]*ownShare < df
	})
	n := 0
	for _, r := range e.posts {
		if slices.ContainsFunc(r.sentences, func(s *sentence) bool {
			return slices.ContainsFunc(s.stems, func(stem int32) bool { return slices.Contains(own, stem) })
		}) {
			n++
		}
	}
	return n >= 2 && n*5 >= len(e.posts)*2 || e.topics >= namedOften
}

// phrase is that which says best what an exchange is about, and in what share of its posts it stands; nil: none does.
func (e *exchange) phrase(phrases []*words.Phrase) (found *words.Phrase, share float64) {
	here := map[int]bool{}
	for _, r := range e.posts {
		here[r.index] = true
	}
	best := 0.0
	for _, p := range phrases {
		n := 0
		for _, doc := range p.Docs {
			if here[doc] {
				n++
			}
		}
		score := math.Pow(float64(n)/float64(len(e.posts)), 0.5) * math.Pow(float64(n)/float64(len(p.Docs)), 0.7) * (0.5 + 0.5*float64(len(p.Stems))) * nounness(p)
		if n >= 2 && n*5 >= len(e.posts) && score > best {
			best, found, share = score, p, float64(n)/float64(len(e.posts))
		}
	}
	return found, share
}

// stemsIn counts in how many of its posts a stem stands.
func (e *exchange) stemsIn() map[int32]int {
	in := map[int32]int{}
	for _, r := range e.posts {
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
	return in
}

// nounness is near 1 for what can be the name of something.
func nounness(p *words.Phrase) float64 {
	if p.Proper || len(p.Stems) > 1 && p.Noun > -0.2 {
		return 1
	}
	return max(0.25, min(1, 0.45+p.Noun))
}

// numbering is the number of a part at the end of a subject.
var numbering = regexp.MustCompile(`\s+[#(\[]?\p{Nd}+(?:\s?[-–/]\s?\p{Nd}+)?[)\]]?$`)

// titleOf is a subject as the title of a theme; empty: it is too long for one, or says too little.
func titleOf(subject string) string {
	subject = numbering.ReplaceAllString(subject, "")
	title := strings.TrimRight(subject, " ?!.…")
	if strings.HasSuffix(subject, "?") {
		title = strings.TrimSpace(strings.TrimRight(subject, " ?")) + "?"
	}
	all := words.Words(title)
	if len(all) < 2 || len(all) > longTitle || utf8.RuneCountInString(title) > 80 || strings.ContainsAny(title, "{}[]<>=\\|") {
		return ""
	}
	return title
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
		merit *= 0.7 * math.Pow(rare, 0.5)
	}
	if exchanges > 3 {
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
	return math.Pow(sum, 1.2) * c.merit, true
}

// wasSubject is what a topic was called before, where its subject says so; empty: it does not.
func wasSubject(subject string) string {
	_, _, was := message.TopicSubject(subject, "")
	return plainSubject(was)
}
