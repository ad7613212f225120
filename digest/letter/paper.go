package letter

import (
	"convene/digest/plan"
	"slices"
	"strings"
)

// planned is what the parts of a paper are made from that mails have as well.
func (s *Synthesis) planned() *Planned {
	return &Planned{Discussion: s.Discussion, Changes: s.Changes, Rows: s.Rows, Place: s.Place, Facts: s.Facts, Row: plan.Row{Kind: plan.Closing, At: s.Now}, Now: s.Now}
}

// data is what the text is written from.
func (s *Synthesis) data(c *composing) synthesisData {
	var all plannedData
	c.discussion(&all)
	d := synthesisData{Title: all.Title, Hashtag: all.Hashtag, Purpose: all.Purpose, Evidence: all.Evidence, Meaning: s.Meaning, CallToAction: all.CallToAction,
		Start: all.Start, Last: all.Last, Now: s.Now, Tables: bounded(s.Tables), Event: all.Event, Came: s.Came, Countries: s.Countries, Organisations: s.Organisations,
		Quoting: all.Quoting, Public: s.Public}
	if !s.may(d.Meaning) {
		d.Meaning = ""
	}
	for _, p := range s.Discussion.Facilitators {
		if p.Name != "" && !s.Public {
			d.Facilitators = append(d.Facilitators, p.Name)
		}
	}
	for _, r := range s.Rounds {
		d.Rounds = append(d.Rounds, s.round(c, r))
	}
	for _, one := range s.Commitments {
		if s.Public {
			one.Name = ""
		}
		if s.may(one.Text) {
			d.Commitments = append(d.Commitments, one)
		}
	}
	if s.Public {
		d.Tables = bounded(slices.DeleteFunc(slices.Clone(s.Tables), func(t TableNotes) bool { return !s.may(t.Notes) }))
	}
	d.Bars = bars(s.days(), c.language)
	if s.Facts == nil {
		return d
	}
	for _, t := range s.Facts.Languages {
		d.Languages = append(d.Languages, languageName(t.Language))
	}
	d.Counts = s.Facts.Counts
	d.Open, d.Answered = s.questions(c)
	if s.Public {
		return d
	}
	d.Shared, d.Files = first(s.Facts.Links, maxPaper), first(s.Facts.Files, maxPaper)
	if s.Discussion.Attribution == "" || s.Discussion.Attribution == plan.ByName {
		for _, p := range s.Facts.Contributors {
			if p.Name != "" && !p.Private {
				d.Wrote = append(d.Wrote, p.Name)
			}
		}
	}
	d.Wrote = sorted(d.Wrote)
	return d
}

// round is what one summary told.
func (s *Synthesis) round(c *composing, r Round) roundData {
	p := *c.p
	p.Row, p.Facts, p.Edits = r.Row, r.Facts, r.Edits
	one := composing{p: &p, language: c.language, languages: c.languages, most: maxPaper}
	var all plannedData
	if p.Row.Kind == plan.Closing { // of its own week alone: the weeks before stand in their own rounds
		p.Row.Kind = plan.Weekly
	}
	one.asking(&all)
	if r.Facts != nil {
		one.said(&all, r.Facts)
	}
	d := roundData{Week: r.Row.Week, Asked: all.Asked, Say: r.Edits.Say}
	if d.Say == "" {
		d.Say = r.Edits.Prose
	}
	if s.Public && !s.may(d.Say) {
		d.Say = ""
	}
	for _, t := range all.Themes {
		var quotes []quoteData
		for _, q := range s.public(t.Quotes) {
			if q.Other {
				q.Other = false // the heading says so
				d.Differ = append(d.Differ, q)
			} else {
				quotes = append(quotes, q)
			}
		}
		if t.Quotes = quotes; s.may(t.Phrase) {
			d.Themes = append(d.Themes, t)
		}
	}
	d.Others = s.public(all.Others)
	return d
}

// questions are what members asked: what is open, and what was answered.
func (s *Synthesis) questions(c *composing) (open, answered []askedData) {
	for _, q := range s.Facts.Questions {
		if q.Ask || q.Text == "" || !s.may(q.Text) {
			continue
		}
		one := c.asked(q, "")
		if one.Answer = ""; s.Public {
			one.By, one.Link, one.Answers = "", "", nil
		}
		if q.Answered {
			answered = append(answered, one)
		} else {
			open = append(open, one)
		}
	}
	return first(open, maxPaper), first(answered, maxPaper)
}

// public is what a paper shows of quotes: in public none by name, or with a link, or that names somebody.
func (s *Synthesis) public(quotes []quoteData) (out []quoteData) {
	for _, q := range quotes {
		if !s.may(q.Text) {
			continue
		}
		if s.Public {
			q.By, q.Link = "", ""
		}
		out = append(out, q)
	}
	return out
}

// may reports whether words may stand in the paper.
func (s *Synthesis) may(words string) bool {
	return !s.Public || s.nameless(words) && !strings.Contains(words, "://") && !strings.Contains(words, "@")
}

// nameless reports whether words have no part of the name of anybody who took part, or facilitates. Names of two letters are as good as words.
func (s *Synthesis) nameless(words string) bool {
	var names []string
	for _, p := range s.Discussion.Facilitators {
		names = append(names, p.Name)
	}
	if s.Facts != nil {
		for _, p := range s.Facts.Contributors {
			names = append(names, p.Name)
		}
	}
	return !mentions(words, names)
}
