package list

import (
	"errors"
	"fmt"
	"time"
)

// sharedBounceFor is how long after a post a report counts that came to the return path of many.
const sharedBounceFor = 5 * day

// takeSharedBounce takes a report that came to the return path which all copies of a post share. Such an address proves nothing, so that the report
// itself has to name a member, and a post of the last days of which copies were shared. What does not is left for the caller to pass on.
func (e *Engine) takeSharedBounce(in *Incoming, t Target) (taken bool, err error) {
	a := readArrival(e.Site(), t.List, &in.Envelope, in.Raw)
	said := e.readReport(a)
	if in.From != "" || said.Kind != BounceFailure || said.MessageID == "" {
		return false, nil
	}
	var events []event
	err = e.Store.Update(func(tx Tx) (err error) {
		taken, events = false, nil
		rec, err := tx.List(t.List.Address)
		if err != nil {
			return err
		}
		p, err := sharedPost(tx, rec.ID, said.MessageID, in.Received)
		if err != nil {
			return err
		}
		days := newMailedDays()
		for _, ev := range said.Events {
			if ev.Class != ClassHard && ev.Class != ClassSoft {
				continue
			}
			m, err := tx.Member(rec.ID, ev.Address)
			if errors.Is(err, ErrNotFound) || err == nil && !SameAddress(m.Address, ev.Address) {
				continue
			} else if err != nil {
				return err
			}
			taken = true
			one := spoken{BounceReport{Kind: BounceFailure, Events: []BounceEvent{ev}}}
			told, err := e.countFailure(tx, days, mailFailure{rec.ID, m.Address, p.Accepted, ev.Class == ClassHard, one.words()}, in.Received)
			if err != nil {
				return err
			}
			events = append(events, told...)
		}
		return nil
	})
	if errors.Is(err, ErrNotFound) {
		return false, nil
	} else if err != nil {
		return false, fmt.Errorf("list: report on a shared copy of %s: %w", t.List.Address, err)
	}
	if taken {
		e.Log.Info("bounce kept", "id", in.ID, "list", t.List.Address, "message_id", said.MessageID, "ip", in.IP)
	}
	e.logEvents(events)
	return taken, nil
}

// sharedPost finds the post that a report is about. ErrNotFound: there is none, or it is too old, or each member had a copy of their own, whose
// reports come to its own return path.
func sharedPost(r Reader, list uint32, messageID string, now time.Time) (Post, error) {
	p, err := postByMessageID(r, list, messageID)
	if err != nil {
		return p, err
	}
	out, err := r.Outgoing(p.Outgoing)
	if err == nil && (out.Personal() || now.After(p.Accepted.Add(sharedBounceFor))) {
		err = ErrNotFound
	}
	return p, err
}
