package facts

import (
	"cmp"
	"slices"
	"strings"

	"convene/digest/words"
)

// gatherKin gives each phrase the posts of those that say it in other words: that have one of its words which say something by themselves. In a discussion
// of one question "phone call" and "call one person" are one thing; on a list of many topics they need not be. "Phone call" and "missed call" never are.
func (t *tongue) gatherKin(all []*candidate) {
	own := make([][]*reading, len(all))
	for i, c := range all {
		own[i] = c.posts
	}
	for i, c := range all {
		if len(c.stems) < 2 {
			continue
		}
		for k, o := range all {
			if i != k && len(o.stems) > 1 && !sorts(c.stems, o.stems) && t.kin(c.stems, o.stems) {
				c.posts = append(slices.Clone(c.posts), own[k]...)
			}
		}
		slices.SortFunc(c.posts, func(a, b *reading) int { return cmp.Compare(a.index, b.index) })
		c.posts = slices.Compact(c.posts)
	}
}

// sorts reports whether two phrases are two sorts of one thing: they end with the same word.
func sorts(a, b []int32) bool { return len(a) > 1 && len(b) > 1 && a[len(a)-1] == b[len(b)-1] }

// kin reports whether two phrases share a word that says something by itself.
func (t *tongue) kin(a, b []int32) bool {
	return slices.ContainsFunc(a, func(stem int32) bool { return slices.Contains(b, stem) && !t.lex.Weak(t.all.Stem(stem)) })
}

const (
	// familyOf is how many exchanges with one word in their subjects are a family.
	familyOf = 3
	// familyKeeps is in what share of an exchange's posts the word stands at least for it to be of the family.
	familyKeeps = 0.4
	// familyHolds is what share of all posts with the word are the family's.
	familyHolds = 0.4
	// familyOne is what share of a family's posts one exchange has at least for its subject to be the title of all: it says more than the word.
	familyOne = 0.6
	// familyRare is which part of all posts with the word there are at most for it to be no habit of the list: one in so many.
	familyRare = 5
)

// families are exchanges about one thing that have its name in their subjects: "Sessions with X", "X as a mixin", "using X". It is no word of which the list
// is full, and much of what is said of it is said there.
func (t *tongue) families(exchanges []*exchange, phrases []words.Phrase) (all []*candidate) {
	named := map[int32][]*exchange{} // by each word of their subjects
	for _, e := range exchanges {
		for _, stem := range e.stems {
			named[stem] = append(named[stem], e)
		}
	}
	for i := range phrases {
		p := &phrases[i]
		if len(p.Stems) != 1 || len(named[p.Stems[0]]) < familyOf || !p.Alone || len(p.Docs)*familyRare > len(t.posts) {
			continue
		}
		c := &candidate{text: p.Text, stems: p.Stems, tongue: t, whole: true, merit: 1}
		n, posts := 0, 0
		var most *exchange
		var of []*exchange
		for _, e := range named[p.Stems[0]] {
			in := 0
			for _, r := range e.posts {
				if slices.ContainsFunc(r.sentences, func(s *sentence) bool { return slices.Contains(s.stems, p.Stems[0]) }) {
					in++
				}
			}
			if float64(in) >= familyKeeps*float64(len(e.posts)) {
				c.posts = append(c.posts, e.posts...)
				n, posts, of = n+1, posts+in, append(of, e)
				if most == nil || len(e.posts) > len(most.posts) {
					most = e
				}
			}
		}
		if n >= familyOf && float64(posts) >= familyHolds*float64(len(p.Docs)) {
			slices.SortFunc(c.posts, func(a, b *reading) int { return cmp.Compare(a.index, b.index) })
			c.text = t.branches(p, of)
			if title := titleOf(most.subject, t.lex); title != "" && float64(len(most.posts)) >= familyOne*float64(len(c.posts)) {
				c.text, c.stems = title, most.stems
			}
			all = append(all, c)
		}
	}
	return all
}

// full reports whether a word is one of which the list is full.
func (t *tongue) full(stem int32) bool {
	in, all := t.all.Docs(stem)
	return in*familyRare > all
}

// mostBranches is of how many exchanges of a family the title tells what they are about.
const mostBranches = 2

// branches is the name of a family, and behind it what the largest of its exchanges have in their subjects besides: "oven (chimneys, bread)".
func (t *tongue) branches(p *words.Phrase, of []*exchange) string {
	of = slices.Clone(of)
	slices.SortStableFunc(of, func(a, b *exchange) int { return cmp.Compare(len(b.posts), len(a.posts)) })
	var all []string
	for _, e := range of {
		for _, word := range words.Words(e.subject) {
			low := strings.ToLower(word)
			stems := t.all.Find(word)
			if len(stems) == 1 && !t.full(stems[0]) && stems[0] != p.Stems[0] && !t.lex.Weak(word) && !vague.MatchString(word) && !slices.ContainsFunc(all, func(o string) bool { return strings.EqualFold(o, word) }) {
				if word[1:] == low[1:] { // no name in capitals
					word = low
				}
				all = append(all, word)
				break
			}
		}
		if len(all) == mostBranches {
			return p.Text + " (" + strings.Join(all, ", ") + ")"
		}
	}
	return p.Text
}
