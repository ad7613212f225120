package mailer

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
)

// zone sees to it that a domain exists in DNS at all: some providers take no mail from one without an SOA record above it.
func (r *dnsRun) zone(domain string) {
	zone, err := ask(r, func(ctx context.Context) (string, error) { return r.Directory.Zone(ctx, domain) })
	switch {
	case NotFound(err):
		r.say(LevelError, "soa", domain, "there is no such domain in DNS: publish the records below in the zone above it, or delegate it")
	case err != nil:
		r.dunno("soa", domain, "its zone", err)
	case same(zone, domain):
		r.say(LevelOK, "soa", domain, "it is a zone of its own")
	default:
		r.say(LevelOK, "soa", domain, "it is in the zone "+zone)
	}
}

// mx looks where mail for a domain of lists goes, bounces among it.
func (r *dnsRun) mx(domain string) {
	all, err := ask(r, func(ctx context.Context) ([]*net.MX, error) { return r.Directory.LookupMX(ctx, domain) })
	publish := fmt.Sprintf("%s. IN MX 10 %s.", domain, r.Hostname)
	switch {
	case NotFound(err):
		r.implicitMX(domain, publish)
		return
	case err != nil:
		r.dunno("mx", domain, "where mail for it goes", err)
		return
	case len(all) == 1 && strings.Trim(all[0].Host, ".") == "":
		r.say(LevelError, "mx", domain, "it says that it takes no mail (null MX): neither posts nor bounces come in", publish)
		return
	}
	slices.SortStableFunc(all, func(a, b *net.MX) int { return int(a.Pref) - int(b.Pref) })
	for i, mx := range all[:min(len(all), maxHosts)] {
		if host := strings.TrimSuffix(mx.Host, "."); host == "" {
			r.say(LevelError, "mx", domain, "it has a null MX beside others: take it out")
		} else {
			r.exchanger(domain, host, mx.Pref, i == 0, publish)
		}
	}
}

// implicitMX is a domain without MX records: mail goes to its own addresses (RFC 5321 §5.1), where it has some.
func (r *dnsRun) implicitMX(domain, publish string) {
	addrs, err := r.addresses(domain)
	switch {
	case NotFound(err):
		r.say(LevelError, "mx", domain, "no mail can reach it: it has neither MX nor addresses", publish)
	case err != nil:
		r.dunno("mx", domain, "its addresses", err)
	case slices.ContainsFunc(addrs, r.isOurs):
		r.say(LevelWarning, "mx", domain, "it has no MX; mail comes to its address all the same, but some take no mail from such a domain", publish)
	default:
		r.say(LevelError, "mx", domain, "it has no MX, and its address "+addrs[0].String()+" is not this server's", publish)
	}
}

// isOurs reports whether an address is one of this server.
func (r *dnsRun) isOurs(a netip.Addr) bool {
	return slices.Contains(r.hosts, a) || slices.Contains(r.Interfaces, a)
}

// exchanger looks at one host of an MX record.
func (r *dnsRun) exchanger(domain, host string, pref uint16, best bool, publish string) {
	named := fmt.Sprintf("%d %s", pref, host)
	others := []string{publish}
	if same(host, r.Hostname) {
		others = nil // it is there already
	}
	addrs, err := r.addresses(host)
	switch {
	case NotFound(err):
		r.say(LevelError, "mx", domain, named+" has no address", others...)
		return
	case err != nil:
		r.dunno("mx", domain, "the addresses of "+named, err)
		return
	}
	if final, err := ask(r, func(ctx context.Context) (string, error) { return r.Directory.LookupCNAME(ctx, host) }); err == nil && !same(final, host) {
		r.say(LevelWarning, "mx", domain, named+" is an alias of "+strings.TrimSuffix(final, ".")+", and an MX must name a host itself (RFC 2181 §10.3)")
	}
	switch ours := same(host, r.Hostname) || slices.ContainsFunc(addrs, r.isOurs); {
	case ours:
		r.say(LevelOK, "mx", domain, named+" is this server")
	case best && !r.Behind:
		r.say(LevelError, "mx", domain, named+" is not this server, which hears nothing of mail for "+domain, publish)
	default:
		r.say(LevelWarning, "mx", domain, named+" is not this server: see to it that it hands mail for "+domain+" on to it")
	}
}
