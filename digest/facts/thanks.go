package facts

import (
	"slices"

	"convene/digest/words"
)

// thanks are what each writer can be thanked for: their sentence that was of most use, and what became of it. Of whom nothing can be said that is theirs,
// nothing is.
func (g *gathering) thanks() (all []Thank) {
	for _, w := range g.writers() {
		s := newShown().best(w.sentences(), leastAlone, func(s *sentence) float64 {
			if s.post.At.Before(g.in.ThankFrom) {
				return 0
			}
			if words.IsQuestion(s.Text) && !s.asks {
				return 0
			}
			return usefulness(s)
		})
		if s == nil {
			continue
		}
		t := Thank{Name: w.name(), Address: w.address(), Quote: g.quote(s)}
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
