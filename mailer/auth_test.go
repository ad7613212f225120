package mailer

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"convene/list"
	"convene/list/message"
)

// zone is a Resolver that knows what is in it: "TXT name", "MX name" or "A name" to values. The value "SERVFAIL" is an error that passes,
// "HANG" lasts until the context ends. Every other name does not exist.
type zone struct {
	records map[string][]string
	mu      sync.Mutex
	asked   []string
}

func (z *zone) ask(ctx context.Context, kind, name string) ([]string, error) {
	name = strings.TrimSuffix(strings.ToLower(name), ".")
	z.mu.Lock()
	z.asked = append(z.asked, kind+" "+name)
	z.mu.Unlock()
	values := z.records[kind+" "+name]
	switch {
	case len(values) == 0:
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	case values[0] == "SERVFAIL":
		return nil, &net.DNSError{Err: "server misbehaving", Name: name, IsTemporary: true}
	case values[0] == "HANG":
		<-ctx.Done()
		return nil, &net.DNSError{Err: ctx.Err().Error(), Name: name, IsTimeout: true, IsTemporary: true}
	}
	return values, nil
}

func (z *zone) LookupTXT(ctx context.Context, name string) ([]string, error) {
	return z.ask(ctx, "TXT", name)
}

func (z *zone) LookupMX(ctx context.Context, name string) (mxs []*net.MX, err error) {
	hosts, err := z.ask(ctx, "MX", name)
	for _, h := range hosts {
		mxs = append(mxs, &net.MX{Host: h, Pref: 10})
	}
	return mxs, err
}

func (z *zone) LookupNetIP(ctx context.Context, _, name string) (ips []netip.Addr, err error) {
	values, err := z.ask(ctx, "A", name)
	for _, v := range values {
		ips = append(ips, netip.MustParseAddr(v))
	}
	return ips, err
}

func (z *zone) LookupIPAddr(ctx context.Context, name string) (ips []net.IPAddr, err error) {
	values, err := z.ask(ctx, "A", name)
	for _, v := range values {
		ips = append(ips, net.IPAddr{IP: net.ParseIP(v)})
	}
	return ips, err
}

func (z *zone) LookupAddr(ctx context.Context, addr string) ([]string, error) {
	return z.ask(ctx, "PTR", addr)
}

func (z *zone) LookupCNAME(ctx context.Context, name string) (string, error) {
	v, err := z.ask(ctx, "CNAME", name)
	return strings.Join(v, ""), err
}

// signer signs messages for any domain, and publishes the key that goes with it.
var (
	signer  = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	dkimKey = "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(signer.Public().(ed25519.PublicKey))
)

