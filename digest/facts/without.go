package facts

import "slices"

// Without are the facts with nothing of what was taken out of the archive: no words of posts that are gone, and no file of theirs, nor of those whose
// attachments were withdrawn. Places stay, empty: numbers that a draft has shown mean what they meant. touched says that there was any; without, they are f itself.
func (f *Facts) Without(gone, withdrawn map[uint32]bool) (left *Facts, touched bool) {
	if !f.has(gone, withdrawn) {
		return f, false
	}
	kept := *f
	kept.Themes, kept.Questions, kept.Spotlights, kept.Thanks = slices.Clone(f.Themes), WithoutQuestions(f.Questions, gone), slices.Clone(f.Spotlights), slices.Clone(f.Thanks)
	kept.Languages, kept.Threads = slices.Clone(f.Languages), slices.Clone(f.Threads)
	for i := range kept.Themes {
		kept.Themes[i].forget(gone)
	}
	for i := range kept.Spotlights {
		kept.Spotlights[i].Quote.forget(gone)
	}
	for i := range kept.Languages {
		kept.Languages[i].Quote.forget(gone)
	}
	for i := range kept.Thanks {
		if t := &kept.Thanks[i]; gone[t.Quote.Post] {
			*t = Thank{Name: t.Name, Address: t.Address, Quote: Quote{Post: t.Quote.Post}}
		}
	}
	for i := range kept.Threads {
		t := &kept.Threads[i]
		if t.Quote.forget(gone); gone[t.Post] {
			*t = Thread{Topic: t.Topic, Post: t.Post, Quote: Quote{Post: t.Post}}
		}
	}
	kept.Links = slices.DeleteFunc(slices.Clone(f.Links), func(l Link) bool { return gone[l.Post] })
	kept.Files = slices.DeleteFunc(slices.Clone(f.Files), func(o File) bool { return gone[o.Post] || withdrawn[o.Post] })
	kept.Opening = slices.DeleteFunc(slices.Clone(f.Opening), func(l Line) bool { return gone[l.Quote.Post] })
	return &kept, true
}

// WithoutQuestions are questions without the words of those whose posts are gone; their places stay.
func WithoutQuestions(all []Question, gone map[uint32]bool) []Question {
	all = slices.Clone(all)
	for i := range all {
		if q := &all[i]; gone[q.Post] {
			*q = Question{Post: q.Post, Topic: q.Topic, Answered: q.Answered}
		}
	}
	return all
}

// has reports whether anything of them is in posts that are gone, or is a file that was withdrawn.
func (f *Facts) has(gone, withdrawn map[uint32]bool) bool {
	quoted := func(q Quote) bool { return gone[q.Post] && q.MessageID != "" }
	return slices.ContainsFunc(f.Themes, func(t Theme) bool { return quoted(t.Quote) || slices.ContainsFunc(t.Quotes, quoted) }) ||
		slices.ContainsFunc(f.Questions, func(q Question) bool { return gone[q.Post] && q.Text != "" }) ||
		slices.ContainsFunc(f.Spotlights, func(s Spotlight) bool { return quoted(s.Quote) }) ||
		slices.ContainsFunc(f.Thanks, func(t Thank) bool { return quoted(t.Quote) }) ||
		slices.ContainsFunc(f.Languages, func(t Tongue) bool { return quoted(t.Quote) }) ||
		slices.ContainsFunc(f.Threads, func(t Thread) bool { return quoted(t.Quote) || gone[t.Post] && t.Subject != "" }) ||
		slices.ContainsFunc(f.Links, func(l Link) bool { return gone[l.Post] }) ||
		slices.ContainsFunc(f.Files, func(o File) bool { return gone[o.Post] || withdrawn[o.Post] }) ||
		slices.ContainsFunc(f.Opening, func(l Line) bool { return gone[l.Quote.Post] })
}

// forget leaves of a quote whose post is gone that there was one.
func (q *Quote) forget(gone map[uint32]bool) {
	if gone[q.Post] {
		*q = Quote{Post: q.Post}
	}
}

// forget takes the quotes of a theme whose posts are gone, and its phrase where nobody is left who says it.
func (t *Theme) forget(gone map[uint32]bool) {
	before := t.Quote
	t.Quote.forget(gone)
	t.Quotes = slices.Clone(t.Quotes)
	left := before.Post == 0 || !gone[before.Post]
	for i := range t.Quotes {
		t.Quotes[i].forget(gone)
		left = left || t.Quotes[i].Text != ""
	}
	if !left {
		t.Phrase = ""
	}
}
