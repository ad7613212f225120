package digest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
)

// answerProposal takes an answer to a plan that is not started: start, cancel, preview, or the whole plan again.
func (e *Editor) answerProposal(h *list.Handed, what about) (done string, err error) {
	their := list.SameAddress(h.Secret.Address, h.From.Addr)
	may := false
	err = e.Engine.Store.View(func(r list.Reader) (err error) { may, err = e.mayLead(r, h); return err })
	if err != nil {
		return "", err
	}
	if !may || !their && !h.Proven {
		return "", list.Refuse(list.NotAllowed, "Only who facilitates or owns this list starts a plan; write to %s", h.List.Word("facilitator"))
	}
	said := readPlanOrders(h.Message, h.From.Name)
	verb := ""
	if len(said.orders) > 0 {
		verb = said.orders[0].verb
	}
	now := e.Engine.Now()
	switch {
	case verb == "start":
		return e.startPlan(h, what, now)
	case verb == "" && looksLikePlan(said.unread):
		return e.proposePlan(h)
	}
	a, faults, err := e.proposed(h, what.Text, now)
	if err != nil {
		return "", err
	}
	var mails map[string][]letter.Mail
	readers := map[string]string{}
	if verb == "preview" && len(faults) == 0 {
		if err := e.Engine.Store.View(func(r list.Reader) error { return a.languages(r, []string{h.From.Addr}, readers) }); err != nil {
			return "", err
		}
		if mails, err = e.previews(a, readers, now); err != nil {
			return "", err
		}
	}
	return "plan", e.Engine.Store.Update(func(tx list.Tx) error {
		switch {
		case verb == "cancel":
			a.rows = nil
			return e.oweProposal(tx, a, h, planTold{why: "cancelled"}, what.Text, now)
		case len(faults) > 0:
			return e.oweFaults(tx, a, h, letter.PlanFaults{Faults: faults, Text: what.Text}, now)
		case verb == "preview":
			return a.owePreviews(tx, h.From.Addr, mails[readers[h.From.Addr]], about{What: whatMailed, Text: what.Text}, now)
		}
		return e.oweProposal(tx, a, h, planTold{why: "proposed", unread: said.lines()}, what.Text, now)
	})
}

// looksLikePlan reports whether lines are a plan: one of them names a title or a start.
func looksLikePlan(lines []string) bool {
	return slices.ContainsFunc(lines, func(l string) bool { key, _, ok := strings.Cut(l, ":"); return ok && len(strings.Fields(key)) == 1 })
}

// lines are all that was written, as orders of another plan or as none.
func (o planOrders) lines() (all []string) {
	for _, one := range o.orders {
		all = append(all, one.line)
	}
	return append(all, o.unread...)
}

// startPlan makes a mailed plan real: from then on it is one of the list's discussions. Said twice, it is started once.
func (e *Editor) startPlan(h *list.Handed, what about, now time.Time) (done string, err error) {
	a, faults, err := e.proposed(h, what.Text, now)
	if err != nil {
		return "", err
	}
	err = e.Engine.Store.Update(func(tx list.Tx) error {
		started, err := e.startedAs(tx, h, what)
		if err != nil {
			return err
		}
		t := planTold{why: "started", h: h}
		switch {
		case started != nil: // as they know it, since they asked before
			t.done = []letter.PlanDone{{What: "started"}}
			a = started
		case len(faults) > 0:
			return e.oweFaults(tx, a, h, letter.PlanFaults{Faults: faults, Text: what.Text}, now)
		default:
			if _, err := tx.Paper(a.rec.ID, mailedPlans+a.ID); err == nil {
				return list.Refuse(list.TemporarilyDown, "Another plan was started at this moment; this one will be when it comes again")
			}
			content, err := json.Marshal(mailedPlan{ID: a.ID, Text: what.Text, By: h.From.Addr, At: now})
			if err != nil {
				return fmt.Errorf("digest: plan %s: %w", a.ID, err)
			}
			if err := tx.PutPaper(a.rec.ID, mailedPlans+a.ID, content); err != nil {
				return err
			}
			a.course = &Course{ID: a.ID}
			if err := a.reread(); err != nil {
				return err
			}
		}
		if err := e.tellPlan(tx, a, t, now); err != nil {
			return err
		}
		return a.course.write(tx, a.rec)
	})
	if err == nil {
		e.Log.Info("discussion started by mail", "list", h.List.Address, "discussion", a.ID)
		e.wake()
	}
	return "started", err
}

// startedAs is the discussion that a plan was started as before; nil: it was not.
func (e *Editor) startedAs(r list.Reader, h *list.Handed, what about) (*affair, error) {
	id := ""
	err := r.Papers(h.Record.ID, mailedPlans, func(name string, content []byte) error {
		var m mailedPlan
		if err := json.Unmarshal(content, &m); err != nil {
			return fmt.Errorf("digest: paper %s: %w", name, err)
		}
		if m.Text == what.Text {
			id = m.ID
			return list.ErrStop
		}
		return nil
	})
	if err != nil || id == "" {
		return nil, err
	}
	return e.find(r, id)
}

// cancelPlan leaves out all that is not out yet. A mailed plan of which nothing is out is gone altogether.
func (e *Editor) cancelPlan(tx list.Tx, a *affair) error {
	_, err := tx.Paper(a.rec.ID, mailedPlans+a.ID)
	mailed := err == nil
	if err != nil && !errors.Is(err, list.ErrNotFound) {
		return err
	}
	if mailed && !slices.ContainsFunc(a.rows, func(r plan.Row) bool { return a.isOut(r.Key) }) {
		a.rows, a.gone = nil, true
		return tx.DeletePaper(a.rec.ID, mailedPlans+a.ID)
	}
	skipped := map[string]bool{}
	for i := range a.rows {
		if !a.isOut(a.rows[i].Key) {
			skipped[a.rows[i].Key] = true
		}
	}
	a.course.Changes.Skipped = skipped
	return a.reread()
}
