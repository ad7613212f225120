package list

import (
	"context"
	"errors"
	"slices"
)

// errNothingToKeep ends a transaction that turned out to change nothing.
var errNothingToKeep = errors.New("nothing to keep")

// Receive takes one message for all targets of a transaction. A nil error means that responsibility is taken: what must follow is on disk.
// A *Refusal is for the sender; any other error means that the sender should try again.
func (e *Engine) Receive(ctx context.Context, in *Incoming) (Receipt, error) {
	post, others, done, err := e.sort(ctx, in)
	if err != nil {
		return Receipt{}, err
	}
	if post == nil && len(others) == 0 {
		return Receipt{ID: in.ID, Action: done}, nil
	}
	if post == nil {
		return e.forward(in, others)
	}
	if receipt, taken, err := e.takeCalendar(ctx, in, post, others); taken || err != nil {
		return receipt, err
	}
	p := newPending(e.Site(), post, &in.Envelope, in.Raw)
	p.schedule = e.Schedule
	d, err := e.consider(ctx, p, in)
	if err != nil {
		return Receipt{}, err
	}
	if d.Action == ActRefuse || d.Action == ActDiscard && len(others) == 0 {
		if err := e.tellRefused(ctx, in, p, d); err != nil {
			return Receipt{}, err
		}
		return e.answer(p, d)
	}
	leaked, err := e.scrub(p)
	if err != nil {
		return Receipt{}, err
	}
	scrubbed := *in
	scrubbed.Raw = p.arrival.Message.Raw
	err = e.Store.Keep(scrubbed.Raw, func(tx Tx, ref Ref) error {
		// Facts may have changed since: the rules are asked again on what is true inside the transaction.
		if d, err = e.decide(tx, p); err != nil {
			return err
		}
		if d.Action == ActRefuse {
			return errNothingToKeep
		}
		if err := e.revoke(tx, leaked); err != nil {
			return err
		}
		if err := p.keep(tx, d, ref, in.Received); err != nil {
			return err
		}
		return errors.Join(e.enqueueForwards(tx, others, &scrubbed, ref), in.also(tx))
	})
	if err != nil && !errors.Is(err, errNothingToKeep) {
		return Receipt{}, err
	}
	if err == nil && leaked.count() > 0 {
		e.Log.Info("marks revoked", "id", in.ID, "list", p.list.Address, "message_id", p.id, "marks", len(leaked.marks), "secrets", len(leaked.secrets))
	}
	return e.answer(p, d)
}

// sort does at once what the marks among the targets ask, and says what is left: a post to a list, and mail for people. done is what was done.
// Doing it twice is as good as once, so that a refusal of the rest takes nothing back.
func (e *Engine) sort(ctx context.Context, in *Incoming) (post *List, others []Target, done string, err error) {
	var commands []Target
	for _, t := range in.Targets {
		switch t.Kind {
		case KindPost:
			post = t.List
			continue
		case KindCommand:
			commands = append(commands, t)
			continue
		case KindLeave:
			if err := e.leaveByMail(t); err != nil {
				return nil, nil, "", err
			}
			done = "leave"
			continue
		case KindConfirm:
			if done, err = e.confirmByMail(ctx, in, t); err != nil {
				return nil, nil, "", err
			}
			continue
		case KindHeldAnswer:
			if done, err = e.takeHeldAnswer(ctx, in, t); err != nil {
				return nil, nil, "", err
			}
			continue
		case KindSchedule:
			if done, err = e.takeSchedule(ctx, in, t); err != nil {
				return nil, nil, "", err
			}
			continue
		case KindBounceMark:
			taken, err := e.takeBounce(in, t)
			if err != nil {
				return nil, nil, "", err
			}
			if taken {
				done = "report"
				continue
			}
			// A person wrote it: the owners get it, and not the token.
			t = Target{Kind: KindBounce, List: t.List, Address: t.List.Word("bounce")}
		case KindModerators:
			if err := e.answerForwarded(ctx, in, t); err != nil {
				return nil, nil, "", err
			}
		case KindBounce:
			if taken, err := e.takeSharedBounce(in, t); err != nil {
				return nil, nil, "", err
			} else if taken {
				done = "report"
				continue
			}
			fallthrough
		case KindAdmin, KindOwner:
			if err := e.takeComplaint(in); err != nil {
				return nil, nil, "", err
			}
		}
		if !slices.ContainsFunc(others, func(o Target) bool { return o.Address == t.Address }) {
			others = append(others, t)
		}
	}
	if len(commands) > 0 {
		if done, err = e.takeCommands(ctx, in, commands); err != nil {
			return nil, nil, "", err
		}
	}
	return post, others, done, nil
}

// answer turns a decision into what the sender hears, and logs it: one line for each change of state, with the same keys everywhere.
func (e *Engine) answer(p *pending, d Decision) (Receipt, error) {
	a := p.arrival
	attrs := []any{"id", a.Envelope.ID, "list", p.list.Address, "from", a.From.Addr, "message_id", p.id, "rule", d.Rule, "ip", a.Envelope.IP}
	switch d.Action {
	case ActRefuse:
		e.Log.Info("post refused", append(attrs, "reason", d.Refusal.Text)...)
		return Receipt{}, d.Refusal
	case ActDiscard:
		e.Log.Info("post discarded", append(attrs, "reason", lastReason(d))...)
	case ActHold:
		e.Log.Info("post held", append(attrs, "held", p.held, "reasons", d.Reasons)...)
	default:
		e.Log.Info("post accepted", append(attrs, "post", p.post.Number, "topic", p.post.Topic, "out", p.post.Outgoing, "size", len(a.Message.Raw))...)
	}
	return Receipt{ID: a.Envelope.ID, Action: string(d.Action)}, nil
}

func lastReason(d Decision) string {
	if len(d.Trace) == 0 {
		return ""
	}
	return d.Trace[len(d.Trace)-1].Reason
}
