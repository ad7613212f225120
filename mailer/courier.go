package mailer

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"convene/list"
)

// Courier delivers what is in an outbox. One goroutine, that of Run, claims copies for hops which have room; a worker for each open
// connection carries them out, settles each transaction before it begins the next, and claims more for its hop. When connections are scarce
// a worker gives way after a while, so that every hop has its turn. Nothing waits for a tick: new mail leaves at once.
type Courier struct {
	outbox   Outbox
	contents contents
	log      *slog.Logger
	now      func() time.Time
	timer    func(time.Time) <-chan time.Time
	jitter   func() float64
	keep     time.Duration
	observer Observer

	kick    chan struct{}
	done    chan struct{} // Run returned
	workers sync.WaitGroup
	ctx     context.Context // ends when connections have to end now
	cancel  context.CancelFunc

	// mu is never held while the outbox, the source or a transport is called. They may call back.
	mu       sync.Mutex
	settings *settings
	hops     map[string]*hop
	pool     map[*worker]bool // everybody who holds a connection, or is about to
	busy     int              // workers with a claim
	retiring int              // idle workers that were told to go
	pending  *list.Claim      // for a hop that waits for a free connection: its being there makes others give way
	served   map[string]bool  // hops that had their turn while connections were scarce
	rateAt   time.Time        // when Rate allows more; zero: it did not stop anything
	pausedTo time.Time        // no claims before, after an error of the outbox
	passes   uint64           // of the dispatcher
	waiting  []quiesce
	running  bool
	stopping bool
	err      error // why it stopped by itself
}

// settings are a Delivery and what follows from it. They do not change.
type settings struct {
	Delivery
	backoff  backoff
	throttle *throttle
}

// quiesce is a caller who waits for a pass of the dispatcher, begun after their call and at their time, that finds nothing to do.
type quiesce struct {
	after uint64
	at    time.Time
	done  chan struct{}
}

// claimCopies is how many copies a worker takes at least, if there are so many: with one recipient a transaction, too, it is to know what comes next.
const claimCopies = 100

func (s *settings) claimSize() int { return max(s.Recipients, claimCopies) }

// NewCourier makes a Courier; Run makes it work.
func NewCourier(o CourierOptions, d Delivery) *Courier {
	c := &Courier{
		outbox: o.Outbox, contents: contents{source: o.Source}, log: o.Log, now: o.Now, timer: o.Timer, jitter: o.Jitter, keep: o.Idle,
		observer: o.Observer, kick: make(chan struct{}, 1), done: make(chan struct{}), hops: map[string]*hop{}, pool: map[*worker]bool{}, served: map[string]bool{},
	}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if c.now == nil {
		c.now = time.Now
	}
	if c.timer == nil {
		c.timer = func(at time.Time) <-chan time.Time { return time.After(at.Sub(c.now())) }
	}
	if c.jitter == nil {
		c.jitter = rand.Float64
	}
	if c.keep == 0 {
		c.keep = 3 * time.Second
	}
	c.settings = c.derive(d)
	return c
}

func (c *Courier) derive(d Delivery) *settings {
	d = d.withDefaults()
	return &settings{d, backoff{d.Retry, d.RetryFor, c.jitter}, newThrottle(d.Rate, d.Recipients)}
}

// Reconfigure changes how deliveries are made. Transactions in flight end as they began; connections are made anew after them, and hops that
// were down are tried again at once.
func (c *Courier) Reconfigure(d Delivery) {
	fresh := c.derive(d)
	c.mu.Lock()
	if old := c.settings; old.Rate == fresh.Rate && old.Recipients == fresh.Recipients {
		fresh.throttle = old.throttle
	}
	old := c.settings
	c.settings = fresh
	for name, h := range c.hops {
		h.fails, h.strikes, h.until, h.tallies = 0, 0, time.Time{}, nil
		c.tidy(name)
	}
	c.retireAll()
	pending := c.takePending()
	c.mu.Unlock()
	if pending != nil {
		c.release(old, pending, len(pending.Copies))
	}
	c.outbox.Reroute()
	c.Kick()
}

// Revive has hops that are down, and posts that a hop refused for policy, tried again at once.
func (c *Courier) Revive() {
	c.mu.Lock()
	for name, h := range c.hops {
		h.fails, h.strikes, h.until = 0, 0, time.Time{}
		for _, t := range h.tallies {
			t.until = time.Time{}
		}
		c.tidy(name)
	}
	c.mu.Unlock()
	c.Kick()
}

// Kick makes the courier look for work, as after a virtual clock was moved.
func (c *Courier) Kick() {
	select {
	case c.kick <- struct{}{}:
	default:
	}
}

// InFlight is how many claims are being delivered or wait for a connection.
func (c *Courier) InFlight() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.inFlight()
}

func (c *Courier) inFlight() int {
	if c.pending != nil {
		return c.busy + 1
	}
	return c.busy
}

// Idle reports whether nothing is in flight. There may be mail that was not yet looked at; Quiesce is certain of that, too.
func (c *Courier) Idle() bool { return c.InFlight() == 0 }

// errStopped is what Quiesce returns once the courier has stopped.
var errStopped = errors.New("mailer: courier stopped")

// Quiesce returns when nothing is in flight and nothing can be claimed at now, which the courier's clock must have reached. Mail that waits for
// a later time, for a hop that is down or for Rate does not count; NextDue says when to ask again.
func (c *Courier) Quiesce(ctx context.Context, now time.Time) error {
	c.mu.Lock()
	q := quiesce{c.passes, now, make(chan struct{})}
	c.waiting = append(c.waiting, q)
	c.mu.Unlock()
	c.Kick()
	select {
	case <-q.done:
		return nil
	case <-c.done:
		return errStopped
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Interrupt ends what is in flight by closing its connections: those copies count as tried, and are due again later.
func (c *Courier) Interrupt() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for w := range c.pool {
		w.interrupt()
	}
}

// Stop lets the transactions in flight end, settles them, says QUIT and waits until Run is about to return. When ctx ends first connections are
// closed as they are; what was in flight on them is tried again after the next start. Stop without Run does nothing but keep Run from working.
func (c *Courier) Stop(ctx context.Context) error {
	c.mu.Lock()
	c.stopping = true
	running := c.running
	c.retireAll()
	c.mu.Unlock()
	c.Kick()
	if !running {
		return nil
	}
	select {
	case <-c.done:
		return nil
	case <-ctx.Done():
	}
	c.cancel()
	c.mu.Lock()
	for w := range c.pool {
		if w.conn != nil {
			w.conn.Abort()
		}
	}
	c.mu.Unlock()
	<-c.done
	return ctx.Err()
}

// halt stops the courier because the outbox cannot record what happened: going on would send copies twice. c.mu is not held.
func (c *Courier) halt(err error) {
	c.mu.Lock()
	if c.err == nil {
		c.err = err
	}
	c.stopping = true
	c.retireAll()
	c.mu.Unlock()
	c.Kick()
}
