package digest

import (
	"errors"
	"slices"
	"strings"
	"time"

	"convene/digest/plan"
	"convene/list"
)

// Shown is a discussion as it is now, for who looks at its plan.
type Shown struct {
	Discussion *plan.Discussion
	// Lines are its mails in order of time, with the subject that each has or will have, where it stands, and where its first responders do.
	Lines []plan.Line
}

// Discussions are all of a site, those of the config first, then those that were mailed.
func (e *Editor) Discussions() (all []*plan.Discussion, err error) {
	err = e.Engine.Store.View(func(r list.Reader) (err error) { all, err = e.discussions(r); return err })
	return all, err
}

// Plan is the plan of a discussion. list.ErrNotFound: there is no such discussion.
func (e *Editor) Plan(id string, now time.Time) (*Shown, error) {
	var a *affair
	var states, topics map[string]string
	err := e.Engine.Store.View(func(r list.Reader) (err error) {
		if a, err = e.find(r, id); err != nil {
			return err
		}
		if states, err = a.responderStates(r); err != nil {
			return err
		}
		topics, err = a.subjects(r)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range a.rows {
		row := a.rows[i]
		if topics[row.Key] != "" {
			continue
		}
		// What waits for a text has no subject yet, and a midweek's has numbers in it; a plan is shown all the same.
		if p, err := e.planned(a, row, now, false); err == nil && (row.Kind != plan.Midweek || p.Facts.Counts.Posts > 0) {
			if m, err := e.programme.Load().Book.Planned(p, a.languagesOf("")); err == nil {
				topics[row.Key] = m.Subject
			}
		}
	}
	lines := a.linesWith(plan.Show{
		Topic:     func(r plan.Row) string { return topics[r.Key] },
		State:     func(r plan.Row) string { return string(a.shownState(&r)) },
		Responder: func(r plan.Row, address string) string { return states[r.Key+" "+strings.ToLower(address)] },
	})
	return &Shown{Discussion: a.Discussion, Lines: lines}, nil
}

// subjects are those of the posts that went out, by the key of the row, as their topics are called now.
func (a *affair) subjects(r list.Reader) (map[string]string, error) {
	all := map[string]string{}
	for key, s := range a.course.Rows {
		if s.Post == 0 {
			continue
		}
		p, err := r.Post(a.rec.ID, s.Post)
		if errors.Is(err, list.ErrNotFound) {
			continue
		} else if err != nil {
			return nil, err
		}
		all[key] = p.Subject
	}
	return all, nil
}

// linesWith are the rows as they are shown, at the times at which they go out.
func (a *affair) linesWith(show plan.Show) []plan.Line {
	rows := slices.Clone(a.rows)
	for i := range rows {
		rows[i].At = a.shownAt(&rows[i])
	}
	return a.Lines(rows, a.course.Changes, show, a.languagesOf("")...)
}
