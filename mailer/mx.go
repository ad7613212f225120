package mailer

import (
	"context"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"time"

	"convene/list/message"
)

// MX is the Transport that brings mail to the servers that DNS names for each recipient domain (RFC 5321 §5.1). It must not be changed once it
// is used. Resolver and Hostname must be there.
//
// # A walk through
//
//	Dial            one connection for a domain; its hop is the domain itself
//	mx_route.go     what DNS says: MX hosts best first, the domain itself, an address literal, or for certain nowhere (NoRouteError)
//	mx_host.go      one host after the other: addresses, whether it is us, what its TLS has to be (DANE, MTA-STS), sessions
//	approach.go     one session
type MX struct {
	// Hostname is what EHLO says. A host of that name in DNS is this machine.
	Hostname string
	// Resolver is asked for MX records and addresses, but where Validator is.
	Resolver Resolver
	// TLS is the mode; empty means TLSOpportunistic. With TLSNone neither MTA-STS nor DANE is asked for. What they demand comes on top of the
	// mode, but that DANE's proof replaces TLSRequired's.
	TLS TLSMode
	// Roots are who may sign certificates; nil means whom the system trusts.
	Roots *x509.CertPool
	// STS keeps domains' policies (RFC 8461); nil: nobody's is followed.
	STS *MTASTS
	// Validator is asked instead of Resolver, and for TLSA records (RFC 7672); nil: no DANE.
	Validator Validator
	// Timeouts bound what a peer may make us wait. All of Dial takes 10 minutes at most.
	Timeouts Timeouts
	// Port is where hosts are spoken to; zero is 25.
	Port uint16
	// AllowLoopback takes addresses of this machine for a host's as good as any, for trials on one machine.
	AllowLoopback bool
	// Connect makes the connection to an address of a host; nil is a TCP connection.
	Connect func(ctx context.Context, host string, to netip.AddrPort) (net.Conn, error)
	// Shuffle puts n hosts of equal preference into a random order; nil is rand.Shuffle of math/rand/v2.
	Shuffle func(n int, swap func(i, j int))
	// Now is the clock for what is remembered about hosts; nil is time.Now.
	Now func() time.Time
	// Log gets what policies keep mail from; nil: nothing.
	Log *slog.Logger

	interfaces func() ([]net.Addr, error) // nil: net.InterfaceAddrs
	plain      expiring[struct{}]         // addresses whose TLS failed
	resting    expiring[error]            // addresses to be left alone, and why
}

// The bounds of one Dial: a domain may name a thousand hosts that do not answer.
const (
	maxHosts     = 10
	maxAddresses = 20
	dialFor      = 10 * time.Minute
)

// Hop implements Transport: it is the domain, in the form that DNS knows it by (RFC 5891).
func (m *MX) Hop(domain string) string {
	return strings.ToLower(strings.TrimSuffix(message.PlainDomain(domain), ".")) // what is no domain Dial finds out
}

// Dial implements Transport: it tries one host after the other until one is ready for mail.
func (m *MX) Dial(ctx context.Context, hop string) (Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialFor)
	defer cancel()
	c, err := m.dial(ctx, hop)
	if err != nil {
		return nil, fmt.Errorf("mailer: hop %s: %w", hop, err)
	}
	return c, nil
}

func (m *MX) dial(ctx context.Context, domain string) (*client, error) {
	to, err := m.route(ctx, domain)
	if err != nil {
		return nil, err
	}
	if m.STS != nil && m.mode() != TLSNone && !to.literal {
		to.sts = m.STS.policy(ctx, domain)
	}
	t := &tries{}
	for len(to.hosts) > 0 && ctx.Err() == nil {
		n := 1
		for n < len(to.hosts) && to.hosts[n].pref == to.hosts[0].pref {
			n++
		}
		c, err := m.equals(ctx, to, to.hosts[:n], t)
		if c != nil || err != nil {
			return c, err
		}
		if t.ourselves != "" {
			break
		}
		to.hosts = to.hosts[n:]
	}
	return nil, t.failure(to.domain)
}

// equals tries hosts of the same preference. Their addresses are looked up before the first is tried: if one of them is us, then mail for the
// others might come back to us (RFC 5321 §5.1). The one error it returns is a NoRouteError; what hosts did goes into t.
func (m *MX) equals(ctx context.Context, to *destination, hosts []exchanger, t *tries) (*client, error) {
	for i := range hosts {
		h := &hosts[i]
		if err := m.locate(ctx, to, h); err != nil {
			if to.implicit && NotFound(err) {
				// RFC 5321 §5.1 wants an unusable implicit MX reported, whether the name does not exist at all or has no addresses: RFC 3463
				// has one code for "does not exist or is incapable of accepting mail".
				return nil, &NoRouteError{Status: "5.1.2 " + to.domain + " does not exist, or takes no mail: it has neither MX nor addresses"}
			}
			code := "4.4.3"
			if NotFound(err) {
				code = "4.4.4" // whoever runs the domain has made a mistake, and may well mend it
			}
			t.add(h.name, fmt.Errorf("%s look-up: %w", code, err))
		}
		if m.isUs(h) {
			t.ourselves = h.name
			return nil, nil
		}
	}
	for i := range hosts {
		if c := m.host(ctx, to, &hosts[i], t); c != nil || t.ourselves != "" {
			return c, nil
		}
	}
	return nil, nil
}

func (m *MX) mode() TLSMode {
	if m.TLS == "" {
		return TLSOpportunistic
	}
	return m.TLS
}

func (m *MX) log() *slog.Logger {
	if m.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return m.Log
}
