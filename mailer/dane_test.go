package mailer

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"log/slog"
	"math/big"
	"net"
	"reflect"
	"strings"
	"testing"
	"time"

	"convene/mailer/mailtest"
)

// family of certificates: an authority, and what it signed.
type authority struct {
	cert *x509.Certificate
	key  crypto.Signer
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	cert, key := issue(t, &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}, nil)
	return &authority{cert, key}
}

// issue makes a certificate, signed by an authority or by itself.
func issue(t *testing.T, template *x509.Certificate, by *authority) (*x509.Certificate, crypto.Signer) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	parent, signer := template, crypto.Signer(key)
	if by != nil {
		parent, signer = by.cert, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert, key
}

// host makes the certificate of a host that is presented with the authority's, valid or long over.
func (a *authority) host(t *testing.T, name string, over bool) (*tls.Config, []*x509.Certificate) {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}, NotAfter: time.Now().Add(time.Hour)}
	if over {
		template.NotAfter = time.Now().Add(-time.Hour)
	}
	cert, key := issue(t, template, a)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{cert.Raw, a.cert.Raw}, PrivateKey: key}}}, []*x509.Certificate{cert, a.cert}
}

func digest(usage, selector, matching uint8, cert *x509.Certificate) TLSA {
	data := cert.Raw
	if selector == selectKey {
		data = cert.RawSubjectPublicKeyInfo
	}
	switch matching {
	case matchSHA256:
		sum := sha256.Sum256(data)
		data = sum[:]
	case matchSHA512:
		sum := sha512.Sum512(data)
		data = sum[:]
	}
	return TLSA{usage, selector, matching, data}
}

