package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// trusts reports whether ip is a trusted proxy's. The zero Addr is that of a Unix socket.
func (c *Settings) trusts(ip netip.Addr) bool {
	if !ip.IsValid() {
		return true
	}
	for _, p := range c.TrustedProxies {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

// client is who asks: the peer, or, where that is a trusted proxy, the last address of X-Forwarded-For that is not one itself. What stands
// before that address was written by who asks, and proves nothing.
func (c *Settings) client(r *http.Request) netip.Addr {
	ip := parseIP(r.RemoteAddr)
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && c.trusts(ip); i-- {
		hop := parseIP(strings.TrimSpace(hops[i]))
		if !hop.IsValid() {
			break
		}
		ip = hop
	}
	return ip
}

// counted is the neighbourhood by which a peer's connections are counted; zero for trusted proxies.
func (c *Settings) counted(peer net.Addr) netip.Prefix {
	if ip := parseIP(peer.String()); !c.trusts(ip) {
		return neighbourhood(ip)
	}
	return netip.Prefix{}
}

// parseIP reads an address with or without a port; the zero Addr for what is none, such as the name of a Unix socket.
func parseIP(s string) netip.Addr {
	if p, err := netip.ParseAddrPort(s); err == nil {
		return p.Addr().Unmap().WithZone("")
	}
	ip, _ := netip.ParseAddr(s)
	return ip.Unmap().WithZone("")
}

// neighbourhood is what one customer of a provider has: one IPv4 address, or an IPv6 /64, within which addresses cost nothing.
func neighbourhood(ip netip.Addr) netip.Prefix {
	bits := 32
	if ip.Is6() {
		bits = 64
	}
	p, _ := ip.Prefix(bits)
	return p
}
