package facts

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// deed is something for which somebody may be in the spotlights.
type deed struct {
	reason Reason
	n      int
	worth  float64
}

// merits are what a writer did for the others, the most first. How much they wrote counts nowhere.
func (g *gathering) merits(w *writer) []deed {
	var first, links int
	welcomed, began := map[int]bool{}, map[int]bool{}
	takenUp := map[int]bool{}
	for _, r := range w.posts {
		for _, a := range g.whoAnswered(r) {
			began[a.person] = true
		}
		links += len(r.Links) + len(r.Files)
		to := g.byNumber[r.Answers]
		if to == nil || to.person == r.person || !r.isAnswer() {
			continue
		}
		if to.Planned == "" && !to.Facilitator {
			takenUp[to.person] = true
			if len(bestQuestions(to)) > 0 && g.answersTo(to)[0] == r {
				first++
			}
			if to.Newcomer || to.First && g.fewFirst {
				welcomed[to.person] = true
			}
		}
	}
	deeds := []deed{
		{ForAnswering, first, 3 * float64(min(first, 3))},
		{ForWelcoming, len(welcomed), 2.5 * float64(min(len(welcomed), 3))},
		{ForBeginning, len(began), float64(min(w.drawn, 6))},
		{ForTakingItOn, len(takenUp), 0.8 * float64(min(len(takenUp), 4))},
		{ForComingBack, len(w.days), 0.7 * float64(min(len(w.days)-1, 4))},
		{ForSharing, links, 0.5 * float64(min(links, 3))},
	}
	if len(w.days) < 2 {
		deeds[4].n = 0
	}
	if w.first && len(began) > 0 {
		deeds[2].worth++
	}
	deeds = slices.DeleteFunc(deeds, func(d deed) bool { return d.n == 0 })
	slices.SortStableFunc(deeds, func(a, b deed) int { return cmp.Compare(b.worth, a.worth) })
	return deeds
}

// spotlights are those who did most for the others, in the order of their first post: no facilitator, nobody of last time, nobody who wants no thanks in
// public; somebody who wrote for the first time if one did something that can be named.
func (g *gathering) spotlights(used *shown) []Spotlight {
	type choice struct {
		*writer
		order int
		deeds []deed
		worth float64
	}
	var all []choice
	for i, w := range g.writers() {
		if w.private || w.name() == "" || slices.ContainsFunc(g.in.LastSpotlights, func(a string) bool { return strings.EqualFold(a, w.address()) }) {
			continue
		}
		c := choice{writer: w, order: i, deeds: g.merits(w)}
		for _, d := range c.deeds {
			c.worth += d.worth
		}
		if c.worth >= 2 {
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(a, b choice) int { return cmp.Compare(b.worth, a.worth) })
	n := min(g.plan.Spotlights, len(all))
	if i := slices.IndexFunc(all, func(c choice) bool { return c.first }); i >= n && n > 0 {
		all[n-1] = all[i]
	}
	all = all[:n]
	var given []Reason
	var lights []Spotlight
	slices.SortStableFunc(all, func(a, b choice) int { return cmp.Compare(a.order, b.order) })
	for _, c := range all {
		d := c.deeds[0]
		if i := slices.IndexFunc(c.deeds, func(d deed) bool { return !slices.Contains(given, d.reason) && d.worth*2 >= c.deeds[0].worth }); i >= 0 {
			d = c.deeds[i]
		}
		given = append(given, d.reason)
		light := Spotlight{Name: c.name(), Address: c.address(), For: d.reason, N: d.n, Reason: d.words()}
		if s := used.best(c.writer.sentences(), leastAlone, usefulness); s != nil && s.post.Quote != AskFirst {
			used.add(s)
			light.Quote = g.quote(s)
		}
		lights = append(lights, light)
	}
	return lights
}

// words says a deed in English.
func (d deed) words() string {
	n := [...]string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}
	number, s, person := fmt.Sprint(d.n), "s", "people"
	if d.n < len(n) {
		number = n[d.n]
	}
	if d.n == 1 {
		s, person = "", "person"
	}
	switch d.reason {
	case ForAnswering:
		return "answered " + number + " question" + s + " that nobody had taken up"
	case ForWelcoming:
		return "answered " + number + " " + person + " who wrote for the first time"
	case ForBeginning:
		return "began what " + number + " " + person + " answered"
	case ForComingBack:
		return "came back on " + number + " days"
	case ForSharing:
		return "shared " + number + " link" + s + " or file" + s
	}
	return "took up what " + number + " other" + s + " had said"
}

// sentences are all of a writer's.
func (w *writer) sentences() (all []*sentence) {
	for _, r := range w.posts {
		all = append(all, r.sentences...)
	}
	return all
}

// usefulness is how well a sentence tells what its author gave to others: of a post that people took up, and no question.
func usefulness(s *sentence) float64 {
	score := s.alone + 0.15*float64(min(3, len(s.post.answers))) + 0.02*float64(min(10, len(unique(s.stems)))) + 0.3*s.post.tongue.lex.Tells(s.Text)
	if s.asks {
		score -= 0.5
	}
	if s.Item {
		score -= 0.2
	}
	return score
}
