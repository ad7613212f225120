package mailer

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/big"
	"net"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"convene/mailer/mailtest"
)

// recorder keeps the writes of a client, and counts its reads.
type recorder struct {
	net.Conn
	mu     sync.Mutex
	writes [][]byte
	reads  int // only good when the client is at rest
}

func (r *recorder) Read(b []byte) (int, error) {
	r.reads++
	return r.Conn.Read(b)
}

func (r *recorder) Write(b []byte) (int, error) {
	r.mu.Lock()
	r.writes = append(r.writes, bytes.Clone(b))
	r.mu.Unlock()
	return r.Conn.Write(b)
}

// dial makes a client's connection to a peer.
func dial(t *testing.T, p *mailtest.Peer, change func(*SMTP)) (Conn, error) {
	t.Helper()
	s := &SMTP{Hostname: "lists.example.org", Smarthost: "peer.example:25", Connect: mailtest.Net{"peer.example:25": p}.Connect}
	if change != nil {
		change(s)
	}
	conn, err := s.Dial(t.Context(), "peer.example:25")
	if err == nil {
		t.Cleanup(conn.Abort)
	}
	return conn, err
}

func send(t *testing.T, conn Conn, content string, to ...string) []Verdict {
	t.Helper()
	verdicts := make([]Verdict, len(to))
	if err := conn.Send(&Transaction{From: "dev+bounce@lists.example.org", To: to, Content: NewContent([]byte(content))}, nil, verdicts); err != nil {
		t.Fatal(err)
	}
	return verdicts
}

func TestOneWriteForTheEnvelopeAndOneForTheMessage(t *testing.T) {
	p := &mailtest.Peer{Keywords: piped}
	var rec *recorder
	conn, err := dial(t, p, func(s *SMTP) {
		connect := s.Connect
		s.Connect = func(ctx context.Context, hop string) (net.Conn, error) {
			c, err := connect(ctx, hop)
			rec = &recorder{Conn: c}
			return rec, err
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		rec.writes = nil
		send(t, conn, greetingMail, people(100, "a.example")...)
		if len(rec.writes) != 2 {
			t.Fatalf("%d writes, want 2", len(rec.writes))
		}
		if !bytes.HasSuffix(rec.writes[0], []byte("\r\nDATA\r\n")) || !bytes.HasSuffix(rec.writes[1], []byte("end\r\n.\r\n")) {
			t.Errorf("writes end in %q and %q", rec.writes[0][len(rec.writes[0])-10:], rec.writes[1][len(rec.writes[1])-10:])
		}
	}
}

func TestPipeliningOnlyWhereOffered(t *testing.T) {
	for name, c := range map[string]struct {
		keywords []string
		early    bool
	}{"offered, in lower case": {[]string{"pipelining"}, true}, "not offered": {[]string{"8BITMIME"}, false}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &mailtest.Peer{Keywords: c.keywords, Watch: time.Second, Rules: []mailtest.Rule{{Verb: "RCPT", Match: "m2@", Say: "550 5.1.1 no"}}}
				conn, err := dial(t, p, nil)
				if err != nil {
					t.Fatal(err)
				}
				send(t, conn, greetingMail, people(5, "a.example")...)
				send(t, conn, greetingMail, "m2@a.example")
				send(t, conn, greetingMail, "bob@a.example")
				if got := p.Early() > 0; got != c.early {
					t.Errorf("talked on %d times", p.Early())
				}
				if got := sizes(p); !reflect.DeepEqual(got, []int{4, 1}) {
					t.Errorf("mails with %v recipients", got)
				}
				conn.Quit()
			})
		})
	}
}

