package facts

import (
	"slices"
	"strings"

	"convene/digest/words"
)

// pairs are two sentences each that follow each other in a post of a candidate, and can be read by themselves together where the second cannot.
func (c *candidate) pairs() []*sentence {
	all := []*sentence{}
	for _, r := range c.posts {
		text := ""
		for i, s := range r.sentences {
			if i == 0 || !s.mayFollow(r.sentences[i-1]) {
				continue
			}
			first := r.sentences[i-1]
			alone := c.tongue.lex.Follows(first.Text, s.Text)
			if alone < leastApart {
				continue
			}
			if text == "" {
				text = strings.Join(strings.Fields(r.Text), " ")
			}
			if pair := first.with(s, alone); strings.Contains(text, pair.Text) { // a face between them was left out
				all = append(all, pair)
			}
		}
	}
	return all
}

// mayFollow reports whether a sentence may be quoted with the one before it, and should be: by itself it leans.
func (s *sentence) mayFollow(first *sentence) bool {
	return first.quotable() && first.alone >= leastApart && !first.asks && s.Whole && !s.Loose && s.Block == first.Block && !s.self && s.post.tongue.seen[s.plain] == 1 &&
		(first.premise && s.asks && words.IsQuestion(s.Text) || s.alone < leastApart && !words.IsQuestion(s.Text))
}

// with is a sentence and the one behind it.
func (s *sentence) with(next *sentence, alone float64) *sentence {
	pair, both := *s, *s.said
	both.Text += " " + next.Text
	both.plain += " " + next.plain
	both.words = slices.Concat(s.words, next.words)
	pair.said = &both
	pair.stems = slices.Concat(s.stems, next.stems)
	pair.alone = alone
	if s.premise { // and what for is said now
		pair.others -= premise
		both.asks = next.asks
	}
	pair.parts = []*sentence{s, next}
	return &pair
}
