package list

import (
	"context"
	"errors"
)

// takeCalendar takes what a calendar program answers to an invitation, when it comes to the posting address: many programs answer a list that way, since its mails say
// so (Reply-To, or a From that names the list). It never goes to the list: it concerns who invited and nobody else (RFC 5546 §3.2.3). An answer to an event of ours is
// taken as if it had come to +events@; a member's answer to another member goes on to that one; of the rest the rules decide, of which "calendar" holds it. taken says
// that it was one of the first two.
func (e *Engine) takeCalendar(ctx context.Context, in *Incoming, l *List, others []Target) (receipt Receipt, taken bool, err error) {
	a := readArrival(e.Site(), l, &in.Envelope, in.Raw)
	if e.Schedule == nil || a.GuardErr != nil || a.FromErr != nil || !answersInvitation(a.Message) {
		return Receipt{}, false, nil
	}
	ours, organiser, from := false, "", ""
	err = e.Store.View(func(r Reader) (err error) {
		if ours, organiser, err = e.Schedule.Meeting(r, l, a.Message); err != nil || ours || organiser == "" {
			return err
		}
		rec, err := r.List(l.Address)
		if err != nil {
			return err
		}
		if from, err = memberAt(r, rec.ID, a.From.Addr); err == nil {
			organiser, err = memberAt(r, rec.ID, organiser)
		}
		return err
	})
	switch {
	case err != nil:
		return Receipt{}, false, err
	case ours:
		done, err := e.takeSchedule(ctx, in, Target{Kind: KindSchedule, List: l, Word: wordEvents, Address: l.Word(wordEvents)})
		if err != nil || len(others) == 0 {
			return Receipt{ID: in.ID, Action: done}, true, err
		}
		receipt, err = e.forward(in, others)
		return receipt, true, err
	case from == "" || organiser == "":
		return Receipt{}, false, nil
	}
	if _, refusal := proofOf(ctx, in, a); refusal != nil {
		return Receipt{}, true, refusal
	}
	t := Target{Kind: KindPost, List: l, Address: l.Address}
	if refusal := e.refuseForward(a, append([]Target{t}, others...)); refusal != nil {
		return Receipt{}, true, refusal
	}
	err = e.Store.Keep(in.Raw, func(tx Tx, ref Ref) error {
		if err := e.enqueueForward(tx, t, []string{organiser}, in, ref); err != nil {
			return err
		}
		return errors.Join(e.enqueueForwards(tx, others, in, ref), in.also(tx))
	})
	if err != nil {
		return Receipt{}, true, err
	}
	e.Log.Info("calendar answer forwarded", "id", in.ID, "list", l.Address, "from", a.From.Addr, "message_id", a.Message.MessageID())
	return Receipt{ID: in.ID, Action: "forward"}, true, nil
}

// memberAt is the address of the member who has an address; empty: nobody here.
func memberAt(r Reader, list uint32, address string) (string, error) {
	m, err := r.Member(list, address)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return m.Address, err
}

// calendarAnswer holds what a calendar program answers to an invitation of nobody here.
func calendarAnswer(a *Arrival) Verdict {
	if answersInvitation(a.Message) {
		return hold("A calendar program sent it, in answer to an invitation: it is for whoever invited, and not for the list")
	}
	return Verdict{}
}
