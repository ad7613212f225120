package mailer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"errors"
	"net"
	"net/netip"
)

// A Validator is DNS with word of whether DNSSEC proved an answer. Its errors are those of a Resolver; an answer that is proven false is an
// error that may pass.
type Validator interface {
	// MX looks MX records up. secure holds for an answer that there are none, too.
	MX(ctx context.Context, domain string) (records []*net.MX, secure bool, err error)
	// Addresses looks the addresses of a host up.
	Addresses(ctx context.Context, host string) (Addresses, error)
	// TLSA returns the records of a name. Where there are none, and where there are some that DNSSEC does not prove, it returns none.
	TLSA(ctx context.Context, name string) ([]TLSA, error)
}

// Addresses are where a host is, and by what names DANE may know it.
type Addresses struct {
	Addrs []netip.Addr
	// Bases are the names that TLSA records may be found for (the TLSA base domains of RFC 7672 §2.2.2), the best first: what the host is an
	// alias of, then the host. Empty: DNSSEC does not prove the addresses, so that there is no DANE for the host.
	Bases []string
}

// TLSA is a record that says which certificate or key a host has (RFC 6698 §2.1).
type TLSA struct {
	Usage, Selector, Matching uint8
	Data                      []byte
}

// What the numbers in a TLSA mean, by their names in RFC 7218.
const (
	usageTA = 2 // Data is an authority that the host's certificate is signed by
	usageEE = 3 // Data is the host's own

	selectCert = 0 // of the whole certificate
	selectKey  = 1 // of its SubjectPublicKeyInfo

	matchFull   = 0
	matchSHA256 = 1
	matchSHA512 = 2
)

// usable reports whether SMTP can do anything with a record: the usages 0 and 1 lean on the public authorities, which nobody could choose for
// a peer that is a stranger (RFC 7672 §3.1.3).
func (r *TLSA) usable() bool {
	if r.Usage != usageTA && r.Usage != usageEE || r.Selector > selectKey {
		return false
	}
	switch r.Matching {
	case matchFull:
		if r.Selector == selectKey {
			_, err := x509.ParsePKIXPublicKey(r.Data)
			return err == nil
		}
		_, err := x509.ParseCertificate(r.Data)
		return err == nil
	case matchSHA256:
		return len(r.Data) == sha256.Size
	case matchSHA512:
		return len(r.Data) == sha512.Size
	}
	return false
}

// usableTLSA picks the records to go by. Of two digests of the same kind of thing only the stronger one counts, so that it pays to publish it
// (RFC 7671 §9).
func usableTLSA(records []TLSA) (usable []TLSA) {
	type kind struct{ usage, selector uint8 }
	strongest := map[kind]uint8{}
	for i := range records {
		if r := &records[i]; r.usable() {
			k := kind{r.Usage, r.Selector}
			strongest[k] = max(strongest[k], r.Matching)
		}
	}
	for i := range records {
		r := &records[i]
		if r.usable() && (r.Matching == matchFull || r.Matching == strongest[kind{r.Usage, r.Selector}]) {
			usable = append(usable, *r)
		}
	}
	return usable
}

// matches reports whether a record is about a certificate.
func (r *TLSA) matches(cert *x509.Certificate) bool {
	of := cert.Raw
	if r.Selector == selectKey {
		of = cert.RawSubjectPublicKeyInfo
	}
	switch r.Matching {
	case matchSHA256:
		sum := sha256.Sum256(of)
		of = sum[:]
	case matchSHA512:
		sum := sha512.Sum512(of)
		of = sum[:]
	}
	return bytes.Equal(of, r.Data)
}

// errTLSA is a host that presented a certificate which no TLSA record is about.
var errTLSA = errors.New("no TLSA record matches the certificate")

// matchTLSA checks a certificate chain by usable records. A record of the host's own certificate is all that counts: neither names nor dates
// do (RFC 7672 §3.1.1). With one of an authority, chain and one of the names have to be right (§3.1.2).
func matchTLSA(records []TLSA, chain []*x509.Certificate, names []string) error {
	anchors := x509.NewCertPool()
	found := false
	for i := range records {
		r := &records[i]
		if r.Usage == usageEE {
			if r.matches(chain[0]) {
				return nil
			}
			continue
		}
		for _, cert := range chain {
			if r.matches(cert) {
				anchors.AddCert(cert)
				found = true
			}
		}
		if r.Matching == matchFull && r.Selector == selectCert {
			// The record is the authority's certificate, and so the host need not send it.
			if cert, err := x509.ParseCertificate(r.Data); err == nil {
				anchors.AddCert(cert)
				found = true
			}
		}
	}
	if !found {
		return errTLSA
	}
	return verifyChain(chain, anchors, names)
}