func TestMatchTLSA(t *testing.T) {
	ca, otherCA := newAuthority(t), newAuthority(t)
	_, chain := ca.host(t, "mx.a.example", false)
	_, over := ca.host(t, "mx.a.example", true)
	leaf, names := chain[0], []string{"mx.a.example", "a.example"}
	wild, _ := issue(t, &x509.Certificate{SerialNumber: big.NewInt(3), DNSNames: []string{"a.example"}, NotAfter: time.Now().Add(time.Hour)}, ca)
	for name, c := range map[string]struct {
		records []TLSA
		chain   []*x509.Certificate
		names   []string
		want    bool
	}{
		"3 0 0":                                  {[]TLSA{digest(3, 0, 0, leaf)}, chain, names, true},
		"3 0 1":                                  {[]TLSA{digest(3, 0, 1, leaf)}, chain, names, true},
		"3 0 2":                                  {[]TLSA{digest(3, 0, 2, leaf)}, chain, names, true},
		"3 1 0":                                  {[]TLSA{digest(3, 1, 0, leaf)}, chain, names, true},
		"3 1 1":                                  {[]TLSA{digest(3, 1, 1, leaf)}, chain, names, true},
		"3 1 2":                                  {[]TLSA{digest(3, 1, 2, leaf)}, chain, names, true},
		"3 1 1 of another certificate":           {[]TLSA{digest(3, 1, 1, over[0])}, chain, names, false},
		"3 1 1 of the authority":                 {[]TLSA{digest(3, 1, 1, ca.cert)}, chain, names, false},
		"3 1 1 asks for no name":                 {[]TLSA{digest(3, 1, 1, leaf)}, chain, []string{"other.example"}, true},
		"3 1 1 asks for no date":                 {[]TLSA{digest(3, 1, 1, over[0])}, over, names, true},
		"any record will do":                     {[]TLSA{digest(3, 1, 1, over[0]), digest(2, 0, 1, otherCA.cert), digest(3, 0, 1, leaf)}, chain, names, true},
		"2 0 0":                                  {[]TLSA{digest(2, 0, 0, ca.cert)}, chain, names, true},
		"2 0 0 though the authority is not sent": {[]TLSA{digest(2, 0, 0, ca.cert)}, chain[:1], names, true},
		"2 0 1":                                  {[]TLSA{digest(2, 0, 1, ca.cert)}, chain, names, true},
		"2 1 1":                                  {[]TLSA{digest(2, 1, 1, ca.cert)}, chain, names, true},
		"2 1 2":                                  {[]TLSA{digest(2, 1, 2, ca.cert)}, chain, names, true},
		"2 0 1 though the authority is not sent": {[]TLSA{digest(2, 0, 1, ca.cert)}, chain[:1], names, false},
		"2 0 1 of another authority":             {[]TLSA{digest(2, 0, 1, otherCA.cert)}, chain, names, false},
		"2 0 1 of another authority that is sent": {[]TLSA{digest(2, 0, 1, otherCA.cert)}, []*x509.Certificate{leaf, otherCA.cert}, names, false},
		"2 0 1 asks for a name":                   {[]TLSA{digest(2, 0, 1, ca.cert)}, chain, []string{"other.example"}, false},
		"2 0 1 takes the domain's name":           {[]TLSA{digest(2, 0, 1, ca.cert)}, []*x509.Certificate{wild, ca.cert}, names, true},
		"2 0 1 asks for a date":                   {[]TLSA{digest(2, 0, 1, ca.cert)}, over, names, false},
	} {
		if err := matchTLSA(c.records, c.chain, c.names); (err == nil) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestUsableTLSA(t *testing.T) {
	ca := newAuthority(t)
	_, chain := ca.host(t, "mx.a.example", false)
	all := func(usage uint8) (records []TLSA) {
		for selector := range uint8(2) {
			for matching := range uint8(3) {
				records = append(records, digest(usage, selector, matching, chain[0]))
			}
		}
		return records
	}
	sha256of := digest(3, 1, 1, chain[0])
	for name, c := range map[string]struct {
		records, want []TLSA
	}{
		"authorities of the web are not usable":  {append(all(0), all(1)...), nil},
		"usages that nobody knows are not":       {all(4), nil},
		"selectors that nobody knows are not":    {[]TLSA{{3, 2, 1, sha256of.Data}}, nil},
		"matchings that nobody knows are not":    {[]TLSA{{3, 1, 3, sha256of.Data}}, nil},
		"half a digest is not":                   {[]TLSA{{3, 1, 1, sha256of.Data[:31]}, {3, 1, 2, sha256of.Data}}, nil},
		"no data is not":                         {[]TLSA{{3, 1, 0, nil}, {3, 0, 0, nil}, {3, 1, 1, nil}}, nil},
		"what is no certificate is not":          {[]TLSA{{2, 0, 0, chain[0].RawSubjectPublicKeyInfo}, {2, 1, 0, chain[0].Raw}}, nil},
		"the stronger of two digests is":         {[]TLSA{sha256of, digest(3, 1, 2, chain[0])}, []TLSA{digest(3, 1, 2, chain[0])}},
		"digests of different things both are":   {[]TLSA{sha256of, digest(3, 0, 2, chain[0])}, []TLSA{sha256of, digest(3, 0, 2, chain[0])}},
		"a digest with a strange one beside it":  {[]TLSA{sha256of, {3, 1, 7, []byte("x")}}, []TLSA{sha256of}},
		"all of something beside a digest of it": {[]TLSA{digest(3, 1, 0, chain[0]), sha256of}, []TLSA{digest(3, 1, 0, chain[0]), sha256of}},
	} {
		if got := usableTLSA(c.records); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

// secured is a Validator over a zone: what stands in secure is proven, and TLSA records stand in tlsa.
type secured struct {
	mxZone
	open  map[string]bool // "MX a.example" or "A mx.example": not proven
	alias map[string]string
	tlsa  map[string][]TLSA
	bogus map[string]bool
}

func (s secured) MX(ctx context.Context, domain string) ([]*net.MX, bool, error) {
	mxs, err := s.LookupMX(ctx, domain)
	return mxs, !s.open["MX "+domain], err
}

func (s secured) Addresses(ctx context.Context, host string) (Addresses, error) {
	addrs, err := addressesOf(ctx, s.mxZone, host)
	found := Addresses{Addrs: addrs}
	if alias := s.alias[host]; alias != "" {
		found.Bases = append(found.Bases, alias)
	}
	if !s.open["A "+host] {
		found.Bases = append(found.Bases, host)
	} else {
		found.Bases = nil
	}
	return found, err
}

func (s secured) TLSA(_ context.Context, name string) ([]TLSA, error) {
	if s.bogus[name] {
		return nil, &net.DNSError{Err: "server misbehaving: SERVFAIL", Name: name, IsTemporary: true}
	}
	return s.tlsa[name], nil
}

// TestDANE is C42 on the wire.
func TestDANE(t *testing.T) {
	ca, publicCA := newAuthority(t), newAuthority(t)
	cert, chain := ca.host(t, "mx.a.example", false)
	public, _ := publicCA.host(t, "mx.a.example", false)
	roots := x509.NewCertPool()
	roots.AddCert(publicCA.cert)
	const name = "_25._tcp.mx.a.example"
	match, mismatch := digest(3, 1, 1, chain[0]), digest(3, 1, 1, ca.cert)
	offered := []string{"STARTTLS"}
	const sealed, plain = "sealed", "plain"
	for title, c := range map[string]struct {
		tlsa  []TLSA
		bogus bool
		open  string // what is not proven
		alias string
		tls   *tls.Config
		offer []string
		mode  TLSMode
		sts   string
		want  string // sealed, plain, or what the error says
	}{
		"3 1 1 that matches":                              {tlsa: []TLSA{match}, tls: cert, offer: offered, want: sealed},
		"3 1 1 that matches is proof enough for required": {tlsa: []TLSA{match}, tls: cert, offer: offered, mode: TLSRequired, want: sealed},
		"3 1 1 that does not match":                       {tlsa: []TLSA{mismatch}, tls: cert, offer: offered, want: "no TLSA record matches the certificate (required by DANE)"},
		"3 1 1 that does not match, with a public CA":     {tlsa: []TLSA{mismatch}, tls: public, offer: offered, want: "no TLSA record matches"},
		"2 0 1 that matches":                              {tlsa: []TLSA{digest(2, 0, 1, ca.cert)}, tls: cert, offer: offered, want: sealed},
		"a record and no STARTTLS":                        {tlsa: []TLSA{match}, want: "4.7.5 TLS is required by DANE and not offered"},
		"a record and a broken handshake":                 {tlsa: []TLSA{match}, offer: offered, want: "4.7.5 TLS handshake: "},
		"TLSA is SERVFAIL":                                {bogus: true, tls: cert, offer: offered, want: "4.7.5 TLSA look-up: "},
		"no record":                                       {offer: offered, tls: cert, want: sealed},
		"no record and a broken handshake":                {offer: offered, want: plain},
		"MX is not proven":                                {tlsa: []TLSA{mismatch}, open: "MX a.example", tls: cert, offer: offered, want: sealed},
		"MX is not proven and TLSA is SERVFAIL":           {bogus: true, open: "MX a.example", want: plain},
		"the address is not proven":                       {tlsa: []TLSA{mismatch}, open: "A mx.a.example", tls: cert, offer: offered, want: sealed},
		"records of no use ask for TLS":                   {tlsa: []TLSA{digest(1, 1, 1, ca.cert)}, want: "4.7.5 TLS is required by DANE and not offered"},
		"records of no use ask for no proof":              {tlsa: []TLSA{digest(1, 1, 1, ca.cert)}, tls: cert, offer: offered, want: sealed},
		"records of no use leave required as it is":       {tlsa: []TLSA{digest(1, 1, 1, ca.cert)}, tls: cert, offer: offered, mode: TLSRequired, want: "required by the configuration"},
		"records of no use leave a policy as it is":       {tlsa: []TLSA{digest(1, 1, 1, ca.cert)}, tls: cert, offer: offered, sts: stsText("enforce", "mx.a.example"), want: "required by the domain's MTA-STS policy"},
		"DANE fails and the policy would not":             {tlsa: []TLSA{mismatch}, tls: public, offer: offered, sts: stsText("enforce", "mx.a.example"), want: "required by DANE"},
		"DANE passes and the policy would not":            {tlsa: []TLSA{match}, tls: cert, offer: offered, sts: stsText("enforce", "other.example"), want: sealed},
		"no record, and the policy decides":               {tls: cert, offer: offered, sts: stsText("enforce", "mx.a.example"), want: "required by the domain's MTA-STS policy"},
		"no record, and the policy is met":                {tls: public, offer: offered, sts: stsText("enforce", "mx.a.example"), want: sealed},
		"an alias has the records":                        {alias: "real.example", tlsa: []TLSA{mismatch}, tls: cert, offer: offered, want: sealed},
		"the configuration has no TLS":                    {tlsa: []TLSA{match}, mode: TLSNone, tls: cert, offer: offered, want: plain},
	} {
		t.Run(title, func(t *testing.T) {
			peer := &mailtest.Peer{TLS: c.tls, Keywords: c.offer}
			zone := map[string][]string{"MX a.example": {"10 mx.a.example"}, "A mx.a.example": {"192.0.2.1"}}
			if c.sts != "" {
				zone["TXT _mta-sts.a.example"] = []string{"v=STSv1; id=1"}
			}
			m := exchange(zone, mailtest.Net{"192.0.2.1:25": peer})
			m.Validator = secured{mxZone: newMXZone(zone), open: map[string]bool{c.open: true}, alias: map[string]string{"mx.a.example": c.alias},
				tlsa: map[string][]TLSA{name: c.tlsa, "_25._tcp.real.example": {match}}, bogus: map[string]bool{name: c.bogus}}
			m.TLS, m.Roots = c.mode, roots
			m.STS = &MTASTS{Resolver: m.Resolver, HTTP: &web{bodies: map[string]string{stsURL: c.sts}}}
			var log bytes.Buffer
			m.Log = slog.New(slog.NewTextHandler(&log, nil))
			err := deliver(t, m, "a.example")
			switch mails := peer.Mails(); {
			case c.want != sealed && c.want != plain:
				if err == nil || !strings.Contains(err.Error(), c.want) || len(mails) > 0 {
					t.Errorf("%v and %d mails, want %s", err, len(mails), c.want)
				}
				if !strings.Contains(log.String(), "mx host not used") && c.mode == "" {
					t.Errorf("log %q", &log)
				}
			case err != nil:
				t.Error(err)
			case mails[0].TLS != (c.want == sealed):
				t.Errorf("TLS %v", mails[0].TLS)
			}
		})
	}
}
