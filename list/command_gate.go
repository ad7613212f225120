package list

import (
	"net/netip"
	"sync"
	"time"
)

const (
	// claimsPerSource is how many mails with commands that nothing proves one client may hand in within an hour; trusted relays are not counted.
	claimsPerSource = 30
	// claimsPerHour is how many all may together: each may have us write to somebody.
	claimsPerHour = 1000
)

// claimGate counts mails with commands that nothing proves, by the hour. What one address is sent is counted in the store; this keeps one source from
// having us write to many.
type claimGate struct {
	mu       sync.Mutex
	hour     time.Time
	all      int
	bySource map[string]int
}

// admit counts one more mail; false: it is too many.
func (g *claimGate) admit(env *Envelope, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if hour := now.Truncate(time.Hour); !hour.Equal(g.hour) {
		g.hour, g.all, g.bySource = hour, 0, map[string]int{}
	}
	if g.all >= claimsPerHour {
		return false
	}
	if source := sourceOf(env); source != "" {
		if g.bySource[source] >= claimsPerSource {
			return false
		}
		g.bySource[source]++
	}
	g.all++
	return true
}

// sourceOf is the client that a mail came from: an IPv4 address, or the network of an IPv6 one. Empty: a relay stands between, or it is not known.
func sourceOf(env *Envelope) string {
	ip, err := netip.ParseAddr(env.IP)
	if err != nil || env.Relay {
		return ""
	}
	if ip = ip.Unmap(); ip.Is6() {
		network, _ := ip.Prefix(64) // an IPv6 address has that many bits
		return network.String()
	}
	return ip.String()
}
