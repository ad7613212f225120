package facts

import "slices"

// shown is what stands in a mail already: no sentence may stand there twice, nor nearly.
type shown struct {
	plain map[string]bool
	all   []*sentence
}

func newShown() *shown { return &shown{plain: map[string]bool{}} }

// has reports whether a sentence, or one that is nearly the same, is shown.
func (u *shown) has(s *sentence) bool {
	return u.plain[s.plain] || slices.ContainsFunc(s.parts, u.has) || slices.ContainsFunc(u.all, func(o *sentence) bool { return o.post.tongue == s.post.tongue && near(o.stems, s.stems) })
}

func (u *shown) add(s *sentence) {
	u.plain[s.plain] = true
	u.all = append(u.all, s)
	for _, part := range s.parts {
		u.add(part)
	}
}

// near reports whether two sentences say the same: of the words that say something, more than half are in both.
func near(a, b []int32) bool {
	a, b = unique(a), unique(b)
	both := 0
	for _, stem := range a {
		if slices.Contains(b, stem) {
			both++
		}
	}
	return both*2 > len(a)+len(b)-both
}

func unique(a []int32) []int32 {
	a = slices.Clone(a)
	slices.Sort(a)
	return slices.Compact(a)
}

// best is the sentence with the highest score of those that may be quoted, are not shown, and score more than least. The first of equals.
func (u *shown) best(all []*sentence, least float64, score func(*sentence) float64) *sentence {
	var found *sentence
	for _, s := range all {
		if !s.quotable() {
			continue
		}
		if n := score(s); n > least && !u.has(s) {
			found, least = s, n
		}
	}
	return found
}

// quotable reports whether a sentence may be quoted at all.
func (s *sentence) quotable() bool {
	return s.Whole && !s.Loose && s.alone > 0 && s.post.Quote != NoQuote && !s.post.PassedOn
}

// readable reports whether a sentence is for people: not too long, and nothing for machines in it.
func (s *sentence) readable() bool { return s.post.tongue.lex.Readable(s.Text) }
