package list

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"convene/list/message"
)

// BounceReading reads what servers and programs say of mail of ours that failed.
type BounceReading struct {
	// Read reads a mail that came to a return path; null: it came with the null reverse-path.
	Read func(m *message.Message, null bool) BounceReport
	// Classify says what a failure means for the address: an enhanced code or empty, a reply code or zero, and what came with them.
	Classify func(status string, code int, text string) BounceClass
}

// mailFailure is one failure with evidence: whose mail of which day did not arrive, and what was said.
type mailFailure struct {
	list    uint32
	address string
	mailed  time.Time
	hard    bool
	status  string
}

// judgedBy is how many posts say whether mail of ours arrives anywhere.
const judgedBy = 5

// judgedAtOnce is how many failures are judged in one transaction.
const judgedAtOnce = 200

// judgement is a copy that failed, with what that means.
type judgement struct {
	Failure
	out   Outgoing
	class BounceClass
}

// judge says of every copy that failed what that means for its address, and does what follows. It returns how many there were.
func (e *Engine) judge(ctx context.Context, now time.Time) (judged int, err error) {
	days, tallies := newMailedDays(), map[uint64]Tally{}
	for ctx.Err() == nil {
		batch, err := e.nextFailures(tallies)
		if err != nil || len(batch) == 0 {
			return judged, err
		}
		var events []event
		err = e.Store.Update(func(tx Tx) error {
			events = nil
			for i := range batch {
				told, err := e.judgeOne(tx, days, &batch[i], now)
				if err != nil {
					return fmt.Errorf("list: copy %d of %d that failed: %w", batch[i].Number, batch[i].Outgoing, err)
				}
				events = append(events, told...)
				if err := tx.DeleteUnjudged(batch[i].Failure); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return judged, err
		}
		e.logEvents(events)
		judged += len(batch)
	}
	return judged, nil
}

// logEvents logs what was done, once it is.
func (e *Engine) logEvents(events []event) {
	for _, v := range events {
		e.Log.Info(v.text, v.attrs...)
	}
}

// nextFailures are the next copies to judge, with their classes.
func (e *Engine) nextFailures(tallies map[uint64]Tally) (batch []judgement, err error) {
	err = e.Store.View(func(r Reader) error {
		return r.Unjudged(func(f Failure) error {
			j := judgement{Failure: f}
			if n := len(batch); n > 0 && batch[n-1].Outgoing == f.Outgoing {
				j.out = batch[n-1].out
			} else if j.out, err = r.Outgoing(f.Outgoing); err != nil {
				return err
			}
			if j.class, err = e.classOf(r, &j, tallies); err != nil {
				return err
			}
			if batch = append(batch, j); len(batch) == judgedAtOnce {
				return ErrStop
			}
			return nil
		})
	})
	return batch, err
}

// classOf is what the failure of a copy means. What DNS says for certain is as good as a server's word. A connection that never came about counts only
// if somebody else got the same post, or of a probe one of the last posts: else it is more likely that we reach nobody.
func (e *Engine) classOf(r Reader, j *judgement, tallies map[uint64]Tally) (BounceClass, error) {
	if e.Bounces.Classify == nil {
		return ClassNone, nil
	}
	if !hasReply(j.Status) && !strings.HasPrefix(j.Status, "5.") {
		if reached, err := reachedAnybody(r, j, tallies); err != nil || !reached {
			return ClassOurs, err
		}
	}
	return e.Bounces.Classify("", 0, j.Status), nil
}

// reachedAnybody reports whether mail of ours arrived anywhere about the time of a copy that failed: of the same post, or, of a notice, of one of the
// posts since. Where there was none nothing speaks against the copy.
func reachedAnybody(r Reader, j *judgement, tallies map[uint64]Tally) (bool, error) {
	outs := []uint64{j.Outgoing}
	if j.out.Post == 0 {
		outs = nil
		rec, err := r.ListByID(j.List)
		if err != nil {
			return false, err
		}
		for n := rec.Posts; n > 0 && len(outs) < judgedBy; n-- {
			p, err := r.Post(j.List, n)
			if errors.Is(err, ErrNotFound) || err == nil && p.Accepted.Before(j.out.Accepted) {
				break
			} else if err != nil {
				return false, err
			}
			outs = append(outs, p.Outgoing)
		}
	}
	for _, id := range outs {
		tally, ok := tallies[id]
		if !ok {
			var err error
			if tally, err = r.Tally(id); err != nil && !errors.Is(err, ErrNotFound) {
				return false, err
			}
			tallies[id] = tally
		}
		if tally.Delivered > 0 {
			return true, nil
		}
	}
	return len(outs) == 0, nil
}

// hasReply reports whether a server's reply stands in a status: then it begins with its code, or that follows what we say ourselves.
func hasReply(status string) bool {
	_, last, _ := strings.Cut(status, ": ")
	for _, s := range []string{status, last} {
		code, _, _ := strings.Cut(s, " ")
		if len(code) == 3 && digits(code) {
			return true
		}
	}
	return false
}

// judgeOne does what follows from one failed copy.
func (e *Engine) judgeOne(tx Tx, days *mailedDays, j *judgement, now time.Time) ([]event, error) {
	hard := j.class == ClassHard
	switch {
	case j.out.Post == 0 && strings.Contains(j.out.ReturnPath, wordBounce):
		return e.judgeProbe(tx, j, now)
	case j.out.Post == 0:
		return e.judgeNotice(tx, j, now)
	case !hard && j.class != ClassSoft:
		return nil, nil
	}
	m, err := tx.MemberByNumber(j.List, j.Number)
	if errors.Is(err, ErrNotFound) || err == nil && !SameAddress(m.Address, j.Address) {
		return nil, nil // left, or has another address since
	} else if err != nil {
		return nil, err
	}
	return e.countFailure(tx, days, mailFailure{j.List, m.Address, j.out.Accepted, hard, j.Status}, now)
}

// unreachableAgain is how often the others are told of one who runs a list and cannot be reached.
const unreachableAgain = 30*day - time.Hour

// judgeNotice has the other people of a list told when a notice to one of them failed. To who cannot be reached nothing is sent about it.
func (e *Engine) judgeNotice(tx Tx, j *judgement, now time.Time) ([]event, error) {
	if j.class != ClassHard && j.class != ClassSoft {
		return nil, nil
	}
	rec, err := tx.ListByID(j.List)
	if err != nil {
		return nil, err
	}
	l, ok := e.Site().List(rec.Address)
	if !ok {
		return nil, nil
	}
	if staff, err := e.decides(tx, l, rec, j.Address); err != nil || !staff {
		return nil, err
	}
	slot := Telling{Kind: toldUnreachable, List: j.List, Hop: FoldAddress(j.Address)}
	if told, err := toldSince(tx, slot, now.Add(-unreachableAgain)); err != nil || told {
		return nil, err
	}
	if err := tx.PutTold(slot, now); err != nil {
		return nil, err
	}
	return []event{{"notice to staff failed", []any{"list", l.Address, "address", j.Address, "status", j.Status}}},
		tx.PutChange(AddressChange{List: j.List, At: now, Address: j.Address, What: ChangeUnreachable, Why: j.Status})
}

// countFailure adds a failure to what is known of an address. When it is enough the address is bouncing from now on.
func (e *Engine) countFailure(tx Tx, days *mailedDays, f mailFailure, now time.Time) ([]event, error) {
	s, err := tx.AddressState(f.address)
	if errors.Is(err, ErrNotFound) {
		s, err = AddressState{Address: FoldAddress(f.address), State: Active}, nil
	}
	if err != nil {
		return nil, err
	}
	s.forgetFuture(now)
	if s.State != Active {
		return e.stopHere(tx, &s, f, now)
	}
	if f.mailed.Before(s.Since) {
		return nil, nil // it has come back since
	}
	if !s.add(BounceDay{dayOf(f.mailed), f.list, f.hard}) {
		return nil, nil
	}
	s.List, s.Status = f.list, oneLine(f.status, statusQuoted)
	clean, err := days.clean(tx, &s, now)
	if err != nil {
		return nil, err
	}
	window, err := days.window(tx, &s)
	if err != nil {
		return nil, err
	}
	events := []event{{"bounce counted", []any{"address", s.Address, "list", f.list, "hard", f.hard, "days", len(s.Days), "status", s.Status}}}
	if s.weigh(clean, window) {
		more, err := e.startProbing(tx, &s, now)
		return append(events, more...), err
	}
	s.Due = s.due()
	return events, tx.PutAddressState(s)
}

// stopHere stops list mail to an address whose mail is stopped elsewhere: it was put on this list since. Where nobody asks it any more it is asked anew.
func (e *Engine) stopHere(tx Tx, s *AddressState, f mailFailure, now time.Time) ([]event, error) {
	m, err := tx.Member(f.list, f.address)
	if errors.Is(err, ErrNotFound) || err == nil && (m.State != Active || !s.Since.Before(f.mailed)) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	s.List, s.Status = f.list, oneLine(f.status, statusQuoted)
	if s.State == Disabled {
		return e.startProbing(tx, s, now)
	}
	return nil, e.changeState(tx, &m, Bouncing, ChangeBouncing, s.Status, now)
}
