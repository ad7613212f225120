package mailer

import (
	"context"
	"net/netip"
	"slices"
	"strings"

	"github.com/miekg/dns"
)

// host looks the addresses of the hostname up: what EHLO says has to be a name that exists, and of this machine.
func (r *dnsRun) host() {
	addrs, err := r.addresses(r.Hostname)
	switch {
	case NotFound(err):
		var publish []string
		for _, a := range r.Interfaces {
			if public(a) {
				publish = append(publish, addressRecord(r.Hostname, a))
			}
		}
		text := "the hostname has no address"
		if publish == nil {
			text += ", and this machine knows of none that the Internet can reach: publish an A record with the address that mail leaves from"
		}
		r.say(LevelError, "address", r.Hostname, text, publish...)
		return
	case err != nil:
		r.dunno("address", r.Hostname, "the addresses of the hostname", err)
		return
	}
	r.hosts = addrs
	for _, a := range addrs {
		if !public(a) {
			r.say(LevelError, "address", r.Hostname, a.String()+" is not an address that the Internet can reach")
		} else {
			r.say(LevelOK, "address", r.Hostname, a.String())
		}
	}
}

// sources finds out which addresses receivers see, and whether each has a name that leads back to it.
func (r *dnsRun) sources() {
	if r.Way == WaySmarthost {
		r.say(LevelOK, "ptr", r.Smarthost, "the smarthost sends, so the names of its addresses (PTR) are its business")
		addrs, err := r.addresses(r.Smarthost)
		if literal, parsed := netip.ParseAddr(r.Smarthost); parsed == nil {
			addrs, err = []netip.Addr{literal.Unmap()}, nil
		}
		if err != nil && NotFound(err) {
			r.say(LevelError, "address", r.Smarthost, "the smarthost has no address in DNS")
		} else if err != nil {
			r.dunno("address", r.Smarthost, "the addresses of the smarthost", err)
		}
		r.sending = slices.DeleteFunc(addrs, func(a netip.Addr) bool { return !public(a) })
		return
	}
	for _, a := range r.hosts {
		if public(a) {
			r.sending = append(r.sending, a)
		}
	}
	if r.Way == WayDirect {
		for _, a := range r.Interfaces {
			if !public(a) || slices.Contains(r.sending, a) {
				continue
			}
			r.sending = append(r.sending, a)
			if len(r.hosts) > 0 {
				r.say(LevelWarning, "address", r.Hostname, "mail may leave from "+a.String()+", an address of this machine that the hostname does not have",
					addressRecord(r.Hostname, a))
			}
		}
	}
	for _, a := range r.sending {
		r.ptr(a)
	}
}

// ptr sees to it that an address has a name, and the name that address (FCrDNS): large providers refuse mail from others.
func (r *dnsRun) ptr(a netip.Addr) {
	names, err := ask(r, func(ctx context.Context) ([]string, error) { return r.Directory.LookupAddr(ctx, a.String()) })
	if err != nil && !NotFound(err) {
		r.dunno("ptr", a.String(), "its name", err)
		return
	}
	var publish []string
	if reverse, err := dns.ReverseAddr(a.String()); err == nil {
		publish = []string{reverse + " IN PTR " + r.Hostname + "."}
	}
	const who = ": whoever gave you the address can set it"
	if len(names) == 0 {
		r.say(LevelError, "ptr", a.String(), "it has no name (PTR)"+who, publish...)
		return
	}
	var confirmed []string
	var unanswered error
	for _, name := range names[:min(len(names), maxHosts)] {
		addrs, err := r.addresses(name)
		if slices.Contains(addrs, a) {
			confirmed = append(confirmed, strings.TrimSuffix(name, "."))
		} else if err != nil && !NotFound(err) {
			unanswered = err
		}
	}
	first := strings.TrimSuffix(names[0], ".")
	switch ours := slices.ContainsFunc(confirmed, func(n string) bool { return same(n, r.Hostname) }); {
	case ours:
		r.say(LevelOK, "ptr", a.String(), r.Hostname+", and that leads back to it")
	case len(confirmed) > 0:
		r.say(LevelWarning, "ptr", a.String(), "its name is "+confirmed[0]+", and EHLO says "+r.Hostname+": make them one"+who, publish...)
	case unanswered != nil:
		r.dunno("ptr", a.String(), "whether "+first+" leads back to it", unanswered)
	default:
		r.say(LevelError, "ptr", a.String(), "its name is "+first+", and that does not lead back to it"+who, publish...)
	}
}
