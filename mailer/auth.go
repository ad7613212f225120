package mailer

import (
	"context"
	"net"
	"slices"
	"strings"
	"time"

	"blitiri.com.ar/go/spf"
	"golang.org/x/net/publicsuffix"

	"convene/list"
	"convene/list/message"
)

// Authenticator finds out whether the From of a message is true: it believes the Authentication-Results of a trusted relay, or checks SPF, DKIM
// and DMARC itself. It decides nothing.
type Authenticator struct {
	Resolver Resolver
	Hostname string // authserv-id of our own results
	// AuthservID is whose results are believed in what a trusted relay hands in; empty: nobody's.
	AuthservID string
	// Budget bounds the look-ups of one message; zero means 8 seconds. What is not known by then is temperror: neither true nor false.
	Budget time.Duration
	// Now dates what is remembered of domains' policies; nil: nothing is remembered.
	Now func() time.Time

	// ARC says that some list seals its copies: the chain of sets that comes with a message is looked at, too (RFC 8617).
	ARC bool

	policies expiring[dmarcRecord] // by From domain
}

const defaultBudget = 8 * time.Second

func (a *Authenticator) budget() time.Duration {
	if a.Budget > 0 {
		return a.Budget
	}
	return defaultBudget
}

// evidence is what was found out about one message before DMARC puts it together.
type evidence struct {
	spf        list.Result
	spfDomain  string // that SPF is about
	dkim       list.Result
	dkimPassed []string // domains whose signature holds
	dkimFailed []string // domains whose signature does not, or was not looked at
	dkimBroken bool     // some signature could not be looked at now
}

// Check authenticates a message. began may hold an SPF check that was started earlier, or be nil.
func (a *Authenticator) Check(ctx context.Context, env *list.Envelope, m *message.Message, began *spfCheck) list.Authentication {
	ctx, cancel := context.WithTimeout(ctx, a.budget())
	defer cancel()
	if !a.ARC {
		out := a.check(ctx, env, m, began)
		out.Results = ""
		return out
	}
	chain := make(chan list.Result, 1)
	go func() {
		r, _ := a.CheckARC(ctx, m)
		chain <- r
	}()
	out := a.check(ctx, env, m, began)
	if r := <-chain; r == list.TempError || out.Results == "" {
		out.Results = "" // a seal that says pass or fail would be a guess
	} else {
		out.Results += "; arc=" + string(r)
	}
	return out
}

// check finds out all but what ARC says.
func (a *Authenticator) check(ctx context.Context, env *list.Envelope, m *message.Message, began *spfCheck) list.Authentication {
	from, err := m.From()
	domain := domainOf(from.Addr)
	if err != nil || domain == "" {
		return list.Authentication{SPF: list.None, DKIM: list.None, DMARC: list.None, Source: "engine"}
	}
	domain = message.PlainDomain(domain)
	if env.Relay && a.AuthservID != "" {
		if r, ok := believed(m.Values("Authentication-Results"), a.AuthservID); ok {
			return a.complete(ctx, env, m, began, domain, r)
		}
	}
	record := a.beginDMARC(ctx, domain)
	e := a.gather(ctx, env, m, began)
	return a.conclude(domain, e, <-record, "engine", a.Hostname)
}

// complete turns a relay's results into ours. Where the relay said nothing about DMARC it is worked out from what it said about the rest.
func (a *Authenticator) complete(ctx context.Context, env *list.Envelope, m *message.Message, began *spfCheck, domain string, r relayResults) list.Authentication {
	if r.dmarc == "" {
		record := a.beginDMARC(ctx, domain)
		e := r.evidence
		if e.dkim == "" || e.spf == "" {
			own := a.gather(ctx, env, m, began)
			if e.dkim == "" {
				e.dkim, e.dkimPassed, e.dkimFailed, e.dkimBroken = own.dkim, own.dkimPassed, own.dkimFailed, own.dkimBroken
			}
			if e.spf == "" {
				e.spf, e.spfDomain = own.spf, own.spfDomain
			}
		}
		return a.conclude(domain, e, <-record, a.AuthservID, a.AuthservID)
	}
	out := list.Authentication{
		SPF: r.spf, DKIM: r.dkim, DMARC: r.dmarc, Policy: r.policy, Source: a.AuthservID, Detail: r.text,
		SPFAligned:  r.spf == list.Pass && aligned(r.spfDomain, domain, false),
		DKIMAligned: slices.ContainsFunc(r.dkimPassed, func(d string) bool { return aligned(d, domain, false) }),
		Signers:     r.signers(domain, true), // it did not say whether the domain asks for that
	}
	if r.below != "" && organisation(domain) != domain {
		// What a record says of the names below it is said too, and nothing of which of the two it was that counted.
		out.Policy = ""
	}
	switch {
	case out.Policy != "":
		out.Strict, out.PolicyWhy = out.Policy != "none", "p="+out.Policy+" by the word of "+a.AuthservID
	case out.DMARC == list.None:
		out.PolicyWhy = "no DMARC record by the word of " + a.AuthservID
	case out.DMARC == list.Fail: // of a pass it matters to copies that lose their signature only: they ask Policy
		record := <-a.beginDMARC(ctx, domain)
		out.Policy, out.Strict, out.PolicyWhy = record.policy, record.munge, record.why
	}
	out.Results = detail(a.AuthservID, domain, r.evidence, out)
	return out
}

