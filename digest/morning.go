package digest

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"convene/digest/facts"
	"convene/digest/plan"
	"convene/list"
)

// morningDone is under what it is noted when the last morning note was due, whether there was anything to say or not.
const morningDone = "morning"

// aboutMorning is what answers to a morning note are about.
const aboutMorning = "morning"

// shown is what a morning note has numbers for: the Text of what its answer is about.
type shown struct {
	Drafts []string `json:"drafts,omitempty"` // keys of rows
	Held   []uint64 `json:"held,omitempty"`
}

// morning is the note to the facilitators at the beginning of each working day while a discussion is prepared, runs, or is wound up.
func (e *Editor) morning(_ list.Reader, a *affair, now time.Time) ([]duty, error) {
	at, ok := a.nextMorning(now)
	if !ok {
		return nil, nil
	}
	id := a.ID
	return []duty{{at: at, list: a.list.Address, kind: "morning_note", name: "morning note " + id, do: func(_ context.Context, now time.Time) error { return e.tellMorning(id, now) }}}, nil
}

// nextMorning is when the next note is due. One that was missed is written as long as people are at work on its day.
func (a *affair) nextMorning(now time.Time) (time.Time, bool) {
	cal := a.Calendar
	from := a.Begins(a.rows).Add(-around)
	if from.Before(now) {
		from = now
	}
	last, day := a.course.Done[morningDone], plan.DateOf(from.In(cal.Location))
	for ; ; day = cal.WorkingDayAfter(day, 1) {
		at := day.At(cal.From, cal.Location)
		switch {
		case !a.runs(at) && at.After(from):
			return at, false
		case !cal.WorkingDay(day), !last.IsZero() && !last.Before(at), at.Before(now) && (!cal.Open(now) || plan.DateOf(now.In(cal.Location)) != day), !a.runs(at):
			continue
		}
		return at, true
	}
}

// tellMorning writes the note, if there is something.
func (e *Editor) tellMorning(id string, now time.Time) error {
	a, posts, err := e.discussed(id)
	if err != nil {
		return err
	}
	var open []facts.Question
	if now.After(a.Begins(a.rows)) {
		open = e.openIn(a, posts, now)
	}
	return e.change(id, func(tx list.Tx, a *affair) error {
		if at, ok := a.nextMorning(now); !ok || at.After(now) {
			return errDone
		}
		w := &noteWork{e: e, r: tx, a: a, now: now, since: a.course.Done[morningDone]}
		if w.since.IsZero() {
			w.since = a.Begins(a.rows).Add(-around)
		}
		a.course.do(morningDone, now)
		if err := w.write(open); err != nil || !w.something {
			return err
		}
		text, err := json.Marshal(w.shown)
		if err != nil {
			return fmt.Errorf("digest: what a morning note shows: %w", err)
		}
		for _, to := range a.facilitators() {
			if w.tellsNothing(to) {
				continue
			}
			w.note.Title = a.Title.In(e.languageOf(tx, a, to)...)
			mail, err := e.write(tx, a, to, "morning-note", w.note)
			if err != nil {
				return err
			}
			if err := a.owe(tx, owed{to: to, mail: mail, kind: "morning_note", purpose: list.ForDraft, about: about{What: aboutMorning, Text: string(text)}}, now); err != nil {
				return err
			}
		}
		return nil
	})
}
