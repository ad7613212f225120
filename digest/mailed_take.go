package digest

import (
	"context"
	"errors"
	"slices"
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
