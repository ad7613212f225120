package digest

import (
	"errors"
	"strings"
	"time"

	"convene/digest/calendar"
	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
)

// Synthesis writes the paper of a discussion: what was asked and heard, round by round, what stays open, who took part, and what people said they will try. public
// leaves out names and what members linked to. list.ErrNotFound: there is no such discussion.
func (e *Editor) Synthesis(id, language string, public bool, now time.Time) (letter.Paper, error) {
	var a *affair
	var committed []letter.Committed
	var notes []calendar.TableNotes
	err := e.Engine.Store.View(func(r list.Reader) (err error) {
		if a, err = e.find(r, id); err == nil {
			committed, err = a.published(r)
		}
		if err == nil {
			notes, err = e.tableNotes(r, a)
		}
		return err
	})
	if err != nil {
		return letter.Paper{}, err
	}
	posts, err := e.posts(a)
	if err != nil {
		return letter.Paper{}, err
	}
	begins, until := a.Begins(a.rows), now
	s := &letter.Synthesis{Discussion: a.Discussion, Changes: a.course.Changes, Rows: a.rows, Place: a.place(e.Engine.Site().BaseURL), Commitments: committed,
		Tables: papersTables(notes), Meaning: a.course.Meaning, Public: public, Now: now.In(a.Calendar.Location)}
	for i := range a.rows {
		row := a.rows[i]
		if row.Kind != plan.Weekly && row.Kind != plan.Closing || row.Skipped {
			continue
		}
		from, end := a.Window(a.rows, row)
		if row.Kind == plan.Closing {
			if open := a.openUntil(row); open.Before(until) {
				until = open
			}
		}
		if from.After(now) {
			continue
		}
		round := letter.Round{Row: row, Facts: e.facts(a, posts, from, end)}
		if state := a.course.Rows[row.Key]; state != nil {
			if round.Edits.Say = state.Edits.Say; row.Kind == plan.Weekly && state.Stage == Sent && state.Facts != nil && !state.Plain {
				round.Facts, round.Edits = state.Facts, state.Edits // as members read it
			}
		}
		s.Rounds = append(s.Rounds, round)
	}
	s.Facts = e.facts(a, posts, begins, until)
	return e.programme.Load().Book.Synthesis(s, a.languagesOf(language))
}

// papers are the synthesis as a mail, by the edition that people read.
func (e *Editor) papers(a *affair, readers map[string]string, now time.Time) (map[string][]letter.Mail, error) {
	all := map[string][]letter.Mail{}
	for _, tag := range readers {
		paper, err := e.Synthesis(a.ID, tag, false, now)
		if err != nil {
			return nil, err
		}
		all[tag] = []letter.Mail{{Subject: paper.Title, Text: paper.Text, HTML: paper.HTML, Language: paper.Language}}
	}
	return all, nil
}

// meaningMost is the longest text of what a discussion means, in octets: a page.
const meaningMost = 8000

// mean takes what a discussion means, in place of what was said before.
func (a *affair) mean(text string) letter.PlanDone {
	if text = strings.TrimSpace(text); text == "" || len(text) > meaningMost {
		return letter.PlanDone{What: "no meaning"}
	}
	a.course.Meaning = text
	return letter.PlanDone{What: "meaning"}
}

// published are the commitments that may stand in a paper: of who lets themselves be quoted without being asked.
func (a *affair) published(r list.Reader) (all []letter.Committed, err error) {
	for _, c := range a.course.Commitments {
		m, err := r.Member(a.rec.ID, c.Address)
		if errors.Is(err, list.ErrNotFound) {
			continue // they have left: nobody can say that they agree
		} else if err != nil {
			return nil, err
		}
		if m.Quote == list.QuoteAsk || m.Quote == list.QuoteNo {
			continue
		}
		name := c.Name
		if m.PrivateThanks {
			name = ""
		}
		all = append(all, letter.Committed{Name: name, Text: c.Text})
	}
	return all, nil
}
