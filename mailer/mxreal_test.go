package mailer

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"convene/mailer/mailtest"
)

// TestRealServers delivers by MX to Postfix and to Exim as they come, over STARTTLS with certificates that are checked. Each of them hands what it
// took to a sink by LMTP, where it can be looked at. Postfix needs root; Exim is $CONVENE_EXIM, or what the PATH has.
func TestRealServers(t *testing.T) {
	if testing.Short() {
		t.Skip("starting Postfix takes seconds")
	}
	for name, begin := range map[string]func(t *testing.T, site *realSite) func(ctx context.Context) (net.Conn, error){
		"Postfix": beginPostfix, "Exim": beginExim,
	} {
		t.Run(name, func(t *testing.T) {
			site := newRealSite(t)
			connect := begin(t, site)
			m := exchange(map[string][]string{"MX a.test": {"10 dead.a.test", "20 mx.a.test"}, "A dead.a.test": {"192.0.2.1"}, "A mx.a.test": {"127.0.0.1"}}, nil)
			m.AllowLoopback, m.TLS, m.Roots = true, TLSRequired, site.roots
			m.Connect = func(ctx context.Context, host string, _ netip.AddrPort) (net.Conn, error) {
				if host == "mx.a.test" {
					return connect(ctx)
				}
				return mailtest.Net{}.Connect(ctx, host)
			}
			m.Validator = secured{mxZone: m.Resolver.(mxZone), tlsa: map[string][]TLSA{"_25._tcp.mx.a.test": {digest(2, 1, 1, site.authority)}}}
			conn, err := m.Dial(t.Context(), m.Hop("a.test"))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Abort()
			const count = 3
			for i := range count {
				verdicts := make([]Verdict, 3)
				content := NewContent(fmt.Appendf(nil, "Subject: %d\r\nFrom: Ann <ann@author.example>\r\nMessage-ID: <%d@lists.example.org>\r\n\r\n.dot\r\n..\r\nend %d\r\n", i, i, i))
				err := conn.Send(&Transaction{From: "dev+bounce@lists.example.org", To: []string{"bob@a.test", "eve@elsewhere.test", "cat@a.test"},
					Head: []byte("List-Id: <dev.lists.example.org>\r\n"), Content: content}, nil, verdicts)
				if err != nil || verdicts[0].Fate != Accepted || verdicts[1].Fate != Never || verdicts[2].Fate != Accepted {
					t.Fatalf("%+v, %v", verdicts, err)
				}
				t.Logf("%s", verdicts[0].Status)
			}
			conn.Quit()
			site.check(t, count)
		})
	}
}

// realSite is what a real server is given: a certificate for mx.a.test, a folder, and a sink that speaks LMTP.
type realSite struct {
	dir       string
	roots     *x509.CertPool
	authority *x509.Certificate
	sink      *mailtest.Peer
	sinkPort  string
	over      chan struct{} // once for each connection to the sink that ended
}

func newRealSite(t *testing.T) *realSite {
	t.Helper()
	// Not t.TempDir: the servers' own users have to get in.
	dir, err := os.MkdirTemp("", "convene-mx")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	ca := newAuthority(t)
	config, chain := ca.host(t, "mx.a.test", false)
	key, err := x509.MarshalPKCS8PrivateKey(config.Certificates[0].PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	var certs []byte
	for _, cert := range chain {
		certs = append(certs, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw})...)
	}
	s := &realSite{dir: dir, roots: x509.NewCertPool(), authority: ca.cert, sink: &mailtest.Peer{Keywords: []string{"PIPELINING", "8BITMIME"}}, over: make(chan struct{}, 100)}
	s.roots.AddCert(ca.cert)
	s.write(t, "cert.pem", string(certs))
	s.write(t, "key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Skip("no loopback:", err)
	}
	t.Cleanup(func() { l.Close() })
	_, s.sinkPort, _ = net.SplitHostPort(l.Addr().String())
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				s.sink.Serve(conn)
				s.over <- struct{}{}
			}()
		}
	}()
	return s
}

func (s *realSite) write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(s.dir, name)
	// Readable by the servers' users; a key that lives for a minute.
	if err := os.WriteFile(path, []byte(strings.NewReplacer("DIR", s.dir, "SINK", s.sinkPort).Replace(text)), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// check waits for what the server hands to the sink, for two minutes at most, and looks at it.
func (s *realSite) check(t *testing.T, count int) {
	t.Helper()
	limit := time.NewTimer(2 * time.Minute)
	defer limit.Stop()
	for s.sink.Recipients() < 2*count {
		select {
		case <-s.over:
		case <-limit.C:
			t.Fatalf("%d recipients of %d: %s", s.sink.Recipients(), 2*count, s.logs())
		}
	}
	for _, m := range s.sink.Mails() {
		head, body, _ := bytes.Cut(m.Content, []byte("\r\n\r\n"))
		sealed := bytes.Contains(head, []byte("using TLSv1.3 with cipher")) || bytes.Contains(head, []byte("(TLS1.3)")) // as Postfix and Exim put it
		if !sealed || !bytes.Contains(head, []byte("List-Id: <dev.lists.example.org>\r\n")) || !bytes.HasPrefix(body, []byte(".dot\r\n..\r\nend ")) {
			t.Errorf("took\n%s", m.Content)
		}
		t.Logf("%v\n%s", m.To, head)
	}
}

// logs is what the server wrote, for a test that fails.
func (s *realSite) logs() string {
	var all strings.Builder
	for _, pattern := range []string{"*log", "spool/*log"} {
		paths, _ := filepath.Glob(filepath.Join(s.dir, pattern)) // the pattern is well-formed
		for _, path := range paths {
			text, err := os.ReadFile(path)
			fmt.Fprintf(&all, "%s: %v\n%s", path, err, text)
		}
	}
	return all.String()
}
