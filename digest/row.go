package digest

import (
	"context"
	"maps"
	"strings"
	"time"

	"convene/digest/plan"
	"convene/list"
)

// rowDuties are what is still to be done for planned mails: drafts, reminders, and the mails themselves.
func (e *Editor) rowDuties(r list.Reader, a *affair, now time.Time) ([]duty, error) {
	if !a.course.Started && now.After(a.Begins(a.rows)) && !a.runs(now) {
		return nil, nil // it was over before it was known
	}
	if !a.course.Started {
		return []duty{a.duty(now, "start", plan.Row{Key: a.ID}, func(_ context.Context, now time.Time) error { return e.begin(a.ID, now) })}, nil
	}
	var all []duty
	for _, row := range a.rows {
		if a.out(row) {
			continue
		}
		w := rowWork{e: e, r: r, a: a, row: row, state: a.state(row.Key), due: a.goesOut(row), now: now}
		if err := w.list(); err != nil {
			return nil, err
		}
		all = append(all, w.all...)
	}
	return all, nil
}

// duty is one of a planned mail's.
func (a *affair) duty(at time.Time, what string, row plan.Row, do func(ctx context.Context, now time.Time) error) duty {
	return duty{at: at, list: a.list.Address, kind: what, n: row.N, name: what + " " + row.Key, do: do}
}

// rowWork lists the duties of one planned mail.
type rowWork struct {
	e     *Editor
	r     list.Reader
	a     *affair
	row   plan.Row
	state RowState
	due   time.Time
	now   time.Time
	hours plan.Calendar // of who speaks
	// unseen says that nobody has seen a draft which there was time for.
	unseen bool
	all    []duty
}

// add adds a duty that is done for the row as it is when its turn comes.
func (w *rowWork) add(at time.Time, what string, do func(ctx context.Context, id, key string, now time.Time) error) {
	id, key := w.a.ID, w.row.Key
	w.all = append(w.all, w.a.duty(at, what, w.row, func(ctx context.Context, now time.Time) error { return do(ctx, id, key, now) }))
}

func (w *rowWork) list() (err error) {
	if w.hours, err = w.a.hours(w.r, w.a.voice(w.row).Address); err != nil {
		return err
	}
	switch w.state.Stage {
	case Waiting:
		return w.waiting()
	case Drafted:
		w.drafted()
	case Approved:
		w.send()
	case OnHold:
		w.passedOn()
	}
	return nil
}

// waiting is for a mail that has no draft yet.
func (w *rowWork) waiting() error {
	at, drafts := w.a.draftAt(w.hours, w.row, w.now)
	if w.row.If && (drafts && !w.now.Before(at) || !w.now.Before(w.due)) {
		lively, err := w.a.lively(w.r, w.row)
		if err != nil {
			return err
		}
		if !lively && w.now.Before(w.due) {
			// A post may make it so meanwhile. This is in time to come: it has the discussion looked at then.
			w.add(earlier(nextHour(w.now), w.due), "look", func(context.Context, string, string, time.Time) error { return errDone })
			return nil
		} else if !lively {
			w.add(w.due, "quiet", w.e.passOver)
			return nil
		}
	}
	if needsText(w.row.Kind) {
		w.add(at, "draft", w.e.draft)
		return nil
	}
	w.unseen = drafts && !w.row.If
	if drafts && w.now.Before(w.due) {
		w.add(at, "draft", w.e.draft)
	}
	w.send()
	return nil
}

// drafted is for a mail whose draft nobody has answered.
func (w *rowWork) drafted() {
	if at, ok := w.a.draftAt(w.hours, w.row, w.state.Drafted); ok && w.state.Due.IsZero() && at.Sub(w.state.Drafted) >= redrafted {
		w.add(at, "draft", w.e.draft)
		w.send()
		return
	}
	w.passedOn()
	if needsText(w.row.Kind) {
		if at, ok := textAt(w.hours, w.state.Drafted, w.state.Asked); ok {
			w.add(at, "remind", w.e.remindText)
		}
		return
	}
	if w.now.Before(w.due) {
		if at, ok := remindAt(w.hours, w.state.Drafted, w.due); ok && w.row.Kind.Summary() && w.state.Reminded.IsZero() {
			w.add(at, "remind", w.e.remindDraft)
		}
	}
	w.send()
}

// passedOn is for a draft that somebody has: it goes to who speaks now, or at half time to the next who facilitates.
func (w *rowWork) passedOn() {
	if w.state.Drafted.IsZero() {
		return
	}
	if voice := w.a.voice(w.row).Address; !list.SameAddress(voice, w.state.Voice) {
		w.add(w.now, "draft pass", func(ctx context.Context, id, key string, now time.Time) error {
			return w.e.passDraft(id, key, voice, now)
		})
		return
	}
	next := w.a.next(w.state.To)
	if at, ok := halfTime(w.hours, w.state.Drafted, w.due); ok && w.state.Stage == Drafted && next != "" && w.state.Passed.IsZero() && w.now.Before(w.due) {
		w.add(at, "draft pass", func(ctx context.Context, id, key string, now time.Time) error {
			return w.e.passDraft(id, key, next, now)
		})
	}
}

// send is for the mail itself, which its own time has come for, or has passed.
func (w *rowWork) send() {
	if w.late() {
		w.add(w.due, "late", w.e.late)
		return
	}
	w.add(w.due, "send", w.e.send)
}

// late reports whether its time has passed and nobody was there to send it, or to show it before.
func (w *rowWork) late() bool { return w.now.Sub(w.due) > onTime || w.unseen && !w.now.Before(w.due) }

// earlier is the first of two instants.
func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// next is who facilitates after somebody; empty: nobody else does.
func (a *affair) next(address string) string {
	for _, f := range a.facilitators() {
		if !list.SameAddress(f, address) {
			return f
		}
	}
	return ""
}

// leaveOut leaves a planned mail out.
func (a *affair) leaveOut(key string) {
	skipped := maps.Clone(a.course.Changes.Skipped)
	if skipped == nil {
		skipped = map[string]bool{}
	}
	skipped[key] = true
	a.course.Changes.Skipped = skipped
	a.course.row(key).Stage = Skipped
}

// lively reports whether there is enough for a midweek to tell of: posts of members since the last question, by enough of them.
func (a *affair) lively(r list.Reader, row plan.Row) (bool, error) {
	since := a.Begins(a.rows)
	if asked, ok := plan.Round(a.rows, row); ok {
		if since = a.goesOut(asked); !a.state(asked.Key).Sent.IsZero() {
			since = a.state(asked.Key).Sent
		}
	}
	all, err := a.find(r)
	if err != nil {
		return false, err
	}
	posts, people := 0, map[string]bool{}
	for _, f := range all {
		if !f.leads && f.post.Planned == "" && !f.post.Accepted.Before(since) {
			posts++
			people[strings.ToLower(f.post.From)] = true
		}
	}
	return posts >= a.Midweek.OnlyIfPosts && len(people) >= a.Midweek.OnlyIfPeople, nil
}
