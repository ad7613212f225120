package list

import (
	"errors"
	"strings"

	"convene/list/message"
)

// people are whom a role address reaches. A list without people is still answered for, by who runs the server: mail to its owner must reach somebody
// (RFC 2142 §6).
func (e *Engine) people(r Reader, t Target) (to []string, err error) {
	site := e.Site()
	if t.List == nil {
		if site.Admin != "" {
			to = []string{site.Admin}
		}
		return to, nil
	}
	rec, err := r.List(t.List.Address)
	if err != nil {
		return nil, err
	}
	reach := owners
	switch t.Kind {
	case KindModerators:
		reach = moderators
	case KindCore:
		return t.List.Core, nil
	case KindFacilitator:
		if e.Schedule != nil {
			if to, err = e.Schedule.Facilitators(r, t.List, e.Now()); err != nil || len(to) > 0 {
				return to, err
			}
		}
		if all, err := holders(r, t.List, rec, RoleFacilitator); err != nil || len(all) > 0 {
			return addressesOf(all), err
		}
	}
	all, err := reach(r, site, t.List, rec)
	return addressesOf(all), err
}

func addressesOf(all []person) (to []string) {
	for _, p := range all {
		if p.Address != "" {
			to = append(to, p.Address)
		}
	}
	return to
}

// Reached are the addresses that mail to a role address of a list goes to: of KindOwner, KindModerators, KindFacilitator or KindCore.
func (e *Engine) Reached(r Reader, l *List, role Kind) ([]string, error) {
	return e.people(r, Target{Kind: role, List: l})
}

// peopleNow are whom a role address reaches, outside of any transaction.
func (e *Engine) peopleNow(t Target) (to []string, err error) {
	err = e.Store.View(func(r Reader) (err error) { to, err = e.people(r, t); return err })
	return to, err
}

// forward takes mail for people. It is passed on as it came, with a mark that ends a loop.
func (e *Engine) forward(in *Incoming, targets []Target) (Receipt, error) {
	a := readArrival(e.Site(), &List{}, &in.Envelope, in.Raw)
	attrs := []any{"id", in.ID, "to", targets[0].Address, "from", a.From.Addr, "message_id", a.Message.MessageID(), "ip", in.IP}
	if refusal := e.refuseForward(a, targets); refusal != nil {
		e.Log.Info("mail refused", append(attrs, "reason", refusal.Text)...)
		return Receipt{}, refusal
	}
	err := e.Store.Keep(in.Raw, func(tx Tx, ref Ref) error {
		return errors.Join(e.enqueueForwards(tx, targets, in, ref), in.also(tx))
	})
	if err != nil {
		return Receipt{}, err
	}
	e.Log.Info("mail forwarded", attrs...)
	return Receipt{ID: in.ID, Action: "forward"}, nil
}

// refuseForward says why mail for people is not passed on; nil: it is.
func (e *Engine) refuseForward(a *Arrival, targets []Target) *Refusal {
	if a.GuardErr != nil {
		v := unreadable(a)
		if v.Action != ActRefuse {
			v = size(a)
		}
		return Refuse(v.Why, "%s", v.Text)
	}
	if n := a.Message.Count("Received"); a.Site.Limits.Received > 0 && n >= a.Site.Limits.Received {
		return Refuse(TooManyHops, "The message has passed through too many servers")
	}
	for _, v := range a.Message.Values("Delivered-To") {
		for _, t := range targets {
			if strings.EqualFold(strings.TrimSpace(v), t.Address) {
				return Refuse(TooManyHops, "The message has been through this address before")
			}
		}
	}
	return nil
}

// enqueueForwards puts one record for each role address into the outbox. What answers a bounce has a null return path, so that it can
// cause no further one (RFC 5321 §4.5.5); all else returns to the list's bounce address, and so to its owners once.
func (e *Engine) enqueueForwards(tx Tx, targets []Target, in *Incoming, ref Ref) error {
	if len(targets) == 0 {
		return nil
	}
	for _, t := range targets {
		to, err := e.people(tx, t)
		if err != nil {
			return err
		}
		if err := e.enqueueForward(tx, t, to, in, ref); err != nil {
			return err
		}
	}
	return nil
}

// enqueueForward has mail that came to an address of ours passed on to people.
func (e *Engine) enqueueForward(tx Tx, t Target, to []string, in *Incoming, ref Ref) error {
	m := message.Parse(in.Raw)
	header, body := m.EightBit()
	out := Outgoing{
		Ref: ref, Forward: true, Recipients: to, EightBit: header || body, UTF8: m.International(),
		Size: int64(len(in.Raw)) + 1024, Accepted: in.Received,
		Style: Style{
			List: t.Address, Hostname: e.Site().Hostname, Received: receivedValue(e.Site().Hostname, &in.Envelope),
			AuthservIDs: e.Site().ownAuthservIDs(),
		},
	}
	if t.List != nil {
		rec, err := tx.List(t.List.Address)
		if err != nil {
			return err
		}
		out.List, out.Address = rec.ID, t.List.Address
		if in.From != "" && t.Kind != KindBounce {
			out.ReturnPath = t.List.Word("bounce")
		}
	}
	if m.MessageID() == "" {
		key := m.ContentKey()
		out.Style.MessageID = "<" + hexKey(key) + "@" + e.Site().Hostname + ">"
	}
	_, err := tx.Enqueue(out)
	return err
}
