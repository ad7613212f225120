package mailer

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"strings"
	"time"
)

// SMTP is the Transport to a mail server that takes everything, and to the hosts of Routes. It must not be changed once it is used.
//
// A hop is host:port, or for LMTP (RFC 2033) lmtp:host:port or lmtp:/path/of/a/socket. MTA-STS is not asked for here: who writes a hop into
// the configuration vouches for its name, and TLSRequired says what a policy would (RFC 8461 §3.4 has policies for domains that DNS led to).
type SMTP struct {
	// Hostname is what EHLO says.
	Hostname string
	// Smarthost is the hop that takes every domain.
	Smarthost string
	// Username and Password are for the Smarthost alone; an empty Username is no authentication. They are sent by AUTH PLAIN (RFC 4616) or
	// AUTH LOGIN over TLS with a valid certificate, and never otherwise.
	Username, Password string
	// TLS is the mode; empty means TLSOpportunistic. On a Unix socket there is no TLS in any mode.
	TLS TLSMode
	// Roots are who may sign certificates; nil means whom the system trusts.
	Roots *x509.CertPool
	// Timeouts bound what a peer may make us wait.
	Timeouts Timeouts
	// Connect makes the connection to a hop as it is written; nil is a TCP connection by the system's resolver, or one to a Unix socket.
	Connect func(ctx context.Context, hop string) (net.Conn, error)
	// Now is the clock for what is remembered about hops; nil is time.Now.
	Now func() time.Time

	plain expiring[struct{}] // the hops whose TLS failed
}

// Hop implements Transport: it is the Smarthost for every domain.
func (s *SMTP) Hop(string) string { return s.Smarthost }

// Dial implements Transport.
func (s *SMTP) Dial(ctx context.Context, hop string) (Conn, error) {
	c, err := s.dial(ctx, hop)
	if err != nil {
		return nil, fmt.Errorf("mailer: hop %s: %w", hop, err)
	}
	return c, nil
}

func (s *SMTP) dial(ctx context.Context, hop string) (*client, error) {
	to := placeOf(hop)
	a := approach{hostname: s.Hostname, wait: s.Timeouts.withDefaults(), roots: s.Roots, lmtp: to.lmtp}
	if to.network == "tcp" {
		a.security = s.TLS.security(to.host)
	}
	if hop == s.Smarthost {
		a.who = credentials{s.Username, s.Password}
	}
	// Credentials do not go over a connection in the clear, so there is no point in one.
	a.yield = !a.must && a.who.username == ""
	a.connect = func(ctx context.Context) (net.Conn, error) {
		if s.Connect != nil {
			return s.Connect(ctx, hop)
		}
		var d net.Dialer
		return d.DialContext(ctx, to.network, to.address)
	}
	c, _, err := a.open(ctx, &s.plain, hop, clock(s.Now))
	return c, err
}

// clock reads a Now field; nil is the real time.
func clock(now func() time.Time) time.Time {
	if now == nil {
		return time.Now()
	}
	return now()
}

// place is what a hop of the configuration means.
type place struct {
	network, address string // as package net has them
	host             string // the name in address, for TLS
	lmtp             bool
}

func placeOf(hop string) place {
	address, lmtp := strings.CutPrefix(hop, "lmtp:")
	if lmtp && strings.HasPrefix(address, "/") {
		return place{network: "unix", address: address, lmtp: true}
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	return place{network: "tcp", address: address, host: strings.TrimSuffix(host, "."), lmtp: lmtp}
}
