package digest

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"time"

	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
)

// draft shows a planned mail to who speaks. What it is written from is kept, so that what goes out is what was shown.
func (e *Editor) draft(ctx context.Context, id, key string, now time.Time) error {
	a, row, err := e.snapshot(id, key)
	if err != nil {
		return err
	}
	before := a.state(key)
	p, err := e.planned(a, row, now, true)
	if err != nil {
		return err
	}
	if row.Kind.Summary() {
		p.Edits.Prose = e.prose(ctx, p.Facts)
	}
	return e.changeRow(id, key, func(tx list.Tx, a *affair, row plan.Row, s *RowState) error {
		if !reflect.DeepEqual(*s, before) {
			return errDone
		}
		freeze(s, p)
		s.Stage, s.Drafted = Drafted, now
		s.Passed, s.Reminded, s.Asked = time.Time{}, time.Time{}, 0
		return e.showDraft(tx, a, row, s, a.voice(row).Address, letter.Drafting{}, now)
	})
}

// freeze keeps what a draft was written from.
func freeze(s *RowState, p *letter.Planned) {
	s.Facts, s.Open, s.Edits.Prose = p.Facts, p.Open, p.Edits.Prose
}

// showDraft owes somebody the draft of a mail as it is now, and takes them for who has it. g says what is said around it.
func (e *Editor) showDraft(tx list.Tx, a *affair, row plan.Row, s *RowState, to string, g letter.Drafting, now time.Time) error {
	s.To, s.Voice = to, a.voice(row).Address
	id := "draft." + e.Engine.NewID() + "@" + a.list.Domain()
	o, err := e.drafted(tx, a, row, s, to, g, now)
	if err != nil {
		return err
	}
	o.kind, o.id, o.thread = "draft", id, s.Drafts[to]
	s.Drafts = set(s.Drafts, to, id)
	return a.owe(tx, o, now)
}

// drafted is a letter to somebody with a mail as it would go out now in the list's language, which takes their answer. What stands around the mail is in theirs.
func (e *Editor) drafted(tx list.Tx, a *affair, row plan.Row, s *RowState, to string, g letter.Drafting, now time.Time) (owed, error) {
	return e.draftedIn(tx, a, row, s, to, a.Language, g, now)
}

// draftedIn is drafted, in one of its languages.
func (e *Editor) draftedIn(tx list.Tx, a *affair, row plan.Row, s *RowState, to, language string, g letter.Drafting, now time.Time) (o owed, err error) {
	if g.To, err = a.person(tx, to); err != nil {
		return o, err
	}
	g.Planned = e.shown(a, row, s, now)
	if needsText(row.Kind) {
		s.NotesUntil = now
	}
	if err = e.behindEvent(tx, a, g.Planned, s); err != nil {
		return o, err
	}
	if what := a.untested(row); what != "" {
		g.Remarks = append(slices.Clone(g.Remarks), letter.Remark{What: what})
	}
	if s.Stage != OnHold && !(needsText(row.Kind) && isUnwrittenYet(s)) {
		g.When = g.Planned.Row.At
	}
	g.Cover = e.languageOf(tx, a, to)
	mail, err := e.programme.Load().Book.Draft(&g, a.languagesOf(language))
	return owed{to: to, mail: mail, purpose: list.ForDraft, about: about{What: "row", Row: row.Key}}, err
}

// shown is what a mail is written from whose draft is out: nothing is read but what was kept.
func (e *Editor) shown(a *affair, row plan.Row, s *RowState, now time.Time) *letter.Planned {
	row.At = a.goesOut(row).In(a.Calendar.Location)
	p := &letter.Planned{Discussion: a.Discussion, Changes: a.course.Changes, Row: row, Rows: a.rows, Facts: s.Facts, Open: s.Open, Edits: s.Edits,
		Place: a.place(e.Engine.Site().BaseURL), Voice: a.voice(row), Now: now.In(a.Calendar.Location), Content: s.Content, Moved: a.moved(row)}
	if row.Kind == plan.Closing {
		p.OpenUntil = a.openUntil(row)
	}
	return p
}

// isUnwrittenYet reports whether nobody has written the text of a mail yet.
func isUnwrittenYet(s *RowState) bool { return s.Content == "" && len(s.Edits.Whole) == 0 }

// passDraft sends a draft on: at half time to the next who facilitates, or to who speaks now.
func (e *Editor) passDraft(id, key, to string, now time.Time) error {
	return e.changeRow(id, key, func(tx list.Tx, a *affair, row plan.Row, s *RowState) error {
		if s.Stage != Drafted && s.Stage != OnHold || list.SameAddress(s.To, to) && s.Voice == a.voice(row).Address {
			return errDone
		}
		s.Passed = now
		if list.SameAddress(s.To, to) { // they have it already, and speak now
			s.Voice = a.voice(row).Address
			return nil
		}
		return e.showDraft(tx, a, row, s, to, letter.Drafting{PassedOn: true}, now)
	})
}

// remindDraft asks once more for a draft that nobody has answered.
func (e *Editor) remindDraft(_ context.Context, id, key string, now time.Time) error {
	return e.changeRow(id, key, func(tx list.Tx, a *affair, row plan.Row, s *RowState) error {
		if s.Stage != Drafted || !s.Reminded.IsZero() {
			return errDone
		}
		s.Reminded = now
		return e.remindOf(tx, a, row, s, passedLately, now)
	})
}

// remindText asks once more for the text of a mail that never goes out without.
func (e *Editor) remindText(_ context.Context, id, key string, now time.Time) error {
	return e.changeRow(id, key, func(tx list.Tx, a *affair, row plan.Row, s *RowState) error {
		if s.Stage != Drafted {
			return errDone
		}
		s.Asked, s.Reminded = s.Asked+1, now
		return e.remindOf(tx, a, row, s, passedLately, now)
	})
}

// remindOf owes the reminder of a draft to everybody who has it, but to whom it came lately.
func (e *Editor) remindOf(tx list.Tx, a *affair, row plan.Row, s *RowState, lately time.Duration, now time.Time) error {
	for _, to := range slices.Sorted(maps.Keys(s.Drafts)) {
		if to == s.To && now.Sub(s.Passed) < lately {
			continue
		}
		o, err := e.drafted(tx, a, row, s, to, letter.Drafting{Reminder: true}, now)
		if err != nil {
			return err
		}
		o.kind, o.thread = "draft_reminder", s.Drafts[to]
		if err := a.owe(tx, o, now); err != nil {
			return err
		}
	}
	return nil
}

// keepBack keeps a summary whose draft nobody answered, where silence means that, and tells everybody who has it.
func (e *Editor) keepBack(id, key string, now time.Time) error {
	return e.changeRow(id, key, func(tx list.Tx, a *affair, row plan.Row, s *RowState) error {
		if s.Stage != Drafted || now.Before(a.goesOut(row)) {
			return errDone
		}
		s.Stage = OnHold
		return e.remindOf(tx, a, row, s, 0, now)
	})
}
