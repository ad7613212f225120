package digest

import (
	"errors"

	"convene/digest/calendar"
	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
)

// contentNotes is how many notes the mail with what is left of an event has: it is for who cannot open the rest.
const contentNotes = 4

// tableNotes are what was written of a discussion's event, without saying by whom; none: it has no event, or nobody wrote.
func (e *Editor) tableNotes(r list.Reader, a *affair) ([]calendar.TableNotes, error) {
	if a.Event == nil {
		return nil, nil
	}
	all, err := e.calendar.Notes(r, a.list, a.Event.ID)
	if errors.Is(err, list.ErrNotFound) {
		return nil, nil
	}
	return all, err
}

// notes are what a planned mail behind an event shows of them: those that there were when its draft was last shown, or, before there is one, all.
func (e *Editor) notes(r list.Reader, a *affair, row plan.Row, s *RowState) (texts []string, err error) {
	if !needsText(row.Kind) {
		return nil, nil
	}
	all, err := e.tableNotes(r, a)
	for _, n := range all {
		if s.NotesUntil.IsZero() || !n.At.After(s.NotesUntil) {
			texts = append(texts, n.Text)
		}
	}
	if row.Kind == plan.EventContent && len(texts) > contentNotes {
		texts = texts[:contentNotes]
	}
	return texts, err
}

// papersTables are the notes as a paper has them, those of one table together.
func papersTables(all []calendar.TableNotes) (tables []letter.TableNotes) {
	for i, n := range all {
		if i > 0 && all[i-1].Round == n.Round && all[i-1].Table == n.Table && all[i-1].Mail == n.Mail {
			tables[len(tables)-1].Notes += "\n\n" + n.Text
			continue
		}
		tables = append(tables, letter.TableNotes{Round: n.Round, Table: n.Table, Mail: n.Mail, Notes: n.Text})
	}
	return tables
}
