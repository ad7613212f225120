package mailer

import (
	"context"
	"crypto/x509"
	"log/slog"
	"net/http"
	"time"
)

// MTASTS knows the MTA-STS policies of recipient domains (RFC 8461): which hosts take a domain's mail, and that they prove to be who they are. A
// policy that was once seen holds until its max_age is over, even if the domain's DNS or web server then seem to say otherwise; so it is
// worth keeping on disk. It must not be changed once it is used, and may serve many Transports.
//
// It is for domains that are delivered to by MX. A smarthost, and the hosts of Routes, are named by hand: there tls = "required" is the policy.
type MTASTS struct {
	// Resolver is asked for the TXT records and for the addresses of the web servers.
	Resolver Resolver
	// Dir is the folder where policies are kept, one file a domain; empty: in memory only. It is made when it is needed.
	Dir string
	// Roots are who may sign the web servers' certificates; nil means whom the system trusts.
	Roots *x509.CertPool
	// HTTP carries out the requests; nil: a transport of its own, by Resolver and Roots. No redirect is followed in any case.
	HTTP http.RoundTripper
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Log gets what was wrong with policies; nil: nothing.
	Log *slog.Logger

	memory expiring[*stsPolicy]
	failed expiring[struct{}] // domain and id of policies that could not be fetched
	files  stsFiles
}

const (
	// stsRefresh is after what time a policy is fetched again although its id is the same, so that it does not end while somebody keeps its id
	// from us (RFC 8461 §10.2).
	stsRefresh = 24 * time.Hour
	// stsFailed is how long no second attempt is made at a policy that could not be fetched (RFC 8461 §3.3 asks for 5 minutes at least).
	stsFailed = 15 * time.Minute
)

// policy returns what holds for a domain now; nil: nothing. The TXT record is looked at each time, so that mail is never kept back, let alone
// given up, for a policy that was replaced (RFC 8461 §5.1). Only the domain's own record counts, not that of a domain above it.
func (s *MTASTS) policy(ctx context.Context, domain string) *stsPolicy {
	now := clock(s.Now)
	known := s.known(domain, now)
	texts, err := s.Resolver.LookupTXT(ctx, "_mta-sts."+domain)
	if err != nil && known != nil && !NotFound(err) {
		s.log().Info("mta-sts record", slog.String("domain", domain), slog.String("error", err.Error()))
	}
	id := stsRecordID(texts)
	if id == "" || known != nil && known.ID == id && now.Sub(known.Fetched) < stsRefresh {
		return known
	}
	attempt := domain + " " + id
	if _, failed := s.failed.get(attempt, now); failed {
		return known
	}
	fresh, err := s.fetch(ctx, domain)
	if err != nil {
		s.failed.put(attempt, struct{}{}, now, now.Add(stsFailed))
		s.log().Warn("mta-sts policy not fetched", slog.String("domain", domain), slog.String("id", id), slog.Bool("older policy holds", known != nil),
			slog.String("error", oneLine(err.Error())))
		return known
	}
	fresh.Domain, fresh.ID, fresh.Fetched = domain, id, now
	s.memory.put(domain, fresh, now, fresh.until())
	if err := s.files.write(s.Dir, fresh); err != nil {
		s.log().Error("mta-sts policy not kept", slog.String("domain", domain), slog.String("error", err.Error()))
	}
	return fresh
}

// known returns the policy that was fetched earlier and still holds, or nil.
func (s *MTASTS) known(domain string, now time.Time) *stsPolicy {
	if p, ok := s.memory.get(domain, now); ok {
		return p
	}
	p, err := s.files.read(s.Dir, domain)
	if err != nil {
		s.log().Error("mta-sts policy not read", slog.String("domain", domain), slog.String("error", err.Error()))
	}
	if p == nil || !now.Before(p.until()) {
		return nil
	}
	s.memory.put(domain, p, now, p.until())
	return p
}

func (s *MTASTS) log() *slog.Logger {
	if s.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return s.Log
}
