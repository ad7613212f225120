package facts

import "slices"

// languages are those of the posts, each with a sentence in the original that stands nowhere else. Where the only ones that can be read alone are shown
// with a theme or a question already, there is no second.
func (g *gathering) languages(used *shown) (all []Tongue) {
	for _, t := range g.tongues {
		told := Tongue{Language: t.tag, Posts: len(t.posts)}
		var sentences []*sentence
		for _, r := range t.posts {
			if r.themed {
				told.Themed++
			}
			sentences = append(sentences, r.sentences...)
		}
		s := used.best(sentences, 0, func(s *sentence) float64 {
			if s.post.Quote == AskFirst {
				return 0
			}
			n := usefulness(s)
			if !s.post.themed {
				n += 0.3
			}
			return n
		})
		if s != nil {
			used.add(s)
			told.Quote = g.quote(s)
		}
		all = append(all, told)
	}
	return all
}

// doubts are what the reader of a draft should look at.
func (g *gathering) doubts(f *Facts) (all []Doubt) {
	for i, t := range f.Themes {
		if t.Posts == 1 {
			all = append(all, Doubt{What: "one post", Theme: i + 1, Posts: 1})
		}
	}
	for _, t := range f.Languages[min(1, len(f.Languages)):] {
		if n := t.Posts - t.Themed; n > 0 {
			all = append(all, Doubt{What: "no theme", Posts: n, Tag: t.Language})
		}
	}
	var names []string
	ask := func(theme int, q Quote) {
		if q.Ask && !slices.Contains(names, q.Address) {
			names = append(names, q.Address)
			all = append(all, Doubt{What: "ask first", Theme: theme, Name: q.By})
		}
	}
	for i, t := range f.Themes {
		for _, q := range t.Quotes {
			ask(i+1, q)
		}
	}
	for _, q := range f.Questions {
		ask(0, Quote{By: q.By, Address: q.Address, Ask: q.Ask})
	}
	return all
}
