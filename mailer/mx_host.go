package mailer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strings"
)

// locate looks a host's addresses up.
func (m *MX) locate(ctx context.Context, to *destination, h *exchanger) error {
	if to.literal {
		return nil
	}
	if m.Validator == nil || m.mode() == TLSNone {
		var err error
		h.addrs, err = addressesOf(ctx, m.Resolver, h.name)
		return err
	}
	found, err := m.Validator.Addresses(ctx, h.name)
	if err != nil {
		return err
	}
	h.addrs = found.Addrs
	if to.secure {
		h.bases = found.Bases
	}
	return nil
}

// isUs reports whether one of a host's addresses leads to this machine. On Linux the unspecified address does.
func (m *MX) isUs(h *exchanger) bool {
	if m.AllowLoopback || len(h.addrs) == 0 {
		return false
	}
	list := net.InterfaceAddrs
	if m.interfaces != nil {
		list = m.interfaces
	}
	ours, err := list()
	if err != nil {
		m.log().Warn("own addresses", slog.String("error", err.Error()))
	}
	for _, addr := range h.addrs {
		if addr.IsLoopback() || addr.IsUnspecified() {
			return true
		}
		for _, our := range ours {
			if prefix, err := netip.ParsePrefix(our.String()); err == nil && prefix.Addr().Unmap() == addr {
				return true
			}
		}
	}
	return false
}

// host tries the addresses of one host. Without a session, t has the reason.
func (m *MX) host(ctx context.Context, to *destination, h *exchanger, t *tries) *client {
	if len(h.addrs) == 0 {
		return nil
	}
	want, err := m.demands(ctx, to, h)
	if err != nil {
		m.log().Warn("mx host not used", slog.String("hop", to.domain), slog.String("host", h.name), slog.String("status", oneLine(err.Error())))
		t.add(h.name, err)
		return nil
	}
	port := m.Port
	if port == 0 {
		port = 25
	}
	for _, addr := range h.addrs {
		if ctx.Err() != nil || t.count == maxAddresses {
			break
		}
		place := fmt.Sprintf("%s [%s]", h.name, addr)
		if why, ok := m.resting.get(addr.String(), clock(m.Now)); ok {
			t.add(place, why)
			continue
		}
		t.count++
		c, verified, err := m.session(ctx, h.name, netip.AddrPortFrom(addr, port), want)
		e, unreachable := errors.AsType[*unreachableError](err)
		switch {
		case err == nil:
			m.testing(to, h, verified)
			return c
		case errors.Is(err, errOurselves):
			t.ourselves = h.name
			return nil
		case unreachable && ctx.Err() == nil:
			now := clock(m.Now)
			m.resting.put(addr.String(), e.err, now, now.Add(e.rest))
		}
		if want.by != "" && !unreachable {
			m.log().Warn("mx host not used", slog.String("hop", to.domain), slog.String("host", h.name), slog.String("status", oneLine(err.Error())))
		}
		t.add(place, err)
	}
	return nil
}

// session begins a session with one address of a host.
func (m *MX) session(ctx context.Context, host string, addr netip.AddrPort, want security) (*client, bool, error) {
	a := approach{hostname: m.Hostname, wait: m.Timeouts.withDefaults(), roots: m.Roots, stranger: true, yield: !want.must, security: want}
	a.connect = func(ctx context.Context) (net.Conn, error) {
		if m.Connect != nil {
			return m.Connect(ctx, host, addr)
		}
		var d net.Dialer
		return d.DialContext(ctx, "tcp", addr.String())
	}
	return a.open(ctx, &m.plain, addr.String(), clock(m.Now))
}

// demands is what a session with a host must have, by the configuration, by DANE, and by the domain's policy. An error means that the host must
// not be used now.
func (m *MX) demands(ctx context.Context, to *destination, h *exchanger) (security, error) {
	want := m.mode().security(h.name)
	if !want.ask {
		return want, nil
	}
	for _, base := range h.bases {
		records, err := m.Validator.TLSA(ctx, fmt.Sprintf("_25._tcp.%s", base))
		if err != nil {
			// A look-up that fails is how records would be kept from us (RFC 7672 §2.1.1).
			return want, fmt.Errorf("4.7.5 TLSA look-up: %w", err)
		}
		if len(records) == 0 {
			continue
		}
		if usable := usableTLSA(records); len(usable) > 0 {
			// What proves the host this way needs no policy that could only tell by certificate authorities (RFC 8461 §2).
			names := append([]string{base}, h.name, to.domain)
			return security{ask: true, must: true, prove: true, names: names, tlsa: usable, by: "DANE"}, nil
		}
		// RFC 7672 §2.2: TLS, and nothing to prove by. The policy below may still have more to say.
		if want.must = true; want.by == "" {
			want.by = "DANE"
		}
		break
	}
	if to.sts != nil && to.sts.Mode == stsEnforce {
		if !to.sts.allows(h.name) {
			return want, fmt.Errorf("4.7.5 the domain's MTA-STS policy does not name this host: %s", strings.Join(to.sts.MX, ", "))
		}
		want.must, want.prove, want.by = true, true, "the domain's MTA-STS policy"
	}
	return want, nil
}

// testing logs where a policy that is being tried out would have kept mail back (RFC 8461 §5).
func (m *MX) testing(to *destination, h *exchanger, verified bool) {
	if to.sts == nil || to.sts.Mode != stsTesting || to.sts.allows(h.name) && verified {
		return
	}
	m.log().Warn("mta-sts policy in testing mode is not met", slog.String("hop", to.domain), slog.String("host", h.name),
		slog.Bool("named", to.sts.allows(h.name)), slog.Bool("verified", verified))
}
