package digest

import (
	"context"
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

// planMost is the longest text of a mailed plan, in octets.
const planMost = 32 << 10

// whatMailed is the What of a plan that nobody has started yet.
const whatMailed = "mailed"

// takeMailed takes a plan that somebody mails to +plan@: it is answered with what would come of it, or with what cannot be read. Nothing is kept of it but in the
// address that takes the answer.
func (e *Editor) takeMailed(_ context.Context, h *list.Handed, _ about) (done string, err error) {
	if err := e.mayMail(h); err != nil {
		return "", err
	}
	return e.proposePlan(h)
}

// mayMail says whether somebody mails plans: who facilitates the list or one of its discussions, or owns it, in a mail that is theirs beyond doubt.
func (e *Editor) mayMail(h *list.Handed) error {
	may := false
	err := e.Engine.Store.View(func(r list.Reader) (err error) { may, err = e.mayLead(r, h); return err })
	switch {
	case err != nil:
		return err
	case !may:
		return list.Refuse(list.NotAllowed, "Only who facilitates or owns this list may mail a plan; write to %s", h.List.Word("facilitator"))
	case !h.Proven:
		return list.Refuse(list.NotAllowed, "Nothing shows that this mail is yours, so that no plan is made of it; write to %s", h.List.Word("owner"))
	}
	return nil
}

// mayLead reports whether an address leads discussions on a list.
func (e *Editor) mayLead(r list.Reader, h *list.Handed) (bool, error) {
	m, err := r.Member(h.Record.ID, h.From.Addr)
	if err != nil && !errors.Is(err, list.ErrNotFound) {
		return false, err
	}
	their := func(o string) bool {
		return list.SameAddress(o, h.From.Addr) || m.Number != 0 && list.SameAddress(o, m.Address)
	}
	if slices.ContainsFunc(h.List.Facilitators, their) || slices.ContainsFunc(h.List.Owners, their) || m.Role == list.RoleOwner || m.Role == list.RoleFacilitator {
		return true, nil
	}
	running, err := e.Facilitators(r, h.List, e.Engine.Now())
	return slices.ContainsFunc(running, their), err
}

// proposePlan answers a plan with its dates, or with its faults.
func (e *Editor) proposePlan(h *list.Handed) (done string, err error) {
	text, _ := h.Message.Written()
	text = withoutToken(text, h.Target.Token)
	if len(text) > planMost {
		return "", list.Refuse(list.TooBig, "That is far too long for a plan")
	}
	now := e.Engine.Now()
	a, faults, err := e.proposed(h, text, now)
	if err != nil {
		return "", err
	}
	return "plan", e.Engine.Store.Update(func(tx list.Tx) error {
		if len(faults) > 0 {
			return e.oweFaults(tx, a, h, letter.PlanFaults{Faults: faults, Text: text}, now)
		}
		return e.oweProposal(tx, a, h, planTold{why: "proposed"}, text, now)
	})
}

// proposed is a plan as it would be if it were started now, with an id of its own; or why there is none.
func (e *Editor) proposed(h *list.Handed, text string, now time.Time) (a *affair, faults []letter.PlanFault, err error) {
	p := e.programme.Load()
	if p.Read == nil {
		return nil, nil, list.Refuse(list.NotBuilt, "Plans are not taken by mail here; write to %s", h.List.Word("owner"))
	}
	a = &affair{Discussion: &plan.Discussion{Language: h.List.Language}, list: h.List, rec: h.Record, course: &Course{}}
	d, err := p.Read(h.List, "new", text)
	if wrong, ok := errors.AsType[plan.MailFaults](err); ok {
		return a, faultsOf(wrong), nil
	} else if err != nil {
		return nil, nil, err
	}
	err = e.Engine.Store.View(func(r list.Reader) error {
		all, err := e.discussions(r)
		if err != nil {
			return err
		}
		id := freeID(all, d)
		if d, err = p.Read(h.List, id, text); err != nil {
			return err
		}
		a.Discussion, a.course = d, &Course{ID: id}
		return a.reread()
	})
	if err == nil && !a.Begins(a.rows).AddDate(0, 0, 1).After(now) {
		faults = []letter.PlanFault{{Kind: "past", Text: d.Start.String()}}
	}
	return a, faults, err
}

func faultsOf(all plan.MailFaults) (faults []letter.PlanFault) {
	for _, f := range all {
		faults = append(faults, letter.PlanFault{Line: f.Line, Kind: string(f.Kind), Text: f.Text, Hint: f.Hint})
	}
	return faults
}

func (e *Editor) oweFaults(tx list.Tx, a *affair, h *list.Handed, m letter.PlanFaults, now time.Time) error {
	m.Place = a.place(e.Engine.Site().BaseURL)
	mail, err := e.write(tx, a, h.From.Addr, "plan-faults", m)
	if err != nil {
		return err
	}
	return a.owe(tx, owed{to: h.From.Addr, mail: mail, kind: "plan", word: "plan", answers: h.Message.MessageID()}, now)
}

// oweProposal owes somebody their plan, from an address that starts it.
func (e *Editor) oweProposal(tx list.Tx, a *affair, h *list.Handed, t planTold, text string, now time.Time) error {
	m, err := e.planMail(tx, a)
	if err != nil {
		return err
	}
	m.Why, m.Done, m.Unread, m.Advice = t.why, t.done, t.unread, a.Advice()
	return e.owePlan(tx, a, h.From.Addr, m, about{What: whatMailed, Text: text}, h, now)
}

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