func signed(t *testing.T, domain, raw string) string {
	t.Helper()
	var out bytes.Buffer
	err := dkim.Sign(&out, strings.NewReader(raw), &dkim.SignOptions{Domain: domain, Selector: "s", Signer: signer,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed, HeaderKeys: []string{"From", "Subject"}})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

const fromAnn = "From: Ann <ann@author.example>\r\nSubject: x\r\n\r\nhello\r\n"

func TestCheck(t *testing.T) {
	const ip = "192.0.2.1"
	spf := []string{"v=spf1 ip4:192.0.2.1 -all"}
	reject := []string{"v=DMARC1; p=reject"}
	for name, c := range map[string]struct {
		zone      map[string][]string
		from, raw string
		env       list.Envelope
		want      string // spf dkim dmarc policy, a star behind what is aligned
		ok, fails bool
	}{
		"aligned SPF passes DMARC": {map[string][]string{"TXT author.example": spf, "TXT _dmarc.author.example": reject}, "ann@author.example", fromAnn, list.Envelope{IP: ip},
			"pass* none pass reject", true, false},
		"SPF of another domain does not": {map[string][]string{"TXT bulk.example": spf, "TXT _dmarc.author.example": reject}, "b@bulk.example", fromAnn, list.Envelope{IP: ip},
			"pass none fail reject", false, true},
		"SPF of a domain below is aligned": {map[string][]string{"TXT bounce.author.example": spf, "TXT _dmarc.author.example": reject}, "b@bounce.author.example", fromAnn, list.Envelope{IP: ip},
			"pass* none pass reject", true, false},
		"but not where it must be strict": {map[string][]string{"TXT bounce.author.example": spf, "TXT _dmarc.author.example": {"v=DMARC1; p=reject; aspf=s"}}, "b@bounce.author.example", fromAnn, list.Envelope{IP: ip},
			"pass none fail reject", false, true},
		"T01 a forged From fails": {map[string][]string{"TXT author.example": spf, "TXT _dmarc.author.example": {"v=DMARC1; p=quarantine"}}, "ann@author.example", fromAnn, list.Envelope{IP: "198.51.100.1"},
			"fail none fail quarantine", false, true},
		"a forged From where nobody minds": {map[string][]string{"TXT _dmarc.author.example": {"v=DMARC1; p=none"}}, "x@y.example", fromAnn, list.Envelope{IP: ip},
			"none none fail none", false, false},
		"an aligned signature passes": {map[string][]string{"TXT s._domainkey.author.example": {dkimKey}, "TXT _dmarc.author.example": reject}, "x@y.example", signed(t, "author.example", fromAnn), list.Envelope{IP: ip},
			"none pass* pass reject", true, false},
		"a signature of a domain below is aligned": {map[string][]string{"TXT s._domainkey.mail.author.example": {dkimKey}, "TXT _dmarc.author.example": reject}, "x@y.example", signed(t, "mail.author.example", fromAnn), list.Envelope{IP: ip},
			"none pass* pass reject", true, false},
		"but not where it must be the same": {map[string][]string{"TXT s._domainkey.mail.author.example": {dkimKey}, "TXT _dmarc.author.example": {"v=DMARC1; p=reject; adkim=s"}}, "x@y.example", signed(t, "mail.author.example", fromAnn), list.Envelope{IP: ip},
			"none pass fail reject", false, true},
		"T01 a signature of the forger's does not": {map[string][]string{"TXT s._domainkey.evil.example": {dkimKey}, "TXT _dmarc.author.example": reject}, "x@y.example", signed(t, "evil.example", fromAnn), list.Envelope{IP: ip},
			"none pass fail reject", false, true},
		"a changed body fails": {map[string][]string{"TXT s._domainkey.author.example": {dkimKey}, "TXT _dmarc.author.example": reject}, "x@y.example", signed(t, "author.example", fromAnn) + "more\r\n", list.Envelope{IP: ip},
			"none fail fail reject", false, true},
		"a key that cannot be fetched now is neither": {map[string][]string{"TXT s._domainkey.author.example": {"SERVFAIL"}, "TXT _dmarc.author.example": reject}, "x@y.example", signed(t, "author.example", fromAnn), list.Envelope{IP: ip},
			"none temperror temperror reject", false, false},
		"SPF that cannot be looked up now is neither": {map[string][]string{"TXT author.example": {"SERVFAIL"}, "TXT _dmarc.author.example": reject}, "x@author.example", fromAnn, list.Envelope{IP: ip},
			"temperror none temperror reject", false, false},
		"a policy that cannot be looked up now is neither": {map[string][]string{"TXT author.example": spf, "TXT _dmarc.author.example": {"SERVFAIL"}}, "x@author.example", fromAnn, list.Envelope{IP: ip},
			"pass* none temperror ", false, false},
		"without a policy an aligned signature is enough": {map[string][]string{"TXT s._domainkey.author.example": {dkimKey}}, "x@y.example", signed(t, "author.example", fromAnn), list.Envelope{IP: ip},
			"none pass* none ", true, false},
		"without anything there is nothing": {nil, "x@y.example", fromAnn, list.Envelope{IP: ip}, "none none none ", false, false},
		"the null sender is checked by its name": {map[string][]string{"TXT mail.author.example": spf, "TXT _dmarc.author.example": reject}, "", fromAnn, list.Envelope{IP: ip, Helo: "mail.author.example"},
			"pass* none pass reject", true, false},
		"a client that is not known has no SPF": {map[string][]string{"TXT author.example": spf, "TXT _dmarc.author.example": reject}, "ann@author.example", fromAnn, list.Envelope{Relay: true},
			"none none fail reject", false, true},
		"D01 the organisation's policy holds below": {map[string][]string{"TXT _dmarc.author.example": {"v=DMARC1; p=none; sp=reject"}}, "x@y.example", strings.Replace(fromAnn, "@author", "@sub.author", 1), list.Envelope{IP: ip},
			"none none fail reject", false, true},
		"D01 a record of its own wins": {map[string][]string{"TXT _dmarc.author.example": reject, "TXT _dmarc.sub.author.example": {"v=DMARC1; p=none"}}, "x@y.example", strings.Replace(fromAnn, "@author", "@sub.author", 1), list.Envelope{IP: ip},
			"none none fail none", false, false},
		"D01 spelling does not matter": {map[string][]string{"TXT _dmarc.author.example": {"v=DMARC1 ;P=Reject ; fo=what; ri=x"}}, "x@y.example", fromAnn, list.Envelope{IP: ip},
			"none none fail reject", false, true},
		"D01 two records are none": {map[string][]string{"TXT _dmarc.author.example": {"v=DMARC1; p=reject", "v=DMARC1; p=none"}}, "x@y.example", fromAnn, list.Envelope{IP: ip},
			"none none none ", false, false},
		"D01 what is no record does not count": {map[string][]string{"TXT _dmarc.author.example": {"v=spf1 -all", "v=DMARC2; p=reject", "v=DMARC1; p=reject"}}, "x@y.example", fromAnn, list.Envelope{IP: ip},
			"none none fail reject", false, true},
		"D01 an international domain is asked for in ASCII": {map[string][]string{"TXT _dmarc.xn--mnchen-3ya.example": reject}, "x@y.example", strings.Replace(fromAnn, "@author", "@münchen", 1), list.Envelope{IP: ip},
			"none none fail reject", false, true},
		"without a From there is nobody": {nil, "x@y.example", "Subject: x\r\n\r\nx\r\n", list.Envelope{IP: ip}, "none none none ", false, false},
		"two From are nobody":            {map[string][]string{"TXT author.example": spf}, "ann@author.example", "From: b@bank.example\r\n" + fromAnn, list.Envelope{IP: ip}, "none none none ", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			a := &Authenticator{Resolver: &zone{records: c.zone}, Hostname: "mx.lists.example.org", AuthservID: "relay.example"}
			c.env.From = c.from
			got := a.Check(t.Context(), &c.env, message.Parse([]byte(c.raw)), nil)
			if s := summary(got); s != c.want || got.OK() != c.ok || got.FailsPolicy() != c.fails {
				t.Errorf("got %q, OK %v, fails %v (%s), want %q", s, got.OK(), got.FailsPolicy(), got.Detail, c.want)
			}
		})
	}
}

