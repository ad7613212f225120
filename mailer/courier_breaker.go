package mailer

import (
	"context"
	"errors"
	"log/slog"
	"strings"

	"convene/list"
)

// tally is how one post fares at one hop.
type tally struct {
	tried, refused int // refused: for policy
	trips          int
}

// A hop that refuses so many percent of a post's copies for policy, after so many were tried, is given no more of them for now: whatever is the
// matter is about the post or about us, and every further copy would be lost for nothing and held against us.
const (
	breakerCopies  = 20
	breakerPercent = 30
)

// talliesKept is how many posts a hop is watched for at once; the oldest are forgotten.
const talliesKept = 64

// tally counts what a transaction came to and reports whether the hop is to get no more for now.
func (c *Courier) tally(w *worker, claim *list.Claim, j *judge) (tripped bool) {
	tried := j.delivered + j.failed
	if len(claim.Out.Recipients) > 0 || tried == 0 {
		return false
	}
	c.mu.Lock()
	t := w.hop.tallyOf(claim.Out.ID)
	if t.trips > 0 && j.delivered > 0 {
		t.tried, t.refused = 0, 0
	}
	t.tried += tried
	t.refused += j.refused
	tripped = j.refused > 0 && t.tried >= breakerCopies && 100*t.refused >= breakerPercent*t.tried
	if tripped {
		t.trips++
		t.tried, t.refused = breakerCopies-1, breakerCopies-1 // one more refusal after the pause is enough
		w.hop.fails = t.trips - 1                             // pauses grow, though the hop is up
	}
	first := t.trips == 1
	c.mu.Unlock()
	if !tripped {
		return false
	}
	c.down(w.hop, w.settings, errors.New(j.status))
	c.log.LogAttrs(context.Background(), slog.LevelError, "post refused for policy", append(about(claim), slog.String("status", j.status))...)
	if first && c.observer.Tripped != nil {
		c.observer.Tripped(claim.Out, claim.Hop, j.status)
	}
	return true
}

// tallyOf returns the tally of a post, made if need be. Courier.mu is held.
func (h *hop) tallyOf(out uint64) *tally {
	t := h.tallies[out]
	if t != nil {
		return t
	}
	if h.tallies == nil {
		h.tallies = map[uint64]*tally{}
	}
	if len(h.tallies) >= talliesKept {
		oldest := out
		for id := range h.tallies {
			oldest = min(oldest, id)
		}
		delete(h.tallies, oldest)
	}
	t = &tally{}
	h.tallies[out] = t
	return t
}

// policyRefusal says whether a permanent refusal is about the message or about us, not about the recipient: by its enhanced code (RFC 3463 §3.2:
// x.1 is addressing, x.2 the mailbox), and without one by 554 alone.
func policyRefusal(status string) bool {
	words := strings.Fields(status)
	if len(words) > 1 && len(words[0]) == 3 {
		if class, rest, ok := strings.Cut(words[1], "."); ok && class == "5" {
			subject, _, _ := strings.Cut(rest, ".")
			return subject != "1" && subject != "2" || rest == "1.7" || rest == "1.8" // those two are about the sender's address
		}
		return words[0] == "554"
	}
	return false // said by ourselves
}
