package imap

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"
)

func certificate(t testing.TB) tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}, &x509.Certificate{}, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// elsewhere is a listener whose clients come from another machine.
type elsewhere struct{ net.Listener }

type far struct{ net.Conn }

func (l elsewhere) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return far{c}, err
}

func (far) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 9} }

func (h *house) serveElsewhere(implicit bool) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	h.check(err)
	go h.server.Serve(elsewhere{l}, implicit)
	return l.Addr().String()
}

func TestTLS(t *testing.T) {
	h := newHouse(t)
	h.tls = &tls.Config{Certificates: []tls.Certificate{certificate(t)}}
	trusting := &tls.Config{InsecureSkipVerify: true}
	h.at = h.serveElsewhere(false)
	c := h.dial()
	c.has("CAPABILITY", "LOGINDISABLED STARTTLS")
	c.no("LOGIN anonymous x", "NO [PRIVACYREQUIRED]")
	c.no("AUTHENTICATE PLAIN", "NO [PRIVACYREQUIRED]")
	c.ok("STARTTLS")
	under := tls.Client(c.Conn, trusting)
	h.check(under.Handshake())
	c.Conn = under
	c.in.Reset(under)
	c.has("CAPABILITY", "AUTH=PLAIN")
	c.no("STARTTLS", "BAD")
	c.ok("LOGIN anonymous x")
	c.ok("EXAMINE INBOX")
	injected := h.dial()
	fmt.Fprint(injected, "a STARTTLS\r\nb LOGIN anonymous x\r\n")
	injected.wants("a BAD Something was sent behind STARTTLS")
	injected.wants("* BYE Wait for the answer")

	at := h.serveElsewhere(true)
	conn, err := tls.Dial("tcp", at, trusting)
	h.check(err)
	defer conn.Close()
	p := make([]byte, 200)
	n, err := conn.Read(p)
	if err != nil || !strings.Contains(string(p[:n]), "AUTH=PLAIN") || strings.Contains(string(p[:n]), "STARTTLS") {
		t.Errorf("under TLS the greeting is %q, %v", p[:n], err)
	}
	plain, err := net.Dial("tcp", at)
	h.check(err)
	defer plain.Close()
	fmt.Fprint(plain, "a NOOP\r\n")
	h.check(plain.SetDeadline(time.Now().Add(20 * time.Second)))
	if rest, err := io.ReadAll(plain); err == nil && bytes.Contains(rest, []byte("OK")) {
		t.Errorf("without TLS it says %q", rest)
	}
}
