package digest

import (
	"context"
	"errors"
	"sort"
	"time"

	"convene/digest/plan"
	"convene/list"
)

// begin notes where a discussion begins that is seen for the first time. Posts before its first day are none of it, whenever it was written into the config; of
// planned mails whose time was more than a day ago, the last is asked about and those before it are left out.
func (e *Editor) begin(id string, now time.Time) error {
	return e.change(id, func(tx list.Tx, a *affair) error {
		if a.course.Started {
			return errDone
		}
		rec, err := tx.List(a.list.Address)
		if err != nil {
			return err
		}
		a.course.Started = true
		if a.course.Before, err = lastBefore(tx, rec, a.Begins(a.rows), now); err != nil {
			return err
		}
		var past []plan.Row
		for _, row := range a.rows {
			if !row.Skipped && now.Sub(row.At) > lateMost {
				past = append(past, row)
			}
		}
		for _, row := range past[:max(0, len(past)-1)] {
			a.course.row(row.Key).Stage = Skipped
		}
		return nil
	})
}

// lastBefore is the number of the last post before a discussion begins; where that is to come, of the last that there is.
func lastBefore(r list.Reader, rec list.Record, begins, now time.Time) (uint32, error) {
	if begins.After(now) {
		return rec.Posts, nil
	}
	var failed error
	n := sort.Search(int(rec.Posts), func(i int) bool {
		p, err := r.Post(rec.ID, uint32(i)+1)
		if err != nil && !errors.Is(err, list.ErrNotFound) { // one that is gone is passed over as an early one
			failed = err
		}
		return err == nil && !p.Came().Before(begins)
	})
	return uint32(n), failed
}

// passOver notes that a midweek is left out since there was not enough to tell of. The morning note says so.
func (e *Editor) passOver(_ context.Context, id, key string, now time.Time) error {
	return e.changeRow(id, key, func(tx list.Tx, a *affair, row plan.Row, s *RowState) error {
		if s.Stage != Waiting || now.Before(a.goesOut(row)) {
			return errDone
		}
		if lively, err := a.lively(tx, row); err != nil || lively {
			return errors.Join(err, errDone)
		}
		s.Stage = Quiet
		return nil
	})
}

// changeRow has f change the state of one planned mail; errDone where nothing more becomes of it.
func (e *Editor) changeRow(id, key string, f func(tx list.Tx, a *affair, row plan.Row, s *RowState) error) error {
	return e.change(id, func(tx list.Tx, a *affair) error {
		row, ok := a.rowOf(key)
		if !ok || a.out(row) {
			return errDone
		}
		return f(tx, a, row, a.course.row(key))
	})
}
