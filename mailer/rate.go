package mailer

import (
	"sync"
	"time"
)

// Rate is how many recipients may be sent to in any span of one unit. The zero Rate is no limit.
type Rate struct {
	Recipients int
	Per        time.Duration
}

// throttle hands out recipients under a Rate. A nil throttle has no limit.
//
// It is a token bucket kept as one instant: when it will be full. Unlike that of x/time/rate it takes back exactly what was not used, which
// matters because a claim for a hop that turns out to be down sends nothing.
type throttle struct {
	most     int           // recipients at once: the size of the bucket
	interval time.Duration // for one recipient to flow in

	mu   sync.Mutex
	full time.Time
}

// newThrottle allows a twentieth of the rate at once, at most one transaction's worth, and fills up so much slower that no span of one unit
// ever sees more than the rate: a provider that counts would refuse the rest.
func newThrottle(r Rate, perTransaction int) *throttle {
	if r.Recipients == 0 {
		return nil
	}
	most := max(1, min(r.Recipients/20, perTransaction))
	fill := time.Duration(r.Recipients - most + 1)
	return &throttle{most: most, interval: (r.Per + fill - 1) / fill}
}

// take takes up to n recipients and returns how many it got. When it got none, next is when there is one again.
func (t *throttle) take(now time.Time, n int) (got int, next time.Time) {
	if t == nil {
		return n, now
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.full.Before(now) {
		t.full = now
	}
	free := t.most - int((t.full.Sub(now)+t.interval-1)/t.interval)
	if free <= 0 {
		return 0, t.full.Add(-time.Duration(t.most-1) * t.interval)
	}
	got = min(n, free)
	t.full = t.full.Add(time.Duration(got) * t.interval)
	return got, now
}

// give puts back what was taken and not used.
func (t *throttle) give(n int) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.full = t.full.Add(-time.Duration(n) * t.interval)
}
