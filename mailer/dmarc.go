package mailer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"convene/list"
	"convene/list/message"
)

// dmarcRecord is what a domain asks of those who get mail in its name.
type dmarcRecord struct {
	// result is list.Pass when there is a record, list.None when there is none, list.TempError when DNS did not say.
	result                list.Result
	policy                string // none, quarantine, reject; empty without a record
	strictSPF, strictDKIM bool
	// munge says that receivers may well refuse mail From the domain that nothing authenticates. It is more than the policy: it is true when DNS did
	// not say, and when one of several records, which for DMARC are none, asks for it.
	munge bool
	why   string // what DNS said and where, for people
}

// Policy says what a From domain asks receivers to do with mail that is not authenticated, and what in DNS says so. It is on the safe side: strict
// where the answer does not come within the budget.
func (a *Authenticator) Policy(ctx context.Context, domain string) (strict bool, why string) {
	ctx, cancel := context.WithTimeout(ctx, a.budget())
	defer cancel()
	r := <-a.beginDMARC(ctx, message.PlainDomain(domain)) // RFC 7489 §6.6.1
	return r.munge, r.why
}

// beginDMARC looks the policy for a From domain up.
func (a *Authenticator) beginDMARC(ctx context.Context, domain string) <-chan dmarcRecord {
	answer := make(chan dmarcRecord, 1)
	go func() { answer <- a.discoverDMARC(ctx, domain) }()
	return answer
}

// keepPolicy is for how long what DNS said of a domain's policy, or did not say, is not asked again: many posts come from one domain, and one whose
// servers are down must not cost every one of its authors the whole budget.
const keepPolicy = 30 * time.Second

func (a *Authenticator) discoverDMARC(ctx context.Context, domain string) dmarcRecord {
	if a.Now == nil {
		return a.askDMARC(ctx, domain)
	}
	if r, ok := a.policies.get(domain, a.Now()); ok {
		return r
	}
	r := a.askDMARC(ctx, domain)
	if !errors.Is(ctx.Err(), context.Canceled) { // who asked went away: DNS is not to blame
		now := a.Now()
		a.policies.put(domain, r, now, now.Add(keepPolicy))
	}
	return r
}

func (a *Authenticator) askDMARC(ctx context.Context, domain string) dmarcRecord {
	for i, name := range policyDomains(domain) {
		if r, found := a.lookupDMARC(ctx, name, i > 0); found {
			return r
		}
	}
	return dmarcRecord{result: list.None, why: "no DMARC record for " + domain}
}

// mostPolicyDomains is how many names are asked for one domain's policy (RFC 9989 §4.10).
const mostPolicyDomains = 8

// policyDomains are the domains whose record may be about domain, the first that has one being the one: its own, that of its organisation (RFC 7489
// §6.6.3), and then those between the two from the top, of which RFC 9989 §4.10 takes the uppermost for the organisation.
func policyDomains(domain string) []string {
	all := []string{domain}
	org := organisation(domain)
	if !strings.HasSuffix(domain, "."+org) || domain[0] == '[' {
		return all
	}
	all = append(all, org)
	var between []string
	for {
		_, domain, _ = strings.Cut(domain, ".")
		if domain == org {
			break
		}
		between = append(between, domain)
	}
	slices.Reverse(between)
	all = append(all, between...)
	return all[:min(len(all), mostPolicyDomains)]
}

// lookupDMARC reads the record of one domain; below says that it is asked for a name below it. found is false when the next domain is to be asked.
func (a *Authenticator) lookupDMARC(ctx context.Context, domain string, below bool) (r dmarcRecord, found bool) {
	name := "_dmarc." + domain
	texts, err := a.Resolver.LookupTXT(ctx, name)
	if err != nil && !NotFound(err) {
		said := "SERVFAIL at "
		if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() || ctx.Err() != nil {
			said = "no answer in time at "
		}
		return dmarcRecord{result: list.TempError, munge: true, why: said + name + ": on the safe side"}, true
	}
	var all []dmarcRecord
	for _, text := range texts {
		if r, ok := parseDMARC(text, below); ok {
			r.why += " at " + name
			all = append(all, r)
		}
	}
	switch len(all) {
	case 0:
		return dmarcRecord{}, false
	case 1:
		return all[0], true
	}
	// Several are none (RFC 7489 §6.6.3), but not everybody knows that.
	r = dmarcRecord{result: list.None, why: fmt.Sprintf("%d records at %s, which are as good as none", len(all), name)}
	for _, one := range all {
		if one.munge {
			r.munge, r.why = true, fmt.Sprintf("%s, which has %d records", one.why, len(all))
			break
		}
	}
	return r, true
}

// parseDMARC reads a record (RFC 7489 §6.3), in whatever spelling; ok is false for what is none. A mistake in one tag does not touch the others, and
// without a p that can be read it is "none" (RFC 9989 §4.7). why is the tag that counts.
func parseDMARC(text string, below bool) (r dmarcRecord, ok bool) {
	version, _, _ := strings.Cut(text, ";")
	if tagsOf(version)["v"] != "DMARC1" {
		return r, false
	}
	tags := tagsOf(strings.ToLower(text))
	tag, policy := "p", asPolicy(tags["p"])
	if sub := asPolicy(tags["sp"]); below && sub != "" {
		tag, policy = "sp", sub
	}
	if policy == "" {
		policy = "none"
	}
	return dmarcRecord{result: list.Pass, policy: policy, strictSPF: tags["aspf"] == "s", strictDKIM: tags["adkim"] == "s",
		munge: policy != "none", why: tag + "=" + policy}, true
}

// asPolicy is a policy of RFC 7489 §6.3, or nothing.
func asPolicy(s string) string {
	if s == "none" || s == "quarantine" || s == "reject" {
		return s
	}
	return ""
}
