package mailer

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"strings"
)

// destination is what is known about where a domain's mail goes.
type destination struct {
	domain   string
	hosts    []exchanger // best first
	implicit bool        // there is no MX record: the domain itself is the one host
	literal  bool        // it is an address
	secure   bool        // DNSSEC proved it
	sts      *stsPolicy  // nil: none
}

// exchanger is one host that takes mail for a destination.
type exchanger struct {
	name  string
	pref  uint16
	addrs []netip.Addr // once located
	bases []string     // where TLSA records may be, as DNSSEC proved; empty: there is no DANE for it
}

// route finds out where a domain's mail goes.
func (m *MX) route(ctx context.Context, domain string) (*destination, error) {
	if strings.HasPrefix(domain, "[") {
		return literal(domain)
	}
	for i := range len(domain) {
		if domain[i] >= 0x80 {
			return nil, &NoRouteError{Status: "5.1.2 " + oneLine(domain) + " is no domain that DNS could know"}
		}
	}
	records, secure, err := m.lookupMX(ctx, domain)
	if len(records) == 0 && err != nil && !NotFound(err) {
		return nil, fmt.Errorf("4.4.3 MX look-up: %w", err)
	}
	to := &destination{domain: domain, secure: secure}
	for _, r := range records {
		if host := strings.ToLower(strings.TrimSuffix(r.Host, ".")); host != "" {
			to.hosts = append(to.hosts, exchanger{name: host, pref: r.Pref})
		}
	}
	switch {
	case len(records) == 0:
		to.implicit = true
		to.hosts = []exchanger{{name: domain}}
	case len(to.hosts) == 0:
		// RFC 7505 §4.2. Beside other records, which it must not stand beside, "." is passed over.
		return nil, &NoRouteError{Status: "5.1.10 " + domain + " takes no mail: it has a null MX"}
	}
	return to, m.order(to)
}

// order puts the best hosts first, equal ones in random order, and drops those that may not be tried.
func (m *MX) order(to *destination) error {
	shuffle := m.Shuffle
	if shuffle == nil {
		shuffle = rand.Shuffle
	}
	shuffle(len(to.hosts), func(i, j int) { to.hosts[i], to.hosts[j] = to.hosts[j], to.hosts[i] })
	slices.SortStableFunc(to.hosts, func(a, b exchanger) int { return int(a.pref) - int(b.pref) })
	us := slices.IndexFunc(to.hosts, func(h exchanger) bool { return strings.EqualFold(h.name, m.Hostname) })
	if us >= 0 {
		pref, name := to.hosts[us].pref, to.hosts[us].name
		to.hosts = slices.DeleteFunc(to.hosts, func(h exchanger) bool { return h.pref >= pref })
		if len(to.hosts) == 0 {
			return (&tries{ourselves: name}).failure(to.domain)
		}
	}
	to.hosts = to.hosts[:min(len(to.hosts), maxHosts)]
	return nil
}

// literal is the destination of an address literal (RFC 5321 §4.1.3).
func literal(domain string) (*destination, error) {
	inner, ok := strings.CutSuffix(domain[1:], "]")
	v6 := false
	if len(inner) > 5 && strings.EqualFold(inner[:5], "IPv6:") {
		inner, v6 = inner[5:], true
	}
	addr, err := netip.ParseAddr(inner)
	if !ok || err != nil || addr.Is6() != v6 || addr.Zone() != "" {
		return nil, &NoRouteError{Status: "5.1.3 " + oneLine(domain) + " is no address literal"}
	}
	addr = addr.Unmap()
	return &destination{domain: domain, literal: true, hosts: []exchanger{{name: addr.String(), addrs: []netip.Addr{addr}}}}, nil
}

// lookupMX asks for MX records; secure is true where DNSSEC proved the answer, be it that there are none.
func (m *MX) lookupMX(ctx context.Context, domain string) (records []*net.MX, secure bool, err error) {
	if m.Validator != nil && m.mode() != TLSNone {
		return m.Validator.MX(ctx, domain)
	}
	records, err = m.Resolver.LookupMX(ctx, domain)
	return records, false, err
}
