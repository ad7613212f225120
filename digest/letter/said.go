package letter

import (
	"fmt"
	"slices"
	"strconv"

	"convene/digest/facts"
	"convene/digest/plan"
)

// How much of what was said goes into one mail.
const (
	maxThemes   = 5
	maxThreads  = 3
	maxOpen     = 6
	maxAnswered = 4
	maxShared   = 12
	maxWrote    = 60
)

// said is what members said. Numbers are those of the facts, whatever was dropped: what a first draft called 3 is 3 in the mail's last form.
func (c *composing) said(d *plannedData, f *facts.Facts) {
	d.Counts = f.Counts
	if c.p.Row.Kind == plan.Midweek {
		c.languagesOf(d, f, c.threads(d, f))
	} else {
		c.languagesOf(d, f, c.themes(d, f))
	}
	open := 0
	for _, q := range f.Questions {
		switch one := c.asked(q, ""); {
		case q.Answered && q.Text == "": // it was removed
		case q.Answered && c.cut >= cutAnswered:
			d.Settled++
		case q.Answered && (!q.Ask || c.draft) && len(d.Answered) < min(maxAnswered, c.most):
			d.Answered = append(d.Answered, one)
		case !q.Answered:
			if open++; open <= c.cutTo(maxOpen, cutOpen, 3) && (!q.Ask || c.draft) && q.Text != "" {
				one.Label = c.label("n" + strconv.Itoa(open))
				d.Open = append(d.Open, one)
			}
		}
	}
	shared := c.cutTo(maxShared, cutShared, 5)
	d.Shared, d.Files = first(f.Links, shared), first(f.Files, shared)
	if c.cut >= cutAsked && c.p.Row.Kind == plan.Closing {
		d.Asked = nil
	}
	d.Cut = c.cut > 0 || c.p.Row.Kind == plan.Midweek // which chooses three
	c.opening(d, f)
}

// opening are the first sentences of posts, for the plain form. A post that has none to quote is counted with those that there was no room for.
func (c *composing) opening(d *plannedData, f *facts.Facts) {
	if d.Since = c.p.Since; !d.Since.IsZero() {
		d.Since = d.Since.In(c.p.Row.At.Location())
	}
	var quotable []facts.Line
	for _, l := range f.Opening {
		switch {
		case l.At.Before(d.Since):
		case l.Quote.Ask || l.Quote.Text == "":
			d.More++
		default:
			quotable = append(quotable, l)
		}
	}
	shown := fairLines(quotable, c.linesRoom(len(quotable)))
	d.More += len(quotable) - len(shown)
	var day plan.Date
	for _, l := range shown {
		at := l.At.In(c.p.Row.At.Location())
		one := lineData{Text: l.Quote.Text, By: l.Quote.By, Link: l.Quote.Link, At: at, Begins: plan.DateOf(at) != day}
		d.Lines, day = append(d.Lines, one), plan.DateOf(at)
	}
}

// label is the number of an item, which drafts show.
func (c *composing) label(s string) string {
	if c.draft {
		return s
	}
	return ""
}

// quote is what becomes of a quote, by its number; ok says that it is shown.
func (c *composing) quote(q facts.Quote, n int) (one quoteData, ok bool) {
	e := &c.p.Edits
	if slices.Contains(e.DropQuotes, n) || q.Text == "" || q.Ask && !c.draft {
		return quoteData{}, false
	}
	return quoteData{Label: c.label(fmt.Sprintf("q%d", n)), Text: q.Text, By: q.By, Link: q.Link, Ask: q.Ask, Other: slices.Contains(e.Other, n)}, true
}

// themes are those that were not dropped, with their quotes; the number of the last quote is returned.
func (c *composing) themes(d *plannedData, f *facts.Facts) (quotes int) {
	themes := min(c.cutTo(maxThemes, cutThemes, 4), c.cutTo(maxThemes, cutOpen, 3))
	for i, t := range f.Themes {
		one := themeData{Label: c.label(strconv.Itoa(i + 1)), Phrase: t.Phrase, Posts: t.Posts, People: t.People}
		if name := c.p.Edits.Rename[i+1]; name != "" {
			one.Phrase, one.Own = name, true
		}
		if len(t.Quotes) == 0 {
			one.Link = t.Link
		}
		room := c.cutTo(len(t.Quotes), cutQuotes, 2)
		if i > 0 {
			room = c.cutTo(room, cutSecond, 1)
		}
		for j, q := range t.Quotes {
			quotes++
			s, ok := c.quote(q, quotes)
			if !q.Ask {
				room-- // of a dropped one as well: nothing comes up in its place that the draft did not show
			}
			if !ok || room < 0 {
				continue
			}
			s.Proposed = c.draft && t.Other == j+1 && !s.Other
			one.Quotes = append(one.Quotes, s)
		}
		if i < themes && !slices.Contains(c.p.Edits.Drop, i+1) && one.Phrase != "" {
			d.Themes = append(d.Themes, one)
		}
	}
	return quotes
}

