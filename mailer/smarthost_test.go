package mailer

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/big"
	"net"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"convene/mailer/mailtest"
)

// addressCertificate makes a self-signed certificate for an IP address.
func addressCertificate(t *testing.T, ip string) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.ParseIP(ip)}, NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, pool
}

// TestCertificateOfAnAddress is for hops that are written as addresses: TLS sends no server name for them, and the certificate has to be
// checked for the address all the same.
func TestCertificateOfAnAddress(t *testing.T) {
	right, rightPool := addressCertificate(t, "192.0.2.1")
	wrong, wrongPool := addressCertificate(t, "192.0.2.2")
	named, namedPool := certificate(t, "peer.example")
	for name, c := range map[string]struct {
		cert *tls.Config
		pool *x509.CertPool
		want bool
	}{"its own": {right, rightPool, true}, "another's": {wrong, wrongPool, false}, "a name's": {named, namedPool, false}} {
		p := &mailtest.Peer{TLS: c.cert, Keywords: []string{"STARTTLS", "AUTH PLAIN"}}
		s := &SMTP{Hostname: "lists.example.org", Smarthost: "192.0.2.1:25", Username: "u", Password: "p", Roots: c.pool, TLS: TLSRequired,
			Connect: mailtest.Net{"192.0.2.1:25": p}.Connect}
		if err := deliver(t, s, "192.0.2.1:25"); (err == nil) != c.want {
			t.Errorf("%s: %v", name, err)
		}
		s.TLS = TLSOpportunistic
		if err := deliver(t, s, "192.0.2.1:25"); (err == nil) != c.want || err != nil && !errors.Is(err, ErrCredentials) {
			t.Errorf("%s, opportunistic: %v", name, err)
		}
	}
}

// TestAuthLogin is for hosters that offer nothing else.
func TestAuthLogin(t *testing.T) {
	cert, pool := certificate(t, "peer.example")
	ask := mailtest.Rule{Verb: "AUTH", Say: "334 VXNlcm5hbWU6"}
	user := mailtest.Rule{Verb: "dXNlcg==", Say: "334 UGFzc3dvcmQ6"}
	all := []string{"AUTH LOGIN", "dXNlcg==", "c2VjcmV0"}
	for name, c := range map[string]struct {
		keyword string
		rules   []mailtest.Rule
		said    []string
		frozen  bool
		fails   bool
	}{
		"taken":                          {"AUTH LOGIN", []mailtest.Rule{ask, user, {Verb: "c2VjcmV0", Say: "235 2.7.0 welcome"}}, all, false, false},
		"PLAIN is preferred":             {"AUTH LOGIN PLAIN", nil, []string{"AUTH PLAIN AHVzZXIAc2VjcmV0"}, false, false},
		"the password is wrong":          {"AUTH LOGIN", []mailtest.Rule{ask, user, {Verb: "c2VjcmV0", Say: "535 5.7.3 no"}}, all, true, true},
		"the user is wrong":              {"AUTH LOGIN", []mailtest.Rule{ask, {Verb: "dXNlcg==", Say: "535 5.7.3 no"}}, all[:2], true, true},
		"the mechanism is refused":       {"AUTH LOGIN", []mailtest.Rule{{Verb: "AUTH", Say: "504 5.5.4 no"}}, all[:1], true, true},
		"not today":                      {"AUTH LOGIN", []mailtest.Rule{ask, user, {Verb: "c2VjcmV0", Say: "454 4.7.0 later"}}, all, false, true},
		"the password is not waited for": {"AUTH LOGIN", []mailtest.Rule{ask, {Verb: "dXNlcg==", Say: "235 2.7.0 welcome"}}, all[:2], false, true},
	} {
		t.Run(name, func(t *testing.T) {
			p := &mailtest.Peer{TLS: cert, Keywords: []string{"STARTTLS", c.keyword}, Rules: c.rules}
			_, err := dial(t, p, func(s *SMTP) { s.Roots, s.Username, s.Password = pool, "user", "secret" })
			if (err != nil) != c.fails || errors.Is(err, ErrCredentials) != c.frozen {
				t.Errorf("%v", err)
			}
			if said := p.Commands()[3:]; !reflect.DeepEqual(said, c.said) {
				t.Errorf("said %q, want %q", said, c.said)
			}
		})
	}
}

func TestLMTPHops(t *testing.T) {
	cert, pool := certificate(t, "store.example")
	socket := filepath.Join(t.TempDir(), "lmtp")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Skip("no Unix sockets:", err)
	}
	defer l.Close()
	local := &mailtest.Peer{Keywords: []string{"PIPELINING", "STARTTLS"}}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go local.Serve(conn)
		}
	}()
	far := &mailtest.Peer{TLS: cert, Keywords: []string{"STARTTLS"}}
	s := &SMTP{Hostname: "lists.example.org", Smarthost: "lmtp:" + socket, TLS: TLSRequired, Roots: pool}
	if err := deliver(t, s, s.Hop("a.example")); err != nil {
		t.Fatal(err)
	}
	s.Connect = mailtest.Net{"lmtp:store.example:24": far}.Connect
	r := &Routes{Next: map[string]string{"b.example": "lmtp:store.example:24"}, SMTP: s, Rest: s}
	if err := deliver(t, r, r.Hop("b.example")); err != nil {
		t.Fatal(err)
	}
	for p, sealed := range map[*mailtest.Peer]bool{local: false, far: true} {
		if c := p.Commands(); c[0] != "LHLO lists.example.org" || len(p.Mails()) != 1 || p.Mails()[0].TLS != sealed {
			t.Errorf("%q, TLS %v", c, p.Mails())
		}
	}
}

