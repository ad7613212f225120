package digest

import (
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
)

// takePlan takes an answer to a plan: any number of changes, one a line, which are done together and answered with the plan as it is then.
func (e *Editor) takePlan(_ context.Context, h *list.Handed, what about) (done string, err error) {
	if what.What == whatMailed {
		return e.answerProposal(h, what)
	}
	said := readPlanOrders(h.Message, h.From.Name)
	err = e.change(what.Discussion, func(tx list.Tx, a *affair) error {
		who, err := e.mayPlan(tx, a, h)
		if err != nil {
			return err
		}
		if a.cameBefore(h, e.Engine.Now()) {
			return errDone
		}
		if what.Text == testMail && !a.course.did(testHeard) {
			a.course.do(testHeard, e.Engine.Now())
		}
		if len(said.orders) == 0 && !a.facilitates(h.From.Addr) {
			if done, err = e.passOn(tx, a, h); err != nil || done != "" {
				done = "passed on"
				return err
			}
		}
		if len(said.orders)+len(said.unread) == 0 && said.polite {
			done = "thanks"
			return nil
		}
		now := e.Engine.Now()
		t := planTold{why: "answer", by: who, h: h, unread: said.unread}
		for _, o := range said.orders {
			did, err := e.obeyPlan(tx, a, o, h, now)
			if err != nil {
				return err
			}
			if t.done = append(t.done, did); a.gone || did.What == "cancelled" {
				t.why, t.done = "cancelled", nil
				break
			}
		}
		done = "plan"
		return e.tellPlan(tx, a, t, now)
	})
	switch {
	case errors.Is(err, errDone):
		return "came before", nil
	case errors.Is(err, list.ErrNotFound):
		return "", list.Refuse(list.NoSuchAddress, "That discussion is not planned any more; write to %s", h.List.Word("owner"))
	}
	return done, err
}

// mayPlan says who changes a plan: whoever got the mail that they answer, from an address of theirs, or somebody who facilitates, is of the core group or owns
// the list, in a mail that is theirs beyond doubt. The error is a *list.Refusal.
func (e *Editor) mayPlan(r list.Reader, a *affair, h *list.Handed) (plan.Person, error) {
	m, err := r.Member(a.rec.ID, h.From.Addr)
	if err != nil && !errors.Is(err, list.ErrNotFound) {
		return plan.Person{}, err
	}
	their := func(address string) bool {
		return list.SameAddress(address, h.From.Addr) || m.Number != 0 && list.SameAddress(address, m.Address)
	}
	theirs := h.Secret != nil && their(h.Secret.Address)
	if !theirs && !h.Proven {
		return plan.Person{}, list.Refuse(list.NotAllowed, "Nothing shows that this mail is yours; answer from the address that the plan went to")
	}
	if !slices.ContainsFunc(a.planners(), their) && !slices.ContainsFunc(a.list.Facilitators, their) && !slices.ContainsFunc(a.list.Owners, their) &&
		m.Role != list.RoleOwner && m.Role != list.RoleFacilitator {
		return plan.Person{}, list.Refuse(list.NotAllowed, "Only who facilitates changes the plan; write to %s", a.list.Word("facilitator"))
	}
	who, err := a.person(r, h.From.Addr)
	if who.Name == "" {
		who.Name = h.From.Name
	}
	return who, err
}

// facilitates reports whether somebody is one of who facilitates.
func (a *affair) facilitates(address string) bool {
	return slices.ContainsFunc(a.facilitators(), func(o string) bool { return list.SameAddress(o, address) })
}

// cameBefore reports whether a mail was taken before, by somebody who did not hear that it was, and notes that it has come.
func (a *affair) cameBefore(h *list.Handed, now time.Time) bool {
	key := h.Message.ContentKey()
	name := "mail/" + hex.EncodeToString(key[:])
	if a.course.did(name) {
		return true
	}
	a.course.do(name, now)
	return false
}

// obeyPlan does one order, and says what came of it.
func (e *Editor) obeyPlan(tx list.Tx, a *affair, o planOrder, h *list.Handed, now time.Time) (letter.PlanDone, error) {
	switch o.verb {
	case "postpone":
		return a.postponeAll(o.rest, now)
	case "move":
		return a.moveRow(o.rest, now)
	case "skip", "unskip":
		return a.skipRow(o.rest, o.verb == "skip", now)
	case "add question":
		return a.addQuestion(o.rest, now)
	case "handover":
		return a.handOver(tx, o.rest)
	case "preview":
		return a.orderPreview(h.From.Addr, strings.HasPrefix(strings.ToLower(o.rest), "core")), nil
	case "meaning":
		return a.mean(withoutToken(o.rest, h.Target.Token)), nil
	case "synthesis":
		a.course.Previews = append(a.course.Previews, PreviewOrder{To: []string{h.From.Addr}, Synthesis: true})
		return letter.PlanDone{What: "synthesis"}, nil
	case "cancel":
		return letter.PlanDone{What: "cancelled"}, e.cancelPlan(tx, a)
	}
	return letter.PlanDone{What: "shown"}, nil // plan, and start of what is started: they get it
}
