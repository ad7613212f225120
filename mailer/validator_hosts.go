package mailer

import (
	"context"
	"net"
	"net/netip"
	"strings"

	"github.com/miekg/dns"
)

// Addresses implements Validator.
func (v *validator) Addresses(ctx context.Context, host string) (Addresses, error) {
	six, err6 := v.family(ctx, host, dns.TypeAAAA)
	four, err4 := v.family(ctx, host, dns.TypeA)
	switch {
	case len(six.addrs)+len(four.addrs) > 0:
	case err4 != nil && !NotFound(err4):
		return Addresses{}, err4
	default:
		return Addresses{}, err6
	}
	secure, final := true, ""
	for _, f := range []family{six, four} {
		if len(f.addrs) > 0 {
			secure, final = secure && f.secure, f.final
		}
	}
	bases, err := v.bases(ctx, dns.CanonicalName(host), final, secure)
	return Addresses{Addrs: inTurn(six.addrs, four.addrs), Bases: bases}, err
}

// family is what there is of IPv4, or of IPv6.
type family struct {
	addrs  []netip.Addr
	final  string // whose addresses they are
	secure bool
}

func (v *validator) family(ctx context.Context, host string, kind uint16) (f family, err error) {
	r, err := v.ask(ctx, host, kind)
	if err != nil {
		return f, err
	}
	found, final := records[dns.RR](r, host)
	for _, rr := range found {
		var ip net.IP
		switch rr := rr.(type) {
		case *dns.A:
			ip = rr.A
		case *dns.AAAA:
			ip = rr.AAAA
		}
		if addr, ok := netip.AddrFromSlice(ip); ok {
			f.addrs = append(f.addrs, addr.Unmap())
		}
	}
	f.final, f.secure = final, r.AuthenticatedData
	if len(f.addrs) == 0 {
		return f, v.none(host)
	}
	return f, nil
}

// bases are the TLSA base domains of a host that is, perhaps as an alias, at addresses which DNSSEC proves or not (RFC 7672 §2.2.2).
func (v *validator) bases(ctx context.Context, host, final string, secure bool) ([]string, error) {
	plain := strings.TrimSuffix(host, ".")
	switch {
	case secure && host == final:
		return []string{plain}, nil
	case secure:
		return []string{strings.TrimSuffix(final, "."), plain}, nil
	case host == final:
		return nil, nil
	}
	// An alias in a signed zone for something in an unsigned one: the alias itself may still have records.
	r, err := v.ask(ctx, host, dns.TypeCNAME)
	if err != nil {
		return nil, err
	}
	if r.AuthenticatedData {
		return []string{plain}, nil
	}
	return nil, nil
}