// threads are the liveliest exchanges; the number of the last quote is returned.
func (c *composing) threads(d *plannedData, f *facts.Facts) (quotes int) {
	for i, t := range first(f.Threads, c.cutTo(maxThreads, cutThemes, 2)) {
		quotes++
		one := threadData{Label: c.label(strconv.Itoa(i + 1)), Subject: t.Subject, By: t.By, Posts: t.Posts, People: t.People,
			Answer: Answer(c.p.Place.Address, t.Subject, t.Quote.MessageID)}
		if s, ok := c.quote(t.Quote, quotes); ok {
			one.Quotes = append(one.Quotes, s)
		}
		if name := c.p.Edits.Rename[i+1]; name != "" {
			one.Subject, one.By = name, ""
		}
		if !slices.Contains(c.p.Edits.Drop, i+1) && (t.Subject != "" || t.Posts > 0) {
			d.Threads = append(d.Threads, one)
		}
	}
	return quotes
}

// languagesOf adds a quote in each language that people wrote in and nothing above is in. Their numbers follow those above.
func (c *composing) languagesOf(d *plannedData, f *facts.Facts, quotes int) {
	above := map[string]bool{}
	for _, t := range d.Themes {
		for _, q := range t.Quotes {
			above[q.Text] = true
		}
	}
	for _, t := range d.Threads {
		for _, q := range t.Quotes {
			above[q.Text] = true
		}
	}
	most := c.most
	if c.p.Row.Kind == plan.Midweek {
		most = c.cutTo(most, cutOthers, 1)
	}
	heard := map[string]bool{}
	for _, t := range f.Themes {
		for _, q := range t.Quotes {
			heard[q.Language] = heard[q.Language] || above[q.Text]
		}
	}
	for _, t := range f.Threads {
		heard[t.Quote.Language] = heard[t.Quote.Language] || above[t.Quote.Text]
	}
	for _, t := range f.Languages {
		if t.Quote.Text == "" && t.Quote.Post == 0 { // one that was removed keeps its number
			continue
		}
		quotes++
		if s, ok := c.quote(t.Quote, quotes); ok && !heard[t.Language] && len(d.Others) < most {
			d.Others = append(d.Others, s)
		}
	}
}

// thanked are who is thanked, in order of their first post, and who did much for the others. Where quotes have no names, thanks have none.
func (c *composing) thanked(d *plannedData, f *facts.Facts) {
	named := d.Quoting == "" || d.Quoting == string(plan.ByName)
	for _, p := range f.Contributors {
		if named && !p.Private && p.Name != "" {
			d.Wrote = append(d.Wrote, p.Name)
		}
	}
	d.Wrote = first(d.Wrote, min(maxWrote, 4*c.most))
	d.Also = also(d.Wrote, d.Lines)
	if c.p.Discussion.Thanks == plan.ThanksPersonal || f.Counts.People == 0 {
		return
	}
	d.Thanked, d.Everybody = d.Wrote, !named
	if c.p.Edits.NoSpotlight || !named {
		return
	}
	for _, s := range first(f.Spotlights, max(c.p.Discussion.Spotlights, 0)) {
		d.Spotlights = append(d.Spotlights, spotlightData{s.Name, s.For, s.N > 1})
	}
	for _, address := range c.p.Edits.Spotlight {
		for _, p := range f.Contributors {
			if p.Address == address && p.Name != "" && !p.Private && !slices.ContainsFunc(d.Spotlights, func(s spotlightData) bool { return s.Name == p.Name }) {
				d.Spotlights = append(d.Spotlights, spotlightData{Name: p.Name})
			}
		}
	}
}
