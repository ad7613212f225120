package mailer

import (
	"slices"
	"strings"
)

// dmarc sees to it that a domain tells receivers what to do with mail in its name (RFC 7489), and that our mail is what it lets through. The
// return path has the domain of the list itself, so SPF is aligned in any mode; of signatures it has to be looked at.
func (r *dnsRun) dmarc(domain string) {
	at, found, err := r.dmarcRecords(domain)
	publish := TXTRecord("_dmarc."+domain, "v=DMARC1; p=none; rua=mailto:postmaster@"+domain)
	switch {
	case err != nil:
		r.dunno("dmarc", domain, "the DMARC record", err)
		return
	case len(found) == 0:
		r.say(LevelError, "dmarc", domain, "no DMARC record: large providers refuse much mail from such a domain", publish)
		return
	case len(found) > 1:
		r.say(LevelError, "dmarc", domain, "several DMARC records at _dmarc."+at+", which is as good as none: publish one alone", TXTRecord("_dmarc."+at, found[0]))
		return
	}
	tags := tagsOf(found[0])
	policy := strings.ToLower(tags["p"])
	if sp := strings.ToLower(tags["sp"]); at != domain && sp != "" {
		policy = sp
	}
	if !slices.Contains([]string{"none", "quarantine", "reject"}, policy) {
		r.say(LevelError, "dmarc", domain, "the record at _dmarc."+at+" has no policy that can be read (p=none, quarantine or reject): "+found[0], publish)
		return
	}
	if keys := NewSigner(r.Keys).keysFor(domain); len(keys) > 0 && !aligned(keys[0].Domain, domain, strings.EqualFold(tags["adkim"], "s")) {
		r.say(LevelWarning, "dmarc", domain, "the record asks for signatures by "+domain+" itself (adkim=s), and they are by "+keys[0].Domain+
			": make a key with convene dkim keygen "+domain+" c1")
	}
	text := "p=" + policy
	if at != domain {
		text += ", by the record of " + at
	}
	if rua := tags["rua"]; rua != "" {
		text += ", reports to " + strings.ReplaceAll(rua, "mailto:", "")
	} else {
		text += ", no reports asked for (rua=)"
	}
	r.say(LevelOK, "dmarc", domain, text)
	r.reporters(at, tags["rua"])
}

// dmarcRecords are the records of a domain, or else those of the next domain above it that counts, and the domain that has them.
func (r *dnsRun) dmarcRecords(domain string) (at string, found []string, err error) {
	for _, at := range policyDomains(domain) {
		texts, err := r.texts("_dmarc." + at)
		if err != nil && !NotFound(err) {
			return at, nil, err
		}
		for _, text := range texts {
			if isDMARC(text) {
				found = append(found, text)
			}
		}
		if len(found) > 0 {
			return at, found, nil
		}
	}
	return domain, nil, nil
}

func isDMARC(text string) bool {
	_, ok := parseDMARC(text, false)
	return ok
}

// reporters sees to it that those whom reports are to go to at other domains have agreed (RFC 7489 §7.1): else none are sent.
func (r *dnsRun) reporters(domain, rua string) {
	for uri := range strings.SplitSeq(rua, ",") {
		address, _, _ := strings.Cut(strings.TrimSpace(uri), "!") // behind it, the size of the largest report that they take
		_, host, ok := strings.Cut(address, "@")
		if !ok || organisation(strings.ToLower(host)) == organisation(domain) {
			continue
		}
		name := domain + "._report._dmarc." + strings.ToLower(host)
		texts, err := r.texts(name)
		switch {
		case err != nil && !NotFound(err):
			r.dunno("dmarc", domain, "whether "+host+" takes its reports", err)
		case !slices.ContainsFunc(texts, isDMARC):
			r.say(LevelWarning, "dmarc", domain, "reports to "+host+" are not sent until it agrees to them", TXTRecord(name, "v=DMARC1"))
		}
	}
}