func TestTranscript(t *testing.T) {
	const utf8Header = "Subject: caf\u00e9\r\n\r\nx\r\n"
	const eightBit = "Subject: x\r\n\r\ncaf\u00e9\r\n"
	for name, c := range map[string]struct {
		keywords []string
		content  string
		to       []string
		commands []string
		fates    []Fate
		status   string // of the last
	}{
		"an ASCII message asks for nothing though all is offered": {
			[]string{"PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE"}, "A: b\r\n\r\nx\r\n", []string{"bob@a.example"},
			[]string{"MAIL FROM:<dev+bounce@lists.example.org> SIZE=11", "RCPT TO:<bob@a.example>", "DATA"}, []Fate{Accepted}, ""},
		"8-bit content is declared": {
			[]string{"8BITMIME"}, eightBit, []string{"bob@a.example"},
			[]string{"MAIL FROM:<dev+bounce@lists.example.org> BODY=8BITMIME", "RCPT TO:<bob@a.example>", "DATA"}, []Fate{Accepted}, ""},
		"8-bit content does not go where it is not taken": {
			[]string{"SMTPUTF8"}, eightBit, []string{"bob@a.example"}, nil, []Fate{Never}, "5.6.3 the next hop does not take 8-bit content"},
		"a header beyond ASCII is declared": {
			[]string{"8BITMIME", "smtputf8"}, utf8Header, []string{"bob@a.example"},
			[]string{"MAIL FROM:<dev+bounce@lists.example.org> BODY=8BITMIME SMTPUTF8", "RCPT TO:<bob@a.example>", "DATA"}, []Fate{Accepted}, ""},
		"a header beyond ASCII does not go where it is not taken": {
			[]string{"8BITMIME"}, utf8Header, []string{"bob@a.example"}, nil, []Fate{Never}, "5.6.7 the next hop does not take headers beyond ASCII"},
		"an address beyond ASCII fails alone": {
			[]string{"8BITMIME"}, "A: b\r\n\r\nx\r\n", []string{"bob@a.example", "\u7528\u6237@a.example"},
			[]string{"MAIL FROM:<dev+bounce@lists.example.org>", "RCPT TO:<bob@a.example>", "DATA"}, []Fate{Accepted, Never},
			"5.6.7 the next hop does not take addresses beyond ASCII"},
		"an address beyond ASCII is declared": {
			[]string{"8BITMIME", "SMTPUTF8"}, "A: b\r\n\r\nx\r\n", []string{"\u7528\u6237@\u4f8b\u3048.jp"},
			[]string{"MAIL FROM:<dev+bounce@lists.example.org> SMTPUTF8", "RCPT TO:<\u7528\u6237@\u4f8b\u3048.jp>", "DATA"}, []Fate{Accepted}, ""},
		"what is no address never reaches the wire": {
			[]string{"PIPELINING"}, "A: b\r\n\r\nx\r\n",
			[]string{"x> NOTIFY=NEVER@a.example", "\"a\r\nDATA\"@x", "a b@x", "@x", "x@", "nobody", "a@b@c.example", "x\x00@y.example", "x@[1.2.3.4", `"a"b"@x.example`, "d..x.@docomo.example"},
			[]string{"MAIL FROM:<dev+bounce@lists.example.org>", "RCPT TO:<d..x.@docomo.example>", "DATA"},
			[]Fate{Never, Never, Never, Never, Never, Never, Never, Never, Never, Never, Accepted}, ""},
		"quoted local parts and literals are addresses": {
			[]string{"PIPELINING"}, "A: b\r\n\r\nx\r\n", []string{`"a \"b\" c"@x.example`, "bob@[192.0.2.1]"},
			[]string{"MAIL FROM:<dev+bounce@lists.example.org>", `RCPT TO:<"a \"b\" c"@x.example>`, "RCPT TO:<bob@[192.0.2.1]>", "DATA"}, []Fate{Accepted, Accepted}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := &mailtest.Peer{Keywords: c.keywords}
			conn, err := dial(t, p, nil)
			if err != nil {
				t.Fatal(err)
			}
			verdicts := send(t, conn, c.content, c.to...)
			var fates []Fate
			for _, v := range verdicts {
				fates = append(fates, v.Fate)
			}
			if !reflect.DeepEqual(fates, c.fates) {
				t.Errorf("fates %v, want %v: %v", fates, c.fates, verdicts)
			}
			if got := verdicts[len(verdicts)-1].Status; c.status != "" && got != c.status {
				t.Errorf("status %q, want %q", got, c.status)
			}
			if got := p.Commands()[1:]; len(got)+len(c.commands) > 0 && !reflect.DeepEqual(got, c.commands) {
				t.Errorf("commands\n%q, want\n%q", got, c.commands)
			}
			if m := p.Mails(); len(m) == 1 && string(m[0].Content) != c.content {
				t.Errorf("content %q", m[0].Content)
			}
		})
	}
}

