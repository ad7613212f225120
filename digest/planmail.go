package digest

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
)

// planDuties have whoever plans told of the plan: when it is known, and whenever it has changed.
func (e *Editor) planDuties(_ list.Reader, a *affair, now time.Time) ([]duty, error) {
	if a.course.Plan == a.fingerprint() || a.isOver(now) {
		return nil, nil
	}
	return []duty{{at: now, list: a.list.Address, kind: "plan", name: "the plan of " + a.ID, do: func(_ context.Context, now time.Time) error {
		return e.change(a.ID, func(tx list.Tx, a *affair) error {
			if a.course.Plan == a.fingerprint() {
				return errDone
			}
			why := "known"
			if a.course.Plan != "" {
				why = "changed"
			}
			return e.tellPlan(tx, a, planTold{why: why}, now)
		})
	}}}, nil
}

// isOver reports whether nothing of a plan is left to be sent.
func (a *affair) isOver(now time.Time) bool {
	return !slices.ContainsFunc(a.rows, func(r plan.Row) bool { return !a.isOut(r.Key) && now.Before(r.At.Add(around)) })
}

// isOut reports whether a planned mail went out, or was found not to be worth it: nothing is changed in it any more.
func (a *affair) isOut(key string) bool {
	s := a.course.stage(key)
	return s == Sent || s == Quiet
}

// fingerprint is what a plan is known by: it changes with all that its facilitators can see of it beforehand.
func (a *affair) fingerprint() string {
	h := sha256.New()
	enc := json.NewEncoder(h)
	say := func(v any) { _ = enc.Encode(v) } // of such values, into a hash: it writes always
	say([]any{a.Title, a.Weeks, a.Questions, a.course.Changes.Added, a.facilitators()})
	for i := range a.rows {
		r := &a.rows[i]
		say([]any{r.Key, r.At.Unix(), r.Skipped, r.Asks, r.MembersOwn, r.Subject, r.Body, r.SentBy})
	}
	if a.Event != nil {
		say([]any{a.Event.Title, a.Event.Start.Unix(), a.Event.Where})
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// planTold says why a plan is sent, and what it answers.
type planTold struct {
	why    string
	by     plan.Person // who changed it
	done   []letter.PlanDone
	unread []string
	h      *list.Handed // what it answers; nil: nothing
}

// tellPlan owes the plan to whoever plans, and notes that they know it. Who changed it gets what came of that.
func (e *Editor) tellPlan(tx list.Tx, a *affair, t planTold, now time.Time) error {
	known := a.course.Plan == a.fingerprint()
	a.course.Plan = a.fingerprint()
	mail, err := e.planMail(tx, a)
	if err != nil {
		return err
	}
	if t.h != nil {
		answer := mail
		answer.Why, answer.Done, answer.Unread = t.why, t.done, t.unread
		if err := e.owePlan(tx, a, t.h.From.Addr, answer, about{}, t.h, now); err != nil || known {
			return err
		}
		mail.Why, mail.By = "changed", t.by.Name
		switch t.why {
		case "started":
			mail.Why = "known"
		case "cancelled":
			mail.Why = t.why
		}
	} else {
		mail.Why = t.why
	}
	for _, to := range a.planners() {
		if t.h != nil && list.SameAddress(to, t.h.From.Addr) {
			continue
		}
		if err := e.owePlan(tx, a, to, mail, about{}, nil, now); err != nil {
			return err
		}
	}
	return nil
}

// planners are who gets the plan: who facilitates, and the core group.
func (a *affair) planners() []string {
	all := a.facilitators()
	for _, o := range a.list.Core {
		if !slices.ContainsFunc(all, func(p string) bool { return list.SameAddress(p, o) }) {
			all = append(all, o)
		}
	}
	return all
}

func (e *Editor) owePlan(tx list.Tx, a *affair, to string, m letter.PlanMail, what about, h *list.Handed, now time.Time) error {
	mail, err := e.write(tx, a, to, "plan", m)
	if err != nil {
		return err
	}
	o := owed{to: to, mail: mail, kind: "plan", purpose: list.ForPlan, about: what}
	if h != nil {
		o.answers = h.Message.MessageID()
	}
	if len(a.rows) > 0 {
		o.attached = []list.Attached{{Name: "plan.ics", Media: "text/calendar; method=PUBLISH", Content: a.CalendarFile(now, a.linesWith(plan.Show{}), a.languagesOf(mail.Language)...)}}
	}
	return a.owe(tx, o, now)
}

// calledBy is what somebody is called: by their name, or their address where nobody knows it.
func calledBy(p plan.Person) string { return cmp.Or(p.Name, p.Address) }
