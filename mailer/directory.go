package mailer

import (
	"context"
	"net"
	"net/netip"
	"strings"

	"github.com/miekg/dns"
)

// Directory is what DNS says and nothing else: the resolver of the system would answer from /etc/hosts first, where the installers of some systems
// write the machine's own name beside 127.0.1.1.
type Directory interface {
	Resolver
	// Zone returns the zone that a name is in, without a final dot: the owner of the SOA record in force. It is NotFound of a name that does not exist.
	Zone(ctx context.Context, name string) (string, error)
}

// NewDirectory asks the name server at server (host:port), or with an empty string the system's first. It may be used by many goroutines.
func NewDirectory(server string) (Directory, error) {
	v, err := newValidator(server)
	if err != nil {
		return nil, err
	}
	return directory{v}, nil
}

type directory struct{ v *validator }

var _ Directory = directory{}

// LookupTXT implements Resolver. The strings of one record are put together, as all readers of them do (RFC 7208 §3.3, RFC 6376 §3.6.2.2).
func (d directory) LookupTXT(ctx context.Context, name string) (all []string, err error) {
	r, err := d.v.ask(ctx, name, dns.TypeTXT)
	if err != nil {
		return nil, err
	}
	found, _ := records[*dns.TXT](r, name)
	for _, rr := range found {
		all = append(all, unescaped(strings.Join(rr.Txt, "")))
	}
	return all, d.orNone(len(all), name)
}

// unescaped undoes the presentation format, in which package dns has strings: \" is a quote, and \DDD an octet.
func unescaped(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b = append(b, s[i])
			continue
		}
		if i++; i+2 < len(s) && isDigit(s[i]) && isDigit(s[i+1]) && isDigit(s[i+2]) {
			b = append(b, (s[i]-'0')*100+(s[i+1]-'0')*10+s[i+2]-'0')
			i += 2
			continue
		}
		b = append(b, s[i])
	}
	return string(b)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// LookupMX implements Resolver.
func (d directory) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	all, _, err := d.v.MX(ctx, name)
	return all, err
}

// LookupNetIP implements Resolver.
func (d directory) LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error) {
	switch network {
	case "ip4":
		f, err := d.v.family(ctx, host, dns.TypeA)
		return f.addrs, err
	case "ip6":
		f, err := d.v.family(ctx, host, dns.TypeAAAA)
		return f.addrs, err
	}
	return addressesOf(ctx, d, host)
}

// LookupIPAddr implements Resolver.
func (d directory) LookupIPAddr(ctx context.Context, host string) (all []net.IPAddr, err error) {
	addrs, err := addressesOf(ctx, d, host)
	for _, a := range addrs {
		all = append(all, net.IPAddr{IP: a.AsSlice()})
	}
	return all, err
}

// LookupAddr implements Resolver.
func (d directory) LookupAddr(ctx context.Context, addr string) (all []string, err error) {
	name, err := dns.ReverseAddr(addr)
	if err != nil {
		return nil, &net.DNSError{Err: "no address", Name: addr}
	}
	r, err := d.v.ask(ctx, name, dns.TypePTR)
	if err != nil {
		return nil, err
	}
	found, _ := records[*dns.PTR](r, name)
	for _, rr := range found {
		all = append(all, rr.Ptr)
	}
	return all, d.orNone(len(all), name)
}

// LookupCNAME implements Resolver: it returns what a host's addresses are found under.
func (d directory) LookupCNAME(ctx context.Context, host string) (string, error) {
	r, err := d.v.ask(ctx, host, dns.TypeA)
	if err != nil {
		return "", err
	}
	_, final := records[dns.RR](r, host)
	return final, nil
}

// Zone implements Directory. A name that is no zone's apex is answered with its zone's SOA among the authorities (RFC 2308 §3).
func (d directory) Zone(ctx context.Context, name string) (string, error) {
	r, err := d.v.ask(ctx, name, dns.TypeSOA)
	if err != nil {
		return "", err
	}
	if r.Rcode == dns.RcodeSuccess {
		for _, rr := range append(r.Answer, r.Ns...) {
			if soa, ok := rr.(*dns.SOA); ok {
				return strings.TrimSuffix(dns.CanonicalName(soa.Hdr.Name), "."), nil
			}
		}
	}
	return "", d.v.none(name)
}

func (d directory) orNone(n int, name string) error {
	if n == 0 {
		return d.v.none(name)
	}
	return nil
}
