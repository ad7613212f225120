package imap

import (
	"net/netip"
	"strings"
	"sync"
	"time"
)

const (
	// failuresCount is for how long a failed sign-in counts.
	failuresCount = 15 * time.Minute
	// freeForName and freeForNetwork are how many may fail within it before the next ones have to wait, and longestWait how long at most.
	freeForName, freeForNetwork = 3, 10
	longestWait                 = 8 * time.Second
	// mostGuarded is how many names and networks are remembered: what is beyond makes the oldest be forgotten.
	mostGuarded = 20_000
)

// guard slows down whoever tries passwords: by the name that is tried, and by the network that tries.
type guard struct {
	now func() time.Time

	mu     sync.Mutex
	failed map[string]failures
}

type failures struct {
	times int
	last  time.Time
}

func newGuard(now func() time.Time) *guard { return &guard{now: now, failed: map[string]failures{}} }

// wait is how long a sign-in has to wait.
func (g *guard) wait(name string, ip netip.Addr) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return max(g.waits(nameKey(name), freeForName), g.waits(networkKey(ip), freeForNetwork))
}

func (g *guard) waits(key string, free int) time.Duration {
	f, ok := g.failed[key]
	if !ok || g.now().Sub(f.last) >= failuresCount || f.times < free {
		return 0
	}
	return min(longestWait, time.Second<<min(f.times-free, 10))
}

// fail counts a sign-in that failed.
func (g *guard) fail(name string, ip netip.Addr) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	for _, key := range []string{nameKey(name), networkKey(ip)} {
		f := g.failed[key]
		if now.Sub(f.last) >= failuresCount {
			f.times = 0
		}
		g.failed[key] = failures{f.times + 1, now}
	}
	if len(g.failed) <= mostGuarded {
		return
	}
	for key, f := range g.failed {
		if now.Sub(f.last) >= failuresCount {
			delete(g.failed, key)
		}
	}
	for key := range g.failed { // somebody who has very many addresses makes us forget some of theirs
		if len(g.failed) <= mostGuarded/2 {
			break
		}
		delete(g.failed, key)
	}
}

// pass forgets what failed for a name.
func (g *guard) pass(name string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.failed, nameKey(name))
}

func nameKey(name string) string {
	return "name " + strings.ToLower(name[:min(len(name), 320)])
}

// networkKey is the /24 of an IPv4 address, or the /64 of an IPv6 one.
func networkKey(ip netip.Addr) string {
	bits := 64
	if ip.Is4() {
		bits = 24
	}
	network, _ := ip.Prefix(bits)
	return network.String()
}
