package mailer

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// hop is what is known about one next hop while it is in use or down. Courier.mu guards it.
type hop struct {
	name    string
	workers int       // connections: open, idle, or being made
	idle    []*worker // the last one was used last
	dialing bool      // one connection is being made: no other is begun, so that a host that is down sees one try at a time
	fails   int       // how often in a row it was found down; while above zero there is one connection at most
	strikes int       // connections in a row that ended in their first transaction
	until   time.Time // down till then
	tallies map[uint64]*tally
}

// strikesOut is how many connections in a row may end in their first transaction before the hop counts as down.
const strikesOut = 2

// hop returns the state of a hop, made if need be. c.mu is held.
func (c *Courier) hop(name string) *hop {
	h := c.hops[name]
	if h == nil {
		h = &hop{name: name}
		c.hops[name] = h
	}
	return h
}

// tidy forgets a hop of which there is nothing to remember. c.mu is held.
func (c *Courier) tidy(name string) {
	if h := c.hops[name]; h != nil && h.workers == 0 && h.fails == 0 && h.strikes == 0 && !c.now().Before(h.until) && h.held(c.now()) == 0 {
		delete(c.hops, name)
	}
}

// ready says whether the dispatcher may claim for a hop. scarce: no connection is free, and none is idle.
func (c *Courier) ready(name string, now time.Time, scarce bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.hops[name]
	switch {
	case h == nil:
		return !scarce || !c.served[name]
	case now.Before(h.until):
		return false
	case len(h.idle) > 0:
		return true
	case scarce:
		return h.workers == 0 && !c.served[name]
	case h.dialing, h.fails > 0 && h.workers > 0:
		return false
	}
	return h.workers < c.settings.PerHop
}

// down makes a hop wait. c.mu is not held.
func (c *Courier) down(h *hop, s *settings, err error) {
	now := c.now()
	frozen := errors.Is(err, ErrCredentials)
	c.mu.Lock()
	h.strikes = 0
	wait := s.backoff.after(h.fails)
	if frozen {
		// Nothing but a change of the configuration helps, and that tries again by itself.
		wait = max(wait, s.backoff.step(len(s.Retry)))
	}
	h.fails++
	h.until = now.Add(wait)
	fails, until := h.fails, h.until
	c.mu.Unlock()
	if frozen && fails == 1 && c.observer.Frozen != nil {
		c.observer.Frozen(h.name, oneLine(err.Error()))
	}

	level, what := slog.LevelWarn, "hop down"
	if frozen {
		level, what = slog.LevelError, "hop frozen"
	}
	c.log.LogAttrs(context.Background(), level, what,
		slog.String("hop", h.name), slog.Int("fails", fails), slog.Time("until", until), slog.String("status", oneLine(err.Error())))
}

// strike counts a connection that ended in its first transaction. c.mu is not held.
func (c *Courier) strike(h *hop, s *settings, err error) {
	c.mu.Lock()
	h.strikes++
	out := h.strikes >= strikesOut || h.fails > 0
	c.mu.Unlock()
	if out {
		c.down(h, s, err)
	}
}

// up records that a transaction went through, whatever the answers were. c.mu is not held.
func (c *Courier) up(h *hop) {
	c.mu.Lock()
	if c.now().Before(h.until) {
		c.mu.Unlock()
		return // another connection has found out more
	}
	fails := h.fails
	h.fails, h.strikes = 0, 0
	c.mu.Unlock()
	if fails > 0 {
		c.log.LogAttrs(context.Background(), slog.LevelInfo, "hop up", slog.String("hop", h.name), slog.Int("fails", fails))
		c.Kick() // it may have more than one connection now
	}
}

// HopsDown is how many next hops wait because they could not be used, or are not to be.
func (c *Courier) HopsDown() int {
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, h := range c.hops {
		if now.Before(h.until) {
			n++
		}
	}
	return n
}
