package mailer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"convene/list"
)

// Run delivers until Stop is called, and returns when everything has ended. An error means that it stopped by itself because the outbox could not
// record what happened. It may be called once.
func (c *Courier) Run() error {
	c.mu.Lock()
	c.running = true
	c.mu.Unlock()
	defer close(c.done)
	var alarm <-chan time.Time
	var alarmAt time.Time
	for {
		wake := c.outbox.Wake() // before the pass: what comes during it is not missed
		if c.pass() {
			break
		}
		if at, ok := c.NextDue(); !ok {
			alarm, alarmAt = nil, time.Time{}
		} else if alarm == nil || !at.Equal(alarmAt) {
			alarm, alarmAt = c.timer(at), at
		}
		select {
		case <-c.kick:
		case <-wake:
		case <-alarm:
			alarm = nil
		}
	}
	c.mu.Lock()
	pending, s := c.takePending(), c.settings
	c.mu.Unlock()
	if pending != nil {
		c.release(s, pending, len(pending.Copies))
	}
	c.workers.Wait()
	c.cancel()
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// pass hands out all work that can be had now. It reports whether the courier is to stop.
func (c *Courier) pass() (stop bool) {
	c.mu.Lock()
	c.passes++
	pass := c.passes
	c.mu.Unlock()
	now := c.now()
	for c.fill(now) {
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inFlight() == 0 && len(c.kick) == 0 {
		still := c.waiting[:0]
		for _, q := range c.waiting {
			if q.after < pass && !now.Before(q.at) {
				close(q.done)
			} else {
				still = append(still, q)
			}
		}
		c.waiting = still
	}
	return c.stopping
}

// fill claims once and finds a worker for it. It reports whether there may be more to do.
func (c *Courier) fill(now time.Time) bool {
	c.mu.Lock()
	s := c.settings
	if c.stopping || now.Before(c.pausedTo) || c.pending != nil && !c.place(c.pending) {
		c.mu.Unlock()
		return false
	}
	c.pending = nil
	scarce := len(c.pool) >= s.Connections && c.idleWorker() == nil
	if !scarce {
		clear(c.served)
	}
	c.mu.Unlock()

	claim, ok := c.claim(s, now, func(hop string) bool { return c.ready(hop, now, scarce) }, s.claimSize())
	if !ok && scarce && c.nextRound() {
		claim, ok = c.claim(s, now, func(hop string) bool { return c.ready(hop, now, scarce) }, s.claimSize())
	}
	if !ok {
		return false
	}
	c.mu.Lock()
	stale := c.settings != s || c.stopping || now.Before(c.pausedTo) // meanwhile
	if !stale && !c.place(&claim) {
		c.pending = &claim
	}
	c.mu.Unlock()
	if stale {
		c.release(s, &claim, len(claim.Copies))
	}
	return true
}

// nextRound lets hops that had their turn have another. It is false when none had.
func (c *Courier) nextRound() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	had := len(c.served) > 0
	clear(c.served)
	return had
}

// claim takes copies from the outbox, as many as Rate allows. c.mu is not held.
func (c *Courier) claim(s *settings, now time.Time, ready func(string) bool, most int) (list.Claim, bool) {
	n, at := s.throttle.take(now, most)
	c.mu.Lock()
	c.rateAt = time.Time{}
	if n == 0 {
		c.rateAt = at
	}
	c.mu.Unlock()
	if n == 0 {
		return list.Claim{}, false
	}
	claim, ok, err := c.outbox.Claim(now, s.Transport.Hop, ready, n)
	if !ok || err != nil {
		s.throttle.give(n)
	} else {
		s.throttle.give(n - len(claim.Copies))
	}
	switch {
	case errors.Is(err, list.ErrBroken):
		c.halt(fmt.Errorf("mailer: claim: %w", err))
	case err != nil:
		c.pause(now)
		c.log.LogAttrs(context.Background(), slog.LevelError, "claim", slog.String("error", err.Error()))
	}
	return claim, ok && err == nil
}

// pause keeps the courier from claiming for a minute, after an error of the outbox. c.mu is not held.
func (c *Courier) pause(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pausedTo = now.Add(time.Minute)
}

// takePending takes the claim that waits for a connection, for its release. c.mu is held.
func (c *Courier) takePending() *list.Claim {
	claim := c.pending
	c.pending = nil
	return claim
}

// NextDue is when there may be something to deliver that cannot be claimed now: a copy comes due, a hop that is down may be tried, Rate allows
// more. It is false when none of these will come.
func (c *Courier) NextDue() (at time.Time, ok bool) {
	due, some := c.outbox.NextDue()
	now := c.now()
	sooner := func(t time.Time) {
		if !ok || t.Before(at) {
			at, ok = t, true
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	// A time that has just passed counts, unless something keeps the dispatcher from claiming: the end of that is an event of its own.
	held := c.pending != nil || c.rateAt.After(now) || c.pausedTo.After(now)
	if some && (due.After(now) || !held) {
		sooner(due)
	}
	for _, t := range []time.Time{c.rateAt, c.pausedTo} {
		if t.After(now) {
			sooner(t)
		}
	}
	for _, h := range c.hops {
		if h.until.After(now) {
			sooner(h.until)
		}
	}
	return at, ok
}