func summary(a list.Authentication) string {
	star := map[bool]string{true: "*"}
	return fmt.Sprintf("%s%s %s%s %s %s", a.SPF, star[a.SPFAligned], a.DKIM, star[a.DKIMAligned], a.DMARC, a.Policy)
}

// TestBelieved is what counts of the fields that a relay, or anybody before it, has put on a message.
func TestBelieved(t *testing.T) {
	const pass = "relay.example; spf=pass smtp.mailfrom=ann@author.example; dkim=pass header.d=author.example; dmarc=pass (p=REJECT sp=NONE dis=NONE) header.from=author.example"
	for name, c := range map[string]struct {
		relay  bool
		fields []string
		want   string
		source string
	}{
		"the relay's own is believed":          {true, []string{pass}, "pass* pass* pass reject", "relay.example"},
		"in whatever spelling":                 {true, []string{"(of ours) RELAY.example (x(y)z) 1 ; (a) SPF = pass (b;c) smtp.mailFrom = author.example ;dkim/1=pass header.i=@author.example; DMARC=Pass header.from=author.example"}, "pass* pass* pass ", "relay.example"},
		"only the topmost":                     {true, []string{"relay.example; dmarc=fail (p=reject) header.from=author.example", pass}, "  fail reject", "relay.example"},
		"others' are not read":                 {true, []string{"evil.example; dmarc=pass", pass}, "pass* pass* pass reject", "relay.example"},
		"T01 nor those of who is no relay":     {false, []string{pass}, "none none fail reject", "engine"},
		"T01 nor an id that only begins alike": {true, []string{strings.Replace(pass, "relay.example", "relay.example.evil.example", 1)}, "none none fail reject", "engine"},
		"T01 a result inside quotes is none": {true, []string{`relay.example; spf=fail smtp.mailfrom="; dmarc=pass (p=none) x="@evil.example; dmarc=fail header.from=author.example`},
			"fail  fail reject", "relay.example"},
		"T01 a result inside a comment is none":  {true, []string{`relay.example; spf=none (; dmarc=pass \) ; dmarc=pass); dmarc=fail (p=quarantine) header.from=author.example`}, "none  fail quarantine", "relay.example"},
		"a policy that is not said is looked up": {true, []string{"relay.example; dmarc=fail header.from=author.example"}, "  fail reject", "relay.example"},
		"a relay that leaves DMARC to us":        {true, []string{"relay.example; spf=pass smtp.mailfrom=author.example; dkim=none"}, "pass* none pass reject", "relay.example"},
		"a relay that says nothing":              {true, []string{"relay.example; none"}, "none none fail reject", "relay.example"},
		"a pass of another domain":               {true, []string{"relay.example; dkim=fail header.d=author.example; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=x@evil.example"}, "pass pass fail reject", "relay.example"},
		"what cannot be read":                    {true, []string{"relay.example 2; dmarc=pass"}, "none none fail reject", "engine"},
	} {
		t.Run(name, func(t *testing.T) {
			raw := fromAnn
			for i := range c.fields {
				raw = "Authentication-Results: " + c.fields[len(c.fields)-1-i] + "\r\n" + raw
			}
			z := &zone{records: map[string][]string{"TXT _dmarc.author.example": {"v=DMARC1; p=reject"}}}
			a := &Authenticator{Resolver: z, Hostname: "mx.lists.example.org", AuthservID: "Relay.Example"}
			got := a.Check(t.Context(), &list.Envelope{Relay: c.relay, From: "x@y.example"}, message.Parse([]byte(raw)), nil)
			if s := summary(got); s != c.want || !strings.EqualFold(got.Source, c.source) {
				t.Errorf("got %q from %s (%s), want %q", s, got.Source, got.Detail, c.want)
			}
		})
	}
}

