package mailer

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
)

// Resolver is all the DNS that convene asks for. Its errors are *net.DNSError or those of the context; NotFound tells them apart.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error) // a null MX (RFC 7505) is the one host "."
	LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error)
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
	LookupAddr(ctx context.Context, addr string) ([]string, error)
	LookupCNAME(ctx context.Context, host string) (string, error)
}

// NewResolver asks the name server at server (host:port), or with an empty string those of the system. It is Go's own resolver, so that a
// look-up is a goroutine and ends with its context.
func NewResolver(server string) Resolver {
	r := &net.Resolver{PreferGo: true}
	if server != "" {
		r.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, network, server)
		}
	}
	return rooted{r}
}

// NotFound reports that DNS answered, and that there is no such name or no such record. Every other error may pass: a timeout, SERVFAIL, no route.
func NotFound(err error) bool {
	e, ok := errors.AsType[*net.DNSError](err)
	return ok && e.IsNotFound
}

// rooted asks for names as they stand, never for name.example.org because /etc/resolv.conf has "search example.org".
type rooted struct{ r *net.Resolver }

func root(name string) string {
	if strings.HasSuffix(name, ".") || net.ParseIP(name) != nil {
		return name
	}
	return name + "."
}

func (r rooted) LookupTXT(ctx context.Context, name string) ([]string, error) {
	return r.r.LookupTXT(ctx, root(name))
}

func (r rooted) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	return r.r.LookupMX(ctx, root(name))
}

func (r rooted) LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error) {
	return r.r.LookupIPAddr(ctx, root(host))
}

func (r rooted) LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error) {
	return r.r.LookupNetIP(ctx, network, root(host))
}

func (r rooted) LookupAddr(ctx context.Context, addr string) ([]string, error) {
	return r.r.LookupAddr(ctx, addr)
}

func (r rooted) LookupCNAME(ctx context.Context, host string) (string, error) {
	return r.r.LookupCNAME(ctx, root(host))
}

// addressesOf looks up a host's IPv6 and IPv4 addresses, in turn: should one of the two protocols lead nowhere, only one attempt in two is lost.
// They are asked for apart, since package net would take "A is SERVFAIL, AAAA does not exist" for a host that does not exist. NotFound is true
// of the error if both are proven not to exist; an error of one of them does not matter if the other has addresses.
func addressesOf(ctx context.Context, r Resolver, host string) ([]netip.Addr, error) {
	type answer struct {
		addrs []netip.Addr
		err   error
	}
	v6 := make(chan answer, 1)
	go func() {
		addrs, err := r.LookupNetIP(ctx, "ip6", host)
		v6 <- answer{addrs, err}
	}()
	v4, err4 := r.LookupNetIP(ctx, "ip4", host)
	six := <-v6
	addrs := inTurn(six.addrs, v4)
	switch {
	case len(addrs) > 0:
		return addrs, nil
	case err4 != nil && !NotFound(err4):
		return nil, err4
	case six.err != nil:
		return nil, six.err
	case err4 != nil:
		return nil, err4
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

// inTurn takes one of a, one of b and so on, each once.
func inTurn(a, b []netip.Addr) (all []netip.Addr) {
	for i := range max(len(a), len(b)) {
		for _, from := range [][]netip.Addr{a, b} {
			if i < len(from) && !slices.Contains(all, from[i].Unmap()) {
				all = append(all, from[i].Unmap())
			}
		}
	}
	return all
}
