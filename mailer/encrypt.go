package mailer

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
)

// TLSMode says how connections to next hops are encrypted.
type TLSMode string

// The modes.
const (
	TLSNone          TLSMode = "none"          // never
	TLSOpportunistic TLSMode = "opportunistic" // when offered, with any certificate; in the clear when that fails (RFC 7435)
	TLSRequired      TLSMode = "required"      // with a certificate that is valid for the host's name, or not at all
)

// security is what a session must have before mail goes over it. The zero value is a session in the clear.
type security struct {
	ask   bool     // STARTTLS where it is offered
	must  bool     // no mail in the clear
	prove bool     // no mail to a peer that did not prove to be who was meant
	names []string // who that is: the certificate has to be for one of them; the peer is asked for the first
	tlsa  []TLSA   // usable records (RFC 7672), which then decide instead of the certificate authorities
	by    string   // on whose behalf must and prove are set
}

// security is what a mode asks for by itself.
func (mode TLSMode) security(names ...string) security {
	switch mode {
	case TLSNone:
		return security{}
	case TLSRequired:
		return security{ask: true, must: true, prove: true, names: names, by: "the configuration"}
	default:
		return security{ask: true, names: names}
	}
}

// handshakeError is a session that came to nothing between STARTTLS and the EHLO behind it: nothing is known about the connection any more.
type handshakeError struct{ err error }

func (e *handshakeError) Error() string { return "4.7.5 TLS handshake: " + e.err.Error() }
func (e *handshakeError) Unwrap() error { return e.err }

// encrypt brings TLS up where security and the peer want it. verified is true when the peer proved to be who was meant.
func (a *approach) encrypt(ctx context.Context, c *client) (verified bool, err error) {
	switch {
	case !a.ask, !c.ext.startTLS && !a.must:
		return false, nil
	case !c.ext.startTLS:
		return false, fmt.Errorf("4.7.5 TLS is required by %s and not offered", a.by)
	}
	if err := c.command(c.wait.Command, "STARTTLS"); err != nil {
		return false, c.failure("STARTTLS", err)
	}
	if c.resp.class() != 2 {
		if a.must {
			return false, c.failure("STARTTLS", nil)
		}
		return false, nil
	}
	if c.in.Buffered() > 0 {
		// Octets in the clear behind the reply would pass for octets of the TLS session (CVE-2011-0411).
		return false, errors.New("4.7.5 more than a reply to STARTTLS")
	}
	conn := tls.Client(c.conn, &tls.Config{
		ServerName: a.names[0],
		MinVersion: tls.VersionTLS12,
		// VerifyConnection does the check: by other rules with TLSA records, and where nothing depends on it for its result alone.
		InsecureSkipVerify: true,
		VerifyConnection: func(state tls.ConnectionState) error {
			err := a.verify(state.PeerCertificates)
			if verified = err == nil; a.prove && err != nil {
				return fmt.Errorf("%w (required by %s)", err, a.by)
			}
			return nil
		},
	})
	handshake, cancel := context.WithTimeout(ctx, c.wait.Connect)
	defer cancel()
	if err := conn.HandshakeContext(handshake); err != nil {
		return false, &handshakeError{err}
	}
	c.use(conn)
	if err := c.hello(a.hostname); err != nil {
		if c.resp.code == 0 {
			// With TLS 1.3 the peer may find fault with the handshake when it is over for us.
			err = &handshakeError{err}
		}
		return false, err
	}
	return verified, nil
}

// verify checks what the peer presented.
func (a *approach) verify(chain []*x509.Certificate) error {
	if len(chain) == 0 {
		return errors.New("no certificate")
	}
	if len(a.tlsa) > 0 {
		return matchTLSA(a.tlsa, chain, a.names)
	}
	return verifyChain(chain, a.roots, a.names)
}

// verifyChain checks a certificate chain up to roots, and that it is for one of the names. The names are not taken from the TLS session, which
// has none where an IP address was meant.
func verifyChain(chain []*x509.Certificate, roots *x509.CertPool, names []string) error {
	between := x509.NewCertPool()
	for _, cert := range chain[1:] {
		between.AddCert(cert)
	}
	if _, err := chain[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: between}); err != nil {
		return err
	}
	err := errors.New("no name to check the certificate for")
	for _, name := range names {
		if err = chain[0].VerifyHostname(name); err == nil {
			return nil
		}
	}
	return err
}
