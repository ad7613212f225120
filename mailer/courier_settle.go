package mailer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"convene/list"
)

// deliver carries out one claim in as many transactions as it needs. It is false when the worker has to go; the claim is settled or released
// in any case.
func (c *Courier) deliver(w *worker, claim *list.Claim) bool {
	if claim.Out.Personal() {
		return c.deliverEach(w, claim)
	}
	byForm(claim.Copies) // of which a transaction has one
	for rest := claim.Copies; len(rest) > 0; {
		if len(rest) < len(claim.Copies) && c.givesWay(w) {
			c.release(w.settings, claim, len(rest))
			return true
		}
		if c.holdBack(w, claim, rest) {
			return true
		}
		if !c.prepare(w, claim, rest) {
			return false
		}
		made, ok := c.render(w, claim, len(rest), rest[0].Light)
		if !ok {
			return !c.ending()
		}
		n := min(oneForm(rest), c.most(w))
		w.to = w.to[:0]
		for i := range rest[:n] {
			w.to = append(w.to, rest[i].Address)
		}
		t := Transaction{From: claim.Out.ReturnPath, To: w.to, EnvelopeID: envelopeID(claim, nil), Head: made.head, Content: made.content}
		again, ok := c.transact(w, claim, &t, nil, rest[:n], len(rest)-n)
		if !ok {
			return false
		}
		rest = rest[n-again:]
	}
	return true
}

// prepare sees to it that the worker has a connection. If it cannot have one, or is not to go on, the rest of the claim is dealt with.
func (c *Courier) prepare(w *worker, claim *list.Claim, rest []list.Copy) bool {
	if c.ending() {
		c.release(w.settings, claim, len(rest))
		return false
	}
	return w.conn != nil || c.connect(w, claim, rest)
}

// render gets the message in the form that the worker's connection takes. Without one the rest of the claim is dealt with.
func (c *Courier) render(w *worker, claim *list.Claim, rest int, light bool) (*rendering, bool) {
	made, failures, err := c.contents.get(&claim.Out, w.settings, !w.conn.EightBit(), light)
	if err != nil {
		c.unmakeable(w, claim, rest, failures, err)
		return nil, false
	}
	return made, true
}

// envelopeID is what reports are to name a transaction by: as queue names its rows.
func envelopeID(claim *list.Claim, copy *list.Copy) string {
	id := strconv.AppendUint(make([]byte, 0, 24), claim.Out.ID, 10)
	if copy != nil {
		id = strconv.AppendUint(append(id, '-'), uint64(copy.Number), 10)
	}
	return string(id)
}

func (c *Courier) ending() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stopping
}

// unmakeable deals with a message whose copies cannot be made: the third time it is set aside.
func (c *Courier) unmakeable(w *worker, claim *list.Claim, rest, failures int, err error) {
	if failures > 0 {
		c.log.LogAttrs(context.Background(), slog.LevelError, "copies cannot be made", append(about(claim),
			slog.Int("failures", failures), slog.String("error", err.Error()))...)
	}
	if errors.Is(err, list.ErrBroken) {
		c.halt(err)
	} else if failures >= 3 {
		c.contents.forget(claim.Out.ID)
		if err := c.outbox.Poison(claim.Out.ID, oneLine(err.Error())); errors.Is(err, list.ErrBroken) {
			c.halt(fmt.Errorf("mailer: poison %d: %w", claim.Out.ID, err))
		} else if err != nil {
			c.pause(c.now())
			c.log.LogAttrs(context.Background(), slog.LevelError, "poison", append(about(claim), slog.String("error", err.Error()))...)
		}
	}
	c.release(w.settings, claim, rest)
}

// release gives copies back to the outbox, and to Rate.
func (c *Courier) release(s *settings, claim *list.Claim, copies int) {
	s.throttle.give(copies)
	c.outbox.Release(claim.ID)
}

// transact carries out one transaction and settles it. Copies that have to be sent again at once are moved to the end of copies; again is how
// many. ok is false when the worker has to go, and then the claim is dealt with; left is how many copies it has beside these.
func (c *Courier) transact(w *worker, claim *list.Claim, t, next *Transaction, copies []list.Copy, left int) (again int, ok bool) {
	if cap(w.verdicts) < len(copies) {
		w.verdicts = make([]Verdict, len(copies))
	}
	verdicts := w.verdicts[:len(copies)]
	clear(verdicts)
	err := w.conn.Send(t, next, verdicts)
	if claim.Out.Personal() {
		for i := range verdicts {
			verdicts[i].Status = list.HideTokens(verdicts[i].Status)
		}
		if err != nil {
			err = hiding{err}
		}
	}
	reused := w.served > 0
	w.served++
	w.turns++
	frozen, interrupted := errors.Is(err, ErrCredentials), c.wasInterrupted(w)
	switch {
	case err == nil:
		c.up(w.hop)
	default:
		c.drop(w)
		if frozen || interrupted {
			c.down(w.hop, w.settings, err)
		} else if !reused {
			c.strike(w.hop, w.settings, err)
		}
	}

	j := &w.judge
	j.begin(c.now(), claim, w.settings)
	j.hold, j.retry = frozen || c.ctx.Err() != nil, err != nil && reused && !interrupted
	for i := len(copies) - 1; i >= 0; i-- {
		if j.judge(copies[i], verdicts[i]) {
			again++
			copies[len(copies)-again] = copies[i]
		}
	}
	slices.Reverse(j.results)
	if !c.settle(claim, j) {
		return 0, false
	}
	if claim.Out.Personal() {
		c.noteEach(w, claim, j)
	} else {
		c.report(claim, j)
	}
	c.tally(w, claim, j)
	if j.held > 0 || interrupted && err != nil {
		if n := j.held + again + left; n > 0 {
			c.release(w.settings, claim, n)
		}
		return 0, false
	}
	return again, true
}

