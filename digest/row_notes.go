package digest

import (
	"errors"
	"slices"

	"convene/digest/calendar"
	"convene/digest/facts"
	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
)

// tableNotes are what was written of a discussion's event, without saying by whom; none: it has no event, or nobody wrote. What its writer does not want quoted is left out.
func (e *Editor) tableNotes(r list.Reader, a *affair) ([]calendar.TableNotes, error) {
	if a.Event == nil {
		return nil, nil
	}
	all, err := e.calendar.Notes(r, a.list, a.Event.ID)
	if errors.Is(err, list.ErrNotFound) {
		return nil, nil
	}
	return slices.DeleteFunc(all, func(n calendar.TableNotes) bool { return facts.Unquotable(n.Text) }), err
}

// behindEvent adds to a planned mail behind an event what it has of it: the notes that there were when its draft was last shown, or, before there is one, all; and who helped.
func (e *Editor) behindEvent(r list.Reader, a *affair, p *letter.Planned, s *RowState) error {
	if !needsText(p.Row.Kind) || a.Event == nil {
		return nil
	}
	all, err := e.tableNotes(r, a)
	if err != nil {
		return err
	}
	p.Notes = papersTables(slices.DeleteFunc(all, func(n calendar.TableNotes) bool { return !s.NotesUntil.IsZero() && n.At.After(s.NotesUntil) }))
	p.Helpers, err = e.helpers(r, a, p.Row, s)
	return err
}

// helpers are who hosted the tables of a discussion's event and took their notes, as the draft of its summary numbers them.
func (e *Editor) helpers(r list.Reader, a *affair, row plan.Row, s *RowState) (all []letter.Helper, err error) {
	if row.Kind != plan.EventSummary || a.Event == nil {
		return nil, nil
	}
	helpers, err := e.calendar.Helpers(r, a.list, a.Event.ID, s.NotesUntil)
	if errors.Is(err, list.ErrNotFound) {
		return nil, nil
	}
	for _, h := range helpers {
		all = append(all, letter.Helper(h))
	}
	return all, err
}

// notesFile has the notes whole, beside a mail that shows them shortened.
func (e *Editor) notesFile(p *letter.Planned, languages []string) ([]list.Attached, error) {
	m, cut, err := e.programme.Load().Book.NotesWhole(p, languages)
	if err != nil || !cut {
		return nil, err
	}
	return []list.Attached{{Name: "notes.txt", Media: "text/plain; charset=utf-8", Content: []byte(m.Text)}}, nil
}

// papersTables are the notes as a paper has them: those of one table together, the table by mail being one, and so are those of one person who took them at several.
func papersTables(all []calendar.TableNotes) (tables []letter.TableNotes) {
	for i, n := range all {
		if i > 0 && sameTable(all[i-1], n) {
			tables[len(tables)-1].Notes += "\n\n" + n.Text
			continue
		}
		tables = append(tables, letter.TableNotes{Round: n.Round, Table: n.Table, Mail: n.Mail, Notes: n.Text})
	}
	return tables
}

func sameTable(a, b calendar.TableNotes) bool {
	return a.Mail == b.Mail && a.Round == b.Round && a.Table == b.Table && (a.Mail || a.Table != 0 || a.By == b.By)
}