func TestReturnPath(t *testing.T) {
	for from, want := range map[string]Fate{"": Accepted, "dev@x.example": Accepted, "x> BODY=8BITMIME@y": Never, "caf\u00e9@x.example": Never} {
		p := &mailtest.Peer{Keywords: []string{"PIPELINING", "SMTPUTF8"}}
		conn, err := dial(t, p, nil)
		if err != nil {
			t.Fatal(err)
		}
		v := make([]Verdict, 1)
		err = conn.Send(&Transaction{From: from, To: []string{"bob@a.example"}, Content: NewContent([]byte("A: b\r\n\r\n"))}, nil, v)
		if err != nil || v[0].Fate != want {
			t.Errorf("%q: %v, %v", from, v, err)
		}
		if want == Accepted && p.Mails()[0].From != "<"+from+">" {
			t.Errorf("%q went out as %q", from, p.Mails()[0].From)
		}
	}
}

func TestBigMessageToAPeerThatAnswersLate(t *testing.T) {
	content := "A: b\r\n\r\n" + strings.Repeat(strings.Repeat("x", 70)+"\r\n.dot\r\n", 40000)
	p := &mailtest.Peer{Keywords: []string{"PIPELINING"}}
	conn, err := dial(t, p, nil)
	if err != nil {
		t.Fatal(err)
	}
	// 5,000 commands and their responses are more than both directions of the connection hold.
	for i, v := range send(t, conn, content, people(5000, "a.example")...) {
		if v.Fate != Accepted {
			t.Fatalf("recipient %d: %v", i, v)
		}
	}
	if got := p.Mails()[0].Content; string(got) != content {
		t.Errorf("%d octets arrived, want %d", len(got), len(content))
	}
}

func TestStalledWriteEndsInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stall := make(chan struct{})
		s := &SMTP{Hostname: "h.example", Smarthost: "p:25", Connect: func(context.Context, string) (net.Conn, error) {
			client, server := mailtest.Pipe(&net.TCPAddr{}, &net.TCPAddr{})
			go func() {
				defer server.Close()
				for _, answer := range []string{"220 hi", "250 PIPELINING", "250 ok\r\n250 ok\r\n354 go on"} {
					server.Write([]byte(answer + "\r\n"))
					server.Read(make([]byte, 4096))
				}
				<-stall
			}()
			return client, nil
		}}
		conn, err := s.Dial(t.Context(), "p:25")
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		v := make([]Verdict, 1)
		err = conn.Send(&Transaction{To: []string{"bob@a.example"}, Content: NewContent(bytes.Repeat([]byte("x\r\n"), 100000))}, nil, v)
		if took := time.Since(start); err == nil || v[0].Fate != Undone || took > 7*time.Minute {
			t.Errorf("%v, %v after %v", v, err, took)
		}
		close(stall)
	})
}

// certificate makes a self-signed certificate for a name.
func certificate(t *testing.T, name string) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{name}, NotAfter: time.Now().Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true}
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

