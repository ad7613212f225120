package digest

import (
	"context"
	"errors"
	"time"

	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
)

// PreviewOrder is a preview of all that is not out yet, which somebody asked for and has not got.
type PreviewOrder struct {
	To   []string `json:"to"`
	Core bool     `json:"core,omitempty"` // it is for the core group, whoever asked
	// Synthesis is for the paper of the discussion as it is now, in place of previews.
	Synthesis bool `json:"synthesis,omitempty"`
}

// orderPreview notes that people are to get a preview: it is written outside of the transaction, since it is many mails.
func (a *affair) orderPreview(asked string, core bool) letter.PlanDone {
	if !core {
		a.course.Previews = append(a.course.Previews, PreviewOrder{To: []string{asked}})
		return letter.PlanDone{What: "preview"}
	}
	if len(a.list.Core) == 0 {
		return letter.PlanDone{What: "nobody", Text: "core"}
	}
	a.course.Previews = append(a.course.Previews, PreviewOrder{To: a.list.Core, Core: true})
	return letter.PlanDone{What: "preview core"}
}

// previewDuties send what was asked for.
func (e *Editor) previewDuties(_ list.Reader, a *affair, now time.Time) ([]duty, error) {
	if len(a.course.Previews) == 0 {
		return nil, nil
	}
	return []duty{{at: now, list: a.list.Address, kind: "plan", n: 1, name: "a preview of " + a.ID, do: func(_ context.Context, now time.Time) error { return e.sendPreviews(a.ID, now) }}}, nil
}

// sendPreviews sends the first preview that was asked for.
func (e *Editor) sendPreviews(id string, now time.Time) error {
	var a *affair
	languages := map[string]string{}
	err := e.Engine.Store.View(func(r list.Reader) (err error) {
		if a, err = e.find(r, id); err != nil || len(a.course.Previews) == 0 {
			return err
		}
		return a.languages(r, a.course.Previews[0].To, languages)
	})
	if err != nil {
		return err
	}
	if len(a.course.Previews) == 0 {
		return errDone
	}
	write, what := e.previews, about{}
	if a.course.Previews[0].Core {
		write, what = e.testPreviews, about{Text: testMail}
	} else if a.course.Previews[0].Synthesis {
		write = e.papers
	}
	mails, err := write(a, languages, now)
	if err != nil {
		return err
	}
	return e.change(id, func(tx list.Tx, a *affair) error {
		if len(a.course.Previews) == 0 {
			return errDone
		}
		if a.course.Previews[0].Core && !a.course.did(testAsked) {
			a.course.do(testAsked, now)
		}
		to := a.course.Previews[0].To
		a.course.Previews = a.course.Previews[1:]
		for _, address := range to {
			if err := a.owePreviews(tx, address, mails[languages[address]], what, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// owePreviews owes somebody previews, each of which takes changes to the plan as the plan itself does.
func (a *affair) owePreviews(tx list.Tx, to string, mails []letter.Mail, what about, now time.Time) error {
	for _, m := range mails {
		if err := a.owe(tx, owed{to: to, mail: m, kind: "plan", purpose: list.ForPlan, about: what}, now); err != nil {
			return err
		}
	}
	return nil
}

// languages are the editions that people read, by address.
func (a *affair) languages(r list.Reader, to []string, into map[string]string) error {
	for _, address := range to {
		m, err := r.Member(a.rec.ID, address)
		if err != nil && !errors.Is(err, list.ErrNotFound) {
			return err
		}
		into[address] = editionFor(m.Language, a.editions())
	}
	return nil
}

// previews are all mails of a plan that are not out yet, as they will look, by edition, of the editions that somebody reads. It reads messages, and so may
// be called in no transaction.
func (e *Editor) previews(a *affair, readers map[string]string, now time.Time) (map[string][]letter.Mail, error) {
	return e.previewsFor(a, readers, false, now)
}

// testMail is the Text of what the answer to a preview for the core group is about: it shows that mail arrives. testAsked and testHeard are under what it is noted
// that they have one, and that one of them has answered.
const testMail, testAsked, testHeard = "test", "test asked", "test heard"

// testPreviews are previews that the core group is asked to answer.
func (e *Editor) testPreviews(a *affair, readers map[string]string, now time.Time) (map[string][]letter.Mail, error) {
	return e.previewsFor(a, readers, true, now)
}

// untested says what is to be done before the announcement, so that it does not land in spam: where there is a core group to try it; empty: nothing.
func (a *affair) untested(row plan.Row) letter.RemarkKind {
	switch {
	case row.Kind != plan.Announcement || len(a.list.Core) == 0 || a.course.did(testHeard):
		return ""
	case a.course.did(testAsked):
		return letter.RemarkUnheard
	}
	return letter.RemarkUntested
}

func (e *Editor) previewsFor(a *affair, readers map[string]string, test bool, now time.Time) (map[string][]letter.Mail, error) {
	all := map[string][]letter.Mail{}
	for _, tag := range readers {
		if all[tag] != nil {
			continue
		}
		for i := range a.rows {
			row := a.rows[i]
			if s := a.shownState(&row); s == Sent || s == Quiet || s == Skipped {
				continue
			}
			m, err := e.preview(a, row, tag, test, now)
			if err != nil {
				return nil, err
			}
			all[tag] = append(all[tag], m)
		}
	}
	return all, nil
}

// placeholder stands where a facilitator's own text will.
const placeholder = "[…]"

// preview is one mail as it will look, under a head that says that it is none.
func (e *Editor) preview(a *affair, row plan.Row, tag string, test bool, now time.Time) (letter.Mail, error) {
	p, head, err := e.previewOf(a, row, now)
	if err != nil {
		return letter.Mail{}, err
	}
	head.Test = test
	book := e.programme.Load().Book
	m, err := book.Planned(p, a.languagesOf(tag))
	if err != nil {
		return m, err
	}
	above, err := book.Write("preview", a.languagesOf(tag), head)
	return m.Under(above), err
}

// previewOf is what a mail would be written from now. Where nobody has written yet, it has made-up words of people, so that one sees where they stand.
func (e *Editor) previewOf(a *affair, row plan.Row, now time.Time) (*letter.Planned, letter.Preview, error) {
	head := letter.Preview{N: row.N, Of: len(a.rows), Kind: string(row.Kind), At: a.shownAt(&row), By: calledBy(a.voice(row)), Place: a.place(e.Engine.Site().BaseURL)}
	p, err := e.planned(a, row, now, false)
	if err != nil {
		return nil, head, err
	}
	if row.Kind.Summary() && p.Facts.Counts.Posts == 0 {
		from, until := a.Window(a.rows, row)
		p.Facts, head.Sample = sampleFacts(a, from, until), true
	}
	if needsText(row.Kind) && p.Content == "" {
		p.Content, head.Own = placeholder, true
	}
	return p, head, nil
}
