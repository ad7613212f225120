package mailer

import "time"

// backoff is when what went wrong is tried again.
type backoff struct {
	steps  []time.Duration // the last repeats
	limit  time.Duration   // how long a copy is tried at all
	jitter func() float64  // in [0,1)
}

// after is the wait after the n-th failure in a row (from 0), within 10% of its step, so that what failed together does not come back together.
func (b *backoff) after(n int) time.Duration {
	step := b.step(n)
	return step - step/10 + time.Duration(b.jitter()*float64(step/5))
}

func (b *backoff) step(n int) time.Duration { return b.steps[min(max(n, 0), len(b.steps)-1)] }

// next is when a copy that was tried before attempts times, and now once more, is due again. ok is false when its time is over. The last try
// is at the very end of that time: a try that would leave less than its own step until then is put off to it, so that gaps never shrink.
func (b *backoff) next(now, accepted time.Time, attempts int) (due time.Time, ok bool) {
	end := accepted.Add(b.limit)
	if !now.Before(end) {
		return time.Time{}, false
	}
	due = now.Add(b.after(attempts))
	if end.Sub(due) < b.step(attempts) {
		due = end
	}
	return due, true
}