// settle records and logs what a judge found. When that cannot be recorded the claim stays as it is, so that nobody sends these copies again
// before the next start, and no further transaction is begun: at all if the store is broken, else for a while.
func (c *Courier) settle(claim *list.Claim, j *judge) bool {
	if len(j.results) == 0 {
		return true
	}
	err := c.outbox.Settle(j.now, claim.ID, j.results)
	switch {
	case errors.Is(err, list.ErrBroken):
		c.halt(fmt.Errorf("mailer: settle %d at %s: %w", claim.Out.ID, claim.Hop, err))
	case err != nil:
		c.pause(j.now)
		c.log.LogAttrs(context.Background(), slog.LevelError, "settle", append(about(claim), slog.String("error", err.Error()))...)
	case c.observer.Settled != nil:
		c.observer.Settled(claim, j.results)
	}
	return err == nil
}

// judge turns verdicts into what is settled.
type judge struct {
	now      time.Time
	claim    *list.Claim
	settings *settings
	hold     bool // what was not answered counts as not tried
	retry    bool // the connection had served before: what it left undone is sent again at once

	results                           []list.Settled
	delivered, deferred, failed, held int
	refused                           int    // of failed and deferred: for policy, whoever it is for
	status                            string // one for the log: a refusal if there is one
}

// begin makes a judge ready for the verdicts of a transaction.
func (j *judge) begin(now time.Time, claim *list.Claim, s *settings) {
	*j = judge{now: now, claim: claim, settings: s, results: j.results[:0]}
}

// judge takes one verdict. again is true when the copy has to be sent again at once.
func (j *judge) judge(copy list.Copy, v Verdict) (again bool) {
	switch {
	case v.Fate == Accepted:
		j.delivered++
		if j.status == "" {
			j.status = v.Status
		}
		j.results = append(j.results, list.Settled{Copy: copy, Outcome: list.Delivered, Status: v.Status})
	case v.Fate == Never:
		if policyRefusal(v) {
			j.refused++
		}
		j.fail(copy, v.Status)
	case v.Fate == Again, v.Fate == Undone && j.retry && !j.hold:
		return true
	case j.hold && v.Fate != Later:
		j.held++
	default:
		j.postpone(copy, v.Status)
	}
	return false
}

func (j *judge) fail(copy list.Copy, status string) {
	j.failed++
	j.status = status
	j.results = append(j.results, list.Settled{Copy: copy, Outcome: list.Failed, Status: status})
}

// postpone defers a copy by the schedule, or gives it up.
func (j *judge) postpone(copy list.Copy, status string) {
	due, ok := j.settings.backoff.next(j.now, j.claim.Out.Accepted, copy.Attempts)
	if !ok {
		j.fail(copy, tooOld(j.settings.RetryFor, status))
		return
	}
	j.deferred++
	j.status = status
	j.results = append(j.results, list.Settled{Copy: copy, Outcome: list.Deferred, Status: status, Due: due})
}

// tooOld is the status of a copy whose time is over (RFC 3463: 4.4.7, delivery time expired).
func tooOld(limit time.Duration, last string) string {
	return oneLine("4.4.7 given up after " + inDays(limit) + ": " + last)
}

// inDays words a time for people: in days or hours where it is so many of them.
func inDays(d time.Duration) string {
	for _, unit := range []struct {
		long time.Duration
		name string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}} {
		if n := d / unit.long; n > 1 && d%unit.long == 0 {
			return fmt.Sprintf("%d %ss", n, unit.name)
		} else if n == 1 && d == unit.long {
			return "1 " + unit.name
		}
	}
	return d.String()
}

// expire gives up what waits for a hop that is down and is too old to wait longer, or for one that there is no way to, beginning with a claim at
// hand, and releases the first claim that is not. A hop that refuses our credentials is no reason to give up anything.
func (c *Courier) expire(w *worker, claim *list.Claim, copies []list.Copy, cause error) {
	noRoute, lost := errors.AsType[*NoRouteError](cause)
	for {
		j := judge{now: c.now(), claim: claim, settings: w.settings}
		old := j.now.Sub(claim.Out.Accepted) >= w.settings.RetryFor && !errors.Is(cause, ErrCredentials)
		if !lost && !old || c.ending() {
			c.release(w.settings, claim, len(copies))
			return
		}
		status := tooOld(w.settings.RetryFor, cause.Error())
		if lost {
			status = oneLine(noRoute.Status)
		}
		for _, copy := range copies {
			j.fail(copy, status)
		}
		if !c.settle(claim, &j) {
			return
		}
		c.report(claim, &j)
		w.settings.throttle.give(len(copies))
		next, ok := c.claim(w.settings, j.now, func(hop string) bool { return hop == w.hop.name }, w.settings.claimSize())
		if !ok {
			return
		}
		claim, copies = &next, next.Copies
	}
}

// about are the attributes that tell which mail a log line is about.
func about(claim *list.Claim) []slog.Attr {
	return append(make([]slog.Attr, 0, 10), slog.Uint64("out", claim.Out.ID), slog.String("list", claim.Out.Address),
		slog.Uint64("post", uint64(claim.Out.Post)), slog.String("hop", claim.Hop))
}

// report logs one settled transaction.
func (c *Courier) report(claim *list.Claim, j *judge) {
	if !c.log.Enabled(context.Background(), slog.LevelInfo) {
		return
	}
	c.log.LogAttrs(context.Background(), slog.LevelInfo, "transaction", append(about(claim),
		slog.Int("rcpts", len(j.results)), slog.Int("delivered", j.delivered), slog.Int("deferred", j.deferred), slog.Int("failed", j.failed),
		slog.String("status", j.status))...)
}
