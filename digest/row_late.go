package digest

import (
	"context"
	"reflect"
	"time"

	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
)

// late decides what becomes of a mail whose time passed while nobody was there: it goes out at the next working hour, or is asked about where it is too late
// for that. Who speaks is told at once.
func (e *Editor) late(_ context.Context, id, key string, now time.Time) error {
	a, row, err := e.snapshot(id, key)
	if err != nil {
		return err
	}
	due, before := a.goesOut(row), a.state(key)
	if now.Sub(due) > lateMost {
		return e.askLate(a, row, now)
	}
	return e.changeRow(id, key, func(tx list.Tx, a *affair, row plan.Row, s *RowState) error {
		if !reflect.DeepEqual(*s, before) || !a.goesOut(row).Equal(due) {
			return errDone
		}
		hours, err := a.hours(tx, a.voice(row).Address)
		if err != nil {
			return err
		}
		if s.Due = hours.NextOpen(now); s.Stage == Waiting && a.Review > 0 {
			s.Due = hours.Add(s.Due, leastReview) // nobody has seen it yet
		}
		s.Told = now
		return e.tellLate(tx, a, row, due, now)
	})
}

// tellLate tells who speaks which mail was late, and when it goes out.
func (e *Editor) tellLate(tx list.Tx, a *affair, row plan.Row, due, now time.Time) error {
	to, s := a.voice(row).Address, a.course.row(row.Key)
	mail, err := e.write(tx, a, to, "draft-note", letter.DraftNote{What: letter.DraftLate, Kind: row.Kind, Week: row.Week, Was: due.In(a.Calendar.Location),
		When: a.goesOut(row).In(a.Calendar.Location), Unseen: s.Stage == Waiting && a.Review > 0, Hashtag: a.Hashtag})
	if err != nil {
		return err
	}
	return a.owe(tx, owed{to: to, mail: mail, kind: "notice", purpose: list.ForDraft, about: about{What: "row", Row: row.Key}, thread: s.Drafts[to]}, now)
}

// askLate asks who speaks what is to become of a mail that is later than one may be by itself.
func (e *Editor) askLate(a *affair, row plan.Row, now time.Time) error {
	before, due := a.state(row.Key), a.goesOut(row)
	p, err := e.planned(a, row, now, before.Drafted.IsZero())
	if err != nil {
		return err
	}
	return e.changeRow(a.ID, row.Key, func(tx list.Tx, a *affair, row plan.Row, s *RowState) error {
		if !reflect.DeepEqual(*s, before) || !a.goesOut(row).Equal(due) {
			return errDone
		}
		freeze(s, p)
		s.Stage, s.Told = OnHold, now
		if s.Drafted.IsZero() {
			s.Drafted = now
		}
		return e.showDraft(tx, a, row, s, a.voice(row).Address, letter.Drafting{Late: due.In(a.Calendar.Location)}, now)
	})
}
