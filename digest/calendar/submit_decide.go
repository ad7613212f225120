package calendar

import (
	"cmp"
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"convene/digest/letter"
	"convene/list"
	"convene/list/event"
)

// decision is one answer to a draft, with who gave it.
type decision struct {
	h    *list.Handed
	tx   list.Tx
	m    *list.Member // nil: who decides is no member
	to   string       // whom the draft went to
	name string
	now  time.Time
}

// takeDraft takes what somebody decides on an event that was mailed: approve, reject and a reason, or edit with lines. What is decided is decided: who answers later is
// told so.
func (k *Keeper) takeDraft(_ context.Context, h *list.Handed, what about) (done string, err error) {
	a := list.ReadAnswer(h.Message)
	err = k.change(h.List, what.Event, func(tx list.Tx, o *occasion) error {
		d := &decision{h: h, tx: tx, to: h.Secret.Address, now: k.Engine.Now()}
		if o.reg.Submission == nil {
			return list.ErrNotFound
		}
		if err := k.mayDecide(d); err != nil {
			return err
		}
		switch verb := verbOf(a); {
		case !o.undecided():
			done = "event: decided before"
			return k.tellLate(d, o)
		case o.proposal().over(d.now):
			done = "event: over"
			return k.oweTold(tx, o.list, o.rec, d.to, h.Message.MessageID(), []letter.ToldEvent{k.toldOf(o, d.m, "over", d.now)}, d.now)
		case o.proposal().shown() != what.Text:
			done = "event: changed since"
			return k.oweDraft(tx, o, d.to, "changed", h.Message.MessageID(), d.now)
		case verb == "approve":
			done = "event: approved"
			return k.decided(d, o)
		case verb == "reject":
			done = "event: declined"
			return k.declined(d, o, withoutToken(a.Own(), h.Target.Token))
		case verb == "edit":
			done = "event: edited"
			return k.edited(d, o, withoutToken(a.Own(), h.Target.Token), what)
		}
		done = "event: unread"
		return k.oweDraft(tx, o, d.to, "unread", h.Message.MessageID(), d.now)
	})
	return done, err
}

// verbOf is what an answer to a draft decides. No says as much as reject here: who added the event is told either way.
func verbOf(a list.Answer) string {
	if list.No(a.Verb) {
		return "reject"
	}
	return list.Deciding(a)
}

// mayDecide says whether an answer counts: of somebody who decides on events, from the address that the draft went to or another of theirs. The error is a *list.Refusal.
func (k *Keeper) mayDecide(d *decision) (err error) {
	if d.m, err = member(d.tx, d.h.Record, d.to); err != nil {
		return err
	}
	may, err := k.approves(d.tx, d.h.List, d.m, d.to)
	switch {
	case err != nil:
		return err
	case !may:
		return list.Refuse(list.NotAllowed, "You no longer decide on the events of this list; write to %s", d.h.List.Word("owner"))
	case !list.SameAddress(d.h.From.Addr, d.to) && (d.m == nil || !d.m.Has(d.h.From.Addr)):
		return list.Refuse(list.NotAllowed, "That mail was sent to somebody else; answer the one that you got")
	}
	d.name = cmp.Or(d.h.From.Name, d.to)
	if d.m != nil {
		d.name = cmp.Or(d.m.Name, d.name)
	}
	return nil
}

// decided announces what waits.
func (k *Keeper) decided(d *decision, o *occasion) error {
	what := "announced"
	if o.reg.Submission.Next != nil {
		what = "changed"
	}
	return k.tellAll(d, o.approve(d.name, d.now), what, "")
}

// declined leaves it.
func (k *Keeper) declined(d *decision, o *occasion, reason string) error {
	what := "declined"
	if o.reg.Submission.Next != nil {
		what = "change declined"
	}
	return k.tellAll(d, o.decline(d.name, reason, d.now), what, reason)
}

// edited announces what waits with what who decides says anew of it.
func (k *Keeper) edited(d *decision, o *occasion, text string, what about) error {
	p, s := o.proposal(), o.reg.Submission
	e, err := event.ReadChange(text, p.Event, d.now)
	faults, bad := errors.AsType[event.Faults](err)
	if f := faultOfChange(e, bad, d.now); f != nil {
		faults, bad = event.Faults{f}, true
	}
	if bad {
		return k.oweFaults(d.tx, p, d.m, faults, owed{to: d.to, purpose: list.ForDraft, about: what, answers: d.h.Message.MessageID()}, d.now)
	}
	e.UID, e.Sequence, e.Title = s.Event.UID, s.Event.Sequence, oneLineTexts(e.Title)
	zone := e.Start.Location().String()
	if s.Next != nil {
		e.Sequence = s.Next.Sequence
		s.Next, s.NextZone = e, zone
	} else {
		s.Event, s.Zone = *e, zone
	}
	return k.decided(d, o)
}

func faultOfChange(e *event.Event, bad bool, now time.Time) *event.Fault {
	if bad {
		return nil
	}
	return faultOf(e, now)
}

// tellAll tells who mailed an event, if anybody did, who decided on it, and the others who were asked.
func (k *Keeper) tellAll(d *decision, o *occasion, what, reason string) error {
	all, err := k.deciders(d.tx, o.list)
	if err != nil {
		return err
	}
	all = append([]string{d.to}, all...)
	if s := o.reg.Submission; s != nil {
		s.Updated, s.Unasked = time.Time{}, false // somebody reads these mails: about the next change they are asked at once
		all = append([]string{s.By.Address}, all...)
	}
	var told []string
	for _, to := range all {
		if hasAddress(told, to) {
			continue
		}
		told = append(told, to)
		m, err := member(d.tx, o.rec, to)
		if err != nil {
			return err
		}
		one, answers := k.toldOf(o, m, what, d.now), ""
		one.Reason = reason
		if list.SameAddress(to, d.to) {
			answers = d.h.Message.MessageID()
		} else {
			one.Other, one.By = true, shownName(d.name)
		}
		if s := o.reg.Submission; s != nil && list.SameAddress(to, s.By.Address) {
			err = k.oweOwn(d.tx, o, owed{to: to, answers: answers}, one, d.now)
		} else {
			err = k.oweTold(d.tx, o.list, o.rec, to, answers, []letter.ToldEvent{one}, d.now)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func hasAddress(all []string, address string) bool {
	for _, o := range all {
		if list.SameAddress(o, address) {
			return true
		}
	}
	return false
}

// tellLate tells somebody that another had decided before them, or that it was too late.
func (k *Keeper) tellLate(d *decision, o *occasion) error {
	s := o.reg.Submission
	one := k.toldOf(o, d.m, "before", d.now)
	one.Before, one.Other, one.By, one.Reason = string(s.Last), s.Decided != d.name, shownName(s.Decided), s.Reason
	if s.Decided == "" { // nobody had, in time
		one.What = "over"
	}
	return k.oweTold(d.tx, o.list, o.rec, d.to, d.h.Message.MessageID(), []letter.ToldEvent{one}, d.now)
}

// withoutToken puts x in the place of every letter of a token, in whatever case it stands: it is of one person alone.
func withoutToken(text, token string) string {
	if token == "" {
		return text
	}
	return regexp.MustCompile("(?i)"+regexp.QuoteMeta(token)).ReplaceAllString(text, strings.Repeat("x", len(token)))
}
