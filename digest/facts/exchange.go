package facts

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"convene/digest/words"
)

// exchange is what members wrote in topics of their own making that have one subject.
type exchange struct {
	tongue  *tongue
	subject string
	stems   []int32 // of the subject
	posts   []*reading
	topics  int // of which it is made
}

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
		all := r.stems()
		if slices.ContainsFunc(own, func(stem int32) bool { return all[stem] }) {
			n++
		}
	}
	return n >= 2 && n*5 >= len(e.posts)*2 || e.topics >= namedOften
}

// phrase is that which says best what an exchange is about, and in what share of its posts its words stand together; nil: none does.
func (e *exchange) phrase(phrases []*words.Phrase) (found *words.Phrase, share float64) {
	sets := map[int]map[int32]bool{} // the stems of its posts
	for _, r := range e.posts {
		sets[r.index] = r.stems()
	}
	best := 0.0
	for _, p := range phrases {
		n, together := 0, 0
		for _, doc := range p.Docs {
			if sets[doc] != nil {
				n++
			}
		}
		if n < 2 {
			continue
		}
		for _, set := range sets {
			if !slices.ContainsFunc(p.Stems, func(stem int32) bool { return !set[stem] }) {
				together++
			}
		}
		part := float64(max(n, together)) / float64(len(e.posts))
		score := math.Pow(part, 0.5) * math.Pow(float64(n)/float64(len(p.Docs)), 0.7) * (0.5 + 0.5*float64(len(p.Stems))) * nounness(p)
		if part >= leastPart && score > best {
			best, found, share = score, p, part
		}
	}
	return found, share
}

// stemsIn counts in how many of its posts a stem stands.
func (e *exchange) stemsIn() map[int32]int {
	in := map[int32]int{}
	for _, r := range e.posts {
		for stem := range r.stems() {
			in[stem]++
		}
	}
	return in
}

// stems are those of a post.
func (r *reading) stems() map[int32]bool {
	all := map[int32]bool{}
	for _, s := range r.sentences {
		for _, stem := range s.stems {
			all[stem] = true
		}
	}
	return all
}
