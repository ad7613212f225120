package list

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Failure is one member's copy of a post that failed for good: the next hop refused it, or it was tried for too long. List, At, Outgoing and
// Number name it.
type Failure struct {
	List     uint32
	At       time.Time // when it failed
	Outgoing uint64
	Number   uint32 // the member's
	Address  string // as it was then
	Status   string // the reply or error in one line
	Attempts int
}

// Tally counts what became of the copies of an Outgoing. Members who were not to have one are in none of the numbers, nor are copies that
// were not tried yet.
type Tally struct {
	Delivered, Failed, Deferred uint64
}

// Telling names something that people are told once, or not too often.
type Telling struct {
	Kind       string // one of the kinds below
	List, Post uint32 // zero: none
	Hop        string // empty: none
}

// The kinds of Telling. They are on disk.
const (
	toldFailures = "failures" // of a list; the time is the morning of it
	toldTripped  = "tripped"  // of a post at a next hop
	toldFrozen   = "frozen"   // of a next hop
	toldFate     = "fate"     // of a message, to who asked for it: Hop is the hash of both
	// toldUnwritten is of notices that cannot be written, and of texts of the site's own that failed.
	toldUnwritten = "unwritten"
	// toldUnreachable is of somebody who runs a list: Hop is the address.
	toldUnreachable = "unreachable"
	// toldConfirmed is of a confirmation that is spent; Hop is the beginning of its hash.
	toldConfirmed = "confirmed"
)

// tellHour is when owners are told what failed, in their list's own time zone.
const tellHour = 7

// nextMorning is the first time after t at which owners are told, at a place that is loc.
func nextMorning(t time.Time, loc *time.Location) time.Time { return nextHour(t, tellHour, loc) }

// nextHour is the first time after t at which it is that hour at a place that is loc.
func nextHour(t time.Time, hour int, loc *time.Location) time.Time {
	year, month, day := t.In(loc).Date()
	for ; ; day++ {
		if at := time.Date(year, month, day, hour, 0, 0, 0, loc); at.After(t) {
			return at
		}
	}
}

// lastMorning is the last such time that is not after t.
func lastMorning(t time.Time, loc *time.Location) time.Time {
	year, month, day := t.In(loc).Date()
	for day++; ; day-- {
		if at := time.Date(year, month, day, tellHour, 0, 0, 0, loc); !at.After(t) {
			return at
		}
	}
}

// zone is where the list is: its time zone, or UTC.
func (l *List) zone() *time.Location {
	if l.Location == nil {
		return time.UTC
	}
	return l.Location
}

// failuresDue is a list whose owners are to be told, and when.
type failuresDue struct {
	list *List
	id   uint32
	at   time.Time
}

// failuresDue finds the lists whose owners are to be told something, now or in time, of what is in the index. Those that are gone from the
// config wait until they are back.
func (e *Engine) failuresDue() (all []failuresDue, err error) {
	err = e.Store.View(func(r Reader) error {
		first := map[uint32]time.Time{}
		earliest := func(id uint32, at time.Time) error {
			if known, ok := first[id]; !ok || at.Before(known) {
				first[id] = at
			}
			return nil
		}
		if err := errors.Join(r.FirstFailures(earliest), r.FirstChanges(earliest)); err != nil || len(first) == 0 {
			return err
		}
		return r.Lists(func(rec Record) error {
			since, some := first[rec.ID]
			l, ok := e.Site().List(rec.Address)
			if !some || !ok {
				return nil
			}
			told, err := r.Told(Telling{Kind: toldFailures, List: rec.ID})
			if err != nil && !errors.Is(err, ErrNotFound) {
				return err
			}
			if told.After(since) && !told.After(e.Now()) { // a clock that was ahead is no reason to be silent
				since = told // once a day, whatever turned up late
			}
			all = append(all, failuresDue{l, rec.ID, nextMorning(since, l.zone())})
			return nil
		})
	})
	return all, err
}

// tellFailures tells the owners of every list for which it is time what failed before this morning. What keeps one list from being told
// does not keep the others.
func (e *Engine) tellFailures(ctx context.Context, now time.Time) error {
	if err := e.Store.Fold(); err != nil {
		return err
	}
	due, err := e.failuresDue()
	for _, d := range due {
		if ctx.Err() != nil || d.at.After(now) {
			continue
		}
		if e := e.tellOwners(ctx, d.list, d.id, now); e != nil {
			err = errors.Join(err, fmt.Errorf("list: failures of %s: %w", d.list.Address, e))
		}
	}
	return err
}

// tellOwners sends one notice about all that failed before this morning. That it was told, and the notice itself, are written together.
func (e *Engine) tellOwners(ctx context.Context, l *List, id uint32, now time.Time) error {
	morning := lastMorning(now, l.zone())
	report, err := e.reportFailures(ctx, l, id, morning)
	if err != nil || len(report.all)+len(report.changes) == 0 {
		return err
	}
	told := func(tx Tx) error {
		what := Telling{Kind: toldFailures, List: id}
		last, err := tx.Told(what)
		switch {
		case err == nil && !last.Before(morning) && !last.After(now):
			return errNothingToKeep
		case err != nil && !errors.Is(err, ErrNotFound):
			return err
		}
		for i := range report.all {
			if err := tx.DeleteFailure(report.all[i].failure(id)); err != nil {
				return err
			}
		}
		for _, c := range report.changes {
			if err := tx.DeleteChange(c); err != nil {
				return err
			}
		}
		return tx.PutTold(what, morning)
	}
	to, err := e.peopleNow(Target{Kind: KindOwner, List: l})
	if err != nil {
		return err
	}
	if to = report.reachable(to, e.Site().Admin); len(to) == 0 {
		err = e.Store.Update(told)
	} else {
		err = e.sendNotice(report.notice(now), id, to, told)
	}
	if errors.Is(err, errNothingToKeep) {
		return nil
	}
	if err == nil {
		e.Log.Info("owners told of failures", "list", l.Address, "copies", len(report.all), "changes", len(report.changes), "posts", len(report.posts), "people", len(to))
	}
	return err
}
