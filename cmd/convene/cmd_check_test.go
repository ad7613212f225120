package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"convene/mailer"
)

// zoneServer answers on loopback from records in the form of zone files. What is below sick.example is SERVFAIL.
func zoneServer(t *testing.T, text string) string {
	t.Helper()
	var records []dns.RR
	parser := dns.NewZoneParser(strings.NewReader(text), "", "")
	for rr, ok := parser.Next(); ok; rr, ok = parser.Next() {
		records = append(records, rr)
	}
	if err := parser.Err(); err != nil {
		t.Fatal(err)
	}
	answer := func(w dns.ResponseWriter, q *dns.Msg) {
		r := new(dns.Msg).SetReply(q)
		name, exists := dns.CanonicalName(q.Question[0].Name), false
		for _, rr := range records {
			if soa, ok := rr.(*dns.SOA); ok && dns.IsSubDomain(dns.CanonicalName(soa.Hdr.Name), name) && q.Question[0].Qtype == dns.TypeSOA {
				r.Ns = append(r.Ns, soa)
			}
			if dns.CanonicalName(rr.Header().Name) == name {
				exists = true
				if rr.Header().Rrtype == q.Question[0].Qtype {
					r.Answer = append(r.Answer, rr)
				}
			}
		}
		switch {
		case dns.IsSubDomain("sick.example.", name):
			r.Rcode = dns.RcodeServerFailure
		case !exists:
			r.Rcode = dns.RcodeNameError
		}
		w.WriteMsg(r)
	}
	packets, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Skip("no loopback:", err)
	}
	began, ended := make(chan struct{}), make(chan error, 1)
	server := &dns.Server{PacketConn: packets, Handler: dns.HandlerFunc(answer), NotifyStartedFunc: func() { close(began) }}
	go func() { ended <- server.ActivateAndServe() }()
	<-began
	t.Cleanup(func() {
		server.Shutdown()
		<-ended
	})
	return packets.LocalAddr().String()
}

const twoLists = `
[server]
hostname = "mx.example.org"
admin = "admin@example.net"
[smtp]
listen = "0.0.0.0:25"
[http]
base_url = "https://www.example.org"
[delivery]
%DELIVERY%
[dns]
resolver = "%RESOLVER%"
[[dkim]]
domain = "example.org"
selector = "c1"
key_file = "key.pem"
[[list]]
address = "peers@lists.example.org"
[[list]]
address = "core@lists.example.org"
[[list]]
address = "friends@sick.example"
`

const twoZones = `
example.org.        IN SOA ns.example.org. admin.example.org. 1 2 3 4 5
mx.example.org.     IN A 192.0.2.10
mx.example.org.     IN TXT "v=spf1 a -all"
www.example.org.    IN A 192.0.2.10
lists.example.org.  IN MX 10 mx.example.org.
lists.example.org.  IN TXT "v=spf1 a:mx.example.org -all"
_dmarc.example.org. IN TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@example.org"
10.2.0.192.in-addr.arpa. IN PTR mx.example.org.
smtp.isp.example.   IN A 198.51.100.25
`

// checkSite writes a config of two domains and an Ed25519 key, and returns where it is.
func checkSite(t *testing.T, delivery, zone string) string {
	t.Helper()
	dir := t.TempDir()
	key, err := newKey(true)
	if err != nil {
		t.Fatal(err)
	}
	if err := writeKey(mailer.SigningKey{Domain: "example.org", Selector: "c1", Key: key}, filepath.Join(dir, "key.pem")); err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer("%DELIVERY%", delivery, "%RESOLVER%", zoneServer(t, zone)).Replace(twoLists)
	path := filepath.Join(dir, "convene.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

var updateCheck = flag.Bool("update-check", false, "rewrite testdata/check")

func TestCheckDNS(t *testing.T) {
	for name, delivery := range map[string]string{"mx": `transport = "mx"`, "smarthost": "transport = \"smarthost\"\nsmarthost = \"smtp.isp.example:587\""} {
		t.Run(name, func(t *testing.T) {
			cfg, faults := loadConfig(checkSite(t, delivery, twoZones))
			if len(faults) > 0 {
				t.Fatal(faults)
			}
			own := []net.Addr{&net.IPNet{IP: net.ParseIP("127.0.0.1"), Mask: net.CIDRMask(8, 32)}, &net.IPNet{IP: net.ParseIP("192.0.2.10"), Mask: net.CIDRMask(24, 32)}}
			check, err := newDNSCheck(cfg, own, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if err := (&cli{streams: streams{out: &out}}).printFindings(check.Run(t.Context())); err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", "check", name+".txt")
			got := strings.ReplaceAll(out.String(), strings.TrimPrefix(check.Keys[0].Record(), "v=DKIM1; k=ed25519; p="), "KEY")
			got = strings.ReplaceAll(got, cfg.DNS.Resolver, "RESOLVER")
			if *updateCheck {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got\n%s", got)
			}
		})
	}
}

// TestCheckDNSStatus is what scripts go by.
func TestCheckDNSStatus(t *testing.T) {
	path := checkSite(t, `transport = "maildir"`, twoZones)
	var out, errs bytes.Buffer
	if code := run(context.Background(), []string{"check", "--dns", "--json", "--config", path}, streams{out: &out, err: &errs}); code != exitFailed || errs.Len() > 0 {
		t.Errorf("exit status %d: %s", code, &errs)
	}
	var findings []mailer.Finding
	if err := json.Unmarshal(out.Bytes(), &findings); err != nil || len(findings) < 10 {
		t.Fatal(err, len(findings))
	}
	levels := map[mailer.Level]int{}
	for _, f := range findings {
		levels[f.Level]++
		if f.Check == "" || f.Name == "" || f.Text == "" || f.Publish == nil {
			t.Errorf("%+v", f)
		}
	}
	if levels[mailer.LevelOK] == 0 || levels[mailer.LevelError] == 0 || levels[mailer.LevelUnknown] == 0 {
		t.Error(levels)
	}
}

func TestTheSumOfADNSCheckReadsAsEnglish(t *testing.T) {
	var out bytes.Buffer
	if err := (&cli{streams: streams{out: &out}}).printFindings([]mailer.Finding{{Level: mailer.LevelWarning}, {Level: mailer.LevelError}, {Level: mailer.LevelOK}}); err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(out.String(), "\n1 ok, 1 warning, 1 error, 0 not known\n") {
		t.Errorf("got\n%s", &out)
	}
}
