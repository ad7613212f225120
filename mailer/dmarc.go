package mailer

import (
	"context"
	"strings"

	"github.com/emersion/go-msgauth/dmarc"

	"convene/list"
)

// dmarcRecord is what a domain asks of those who get mail in its name.
type dmarcRecord struct {
	// result is list.Pass when there is a record, list.None when there is none, list.TempError when DNS did not say.
	result                list.Result
	policy                string // none, quarantine, reject; empty without a record
	strictSPF, strictDKIM bool
}

// beginDMARC looks the policy for a From domain up: its own record, or the one of its organisation (RFC 7489 §6.6.3).
func (a *Authenticator) beginDMARC(ctx context.Context, domain string) <-chan dmarcRecord {
	answer := make(chan dmarcRecord, 1)
	go func() {
		r := a.lookupDMARC(ctx, domain, false)
		if org := organisation(domain); r.result == list.None && org != domain {
			r = a.lookupDMARC(ctx, org, true)
		}
		answer <- r
	}()
	return answer
}

// lookupDMARC reads one record. sub says that it is asked for a name below.
func (a *Authenticator) lookupDMARC(ctx context.Context, domain string, sub bool) dmarcRecord {
	texts, err := a.Resolver.LookupTXT(ctx, "_dmarc."+domain)
	if err != nil && !NotFound(err) {
		return dmarcRecord{result: list.TempError}
	}
	var found []*dmarc.Record
	for _, text := range texts {
		if r, err := dmarc.Parse(tidyDMARC(text)); err == nil {
			found = append(found, r)
		}
	}
	if len(found) != 1 { // several are none (RFC 7489 §6.6.3)
		return dmarcRecord{result: list.None}
	}
	r := found[0]
	policy := r.Policy
	if sub && r.SubdomainPolicy != "" {
		policy = r.SubdomainPolicy
	}
	return dmarcRecord{
		result:     list.Pass,
		policy:     string(policy),
		strictSPF:  r.SPFAlignment == dmarc.AlignmentStrict,
		strictDKIM: r.DKIMAlignment == dmarc.AlignmentStrict,
	}
}

// tidyDMARC leaves of a record what is gone by, in the one spelling that go-msgauth reads: it knows no upper case, and takes a record with a
// mistake in a tag that does not matter for none at all.
func tidyDMARC(text string) string {
	var kept []string
	for i, tag := range strings.Split(text, ";") {
		key, value, ok := strings.Cut(tag, "=")
		key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
		switch {
		case i == 0 && (!ok || key != "v" || value != "DMARC1"):
			return ""
		case i == 0:
			kept = append(kept, "v=DMARC1")
		case key == "p" || key == "sp" || key == "adkim" || key == "aspf":
			kept = append(kept, key+"="+strings.ToLower(value))
		}
	}
	return strings.Join(kept, ";")
}
