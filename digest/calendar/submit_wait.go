package calendar

import (
	"context"
	"time"

	"convene/digest/letter"
	"convene/list"
)

// askAgainAfter is how long nobody has decided on an event when those who decide are asked once more, at nine in the morning behind that.
const askAgainAfter = 12 * time.Hour

// askNextAfter is how long those who decide are not asked about one more change of an event, however often its submitter's calendar program sends it: then they are asked
// about it as it is.
const askNextAfter = 10 * time.Minute

// waiting is what is to be done about a mailed event on which nobody decides: those who do are asked once more, and who mailed it is told when it is too late.
func (k *Keeper) waiting(_ list.Reader, o *occasion, now time.Time) (all []Duty, err error) {
	if !o.mailed || !o.undecided() {
		return nil, nil
	}
	p, asked := o.proposal(), o.reg.Submission.Asked
	late := p.Start
	if last, ok := p.Ends(); ok && p.Rule != "" {
		late = last
	}
	endless := p.Rule != "" && late.Equal(p.Start)
	if o.reg.Submission.Unasked {
		all = append(all, Duty{At: later(now, o.reg.Submission.Updated.Add(askNextAfter)), Kind: kindDraft, Name: "asking about " + o.ID + " as it is now",
			Do: func(_ context.Context, now time.Time) error { return k.askUpdate(o.list, o.ID, now) }})
	}
	if again := nextMorning(asked.Add(askAgainAfter), zoneOf(o.list)); !o.reg.did(askedAgainKey(p)) && (endless || again.Before(late)) {
		all = append(all, Duty{At: later(now, again), Kind: kindNotice, Name: "asking again about " + o.ID,
			Do: func(_ context.Context, now time.Time) error { return k.askAgain(o.list, o.ID, now) }})
	}
	if !endless {
		all = append(all, Duty{At: later(now, late), Kind: kindNotice, N: 1, Name: "nobody decided on " + o.ID,
			Do: func(_ context.Context, now time.Time) error { return k.expire(o.list, o.ID, now) }})
	}
	return all, nil
}

// askedAgainKey is under what a register has that they were asked once more, about the event as it is shown.
func askedAgainKey(p *occasion) string { return "asked again/" + p.shown() }

// askAgain asks everybody who decides once more.
func (k *Keeper) askAgain(l *list.List, id string, now time.Time) error {
	return k.change(l, id, func(tx list.Tx, o *occasion) error {
		key := askedAgainKey(o.proposal())
		if !o.undecided() || o.reg.did(key) {
			return ErrDone
		}
		o.reg.do(key, now)
		return k.askAll(tx, o, "waits", now)
	})
}

// askUpdate asks everybody who decides about an event as it is now.
func (k *Keeper) askUpdate(l *list.List, id string, now time.Time) error {
	return k.change(l, id, func(tx list.Tx, o *occasion) error {
		s := o.reg.Submission
		if !s.Unasked || !o.undecided() {
			return ErrDone
		}
		s.Updated = now
		return k.askAll(tx, o, "", now)
	})
}

// expire gives up what nobody decided on in time.
func (k *Keeper) expire(l *list.List, id string, now time.Time) error {
	return k.change(l, id, func(tx list.Tx, o *occasion) error {
		if !o.undecided() {
			return ErrDone
		}
		by := o.reg.Submission.By.Address
		m, err := member(tx, o.rec, by)
		if err != nil {
			return err
		}
		told := k.toldOf(o.proposal(), m, "expired", now)
		o.decline("", "", now)
		return k.oweTold(tx, o.list, o.rec, by, "", []letter.ToldEvent{told}, now)
	})
}
