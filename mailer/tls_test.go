package mailer

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// writeCertificate makes a certificate with a serial number, so that a test knows which one it gets.
func writeCertificate(t *testing.T, dir string, serial int64) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "mx"}, DNSNames: []string{"mx.lists.example.org"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<32, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for name, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: keyDER}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		// Two files written within a tick of the file system's clock must not look alike.
		if err := os.Chtimes(name, time.Time{}, time.Unix(1e9+serial, 0)); err != nil {
			t.Fatal(err)
		}
	}
	return certFile, keyFile
}

func (p *peer) startTLS(t *testing.T) {
	t.Helper()
	c := tls.Client(p.conn, &tls.Config{InsecureSkipVerify: true})
	if err := c.Handshake(); err != nil {
		t.Fatal(err)
	}
	p.conn = c
	p.r.Reset(c)
}

// TestSTARTTLS is S31.
func TestSTARTTLS(t *testing.T) {
	certs, err := LoadCertificates(first(writeCertificate(t, t.TempDir(), 1)))
	if err != nil {
		t.Fatal(err)
	}
	secure := func(c *ServerConfig) { c.TLS = certs.TLSConfig() }
	t.Run("everything said before is forgotten", func(t *testing.T) {
		s := newSite(t, &inbox{}, secure)
		p := s.dial(t, "192.0.2.1")
		p.play(`
			<- 220…
			-> EHLO x
			<- 250-mx.lists.example.org/250-PIPELINING/250-SIZE 1000000/250-8BITMIME/250-SMTPUTF8/250-ENHANCEDSTATUSCODES/250-CHUNKING/250-LIMITS RCPTMAX=100/250 STARTTLS
			-> STARTTLS now
			<- 501 5.5.4…
			-> MAIL FROM:<a@b.example>
			<- 250…
			-> RCPT TO:<dev@lists.example.org>
			<- 250…
			-> STARTTLS
			<- 220 2.0.0…`)
		p.startTLS(t)
		p.play(`
			-> RCPT TO:<dev@lists.example.org>
			<- 503 5.5.1…
			-> DATA
			<- 503 5.5.1…
			-> MAIL FROM:<a@b.example>
			<- 503 5.5.1…
			-> EHLO y
			<- 250-mx.lists.example.org/250-PIPELINING/250-SIZE 1000000/250-8BITMIME/250-SMTPUTF8/250-ENHANCEDSTATUSCODES/250-CHUNKING/250 LIMITS RCPTMAX=100
			-> STARTTLS
			<- 503 5.5.1…
			-> MAIL FROM:<a@b.example>
			<- 250…
			-> RCPT TO:<dev@lists.example.org>
			<- 250…
			-> DATA
			<- 354…
			=> x\r\n.\r\n
			<- 250…
			-> QUIT
			<- 221…`)
		if in := s.messages(); len(in) != 1 || in[0].Protocol != "ESMTPS" || in[0].Helo != "y" {
			t.Errorf("got %+v", in)
		}
	})
	t.Run("what was injected in plain text is never answered", func(t *testing.T) {
		s := newSite(t, &inbox{}, secure)
		p := s.dial(t, "192.0.2.1")
		p.play("<- 220…\n-> EHLO x\n<- 250-…")
		p.send("STARTTLS\r\nEHLO evil\r\nMAIL FROM:<evil@x.example>\r\n")
		p.play("<- 220 2.0.0…")
		p.startTLS(t)
		p.play("-> NOOP\n<- 250 2.0.0 OK\n-> RCPT TO:<dev@lists.example.org>\n<- 503 5.5.1…")
		if s.Busy() != 0 {
			t.Error("a transaction is open")
		}
	})
	t.Run("a handshake that is none ends the session", func(t *testing.T) {
		s := newSite(t, &inbox{}, secure)
		p := s.dial(t, "192.0.2.1")
		p.play("<- 220…\n-> EHLO x\n<- 250-…\n-> STARTTLS\n<- 220…\n-> EHLO x")
		if said := p.rest(); strings.Contains(said, "250") {
			t.Errorf("said %q", said)
		}
	})
}

// first fits what writeCertificate returns to LoadCertificates.
func first(certFile, keyFile string) (string, string, *slog.Logger) {
	return certFile, keyFile, slog.New(slog.DiscardHandler)
}

func TestCertificatesAreReadAgain(t *testing.T) {
	dir := t.TempDir()
	var log bytes.Buffer
	certFile, keyFile := writeCertificate(t, dir, 1)
	c, err := LoadCertificates(certFile, keyFile, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	serial := func() int64 {
		t.Helper()
		pair, err := c.GetCertificate(nil)
		if err != nil {
			t.Fatal(err)
		}
		return pair.Leaf.SerialNumber.Int64()
	}
	if n := serial(); n != 1 {
		t.Fatalf("certificate %d, want 1", n)
	}
	writeCertificate(t, dir, 2)
	if n := serial(); n != 2 {
		t.Errorf("after the files changed: certificate %d, want 2", n)
	}
	if err := os.WriteFile(certFile, []byte("half a"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if n := serial(); n != 2 {
			t.Errorf("with a broken file: certificate %d, want 2", n)
		}
	}
	if n := strings.Count(log.String(), "not usable"); n != 1 {
		t.Errorf("the broken file was logged %d times, want once: %s", n, &log)
	}
	if err := c.Reload(); err == nil {
		t.Error("Reload took a broken file")
	}
	writeCertificate(t, dir, 3)
	if err := c.Reload(); err != nil {
		t.Error(err)
	}
	if n := serial(); n != 3 {
		t.Errorf("after Reload: certificate %d, want 3", n)
	}
	if _, err := LoadCertificates(certFile, filepath.Join(dir, "none"), nil); err == nil {
		t.Error("a missing key was taken")
	}
}
