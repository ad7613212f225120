package mailer

import (
	"context"
	"crypto/x509"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Level is how bad a Finding is.
type Level string

// The levels of findings.
const (
	LevelOK      Level = "ok"
	LevelWarning Level = "warning" // mail goes, but worse than it might
	LevelError   Level = "error"   // some will refuse the mail, or none comes in
	LevelUnknown Level = "unknown" // DNS did not say: it may be right or wrong
)

// Finding is one thing that was looked up for the mail of a site, in words.
type Finding struct {
	Level Level  `json:"level"`
	Check string `json:"check"` // address, ptr, soa, mx, spf, dkim, dmarc, tls, mta-sts, tls-rpt
	Name  string `json:"name"`  // the domain, host or address that it is about
	Text  string `json:"text"`  // what was found, and what is wrong with it
	// Publish are the records that would put it right, as a zone file has them (RFC 1035 §5.1); empty where none would, or none is known.
	Publish []string `json:"publish"`
}

// Way is how mail leaves a site.
type Way string

// The ways. A smarthost on the machine itself is WayDirect: what receivers see is this machine.
const (
	WayDirect    Way = "direct"
	WaySmarthost Way = "smarthost"
	WayNowhere   Way = "nowhere" // to a folder: what is checked is what it would take to send from Hostname
)

// DNSCheck holds what a site sends mail as against what DNS says of it. It only asks; nothing is sent, and nobody's server is spoken to.
//
// # A walk through
//
//	dnscheck_host.go    the hostname: its addresses, and whether they lead back to it
//	dnscheck_mx.go      a list's domain: its zone, and where mail for it goes
//	dnscheck_spf.go     who may send for a domain; dnscheck_spfcost.go: what it costs receivers to find out
//	dnscheck_dkim.go    each key, and whether there is one for each domain
//	dnscheck_dmarc.go   what receivers are asked to do, and whether our mail passes
//	dnscheck_tls.go     the certificate, and what is published about TLS
type DNSCheck struct {
	Directory Directory
	Hostname  string
	Domains   []string // of the lists' addresses, in lower case, each once
	Way       Way
	Smarthost string // its host, with WaySmarthost
	// Behind says that other servers take the mail from outside and hand it on to this one: MX records may name them.
	Behind bool
	// Interfaces are the addresses of this machine. Those that the whole Internet can reach are what mail leaves from, besides those of Hostname.
	Interfaces []netip.Addr
	Keys       []SigningKey
	// Certificate is of [tls]; nil: none. BaseURL is where the pages are; empty: there are none.
	Certificate *x509.Certificate
	BaseURL     string
	// Now is the time that the certificate is held against.
	Now time.Time
}

// The patience of a check: for one question, and for all.
const (
	dnsCheckAsk = 10 * time.Second
	dnsCheckFor = 60 * time.Second
)

// Run looks everything up, and returns what it found in a fixed order: the hostname, each domain, each key, TLS.
func (c *DNSCheck) Run(ctx context.Context) []Finding {
	ctx, cancel := context.WithTimeout(ctx, dnsCheckFor)
	defer cancel()
	r := &dnsRun{DNSCheck: c, ctx: ctx}
	r.host()
	r.sources()
	for _, domain := range c.Domains {
		r.zone(domain)
		r.mx(domain)
		r.spf(domain)
		r.signer(domain)
		r.dmarc(domain)
	}
	if !slices.Contains(c.Domains, c.Hostname) { // what the server itself writes comes from there
		r.zone(c.Hostname)
		r.spf(c.Hostname)
		r.signer(c.Hostname)
		r.dmarc(c.Hostname)
	}
	for _, k := range c.Keys {
		r.key(k)
	}
	r.certificate()
	for _, domain := range c.Domains {
		r.inboundTLS(domain)
	}
	return r.findings
}

// dnsRun is one Run.
type dnsRun struct {
	*DNSCheck
	ctx      context.Context
	findings []Finding
	hosts    []netip.Addr // of Hostname, as DNS has them
	sending  []netip.Addr // that receivers see mail come from
}

func (r *dnsRun) say(level Level, check, name, text string, publish ...string) {
	if publish == nil {
		publish = []string{}
	}
	r.findings = append(r.findings, Finding{Level: level, Check: check, Name: name, Text: text, Publish: publish})
}

// dunno reports what DNS did not answer.
func (r *dnsRun) dunno(check, name, what string, err error) {
	r.say(LevelUnknown, check, name, what+" could not be looked up: "+why(err))
}

// why is what a look-up failed by.
func why(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "no answer in time"
	}
	var text string
	if e, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err); ok && e.Timeout() {
		text = "no answer in time"
	} else {
		text = oneLine(err.Error())
	}
	return text
}

// ask runs one question with a bound of its own, so that one dead name leaves time for the others.
func ask[T any](r *dnsRun, question func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(r.ctx, dnsCheckAsk)
	defer cancel()
	return question(ctx)
}

func (r *dnsRun) texts(name string) ([]string, error) {
	return ask(r, func(ctx context.Context) ([]string, error) { return r.Directory.LookupTXT(ctx, name) })
}

func (r *dnsRun) addresses(host string) ([]netip.Addr, error) {
	return ask(r, func(ctx context.Context) ([]netip.Addr, error) { return addressesOf(ctx, r.Directory, host) })
}

// public reports whether the whole Internet can reach an address.
func public(a netip.Addr) bool {
	return a.IsGlobalUnicast() && !a.IsPrivate() && !carrierNAT.Contains(a)
}

// carrierNAT is what providers use among themselves (RFC 6598).
var carrierNAT = netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 64}), 10)

// addressRecord is the A or AAAA record of a name.
func addressRecord(name string, a netip.Addr) string {
	kind := " IN AAAA "
	if a.Is4() {
		kind = " IN A "
	}
	return strings.TrimSuffix(name, ".") + "." + kind + a.String()
}

// listed puts things into a sentence.
func listed[T interface{ String() string }](all []T) string {
	words := make([]string, len(all))
	for i, a := range all {
		words[i] = a.String()
	}
	return strings.Join(words, ", ")
}

// same reports whether two names are one in DNS.
func same(a, b string) bool {
	return strings.EqualFold(strings.TrimSuffix(a, "."), strings.TrimSuffix(b, "."))
}
