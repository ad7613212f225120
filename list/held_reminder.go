package list

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// reminderHour is when moderators are reminded of what waits, in their list's own time zone.
const reminderHour = 8

// heldTask is a mail about what waits on a list, and when it is due.
type heldTask struct {
	list *List
	id   uint32
	at   time.Time
	what string // toldReminder of a morning; toldSummary of an hour in which not every post had its own notice; toldBundle of a discussion's posts of an hour
}

// heldTasks finds the lists whose moderators are to be told what waits, now or in time. Those that are gone from the config wait until they are back.
func (e *Engine) heldTasks() (all []heldTask, err error) {
	err = e.Store.View(func(r Reader) error {
		return r.Lists(func(rec Record) error {
			l, ok := e.Site().List(rec.Address)
			if !ok {
				return nil
			}
			for _, what := range []string{toldReminder, toldSummary, toldBundle} {
				t := heldTask{list: l, id: rec.ID, what: what}
				due, err := t.isDue(r)
				if err != nil {
					return err
				}
				if due {
					all = append(all, t)
				}
			}
			return nil
		})
	})
	return all, err
}

// isDue finds out whether there is something to tell, and when.
func (t *heldTask) isDue(r Reader) (due bool, err error) {
	switch t.what {
	case toldReminder:
		t.at, due, err = reminderDue(r, t.list, t.id)
	case toldSummary:
		t.at, due, err = summaryDue(r, t.id)
	default:
		t.at, due, err = bundleDue(r, t.id)
	}
	return due, err
}

// summaryDue is when the summary of an hour with too many notices is due: when the hour is over.
func summaryDue(r Reader, list uint32) (at time.Time, due bool, err error) {
	over, err := r.Told(Telling{Kind: toldOverflow, List: list})
	if errors.Is(err, ErrNotFound) {
		return at, false, nil
	} else if err != nil {
		return at, false, err
	}
	done, err := toldSince(r, Telling{Kind: toldSummary, List: list}, over)
	return over.Truncate(time.Hour).Add(time.Hour), !done, err
}

// reminderDue is when the moderators of a list are reminded: in the first morning after a post came that waits, or expired, and after the last
// reminder.
func reminderDue(r Reader, l *List, list uint32) (at time.Time, due bool, err error) {
	since, err := r.Told(Telling{Kind: toldExpired, List: list})
	if err != nil && !errors.Is(err, ErrNotFound) {
		return at, false, err
	}
	last, err := r.Told(Telling{Kind: toldReminder, List: list})
	if err != nil && !errors.Is(err, ErrNotFound) {
		return at, false, err
	}
	due = !since.IsZero() && since.After(last)
	err = r.HeldPosts(list, func(h Held) error {
		if !due || h.Post.Arrived.Before(since) {
			since = h.Post.Arrived
		}
		due = true
		return ErrStop // the first came first
	})
	if last.After(since) {
		since = last
	}
	return nextHour(since, reminderHour, l.zone()), due, err
}

// remind sends what is due of these.
func (e *Engine) remind(ctx context.Context, now time.Time) error {
	tasks, err := e.heldTasks()
	for _, t := range tasks {
		if ctx.Err() != nil || t.at.After(now) {
			continue
		}
		if e := e.tellWhatWaits(&t, now); e != nil {
			err = errors.Join(err, fmt.Errorf("list: held posts of %s: %w", t.list.Address, e))
		}
	}
	return err
}

// tellWhatWaits owes every moderator one mail that lists what waits, which can be answered by number. That they are told is written with it.
func (e *Engine) tellWhatWaits(t *heldTask, now time.Time) error {
	var to []person
	err := e.Store.View(func(r Reader) error {
		rec, err := r.ListByID(t.id)
		if err == nil {
			to, err = moderators(r, e.Site(), t.list, rec)
		}
		if err == nil && t.what == toldBundle {
			to, err = withFacilitators(r, e.Schedule, t.list, rec, to, now)
		}
		return err
	})
	if err != nil {
		return err
	}
	waits := 0
	err = e.tell(func(tx Tx) error {
		// Asked again: somebody else may have told them since.
		last, err := t.due(tx, now)
		if err != nil {
			return err
		}
		var gone []string
		told := []Telling{{Kind: t.what, List: t.id}}
		if t.what == toldReminder { // which says all that a summary would
			told = append(told, Telling{Kind: toldSummary, List: t.id})
			if gone, err = expiredSince(tx, t.id, last); err != nil {
				return err
			}
		}
		for _, what := range told {
			if err := tx.PutTold(what, now); err != nil {
				return err
			}
		}
		waiting, more, err := waitingOn(tx, t.id, t.what == toldBundle)
		if err != nil {
			return err
		}
		if waits = len(waiting) + more; waits == 0 && len(gone) == 0 {
			return nil
		}
		return t.owe(tx, to, waiting, more, gone, now)
	})
	if err == nil && waits > 0 {
		e.Log.Info("moderators reminded", "list", t.list.Address, "held", waits, "people", len(to), "what", strings.TrimPrefix(t.what, "held-"))
	}
	return err
}

// due returns when moderators were reminded last, if the task is still to be done; otherwise errNothingToKeep.
func (t *heldTask) due(r Reader, now time.Time) (last time.Time, err error) {
	last, err = r.Told(Telling{Kind: toldReminder, List: t.id})
	if err != nil && !errors.Is(err, ErrNotFound) {
		return last, err
	}
	due, err := t.isDue(r)
	if err == nil && (!due || t.at.After(now)) {
		err = errNothingToKeep
	}
	return last, err
}

// owe writes the notes of a reminder, each with a token for all that it lists.
func (t *heldTask) owe(tx Tx, to []person, waiting []Held, more int, gone []string, now time.Time) error {
	values := reminderValues(t, waiting, more, gone)
	for _, m := range to {
		n := noteTo(m, t.id, "reminder", values, now)
		if len(waiting) > 0 {
			n.Secret = bundleSecret(t.id, m.Address, waiting)
		}
		if _, err := tx.PutNote(n); err != nil {
			return err
		}
	}
	return nil
}

// reminderValues is what a reminder says.
func reminderValues(t *heldTask, posts []Held, more int, gone []string) map[string]string {
	numbers := map[uint64]int{}
	for i := range posts {
		numbers[posts[i].ID] = i + 1
	}
	return map[string]string{"count": strconv.Itoa(len(posts) + more), "more": number(more), "posts": postRows(t.list, posts, numbers), "gone": strings.Join(gone, "\n"),
		"summary": yes(t.what == toldSummary), "bundle": yes(t.what == toldBundle)}
}
