package mailer

import "convene/list"

// place gives a claim to an idle connection of its hop, or makes a new one. It is false while there is no room. c.mu is held.
func (c *Courier) place(claim *list.Claim) bool {
	h := c.hop(claim.Hop)
	if n := len(h.idle); n > 0 {
		w := h.idle[n-1]
		h.idle = h.idle[:n-1]
		w.parked = false
		c.busy++
		w.work <- *claim
		return true
	}
	if len(c.pool) >= c.settings.Connections {
		if w := c.idleWorker(); w != nil && c.retiring == 0 {
			c.retire(w)
		}
		c.tidy(claim.Hop)
		return false
	}
	w := &worker{hop: h, settings: c.settings, work: make(chan list.Claim, 1)}
	h.workers++
	h.dialing = true
	c.pool[w] = true
	c.busy++
	c.served[claim.Hop] = true
	c.begin(w)
	c.workers.Go(func() { c.run(w, *claim) })
	return true
}

// idleWorker finds a connection that can be closed for another hop. c.mu is held.
func (c *Courier) idleWorker() *worker {
	for w := range c.pool {
		if w.parked {
			return w
		}
	}
	return nil
}

// retire tells an idle worker to go. c.mu is held.
func (c *Courier) retire(w *worker) {
	c.unpark(w)
	w.retired = true
	c.retiring++
	close(w.work)
}

func (c *Courier) retireAll() {
	for w := range c.pool {
		if w.parked {
			c.retire(w)
		}
	}
}

// unpark takes a worker off the idle ones of its hop. c.mu is held.
func (c *Courier) unpark(w *worker) {
	for i, other := range w.hop.idle {
		if other == w {
			w.hop.idle = append(w.hop.idle[:i], w.hop.idle[i+1:]...)
			break
		}
	}
	w.parked = false
}