func TestPlaces(t *testing.T) {
	for hop, want := range map[string]place{
		"10.0.0.5:25":         {"tcp", "10.0.0.5:25", "10.0.0.5", false},
		"mail.example.:587":   {"tcp", "mail.example.:587", "mail.example", false},
		"[2001:db8::1]:25":    {"tcp", "[2001:db8::1]:25", "2001:db8::1", false},
		"lmtp:[::1]:24":       {"tcp", "[::1]:24", "::1", true},
		"lmtp:localhost:24":   {"tcp", "localhost:24", "localhost", true},
		"lmtp:/run/lmtp.sock": {"unix", "/run/lmtp.sock", "", true},
	} {
		if got := placeOf(hop); got != want {
			t.Errorf("%s: %+v, want %+v", hop, got, want)
		}
	}
}

// TestPlainIsRemembered: a hop whose TLS is broken is not asked for it at each connection, and is asked again in an hour.
func TestPlainIsRemembered(t *testing.T) {
	now := time.Unix(1e9, 0)
	p := &mailtest.Peer{Keywords: []string{"STARTTLS"}}
	s := &SMTP{Hostname: "h.example", Smarthost: "p:25", Connect: mailtest.Net{"p:25": p}.Connect, Now: func() time.Time { return now }}
	for i, want := range []int{2, 3, 4} {
		if err := deliver(t, s, "p:25"); err != nil || p.Dials() != want {
			t.Errorf("mail %d: %v, %d connections, want %d", i, err, p.Dials(), want)
		}
	}
	now = now.Add(plainFor)
	if err := deliver(t, s, "p:25"); err != nil || p.Dials() != 6 {
		t.Errorf("after an hour: %v, %d connections", err, p.Dials())
	}
	s.TLS = TLSRequired
	if err := deliver(t, s, "p:25"); err == nil {
		t.Error("required was content with what was remembered")
	}
}

// TestHandshakeThatFailsBehindIt: with TLS 1.3 a client can be through with the handshake when the server finds fault with it.
func TestHandshakeThatFailsBehindIt(t *testing.T) {
	cert, _ := certificate(t, "p")
	cert.ClientAuth = tls.RequireAnyClientCert
	p := &mailtest.Peer{TLS: cert, Keywords: []string{"STARTTLS"}}
	s := &SMTP{Hostname: "h.example", Smarthost: "p:25", Connect: mailtest.Net{"p:25": p}.Connect}
	if err := deliver(t, s, "p:25"); err != nil || p.Dials() != 2 || p.Mails()[0].TLS {
		t.Errorf("%v after %d connections", err, p.Dials())
	}
}

// TestRefusedSTARTTLS: what is offered and then not given must not end in the clear where that is not wanted.
func TestRefusedSTARTTLS(t *testing.T) {
	for mode, want := range map[TLSMode]bool{TLSRequired: false, TLSOpportunistic: true, "": true} {
		for _, code := range []string{"454 4.7.0 not now", "501 5.5.4 what?"} {
			p := &mailtest.Peer{Keywords: []string{"STARTTLS"}, Rules: []mailtest.Rule{{Verb: "STARTTLS", Say: code}}}
			s := &SMTP{Hostname: "h.example", Smarthost: "p:25", TLS: mode, Connect: mailtest.Net{"p:25": p}.Connect}
			if err := deliver(t, s, "p:25"); (err == nil) != want || len(p.Mails()) > 0 != want {
				t.Errorf("%s after %s: %v", mode, code, err)
			}
		}
	}
}

func TestExpiring(t *testing.T) {
	var e expiring[int]
	at := time.Unix(1e9, 0)
	if _, ok := e.get("a", at); ok {
		t.Error("something is there")
	}
	e.put("a", 1, at, at.Add(time.Minute))
	e.put("a", 2, at, at.Add(time.Hour))
	if v, ok := e.get("a", at.Add(time.Hour-1)); !ok || v != 2 {
		t.Errorf("got %d, %v", v, ok)
	}
	if _, ok := e.get("a", at.Add(time.Hour)); ok || len(e.entries) != 0 {
		t.Error("what is over is still there")
	}
	for i := range 3 * expiringMost {
		e.put(string(rune(i))+"x", i, at, at.Add(time.Duration(i)*time.Second))
	}
	if n := len(e.entries); n > expiringMost || n < expiringMost*9/10 {
		t.Errorf("%d entries", n)
	}
	e.put("late", 1, at.Add(1e6*time.Second), at.Add(2e6*time.Second))
	if _, ok := e.get("late", at.Add(1e6*time.Second)); !ok {
		t.Error("what was put last is not there")
	}
}
