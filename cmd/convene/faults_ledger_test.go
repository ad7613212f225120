package main

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// ledger is what the two sides of a program remember of it while it is killed, cut off and lied to: every post with its answer, and every copy,
// written down before the answer that takes responsibility for it. A life is the time between two crashes. What the program did that it must
// never do goes into wrong as it happens, and finish adds what never came.
//
// The program begins the content of a transaction only when the one before it on that connection is settled. So of all that a connection has
// taken, exactly its last transaction may come again after a crash, and that one only if nothing of the next one's content was seen.
type ledger struct {
	personal bool // each member's copy is a transaction of its own
	// delay is how long a next hop takes at most before it writes a message down, and again before it answers. With none at all there would
	// hardly be a moment in which a transaction is in flight.
	delay time.Duration
	slow  atomic.Bool // they take ten times as long

	mu      sync.Mutex
	life    int
	posts   map[string]*sentPost
	paths   map[string]string // whose each personal return path is
	inbound []*inbound        // of this life
	alive   int               // how many of them are open
	quiet   sync.Cond         // alive fell to zero
	taken   []*transaction    // of this life
	moved   sync.Cond         // there is one more of them, or there will be none
	wrong   wrongs

	crashes, inFlight, repeated, copies int
	oldest                              time.Duration // how long before the crash the oldest of those that came again was complete
}

// wrongs are breaches of a promise by kind: how often, and the first in full.
type wrongs struct {
	count map[string]int
	first map[string]string
}

func (w *wrongs) add(kind, format string, args ...any) {
	if w.count == nil {
		w.count, w.first = map[string]int{}, map[string]string{}
	}
	if w.count[kind]++; w.count[kind] == 1 {
		w.first[kind] = fmt.Sprintf(format, args...)
	}
}

func (w *wrongs) list() []string {
	var all []string
	for kind, n := range w.count {
		all = append(all, fmt.Sprintf("%s, %d times, first: %s", kind, n, w.first[kind]))
	}
	slices.Sort(all)
	return all
}

// never is a life that does not come.
const never = math.MaxInt

// outgoing is how many connections the program may have to next hops.
const outgoing = 20

// roster is one list and its members, by the lives in which they joined and left.
type roster struct {
	list    string
	members []rosterMember
	index   map[string]int
}

type rosterMember struct {
	address      string
	joined, left int
}

func (r *roster) join(address string, life int) {
	r.index[address] = len(r.members)
	r.members = append(r.members, rosterMember{address, life, never})
}

// sentPost is a post that was offered to the program, perhaps more than once.
type sentPost struct {
	id, body    string
	roster      *roster
	first, last int       // lives in which it was offered
	answered    time.Time // 250; zero: not yet
	common      [32]byte  // of all its copies, but for what is a member's own; zero: there is none yet
	got         int       // members who have a copy
	trail       []*transaction
}

// transaction is one that a next hop took responsibility for.
type transaction struct {
	life  int
	at    time.Time
	exact [32]byte  // of return path and message
	crash time.Time // when the program died with it in flight, or not durably settled; zero: it must not come again
}

func newLedger(personal bool, delay time.Duration) *ledger {
	l := &ledger{personal: personal, delay: delay, posts: map[string]*sentPost{}, paths: map[string]string{}}
	l.quiet.L, l.moved.L = &l.mu, &l.mu
	return l
}

// add is for whoever finds a breach that the ledger cannot see.
func (l *ledger) add(kind, format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wrong.add(kind, format, args...)
}

// offer notes that a post is about to be sent.
func (l *ledger) offer(p *sentPost) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.posts[p.id] == nil {
		l.posts[p.id], p.first = p, l.life
	}
	p.last = l.life
}

// answer notes a 250.
func (l *ledger) answer(p *sentPost) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p.answered = time.Now()
}

// progress is how many of the members have a copy of a post, and how many may.
func (l *ledger) progress(p *sentPost) (got, of int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return p.got, len(p.roster.members)
}

// awaitTaken waits until next hops have taken so many transactions in this life. It is false when the program is gone before.
func (l *ledger) awaitTaken(n int, gone <-chan struct{}) bool {
	enough, over := make(chan struct{}), false
	defer close(enough)
	go func() {
		select {
		case <-enough:
		case <-gone:
		case <-time.After(patience):
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		over = true
		l.moved.Broadcast()
	}()
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.taken) < n && !over {
		l.moved.Wait()
	}
	return len(l.taken) >= n
}

// begun notes that the content of the next transaction of a connection has begun: the one before is settled.
func (l *ledger) begun(in *inbound) {
	l.mu.Lock()
	defer l.mu.Unlock()
	in.last = nil
}

// crash ends a life, after the program is gone. at is a moment before its end: what was in flight then, and what was complete in the window
// before, may come again.
func (l *ledger) crash(at time.Time, window time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.alive > 0 {
		l.quiet.Wait()
	}
	last := 0
	for _, in := range l.inbound {
		if in.last != nil && !in.ended.Before(at) {
			in.last.crash = at
			last++
		}
	}
	if last > outgoing {
		l.wrong.add("more connections than there may be", "%d at the end of life %d", last, l.life)
	}
	l.inFlight += last
	for _, t := range l.taken {
		if window > 0 && t.at.After(at.Add(-window)) {
			t.crash = at
		}
	}
	l.inbound, l.taken = nil, nil
	l.crashes++
	l.life++
}

// finish returns all that was wrong, what was lost included. Nothing must be left to deliver.
func (l *ledger) finish() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range l.posts {
		if p.answered.IsZero() {
			continue
		}
		for i, m := range p.roster.members {
			if m.joined <= p.first && m.left == never && (i >= len(p.trail) || p.trail[i] == nil) {
				l.wrong.add("a copy lost", "%s to %s, answered 250 at %s", p.id, m.address, p.answered.Format(time.StampMicro))
			}
		}
	}
	return l.wrong.list()
}

// String sums up what was seen.
func (l *ledger) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	answered := 0
	for _, p := range l.posts {
		if !p.answered.IsZero() {
			answered++
		}
	}
	return fmt.Sprintf("%d crashes; %d of %d posts answered 250; %d copies; %d transactions the last of a connection at a crash; %d copies came again, "+
		"none older than %s at the crash", l.crashes, answered, len(l.posts), l.copies, l.inFlight, l.repeated, l.oldest.Round(time.Millisecond))
}
