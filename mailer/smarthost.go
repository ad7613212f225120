package mailer

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"
)

// TLSMode says how connections to next hops are encrypted.
type TLSMode string

// The modes.
const (
	TLSNone          TLSMode = "none"          // never
	TLSOpportunistic TLSMode = "opportunistic" // when offered, with any certificate; in the clear when that fails (RFC 7435)
	TLSRequired      TLSMode = "required"      // with a certificate that is valid for the hop's name, or not at all
)

// SMTP is the Transport to a mail server that takes everything, and to the hosts of Routes. It must not be changed once it is used.
type SMTP struct {
	// Hostname is what EHLO says.
	Hostname string
	// Smarthost is the host:port that takes every domain.
	Smarthost string
	// Username and Password are for the Smarthost alone; an empty Username is no authentication. They are sent by AUTH PLAIN (RFC 4616)
	// over TLS with a valid certificate, and never otherwise.
	Username, Password string
	// TLS is the mode; empty means TLSOpportunistic.
	TLS TLSMode
	// Roots are who may sign certificates; nil means whom the system trusts.
	Roots *x509.CertPool
	// Timeouts bound what a peer may make us wait.
	Timeouts Timeouts
	// Connect makes the connection; nil is a TCP connection by the system's resolver.
	Connect func(ctx context.Context, hop string) (net.Conn, error)

	mu sync.Mutex
	// plain holds the hops whose TLS failed, and when: they are spoken to in the clear for plainFor.
	plain map[string]time.Time
}

// plainFor is how long a hop whose TLS handshake failed is spoken to in the clear, in opportunistic mode.
const plainFor = time.Hour

// Hop implements Transport: it is the Smarthost for every domain.
func (s *SMTP) Hop(string) string { return s.Smarthost }

// Dial implements Transport. In opportunistic mode a failed handshake is followed at once by a second connection in the clear, since what
// was negotiated on the first cannot be known.
func (s *SMTP) Dial(ctx context.Context, hop string) (Conn, error) {
	c, err := s.session(ctx, hop)
	var handshake *handshakeError
	if errors.As(err, &handshake) && s.TLS != TLSRequired && !s.authenticates(hop) {
		s.mu.Lock()
		if s.plain == nil {
			s.plain = map[string]time.Time{}
		}
		s.plain[hop] = time.Now()
		s.mu.Unlock()
		c, err = s.session(ctx, hop)
	}
	if err != nil {
		return nil, fmt.Errorf("mailer: hop %s: %w", hop, err)
	}
	return c, nil
}

func (s *SMTP) authenticates(hop string) bool { return s.Username != "" && hop == s.Smarthost }

// wantsTLS says whether STARTTLS is used with this hop when it is offered.
func (s *SMTP) wantsTLS(hop string) bool {
	if s.TLS == TLSNone {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	failed, ok := s.plain[hop]
	if ok && time.Since(failed) > plainFor {
		delete(s.plain, hop)
		ok = false
	}
	return !ok
}

// session makes one connection and brings it to where MAIL can be said.
func (s *SMTP) session(ctx context.Context, hop string) (c *client, err error) {
	wait := s.Timeouts.withDefaults()
	conn, err := s.connect(ctx, hop, wait.Connect)
	if err != nil {
		return nil, fmt.Errorf("4.4.1 no connection: %w", err)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		// The default of package net, said here because an engine that waits for delayed acknowledgements sends 25 messages a second.
		_ = tcp.SetNoDelay(true)
	}
	c = newClient(conn, wait)
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer func() {
		if !stop() && err == nil {
			err = ctx.Err()
		}
		if err != nil {
			conn.Close()
			c = nil
		}
	}()
	if err := c.greet(); err != nil {
		return nil, err
	}
	if err := c.hello(s.Hostname); err != nil {
		return nil, err
	}
	verified, err := s.encrypt(ctx, c, hop)
	if err != nil {
		return nil, err
	}
	if s.authenticates(hop) {
		return c, s.authenticate(c, verified)
	}
	return c, nil
}

func (s *SMTP) connect(ctx context.Context, hop string, wait time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	if s.Connect != nil {
		return s.Connect(ctx, hop)
	}
	var d net.Dialer
	return d.DialContext(ctx, "tcp", hop)
}

// handshakeError is a TLS handshake that failed: nothing is known about the connection any more.
type handshakeError struct{ err error }

func (e *handshakeError) Error() string { return "4.7.5 TLS handshake: " + e.err.Error() }
func (e *handshakeError) Unwrap() error { return e.err }

// encrypt brings TLS up where the mode and the peer want it. verified is true when the peer proved to be the hop that was meant.
func (s *SMTP) encrypt(ctx context.Context, c *client, hop string) (verified bool, err error) {
	required := s.TLS == TLSRequired
	if !required && !(s.wantsTLS(hop) && c.ext.startTLS) {
		return false, nil
	}
	if !c.ext.startTLS {
		return false, errors.New("4.7.5 TLS is required and not offered")
	}
	if err := c.command(c.wait.Command, "STARTTLS"); err != nil {
		return false, c.failure("STARTTLS", err)
	}
	if c.resp.class() != 2 {
		if required {
			return false, c.failure("STARTTLS", nil)
		}
		return false, nil
	}
	if c.in.Buffered() > 0 {
		// Octets in the clear behind the reply would pass for octets of the TLS session (CVE-2011-0411).
		return false, errors.New("4.7.5 more than a reply to STARTTLS")
	}
	name, _, err := net.SplitHostPort(hop)
	if err != nil {
		name = hop
	}
	conn := tls.Client(c.conn, &tls.Config{
		ServerName: strings.TrimSuffix(name, "."),
		MinVersion: tls.VersionTLS12,
		// VerifyConnection does the same check, and in opportunistic mode its result decides about credentials only.
		InsecureSkipVerify: true,
		VerifyConnection: func(state tls.ConnectionState) error {
			err := s.verify(state)
			if verified = err == nil; required {
				return err
			}
			return nil
		},
	})
	ctx, cancel := context.WithTimeout(ctx, c.wait.Connect)
	defer cancel()
	if err := conn.HandshakeContext(ctx); err != nil {
		return false, &handshakeError{err}
	}
	c.use(conn)
	return verified, c.hello(s.Hostname)
}

// verify checks the certificate chain and the name.
func (s *SMTP) verify(state tls.ConnectionState) error {
	if len(state.PeerCertificates) == 0 {
		return errors.New("no certificate")
	}
	between := x509.NewCertPool()
	for _, cert := range state.PeerCertificates[1:] {
		between.AddCert(cert)
	}
	_, err := state.PeerCertificates[0].Verify(x509.VerifyOptions{DNSName: state.ServerName, Roots: s.Roots, Intermediates: between})
	return err
}

// authenticate says who we are. That a peer refuses us for good, or that it would have to be told in the clear, is for a person to mend.
func (s *SMTP) authenticate(c *client, verified bool) error {
	if !verified {
		return fmt.Errorf("4.7.5 %w are not sent without TLS and a valid certificate", ErrCredentials)
	}
	if !c.ext.authPlain {
		return fmt.Errorf("4.7.0 %w: the hop does not offer AUTH PLAIN", ErrCredentials)
	}
	secret := base64.StdEncoding.EncodeToString([]byte("\x00" + s.Username + "\x00" + s.Password))
	if err := c.command(c.wait.Command, "AUTH PLAIN "+secret); err != nil {
		return c.failure("AUTH", err)
	}
	switch c.resp.class() {
	case 2:
		return nil
	case 5:
		return c.failure("AUTH", ErrCredentials)
	default:
		return c.failure("AUTH", nil)
	}
}
