package main

import (
	"fmt"
	"sync"
	"time"
)

// clock is what time it is for everything that is stored, scheduled or written into mail. A virtual one stands still until it is moved.
type clock struct {
	virtual bool

	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	if !c.virtual {
		return time.Now()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// set moves a virtual clock forward; it never goes back.
func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.After(c.now) {
		c.now = t
	}
}

// timer returns a channel that fires at a time of this clock. That of a virtual clock never does: whoever moves it says so.
func (c *clock) timer(at time.Time) <-chan time.Time {
	if c.virtual {
		return nil
	}
	return time.After(time.Until(at))
}

// parseTime reads the time of --virtual-clock.
func parseTime(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time (2026-03-02T09:00:00Z or 2026-03-02 09:00)", s)
}
