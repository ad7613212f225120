package letter

import (
	"fmt"
	"slices"

	"convene/digest/facts"
	"convene/digest/plan"
)

// asking is what is asked by this mail, and what was asked before.
func (c *composing) asking(d *plannedData) {
	p := c.p
	d.Questions = c.questions(p.Row)
	d.Own = p.Row.MembersOwn
	for _, r := range p.Rows {
		told := r.Week == p.Row.Week || p.Row.Kind == plan.Closing || p.Row.Kind == plan.EventSummary
		if told && !r.Skipped && r.Key != p.Row.Key && !r.At.After(p.Row.At) {
			d.Asked = append(d.Asked, c.questions(r)...)
		}
	}
	for _, text := range p.Edits.Ask {
		d.Further = append(d.Further, oneLine(text, maxWords))
	}
	for _, n := range p.Edits.Add {
		if n > 0 && n <= len(p.Open) && p.Open[n-1].Text != "" && (c.draft || !p.Open[n-1].Ask) {
			d.Taken = append(d.Taken, c.asked(p.Open[n-1], ""))
		}
	}
	if c.draft && p.Row.Kind == plan.Questions {
		for i, q := range first(p.Open, c.most) {
			if !slices.Contains(p.Edits.Add, i+1) && q.Text != "" { // without text, it was removed
				d.Offered = append(d.Offered, c.asked(q, fmt.Sprintf("n%d", i+1)))
			}
		}
	}
}

// questions are those that a row asks.
func (c *composing) questions(r plan.Row) (all []questionData) {
	if r.Kind != plan.Kickoff && r.Kind != plan.Questions {
		return nil
	}
	g := c.p.Discussion
	for _, i := range r.Asks {
		switch {
		case i < 0:
		case i < len(g.Questions):
			all = append(all, questionData{i + 1, g.Questions[i].In(c.languages...)})
		case i-len(g.Questions) < len(c.p.Changes.Added):
			all = append(all, questionData{i + 1, c.p.Changes.Added[i-len(g.Questions)]})
		}
	}
	return all
}

// nextSteps is how many of the mails that come are told.
const nextSteps = 2

// steps are what comes next, and what moved.
func (c *composing) steps(d *plannedData) {
	for _, r := range c.p.Rows {
		if r.Skipped || !r.At.After(c.p.Row.At) || len(d.Next) == nextSteps {
			continue
		}
		switch r.Kind {
		case plan.Kickoff:
			if c.p.Row.Kind != plan.Announcement { // which says so itself
				d.Next = append(d.Next, stepData{r.Kind, r.At, r.Week})
			}
		case plan.Questions, plan.Weekly, plan.Closing:
			d.Next = append(d.Next, stepData{r.Kind, r.At, r.Week})
		}
	}
	for _, r := range first(c.p.Moved, c.most) {
		d.Moved = append(d.Moved, stepData{r.Kind, r.At, r.Week})
	}
}

// asked is a question of a member's.
func (c *composing) asked(q facts.Question, label string) askedData {
	return askedData{Label: label, Text: q.Text, By: q.By, Link: q.Link, Answer: c.answer(q.Topic, q.Text, q.MessageID), Answers: first(q.AnswersBy, 5), Ask: q.Ask}
}

// answer is the address of a link that begins an answer to a post, in its topic.
func (c *composing) answer(topic uint32, otherwise, messageID string) string {
	subject := otherwise
	if c.p.Facts != nil {
		for _, t := range c.p.Facts.Threads {
			if t.Topic == topic && t.Subject != "" {
				subject = t.Subject
			}
		}
	}
	return Answer(c.p.Place.Address, subject, messageID)
}

// first are at most so many of a list.
func first[T any](all []T, most int) []T { return all[:min(len(all), most)] }