func FuzzBelieved(f *testing.F) {
	f.Add(`relay.example; spf=fail smtp.mailfrom="; dmarc=pass"@evil.example`)
	f.Add(`relay.example 1; dmarc=pass (p=reject)`)
	f.Fuzz(func(t *testing.T, local string) {
		// Whatever a sender's address holds, quoted as a relay must quote it, there is no verdict but the relay's.
		quoted := `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(local) + `"`
		r, ok := believed([]string{"relay.example; spf=fail smtp.mailfrom=" + quoted + "@evil.example; dmarc=fail (p=reject) header.from=a.example"}, "relay.example")
		if !ok || r.dmarc != list.Fail || r.policy != "reject" || r.spf != list.Fail || r.dkim != "" {
			t.Errorf("%q: %+v", local, r)
		}
	})
}

// TestBudget: DNS that does not answer costs the budget once, and leaves nothing running.
func TestBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		z := &zone{records: map[string][]string{"TXT author.example": {"HANG"}, "TXT _dmarc.author.example": {"HANG"}, "TXT s._domainkey.author.example": {"HANG"}}}
		a := &Authenticator{Resolver: z, Budget: 3 * time.Second}
		began := time.Now()
		got := a.Check(t.Context(), &list.Envelope{IP: "192.0.2.1", From: "ann@author.example"}, message.Parse([]byte(signed(t, "author.example", fromAnn))), nil)
		if s := summary(got); s != "temperror temperror temperror " || got.OK() || got.FailsPolicy() {
			t.Errorf("got %q", s)
		}
		if took := time.Since(began); took != 3*time.Second {
			t.Errorf("took %s, want the budget", took)
		}
	})
}

func TestAtMostFiveSignatures(t *testing.T) {
	raw := fromAnn
	for i := range 8 {
		raw = signed(t, fmt.Sprintf("d%d.example", i), raw)
	}
	z := &zone{}
	a := &Authenticator{Resolver: z}
	a.Check(t.Context(), &list.Envelope{}, message.Parse([]byte(raw)), nil)
	if n := strings.Count(strings.Join(z.asked, " "), "_domainkey"); n != 5 {
		t.Errorf("%d keys asked for, want 5", n)
	}
}

