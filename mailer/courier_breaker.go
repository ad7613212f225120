package mailer

import (
	"context"
	"errors"
	"log/slog"
	"regexp"
	"strings"
	"time"

	"convene/list"
)

// tally is how one post fares at one hop.
type tally struct {
	tried, refused int // of late; refused: for policy
	trips          int
	until          time.Time // no more of the post for the hop before
}

// A hop that refuses so many percent of a post's copies for policy, of so many that were tried at least, is given no more of them for now:
// whatever is the matter is about the post or about us, and every further copy would be lost for nothing and held against us. When it does that
// with two posts it gets nothing at all for a while. The counts are of late: they are halved when they reach twice as many.
const (
	breakerCopies  = 20
	breakerPercent = 30
)

// talliesKept is how many posts a hop is watched for at once; the oldest are forgotten.
const talliesKept = 64

// tally counts what a transaction came to.
func (c *Courier) tally(w *worker, claim *list.Claim, j *judge) {
	tried := j.delivered + j.failed
	if len(claim.Out.Recipients) > 0 || tried == 0 {
		return
	}
	c.mu.Lock()
	t := w.hop.tallyOf(claim.Out.ID, j.now)
	if j.now.Before(t.until) { // another connection has found it out
		c.mu.Unlock()
		return
	}
	if t.trips > 0 && j.delivered > 0 {
		t.tried, t.refused = 0, 0
	}
	if t.tried >= 2*breakerCopies {
		t.tried, t.refused = t.tried/2, t.refused/2
	}
	t.tried += tried
	t.refused += j.refused
	if j.refused == 0 || t.tried < breakerCopies || 100*t.refused < breakerPercent*t.tried {
		c.mu.Unlock()
		return
	}
	until := j.now.Add(w.settings.backoff.after(t.trips))
	t.until = until
	t.trips++
	t.tried, t.refused = breakerCopies-1, breakerCopies-1 // one more refusal after the pause is enough
	first, whole := t.trips == 1, w.hop.held(j.now) > 1
	c.mu.Unlock()

	c.log.LogAttrs(context.Background(), slog.LevelError, "post refused for policy", append(about(claim), slog.Time("until", until),
		slog.String("status", j.status))...)
	if whole {
		c.down(w.hop, w.settings, errors.New(j.status))
	}
	if first && c.observer.Tripped != nil {
		c.observer.Tripped(claim.Out, claim.Hop, j.status)
	}
}

// holdBack puts off the rest of a claim whose post its hop is to get no more of for now, without a try. It is false when there is no reason to.
func (c *Courier) holdBack(w *worker, claim *list.Claim, rest []list.Copy) bool {
	now := c.now()
	c.mu.Lock()
	t := w.hop.tallies[claim.Out.ID]
	if t == nil || !now.Before(t.until) {
		c.mu.Unlock()
		return false
	}
	until := t.until
	c.mu.Unlock()
	j := &w.judge
	j.begin(now, claim, w.settings)
	end := claim.Out.Accepted.Add(w.settings.RetryFor)
	for _, copy := range rest {
		const status = "4.7.0 held back: the hop refuses this post for policy"
		if !now.Before(end) {
			j.fail(copy, tooOld(w.settings.RetryFor, status))
			continue
		}
		due := until
		if end.Before(due) {
			due = end
		}
		j.deferred++
		j.status = status
		j.results = append(j.results, list.Settled{Copy: copy, Outcome: list.Deferred, Status: status, Due: due})
	}
	w.settings.throttle.give(len(rest))
	if c.settle(claim, j) {
		c.report(claim, j)
	}
	return true
}

// tallyOf returns the tally of a post, made if need be. Courier.mu is held.
func (h *hop) tallyOf(out uint64, now time.Time) *tally {
	t := h.tallies[out]
	if t != nil {
		return t
	}
	if h.tallies == nil {
		h.tallies = map[uint64]*tally{}
	}
	if len(h.tallies) >= talliesKept {
		oldest := ^uint64(0)
		for id, t := range h.tallies {
			if !now.Before(t.until) {
				oldest = min(oldest, id)
			}
		}
		delete(h.tallies, oldest)
	}
	t = &tally{}
	h.tallies[out] = t
	return t
}

// held is how many posts the hop is to get no more of for now. Courier.mu is held.
func (h *hop) held(now time.Time) (n int) {
	for _, t := range h.tallies {
		if now.Before(t.until) {
			n++
		}
	}
	return n
}

// policyWords stand in refusals that are about who sends, or about what is sent.
var policyWords = regexp.MustCompile(`(?i)\b(spam|blocked|block ?list(ed)?|black ?list(ed)?|dnsbl|rbl|reputation|dmarc|spf|dkim|policy|unauthenticated|rate ?limit(ed)?|quota exceeded for sender)\b`)

// policyRefusal says whether a permanent refusal is about the message or about us, not about the recipient: at MAIL always; else by its
// enhanced code (RFC 3463 §3: x.1 is addressing, but for the two codes about the sender's address; x.2 the mailbox; x.7 policy) or its words.
func policyRefusal(v Verdict) bool {
	if v.Sender {
		return true
	}
	words := strings.Fields(v.Status)
	if len(words) < 2 || len(words[0]) != 3 {
		return false // said by ourselves
	}
	said := policyWords.MatchString(v.Status)
	class, detail, ok := strings.Cut(words[1], ".")
	if !ok || class != "5" {
		return said || words[0] == "554"
	}
	switch subject, _, _ := strings.Cut(detail, "."); {
	case detail == "1.7", detail == "1.8", subject == "6", subject == "7":
		return true
	case subject == "1", subject == "2":
		return false
	}
	return said
}
