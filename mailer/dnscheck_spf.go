package mailer

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"blitiri.com.ar/go/spf"
)

// spf sees to it that what a domain says about who may send for it (RFC 7208) holds for this server. Of the hostname it is asked for mail that has
// no return path: notices about mail, and reports.
func (r *dnsRun) spf(domain string) {
	helo := !slices.Contains(r.Domains, domain)
	if r.Way == WaySmarthost && helo {
		r.say(LevelOK, "spf", domain, "not asked for: receivers hear the smarthost's own name in EHLO")
		return
	}
	texts, err := r.texts(domain)
	if err != nil && !NotFound(err) {
		r.dunno("spf", domain, "the SPF record", err)
		return
	}
	found := slices.DeleteFunc(slices.Clone(texts), func(t string) bool { return !isSPF(t) })
	switch {
	case len(found) == 0 && !helo:
		r.say(LevelError, "spf", domain, "no SPF record says who may send for it", r.spfRecord(domain, nil, r.sending))
		return
	case len(found) == 0:
		r.say(LevelError, "spf", domain, "no SPF record of the hostname, which is what EHLO says: mail without a return path has no other", r.spfRecord(domain, nil, r.sending))
		return
	case len(found) > 1:
		r.say(LevelError, "spf", domain, fmt.Sprintf("%d SPF records, and receivers take that for an error: publish one alone", len(found)), r.spfRecord(domain, found, r.sending))
		return
	}
	terms, _ := cutVersion(found[0])
	if term := spfMistake(terms); term != "" {
		r.say(LevelError, "spf", domain, "the record cannot be evaluated, as it has a mistake in it ("+term+"): "+found[0]+"; what this server alone needs is", r.spfRecord(domain, nil, r.sending))
		return
	}
	r.spfResults(domain, found[0])
}

func isSPF(text string) bool {
	version, _, _ := strings.Cut(text, " ")
	return strings.EqualFold(version, "v=spf1")
}

// spfResults evaluates the one record for each address that mail comes from, as a receiver would.
func (r *dnsRun) spfResults(domain, record string) {
	var refused []netip.Addr
	var results []string
	for _, a := range r.sending {
		result, err := spf.CheckHostWithSender(a.AsSlice(), r.Hostname, "postmaster@"+domain, spf.WithContext(r.ctx), spf.WithResolver(r.Directory))
		switch result {
		case spf.Pass:
			r.say(LevelOK, "spf", domain, "it lets "+a.String()+" send: "+record)
		case spf.TempError:
			r.dunno("spf", domain, "what SPF says of "+a.String(), err)
		case spf.PermError:
			r.say(LevelError, "spf", domain, "the record cannot be evaluated, "+spfFault(err)+": "+record+"; what this server alone needs is", r.spfRecord(domain, nil, r.sending))
			return
		default:
			refused, results = append(refused, a), append(results, fmt.Sprintf("%s for %s", result, a))
		}
	}
	level := LevelError
	if r.Way == WaySmarthost {
		level = LevelWarning
	}
	switch said := strings.Join(results, ", "); {
	case len(refused) > 0 && r.Way == WaySmarthost:
		r.say(level, "spf", domain, "the record says "+said+" (the smarthost): ask those who run it for the record that includes the addresses it sends from",
			r.spfRecord(domain, []string{record}, refused))
	case len(refused) > 0:
		r.say(level, "spf", domain, "the record does not let this server send ("+said+"): "+record, r.spfRecord(domain, []string{record}, refused))
	case len(r.sending) == 0:
		r.say(LevelUnknown, "spf", domain, "there is a record, and no address to hold it against: "+record)
	}
	r.spfCost(domain, record)
}

// spfFault says in words why a record has no result.
func spfFault(err error) string {
	switch {
	case errors.Is(err, spf.ErrLookupLimitReached):
		return "as it takes more than 10 look-ups (RFC 7208 §4.6.4)"
	case errors.Is(err, spf.ErrVoidLookupLimitReached):
		return "as more than two of its names do not exist (RFC 7208 §4.6.4)"
	case errors.Is(err, spf.ErrMultipleRecords):
		return "as a domain that it includes has several records"
	case errors.Is(err, spf.ErrTooManyMXRecords):
		return "as it names a domain of more than 10 mail servers"
	case NotFound(err), errors.Is(err, spf.ErrNoResult):
		return "as a domain that it includes has no SPF record"
	}
	return "as it has a mistake in it (" + oneLine(fmt.Sprint(err)) + ")"
}

// spfRecord is the record that a domain should have: the terms of those that are there, and behind the version those that let more addresses send.
func (r *dnsRun) spfRecord(domain string, records []string, more []netip.Addr) string {
	terms := []string{"v=spf1"}
	last := ""
	add := func(term string) {
		if !slices.Contains(terms, term) {
			terms = append(terms, term)
		}
	}
	for _, term := range r.spfTerms(domain, more) {
		add(term)
	}
	for _, record := range records {
		for _, term := range strings.Fields(record)[1:] {
			switch lower := strings.ToLower(term); {
			case strings.HasSuffix(lower, "all") && len(lower) <= 4, strings.HasPrefix(lower, "redirect="):
				if last == "" {
					last = term
				}
			default:
				add(term)
			}
		}
	}
	if last == "" {
		last = "-all"
		if r.Way == WaySmarthost {
			last = "~all" // where it sends from is only supposed
		}
	}
	return TXTRecord(domain, strings.Join(append(terms, last), " "))
}

// spfTerms let addresses send: by the name of the host where that has them, so that they may change in one place.
func (r *dnsRun) spfTerms(domain string, addrs []netip.Addr) (terms []string) {
	if r.Way == WaySmarthost {
		if _, err := netip.ParseAddr(r.Smarthost); err != nil {
			return []string{"a:" + r.Smarthost}
		}
	}
	for _, a := range addrs {
		term := "ip6:" + a.String()
		switch {
		case slices.Contains(r.hosts, a) && domain == r.Hostname:
			term = "a"
		case slices.Contains(r.hosts, a):
			term = "a:" + r.Hostname
		case a.Is4():
			term = "ip4:" + a.String()
		}
		if !slices.Contains(terms, term) {
			terms = append(terms, term)
		}
	}
	if len(addrs) == 0 && r.Way != WaySmarthost {
		terms = append(terms, "a:"+r.Hostname)
	}
	return terms
}