// TestSPFOverlapsData: the look-up runs while the message comes in, and its result is what the engine gets.
func TestSPFOverlapsData(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		z := &zone{records: map[string][]string{"MX author.example": {"mx.author.example"}, "TXT author.example": {"v=spf1 ip4:192.0.2.1 -all"}, "TXT _dmarc.author.example": {"v=DMARC1; p=reject"}}}
		s := newSite(t, &inbox{asks: true}, func(c *ServerConfig) { c.Auth = &Authenticator{Resolver: z, Hostname: c.Hostname} })
		p := s.dial(t, "192.0.2.1")
		p.play(opened)
		synctest.Wait()
		z.mu.Lock()
		if asked := strings.Join(z.asked, ","); asked != "MX author.example,TXT author.example" {
			t.Errorf("asked at RCPT: %s", asked)
		}
		z.mu.Unlock()
		p.play("-> DATA\n<- 354…")
		p.send(strings.ReplaceAll(fromAnn, ".\r\n", "..\r\n") + ".\r\n")
		p.play("<- 250…")
		if got := summary(s.auth[0]); got != "pass* none pass reject" {
			t.Errorf("got %q", got)
		}
		want := "mx.lists.example.org; spf=pass smtp.mailfrom=author.example; dkim=none; dmarc=pass (p=reject) header.from=author.example"
		if s.auth[0].Detail != want {
			t.Errorf("detail %q", s.auth[0].Detail)
		}
		s.end()
	})
}

// TestSPFOfARelay: the relay's own address says nothing about the sender; what it forwards does.
func TestSPFOfARelay(t *testing.T) {
	z := &zone{records: map[string][]string{"TXT author.example": {"v=spf1 ip4:127.0.0.1 ip4:192.0.2.1 -all"}}}
	s := newSite(t, &inbox{asks: true}, func(c *ServerConfig) { c.Auth = &Authenticator{Resolver: z, AuthservID: "relay.example"} })
	post := "-> MAIL FROM:<ann@author.example>\n<- 250…\n-> RCPT TO:<dev@lists.example.org>\n<- 250…\n-> DATA\n<- 354…\n=> From: ann@author.example\\r\\n\\r\\nx\\r\\n.\\r\\n\n<- 250…\n"
	s.dial(t, "127.0.0.1").play(introduced + post + "-> XFORWARD ADDR=192.0.2.1\n<- 250…\n" + post)
	if a, b := summary(s.auth[0]), summary(s.auth[1]); a != "none none none " || b != "pass* none none " {
		t.Errorf("got %q without XFORWARD and %q with it", a, b)
	}
}

// TestSenderDomain is S48.
func TestSenderDomain(t *testing.T) {
	records := map[string][]string{"MX null.example": {"."}, "MX broken.example": {"SERVFAIL"}, "MX good.example": {"mx.good.example"}, "A old.example": {"192.0.2.9"}, "A flaky.example": {"SERVFAIL"},
		"MX slow.example": {"HANG"}}
	for name, c := range map[string]struct{ ip, from, want string }{
		"null MX":                  {"192.0.2.1", "a@null.example", "550 5.7.27 "},
		"no such domain":           {"192.0.2.1", "a@none.example", "550 5.1.8 "},
		"DNS out of order":         {"192.0.2.1", "a@broken.example", "451 4.1.8 "},
		"address out of order":     {"192.0.2.1", "a@flaky.example", "451 4.1.8 "},
		"DNS that does not answer": {"192.0.2.1", "a@slow.example", "451 4.1.8 "},
		"an MX":                    {"192.0.2.1", "a@GOOD.example", "250 2.1.5 "},
		"an address only":          {"192.0.2.1", "a@old.example", "250 2.1.5 "},
		"the null sender":          {"192.0.2.1", "", "250 2.1.5 "},
		"an address literal":       {"192.0.2.1", "a@[192.0.2.1]", "250 2.1.5 "},
		"a domain of ours":         {"192.0.2.1", "a@lists.example.org", "250 2.1.5 "},
		"a trusted relay":          {"127.0.0.1", "a@null.example", "250 2.1.5 "},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newSite(t, &inbox{}, func(c *ServerConfig) { c.Auth = &Authenticator{Resolver: &zone{records: records}} })
				p := s.dial(t, c.ip)
				p.play(introduced + "-> MAIL FROM:<" + c.from + ">\n<- 250…\n-> RCPT TO:<nolist@lists.example.org>\n<- 550 5.1.1…\n-> RCPT TO:<dev@lists.example.org>")
				if got := p.reply(); !strings.HasPrefix(got, c.want) {
					t.Errorf("got %s, want %s", got, c.want)
				}
				p.play("-> QUIT\n<- 221…\n<!")
				s.end()
			})
		})
	}
}