// gather waits for SPF and DKIM, which ask side by side.
func (a *Authenticator) gather(ctx context.Context, env *list.Envelope, m *message.Message, began *spfCheck) evidence {
	if began == nil {
		began = a.beginSPF(ctx, *env)
		defer began.stop()
	}
	e := a.checkDKIM(ctx, m.Raw)
	e.spf, e.spfDomain = began.result(ctx)
	return e
}

// conclude applies DMARC (RFC 7489 §6.6.2) to the evidence.
func (a *Authenticator) conclude(domain string, e evidence, r dmarcRecord, source, id string) list.Authentication {
	out := list.Authentication{SPF: e.spf, DKIM: e.dkim, Policy: r.policy, Strict: r.munge, PolicyWhy: r.why, Source: source}
	fits := func(d string) bool { return aligned(d, domain, r.strictDKIM) }
	out.SPFAligned = e.spf == list.Pass && aligned(e.spfDomain, domain, r.strictSPF)
	out.DKIMAligned, out.Signers = slices.ContainsFunc(e.dkimPassed, fits), e.signers(domain, r.strictDKIM)
	unknown := e.dkimBroken && slices.ContainsFunc(e.dkimFailed, fits) || e.spf == list.TempError && aligned(e.spfDomain, domain, r.strictSPF)
	switch {
	case r.result != list.Pass:
		out.DMARC = r.result
	case out.SPFAligned || out.DKIMAligned:
		out.DMARC = list.Pass
	case unknown:
		out.DMARC = list.TempError
	default:
		out.DMARC = list.Fail
	}
	out.Results = detail(id, domain, e, out)
	out.Detail = plain(out.Results)
	return out
}

// signers are the domains that speak for From and whose signatures all hold.
func (e *evidence) signers(from string, strict bool) string {
	var domains []string
	for _, d := range e.dkimPassed {
		failed := slices.ContainsFunc(e.dkimFailed, func(other string) bool { return strings.EqualFold(other, d) })
		if d = strings.ToLower(d); aligned(d, from, strict) && !failed && !slices.Contains(domains, d) {
			domains = append(domains, d)
		}
	}
	return strings.Join(domains, " ")
}

// aligned reports whether an authenticated domain speaks for the From domain: it is the same, or (relaxed) of the same organisation.
func aligned(authenticated, from string, strict bool) bool {
	authenticated = strings.TrimSuffix(strings.ToLower(authenticated), ".")
	if authenticated == "" || strict {
		return authenticated != "" && authenticated == from
	}
	return authenticated == from || organisation(authenticated) == organisation(from)
}

// organisation is the organisational domain (RFC 7489 §3.2): one label more than the public suffix. A public suffix is its own.
func organisation(domain string) string {
	if org, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil {
		return org
	}
	return domain
}

// spfCheck is SPF (RFC 7208) on its way, beside the session.
type spfCheck struct {
	cancel context.CancelFunc
	done   chan struct{}
	spf    list.Result // once done
	domain string
}

// noSPF is the check of a message whose client is not known.
func noSPF(domain string) *spfCheck {
	c := &spfCheck{cancel: func() {}, done: make(chan struct{}), spf: list.None, domain: domain}
	close(c.done)
	return c
}

// beginSPF starts to check the return path, or where that is null the name in EHLO. Without a client's address there is nothing to check.
func (a *Authenticator) beginSPF(ctx context.Context, env list.Envelope) *spfCheck {
	domain := domainOf(env.From)
	if domain == "" {
		domain = strings.ToLower(env.Helo)
	}
	ip := net.ParseIP(env.IP)
	if ip == nil || !validDomain(domain) || strings.HasPrefix(domain, "[") || !strings.Contains(domain, ".") {
		return noSPF(domain)
	}
	ctx, cancel := context.WithTimeout(ctx, a.budget())
	c := &spfCheck{cancel: cancel, done: make(chan struct{}), spf: list.None, domain: domain}
	go func() {
		defer close(c.done)
		r, _ := spf.CheckHostWithSender(ip, env.Helo, env.From, spf.WithContext(ctx), spf.WithResolver(strictSPF{a.Resolver, ip}))
		c.spf = list.Result(r)
		if ctx.Err() != nil && c.spf != list.Pass {
			c.spf = list.TempError
		}
	}()
	return c
}

// result waits for the answer as long as ctx allows.
func (c *spfCheck) result(ctx context.Context) (list.Result, string) {
	select {
	case <-c.done:
		return c.spf, c.domain
	case <-ctx.Done():
		return list.TempError, c.domain
	}
}

// stop ends the check and waits for its end.
func (c *spfCheck) stop() {
	c.cancel()
	<-c.done
}

// detail writes the results as they would stand in an Authentication-Results field (RFC 8601 §2.2). What is no name, as a
// client's greeting may be, is left out.
func detail(id, from string, e evidence, out list.Authentication) string {
	var b strings.Builder
	about := func(property, domain string) {
		if validDomain(domain) && domain[0] != '[' {
			b.WriteString(" " + property + "=" + domain)
		}
	}
	b.WriteString(id + "; spf=" + string(e.spf))
	about("smtp.mailfrom", e.spfDomain)
	if e.dkim != list.Pass || len(e.dkimPassed) == 0 {
		b.WriteString("; dkim=" + string(e.dkim))
	}
	for _, domain := range e.dkimPassed {
		b.WriteString("; dkim=pass")
		about("header.d", domain)
	}
	b.WriteString("; dmarc=" + string(out.DMARC))
	if out.Policy != "" {
		b.WriteString(" (p=" + out.Policy + ")")
	}
	about("header.from", from)
	return b.String()
}
