package facts

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// given is a thing that a sentence names as known to who reads it.
type given struct {
	stem int32
	cost float64 // how much the sentence leans for it, where nothing else in a mail names it
}

const (
	// givenBefore is what a thing costs that was named in what stood before, and givenBare what one word does that says nothing of what it is for.
	givenBefore = 0.2
	givenBare   = 0.15
	givenNamed  = 0.1
	// everybodys is from which part of all posts on a word is one that everybody there knows: one in so many.
	everybodys = 12
	// mostGiven is what all of them cost at most, and namedOther what it does that another member is named, and goesOn
	// that a time is that was told of before.
	mostGiven  = 0.6
	namedOther = 0.35
	goesOn     = 0.35
	// givenOpens is what a thing costs that a sentence begins with, as what was told of before does, and premise what a sentence does that only says
	// how things stand for what follows it.
	givenOpens = 0.2
	premise    = 0.31
)

// given finds what a sentence names as known. What its post, or the post that that answers, named before is likely what it means.
func (t *tongue) given(s *sentence, before map[int32]bool, answered *reading) (all []given) {
	for _, g := range s.known {
		one := given{stem: -1, cost: givenNamed}
		if stems := t.all.Find(g.Words[len(g.Words)-1]); len(stems) > 0 {
			one.stem = stems[0]
		}
		if g.Bare {
			one.cost = givenBare
		}
		if g.Opens {
			one.cost += givenOpens
		}
		in, posts := 0, 0
		if one.stem >= 0 {
			in, posts = t.all.Docs(one.stem)
		}
		switch {
		case one.stem < 0:
		case before[one.stem] || answered != nil && answered.mentions(one.stem):
			one.cost += givenBefore
		case in*everybodys > posts && posts >= everybodys:
			one.cost /= 2
		}
		if first := slices.Index(s.stems, one.stem); first >= 0 && slices.Contains(s.stems[first+1:], one.stem) { // it names it twice
			one.cost /= 2
		}
		if g.Near {
			one.cost /= 2
		}
		all = append(all, one)
	}
	return all
}

// mentions reports whether a word is in a post.
func (r *reading) mentions(stem int32) bool {
	return slices.ContainsFunc(r.sentences, func(s *sentence) bool { return slices.Contains(s.stems, stem) })
}

// apart is how well a sentence stands by itself below a title of these words.
func (s *sentence) apart(title []int32) float64 {
	cost := s.others
	for _, g := range s.given {
		if !slices.Contains(title, g.stem) {
			cost += g.cost
		}
	}
	return s.alone - min(cost, mostGiven)
}

// others is what it costs that a sentence names other members: who reads it alone does not know what they said.
func (n naming) others(s *sentence) float64 {
	for _, word := range s.words {
		low := strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(word), "'s"), "’s")
		lex := s.post.tongue.lex
		if utf8.RuneCountInString(low) > 2 && n.people[low] && !(low == word && (lex.Stop(low) || lex.Weak(low))) {
			return namedOther
		}
	}
	return 0
}