func TestTLSAndCredentials(t *testing.T) {
	good, pool := certificate(t, "peer.example")
	other, _ := certificate(t, "other.example")
	const frozen, fails, plain, secure = "frozen", "fails", "plain", "secure"
	for name, c := range map[string]struct {
		tls      *tls.Config
		keywords []string
		mode     TLSMode
		user     string
		rules    []mailtest.Rule
		want     string
		auth     bool
	}{
		"opportunistic takes any certificate":            {tls: other, keywords: []string{"starttls"}, want: secure},
		"opportunistic does without":                     {want: plain},
		"none does not ask":                              {tls: good, keywords: []string{"STARTTLS"}, mode: TLSNone, want: plain},
		"required takes a valid certificate":             {tls: good, keywords: []string{"STARTTLS"}, mode: TLSRequired, want: secure},
		"required refuses another's certificate":         {tls: other, keywords: []string{"STARTTLS"}, mode: TLSRequired, want: fails},
		"required refuses a peer without TLS":            {mode: TLSRequired, want: fails},
		"required refuses a broken handshake":            {keywords: []string{"STARTTLS"}, mode: TLSRequired, want: fails},
		"a second reply in the clear is no part of TLS":  {tls: good, keywords: []string{"STARTTLS"}, rules: []mailtest.Rule{{Verb: "STARTTLS", Say: "220 go on\n250 injected"}}, want: fails},
		"credentials go over valid TLS":                  {tls: good, keywords: []string{"STARTTLS", "auth login plain"}, user: "u", want: secure, auth: true},
		"credentials do not go over unverified TLS":      {tls: other, keywords: []string{"STARTTLS", "AUTH PLAIN"}, user: "u", want: frozen},
		"credentials do not go in the clear":             {keywords: []string{"AUTH PLAIN"}, user: "u", want: frozen},
		"credentials do not go after a broken handshake": {keywords: []string{"STARTTLS", "AUTH PLAIN"}, user: "u", want: fails},
		"credentials do not go where PLAIN is not taken": {tls: good, keywords: []string{"STARTTLS", "AUTH CRAM-MD5"}, user: "u", want: frozen},
		"535 is for a person":                            {tls: good, keywords: []string{"STARTTLS", "AUTH PLAIN"}, user: "u", rules: []mailtest.Rule{{Verb: "AUTH", Say: "535 5.7.8 no"}}, want: frozen, auth: true},
		"454 to AUTH passes":                             {tls: good, keywords: []string{"STARTTLS", "AUTH PLAIN"}, user: "u", rules: []mailtest.Rule{{Verb: "AUTH", Say: "454 4.7.0 later"}}, want: fails, auth: true},
	} {
		t.Run(name, func(t *testing.T) {
			p := &mailtest.Peer{TLS: c.tls, Keywords: c.keywords, Rules: c.rules}
			conn, err := dial(t, p, func(s *SMTP) { s.Roots, s.TLS, s.Username, s.Password = pool, c.mode, c.user, "p" })
			switch {
			case c.want == frozen && errors.Is(err, ErrCredentials), c.want == fails && err != nil && !errors.Is(err, ErrCredentials):
			case err != nil:
				t.Fatalf("dial: %v", err)
			case c.want != plain && c.want != secure:
				t.Fatal("a connection was made")
			default:
				send(t, conn, greetingMail, "bob@a.example")
				if m := p.Mails(); m[0].TLS != (c.want == secure) {
					t.Errorf("TLS: %v", m[0].TLS)
				}
				conn.Quit()
			}
			said := ""
			for _, line := range p.Commands() {
				if strings.HasPrefix(line, "AUTH ") {
					said = line
				}
			}
			if want := map[bool]string{true: "AUTH PLAIN AHUAcA=="}[c.auth]; said != want {
				t.Errorf("said %q, want %q", said, want)
			}
		})
	}
}

func TestRoutesGoBeforeAnythingElse(t *testing.T) {
	special, rest := &mailtest.Peer{}, &mailtest.Peer{}
	net := mailtest.Net{"10.0.0.5:25": special, "smart:25": rest}
	smtp := &SMTP{Hostname: "h.example", Smarthost: "smart:25", Connect: net.Connect}
	r := &Routes{Next: map[string]string{"partner.example": "10.0.0.5:25"}, SMTP: smtp, Rest: smtp}
	for domain, p := range map[string]*mailtest.Peer{"partner.example": special, "a.example": rest} {
		conn, err := r.Dial(t.Context(), r.Hop(domain))
		if err != nil {
			t.Fatal(err)
		}
		send(t, conn, greetingMail, "bob@"+domain)
		conn.Quit()
		if m := p.Mails(); len(m) != 1 || m[0].To[0] != "bob@"+domain {
			t.Errorf("%s: %v", domain, m)
		}
	}
}
