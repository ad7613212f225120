package mailer

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"convene/list"
	"convene/list/message"
)

// memoryOutbox is an Outbox that is as unhelpful as the contract allows: it offers hops always in the same order. It notes every breach of the
// contract: a copy settled that was not claimed, or settled twice for good.
type memoryOutbox struct {
	mu       sync.Mutex
	groups   []*copyGroup
	claims   map[uint64]map[uint64]*queued // claim -> copies not yet settled
	given    uint64
	wake     chan struct{}
	last     time.Time
	faults   []string
	poison   map[uint64]string
	settled  []settledCopy
	fail     error // of Settle
	quiet    bool  // remember counts only
	done     int
	release  int
	rerouted int
}

type copyGroup struct {
	out     list.Outgoing
	domain  string
	fresh   []*queued // never claimed
	waiting []*queued // deferred or released
}

type queued struct {
	list.Copy
	group *copyGroup
	due   time.Time
}

type settledCopy struct {
	list.Settled
	Out uint64
	At  time.Time
}

func newMemoryOutbox() *memoryOutbox {
	return &memoryOutbox{claims: map[uint64]map[uint64]*queued{}, wake: make(chan struct{}, 1), poison: map[uint64]string{}}
}

func (o *memoryOutbox) enqueue(out list.Outgoing) {
	o.mu.Lock()
	defer o.mu.Unlock()
	byDomain := map[string]*copyGroup{}
	to := out.Recipients
	if out.List != 0 {
		out.Recipients = nil // as if they were the members of a list
	}
	for i, to := range to {
		_, domain, _ := strings.Cut(to, "@")
		g := byDomain[domain]
		if g == nil {
			g = &copyGroup{out: out, domain: domain}
			byDomain[domain] = g
			o.groups = append(o.groups, g)
		}
		g.fresh = append(g.fresh, &queued{Copy: list.Copy{Number: uint32(i + 1), Address: to, Light: strings.HasPrefix(to, "light")}, group: g})
	}
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

func (o *memoryOutbox) Claim(now time.Time, hop func(string) string, ready func(string) bool, max int) (list.Claim, bool, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.last = now
	var claim list.Claim
	var mine map[uint64]*queued
	for _, g := range o.groups {
		if o.poison[g.out.ID] != "" || !g.due(now) || claim.ID != 0 && claim.Out.ID != g.out.ID {
			continue
		}
		name := hop(g.domain)
		if claim.ID == 0 {
			if !ready(name) {
				continue
			}
			o.given++
			claim = list.Claim{ID: o.given, Out: g.out, Hop: name, Copies: make([]list.Copy, 0, min(max, len(g.fresh)+len(g.waiting)))}
			mine = make(map[uint64]*queued, cap(claim.Copies))
		} else if claim.Hop != name {
			continue
		}
		for _, q := range g.take(now, max-len(claim.Copies)) {
			mine[uint64(q.Number)] = q
			claim.Copies = append(claim.Copies, q.Copy)
		}
		if len(claim.Copies) == max {
			break
		}
	}
	if claim.ID == 0 {
		return claim, false, nil
	}
	o.claims[claim.ID] = mine
	return claim, true, nil
}

func (g *copyGroup) due(now time.Time) bool {
	return len(g.fresh) > 0 || slices.ContainsFunc(g.waiting, func(q *queued) bool { return !q.due.After(now) })
}

// take removes up to max copies that are due.
func (g *copyGroup) take(now time.Time, max int) (taken []*queued) {
	g.waiting = slices.DeleteFunc(g.waiting, func(q *queued) bool {
		if len(taken) == max || q.due.After(now) {
			return false
		}
		taken = append(taken, q)
		return true
	})
	n := min(max-len(taken), len(g.fresh))
	taken = append(taken, g.fresh[:n]...)
	g.fresh = g.fresh[n:]
	return taken
}

func (o *memoryOutbox) Settle(now time.Time, claim uint64, results []list.Settled) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.fail != nil {
		return o.fail
	}
	for _, r := range results {
		q := o.claims[claim][uint64(r.Number)]
		if q == nil {
			o.faults = append(o.faults, fmt.Sprintf("copy %d of claim %d settled without being claimed", r.Number, claim))
			continue
		}
		if r.Attempts != q.Attempts {
			o.faults = append(o.faults, fmt.Sprintf("copy %d: attempts %d became %d", r.Number, q.Attempts, r.Attempts))
		}
		for _, c := range r.Status {
			if c < ' ' || c > '~' {
				o.faults = append(o.faults, fmt.Sprintf("status %q", r.Status))
			}
		}
		delete(o.claims[claim], uint64(r.Number))
		if r.Outcome == list.Deferred {
			if !r.Due.After(now) {
				o.faults = append(o.faults, fmt.Sprintf("copy %d deferred to %v, which is past", r.Number, r.Due))
			}
			q.Attempts++
			q.due = r.Due
			q.group.waiting = append(q.group.waiting, q)
		} else {
			o.done++
		}
		if !o.quiet {
			o.settled = append(o.settled, settledCopy{Settled: r, Out: q.group.out.ID, At: now})
		}
	}
	if len(o.claims[claim]) == 0 {
		delete(o.claims, claim)
	}
	return nil
}

func (o *memoryOutbox) Release(claim uint64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.release++
	for _, q := range o.claims[claim] {
		q.group.waiting = append(q.group.waiting, q)
	}
	delete(o.claims, claim)
}

func (o *memoryOutbox) NextDue() (at time.Time, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, g := range o.groups {
		for _, q := range g.waiting {
			if q.due.After(o.last) && (!ok || q.due.Before(at)) {
				at, ok = q.due, true
			}
		}
	}
	return at, ok
}

func (o *memoryOutbox) Reroute() { o.rerouted++ }

func (o *memoryOutbox) Wake() <-chan struct{} { return o.wake }

func (o *memoryOutbox) Poison(out uint64, reason string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.poison[out] = reason
	return nil
}

// outcomes counts what was settled.
func (o *memoryOutbox) outcomes() map[list.Outcome]int {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := map[list.Outcome]int{}
	for _, s := range o.settled {
		n[s.Outcome]++
	}
	return n
}

// history is what was settled for one address, in order.
func (o *memoryOutbox) history(address string) (all []settledCopy) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, s := range o.settled {
		if s.Address == address {
			all = append(all, s)
		}
	}
	return all
}

// check fails the test on breaches of the contract and on claims that nobody has any more.
func (o *memoryOutbox) check(t testing.TB) {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, f := range o.faults {
		t.Error(f)
	}
	for id, copies := range o.claims {
		if len(copies) > 0 {
			t.Errorf("claim %d was neither settled nor released", id)
		}
	}
}

// fixedSource hands out one message for everything.
type fixedSource string

func (s fixedSource) Copy(_ list.Outgoing, form list.Form) (message.Pieces, error) {
	if form.SevenBit {
		p, _ := list.Transform(nil, []byte(s), list.Style{}, list.Form{SevenBit: true})
		return p, nil
	}
	return message.Pieces{[]byte(s)}, nil
}

func (s fixedSource) Personal(out *list.Outgoing, c *list.Copy) (list.Personal, error) {
	return list.Personal{
		ReturnPath: fmt.Sprintf("dev+bounce-%d-%d@lists.example.org", out.ID, c.Number),
		Fields:     fmt.Appendf(nil, "List-Unsubscribe: <mailto:dev+leave-%d@lists.example.org>\r\n", c.Number),
	}, nil
}
