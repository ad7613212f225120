package mailer

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/miekg/dns"
)

// validator is a Validator that asks one name server, and believes its AD bit.
type validator struct{ server string }

// NewValidator makes a Validator of the name server at server (host:port), or with an empty string of the system's first. It has to be one that
// validates DNSSEC, and what it says must not be altered on the way: it belongs on the same machine (RFC 6840 §5.8). With one that does not
// validate nothing is ever secure, and DANE never comes into play.
func NewValidator(server string) (Validator, error) {
	v, err := newValidator(server)
	if err != nil {
		return nil, err
	}
	return v, nil
}

func newValidator(server string) (*validator, error) {
	if server == "" {
		system, err := dns.ClientConfigFromFile("/etc/resolv.conf")
		if err != nil {
			return nil, fmt.Errorf("mailer: name servers of the system: %w", err)
		}
		if len(system.Servers) == 0 {
			return nil, errors.New("mailer: /etc/resolv.conf names no name server")
		}
		server = net.JoinHostPort(system.Servers[0], system.Port)
	}
	return &validator{server}, nil
}

// The patience with the name server: so long for one answer, and so many questions.
const (
	askFor   = 5 * time.Second
	askTimes = 2
)

// ask asks for one type of record. The answer is one of success, with or without records.
func (v *validator) ask(ctx context.Context, name string, kind uint16) (*dns.Msg, error) {
	name = dns.Fqdn(name)
	fail := func(text string, timeout bool) error {
		return &net.DNSError{Err: text, Name: name, Server: v.server, IsTimeout: timeout, IsTemporary: true}
	}
	if _, ok := dns.IsDomainName(name); !ok {
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	}
	q := new(dns.Msg).SetQuestion(name, kind)
	// Either of the two is a wish for the AD bit (RFC 6840 §5.7), and there are servers that understand one only.
	q.SetEdns0(1232, true)
	q.AuthenticatedData = true
	var r *dns.Msg
	var err error
	for range askTimes {
		client := dns.Client{Timeout: askFor}
		r, _, err = client.ExchangeContext(ctx, q, v.server)
		if err == nil && r.Truncated {
			client.Net = "tcp"
			r, _, err = client.ExchangeContext(ctx, q, v.server)
		}
		if err == nil || ctx.Err() != nil {
			break
		}
	}
	if err != nil {
		timeout, _ := errors.AsType[net.Error](err)
		return nil, fail(err.Error(), timeout != nil && timeout.Timeout())
	}
	if len(r.Question) != 1 || !strings.EqualFold(r.Question[0].Name, name) || r.Question[0].Qtype != kind {
		return nil, fail("an answer to another question", false)
	}
	switch r.Rcode {
	case dns.RcodeSuccess, dns.RcodeNameError:
		return r, nil
	}
	return nil, fail("server misbehaving: "+dns.RcodeToString[r.Rcode], false)
}

// records returns the records of a type in an answer, and what name they have: that which was asked for, or what it is an alias of.
func records[R dns.RR](r *dns.Msg, name string) (found []R, final string) {
	final = dns.CanonicalName(name)
	for range len(r.Answer) { // as many steps as there can be, even where they lead in a circle
		for _, rr := range r.Answer {
			if alias, ok := rr.(*dns.CNAME); ok && dns.CanonicalName(alias.Hdr.Name) == final {
				final = dns.CanonicalName(alias.Target)
				break
			}
		}
	}
	for _, rr := range r.Answer {
		if rr, ok := rr.(R); ok && dns.CanonicalName(rr.Header().Name) == final {
			found = append(found, rr)
		}
	}
	return found, final
}

func (v *validator) none(name string) error {
	return &net.DNSError{Err: "no such host", Name: name, Server: v.server, IsNotFound: true}
}

// MX implements Validator.
func (v *validator) MX(ctx context.Context, domain string) (all []*net.MX, secure bool, err error) {
	r, err := v.ask(ctx, domain, dns.TypeMX)
	if err != nil {
		return nil, false, err
	}
	found, _ := records[*dns.MX](r, domain)
	for _, mx := range found {
		if isHostName(mx.Mx) {
			all = append(all, &net.MX{Host: mx.Mx, Pref: mx.Preference})
		}
	}
	switch {
	case len(all) > 0:
		return all, r.AuthenticatedData, nil
	case len(found) > 0:
		return nil, false, &net.DNSError{Err: "no MX record names a host", Name: domain, Server: v.server, IsTemporary: true}
	}
	return nil, r.AuthenticatedData, v.none(domain)
}

// isHostName reports whether a name can be that of a host, as leniently as package net does; or the root, which is a null MX.
func isHostName(name string) bool {
	return name != "" && len(name) <= 254 && !strings.ContainsFunc(name, func(r rune) bool {
		return r != '.' && r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}

// TLSA implements Validator.
func (v *validator) TLSA(ctx context.Context, name string) (all []TLSA, err error) {
	r, err := v.ask(ctx, name, dns.TypeTLSA)
	if err != nil || !r.AuthenticatedData {
		return nil, err
	}
	found, _ := records[*dns.TLSA](r, name)
	for _, rr := range found {
		// What is no hexadecimal cannot come out of a packet; without data the record is unusable, and still there.
		data, _ := hex.DecodeString(rr.Certificate)
		all = append(all, TLSA{Usage: rr.Usage, Selector: rr.Selector, Matching: rr.MatchingType, Data: data})
	}
	return all, nil
}
