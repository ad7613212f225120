package mailer

import (
	"context"
	"errors"
	"time"

	"convene/list"
)

// worker is one connection to a hop, and the goroutine that uses it.
type worker struct {
	hop      *hop
	settings *settings
	work     chan list.Claim // while it is idle; closed: go

	conn   Conn // set with Courier.mu held, read by others with it
	served int  // transactions on conn
	cancel context.CancelFunc

	turns int       // transactions since its turn began
	since time.Time // when that was

	parked, retired bool // guarded by Courier.mu
	interrupted     bool // likewise: the transaction in flight was ended from outside

	to       []string
	verdicts []Verdict
	judge    judge
	personal personal
	took     time.Duration // making the connection
}

// The turn of a worker while another hop waits for a connection.
const (
	turnTransactions = 100
	turnTime         = time.Second
)

// turnDials makes a turn so many times as long as its connection took to be made: with a distant hop, most of a turn must not go into that.
const turnDials = 25

// turnOver says whether a worker has had its turn, if others wait.
func (w *worker) turnOver(now time.Time) bool {
	return w.turns >= turnTransactions && now.Sub(w.since) >= turnDials*w.took || now.Sub(w.since) >= max(turnTime, turnDials*w.took)
}

// begin starts a worker's turn.
func (c *Courier) begin(w *worker) { w.turns, w.since = 0, c.now() }

// interrupt closes the worker's connection if it is in use. Courier.mu is held.
func (w *worker) interrupt() {
	if w.parked || w.retired {
		return
	}
	w.interrupted = true
	if w.cancel != nil {
		w.cancel()
	}
	if w.conn != nil {
		w.conn.Abort()
	}
}

// wasInterrupted reports, once, whether the worker was interrupted.
func (c *Courier) wasInterrupted(w *worker) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	was := w.interrupted
	w.interrupted = false
	return was
}

// run is the worker's life: it delivers claims of its hop until there are none, or others need the connection.
func (c *Courier) run(w *worker, claim list.Claim) {
	for ok := true; ok; {
		if ok = c.deliver(w, &claim); ok {
			claim, ok = c.next(w)
		}
	}
	c.mu.Lock()
	if w.retired {
		c.retiring--
	} else {
		w.retired = true
		c.busy--
	}
	conn := w.conn
	if conn == nil {
		// At once: a hop that is down has one worker at most, and nobody is told again that this one has gone.
		c.leave(w)
	}
	c.mu.Unlock()
	c.Kick()
	if conn == nil {
		return
	}
	conn.Quit()
	c.mu.Lock()
	c.leave(w)
	c.mu.Unlock()
	c.Kick()
}

// leave takes a worker that has ended out of the pool. c.mu is held.
func (c *Courier) leave(w *worker) {
	if w.conn == nil && w.cancel == nil {
		w.hop.dialing = false // it was to make a connection and never came to it
	}
	delete(c.pool, w)
	w.hop.workers--
	c.tidy(w.hop.name)
}

// next is the worker's next claim, if need be after a while without one. It is false when the worker has to go.
func (c *Courier) next(w *worker) (list.Claim, bool) {
	now := c.now()
	c.mu.Lock()
	over := c.pending != nil && w.turnOver(now)
	leave := c.stopping || c.settings != w.settings || now.Before(w.hop.until) || now.Before(c.pausedTo) || over
	c.mu.Unlock()
	if leave {
		return list.Claim{}, false
	}
	claim, ok := c.claim(w.settings, now, func(hop string) bool { return hop == w.hop.name }, w.settings.claimSize())
	if ok {
		return claim, true
	}
	c.mu.Lock()
	if c.stopping || c.settings != w.settings || c.pending != nil || w.conn == nil {
		c.mu.Unlock()
		return list.Claim{}, false
	}
	w.parked = true
	w.hop.idle = append(w.hop.idle, w)
	c.busy--
	c.mu.Unlock()
	c.Kick()
	return c.rest(w)
}

// rest waits with an idle connection for a claim.
func (c *Courier) rest(w *worker) (list.Claim, bool) {
	timer := time.NewTimer(c.keep)
	defer timer.Stop()
	select {
	case claim, ok := <-w.work:
		c.begin(w)
		return claim, ok
	case <-timer.C:
	}
	c.mu.Lock()
	if w.parked {
		c.unpark(w)
		c.busy++ // run takes it off again
		c.mu.Unlock()
		return list.Claim{}, false
	}
	c.mu.Unlock()
	claim, ok := <-w.work // it was given work, or told to go, at the last moment
	c.begin(w)
	return claim, ok
}

// most is how many recipients the worker's next transaction may have.
func (c *Courier) most(w *worker) int {
	most := w.settings.Recipients
	if w.conn != nil {
		if limit := w.conn.MaxRecipients(); limit > 0 {
			most = min(most, limit)
		}
	}
	return most
}

// connect makes the worker's connection. When it cannot be made the copies are given back, or given up if their time is over.
func (c *Courier) connect(w *worker, claim *list.Claim, copies []list.Copy) bool {
	ctx, cancel := context.WithCancel(c.ctx)
	defer cancel()
	c.mu.Lock()
	first := w.cancel == nil // then w.hop.dialing is ours already
	w.cancel = cancel
	if c.now().Before(w.hop.until) || !first && w.hop.dialing {
		w.hop.dialing = w.hop.dialing && !first
		c.mu.Unlock()
		c.release(w.settings, claim, len(copies))
		return false
	}
	w.hop.dialing = true
	c.mu.Unlock()

	began := c.now()
	conn, err := w.settings.Transport.Dial(ctx, w.hop.name)
	w.took = c.now().Sub(began)
	ended := c.ctx.Err() != nil
	if _, lost := errors.AsType[*NoRouteError](err); err != nil && !ended && !lost {
		c.down(w.hop, w.settings, err) // before dialing ends: between the two nobody else may try
	}
	c.mu.Lock()
	w.hop.dialing = false
	if err == nil {
		w.conn, w.served = conn, 0
	}
	c.mu.Unlock()
	c.Kick() // the hop may be given a further connection now, or none
	switch {
	case err == nil:
		return true
	case ended:
		c.release(w.settings, claim, len(copies))
	default:
		c.expire(w, claim, copies, err)
	}
	return false
}

// drop closes the worker's connection at once.
func (c *Courier) drop(w *worker) {
	w.conn.Abort()
	c.mu.Lock()
	w.conn = nil
	c.mu.Unlock()
}
