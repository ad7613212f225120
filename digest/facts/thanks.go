package facts

import (
	"math"
	"slices"
	"strings"

	"convene/digest/words"
)

const (
	// leastThanked is what a sentence has to be worth that somebody is thanked for.
	leastThanked = 0.45
	// referring is how many sentences at the beginning of an answer say what it answers, where none of it names who wrote that.
	referring = 2
	// takenWeight is how much it weighs that an answer took up the words of a sentence.
	takenWeight = 1.2
	// leaningThanked is how short a sentence may be, in words, of those that lean on what stood before them: to its author it says enough.
	leaningThanked = 6
	// leastTaken is how much of such a one was taken up at least.
	leastTaken = 0.5
)

// thanks are what each writer can be thanked for: their sentence that was of most use, and what became of it. Of whom nothing can be said that is theirs,
// nothing is.
func (g *gathering) thanks() (all []Thank) {
	for _, w := range g.writers() {
		s := g.mostUseful(w)
		if s == nil {
			continue
		}
		t := Thank{Name: w.name(), Address: w.address(), Quote: g.quote(s), Asked: s.asks}
		for _, a := range g.whoAnswered(s.post) {
			if a.Name != "" && !slices.Contains(t.TakenUpBy, a.Name) {
				t.TakenUpBy = append(t.TakenUpBy, a.Name)
			}
		}
		t.Open = s.asks && len(g.answersTo(s.post)) == 0
		all = append(all, t)
	}
	return all
}

// mostUseful is the sentence of a writer that others took up, or that is worth most by itself; nil: there is none.
func (g *gathering) mostUseful(w *writer) (found *sentence) {
	least, taken := leastThanked, map[*reading]map[int32]int{}
	for _, s := range w.sentences() {
		if s.post.At.Before(g.in.ThankFrom) || words.IsQuestion(s.Text) && !s.asks {
			continue
		}
		if taken[s.post] == nil {
			taken[s.post] = g.takenUp(s.post, w.name())
		}
		stems := taken[s.post]
		of := s.takenOf(stems)
		if !s.quotable() && !(of >= leastTaken && s.leaning()) {
			continue
		}
		n := usefulness(s)
		if len(stems) > 0 { // it need not stand alone: who reads it wrote what stood around it
			n += takenWeight * of
			if !s.asks {
				n -= 0.5 * max(s.alone, 0)
			}
		}
		if n > least {
			found, least = s, n
		}
	}
	return found
}

// leaning reports whether a sentence can be quoted to its author, who knows what it leans on.
func (s *sentence) leaning() bool {
	return s.Whole && !s.Loose && s.post.Quote != NoQuote && !s.post.PassedOn && s.post.tongue.seen[s.plain] == 1 && words.Count(s.Text) >= leaningThanked && s.readable()
}

// takenUp are the words with which others came back to a post, and how many of them did: in what they wrote of its author by name, or at the beginning.
func (g *gathering) takenUp(r *reading, author string) map[int32]int {
	stems := map[int32]int{}
	for _, a := range g.whoAnswered(r) {
		if a.tongue != r.tongue {
			continue
		}
		var said []*sentence
		for _, s := range a.sentences {
			if namesOf(author, s.Text) {
				said = append(said, s)
			}
		}
		if said == nil {
			said = a.sentences[:min(len(a.sentences), referring)]
		}
		of := map[int32]bool{}
		for _, s := range said {
			for _, stem := range s.stems {
				of[stem] = true
			}
		}
		for stem := range of {
			stems[stem]++
		}
	}
	return stems
}

// takenOf is how much of a sentence was taken up, to 1. A word that everybody uses weighs little.
func (s *sentence) takenOf(stems map[int32]int) float64 {
	n := 0.0
	for _, stem := range unique(s.stems) {
		if by := stems[stem]; by > 0 {
			in, _ := s.post.tongue.all.Docs(stem)
			n += float64(by) / math.Sqrt(float64(max(1, in-by)))
		}
	}
	return n / (n + 1)
}

// namesOf reports whether a text calls somebody by a name of theirs.
func namesOf(name, text string) bool {
	all := words.Words(text)
	for part := range strings.FieldsSeq(name) {
		if len(part) > 2 && slices.ContainsFunc(all, func(w string) bool {
			return strings.EqualFold(strings.TrimSuffix(strings.TrimSuffix(w, "'s"), "’s"), part)
		}) {
			return true
		}
	}
	return false
}
