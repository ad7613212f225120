package mailer

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"
)

// renewAhead is how long before its end a certificate should have been replaced.
const renewAhead = 14 * 24 * time.Hour

// certificate holds the one of [tls] against the names that peers and browsers know this server by.
func (r *dnsRun) certificate() {
	base, err := url.Parse(r.BaseURL)
	site := ""
	if err == nil && base.Scheme == "https" {
		site = base.Hostname()
	}
	if site != "" && net.ParseIP(site) == nil {
		r.site(site)
	}
	if r.Certificate == nil {
		switch {
		case r.Behind:
			r.say(LevelOK, "tls", r.Hostname, "no certificate: the servers before this one speak to the outside")
		default:
			r.say(LevelWarning, "tls", r.Hostname, "no certificate ([tls]): mail to this server comes in the clear")
		}
		return
	}
	until := r.Certificate.NotAfter.UTC().Format("2006-01-02")
	switch {
	case r.Now.After(r.Certificate.NotAfter):
		r.say(LevelError, "tls", r.Hostname, "the certificate ended on "+until)
		return
	case r.Now.Before(r.Certificate.NotBefore):
		r.say(LevelError, "tls", r.Hostname, "the certificate holds from "+r.Certificate.NotBefore.UTC().Format("2006-01-02")+" on only: is the clock right?")
		return
	case r.Now.Add(renewAhead).After(r.Certificate.NotAfter):
		r.say(LevelWarning, "tls", r.Hostname, "the certificate ends on "+until+": renew it")
	}
	for _, name := range slices.Compact([]string{r.Hostname, site}) {
		switch err := r.Certificate.VerifyHostname(name); {
		case name == "":
		case err == nil:
			r.say(LevelOK, "tls", name, "the certificate names it, until "+until)
		case name == site:
			r.say(LevelWarning, "tls", name, "the certificate of [tls] does not name it: pages need a web server before this one that has the right one")
		default:
			r.say(LevelWarning, "tls", name, "the certificate does not name the hostname, but "+strings.Join(r.Certificate.DNSNames, ", "))
		}
	}
	if c := r.Certificate; c.CheckSignatureFrom(c) == nil || string(c.RawIssuer) == string(c.RawSubject) {
		r.say(LevelWarning, "tls", r.Hostname, "the certificate is signed by itself: mail servers take it, browsers and MTA-STS do not")
	}
}

// site sees to it that the host of base_url can be found: links in mail lead there.
func (r *dnsRun) site(host string) {
	if same(host, r.Hostname) {
		return
	}
	addrs, err := r.addresses(host)
	switch {
	case NotFound(err):
		var publish []string
		for _, a := range r.hosts {
			publish = append(publish, addressRecord(host, a))
		}
		r.say(LevelError, "address", host, "the host of http.base_url has no address: no link in any mail works", publish...)
	case err != nil:
		r.dunno("address", host, "the addresses of the host of http.base_url", err)
	default:
		r.say(LevelOK, "address", host, "the host of http.base_url: "+listed(addrs))
	}
}

// inboundTLS notes what a domain publishes about TLS for mail to it (RFC 8461, RFC 8460). Neither is needed.
func (r *dnsRun) inboundTLS(domain string) {
	texts, err := r.texts("_mta-sts." + domain)
	switch id := stsRecordID(texts); {
	case err != nil && !NotFound(err):
		r.dunno("mta-sts", domain, "the MTA-STS record", err)
	case id != "":
		r.say(LevelOK, "mta-sts", domain, "there is a policy, with id "+id)
	case slices.ContainsFunc(texts, func(t string) bool { return strings.HasPrefix(t, "v=STSv1") }):
		r.say(LevelWarning, "mta-sts", domain, fmt.Sprintf("the record cannot be read: %s", strings.Join(texts, " ")),
			TXTRecord("_mta-sts."+domain, "v=STSv1; id="+r.Now.UTC().Format("20060102T150405")))
	default:
		r.say(LevelOK, "mta-sts", domain, "none, and none is needed")
	}
	texts, err = r.texts("_smtp._tls." + domain)
	switch reports := slices.IndexFunc(texts, func(t string) bool { return strings.HasPrefix(t, "v=TLSRPTv1") }); {
	case err != nil && !NotFound(err):
		r.dunno("tls-rpt", domain, "the TLS-RPT record", err)
	case reports >= 0 && tagsOf(texts[reports])["rua"] == "":
		r.say(LevelWarning, "tls-rpt", domain, "the record names nobody who gets reports", TXTRecord("_smtp._tls."+domain, "v=TLSRPTv1; rua=mailto:postmaster@"+domain))
	case reports >= 0:
		r.say(LevelOK, "tls-rpt", domain, "reports to "+strings.ReplaceAll(tagsOf(texts[reports])["rua"], "mailto:", ""))
	default:
		r.say(LevelOK, "tls-rpt", domain, "none, and none is needed")
	}
}
