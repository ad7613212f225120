package mailer

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"flag"
	"maps"
	"math/big"
	"net"
	"net/netip"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// stubDirectory is a zone that knows SOA records, and what a CNAME stands for.
type stubDirectory struct{ mxZone }

func (d stubDirectory) Zone(ctx context.Context, name string) (string, error) {
	v, err := d.ask(ctx, "SOA", name)
	return strings.Join(v, ""), err
}

func (d stubDirectory) LookupIPAddr(ctx context.Context, name string) ([]net.IPAddr, error) {
	addrs, err := addressesOf(ctx, d, name)
	var all []net.IPAddr
	for _, a := range addrs {
		all = append(all, net.IPAddr{IP: a.AsSlice()})
	}
	return all, err
}

// rsaKeys are made once: they take long.
var rsaKeys = sync.OnceValue(func() map[int]*rsa.PrivateKey {
	keys := map[int]*rsa.PrivateKey{}
	for _, bits := range []int{1024, 2048} {
		k, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			panic(err)
		}
		keys[bits] = k
	}
	return keys
})

func listsKey(bits int) SigningKey {
	return SigningKey{Domain: "lists.example.org", Selector: "c1", Key: rsaKeys()[bits]}
}

func edKey(domain, selector string) SigningKey {
	return SigningKey{Domain: domain, Selector: selector, Key: signer}
}

// goodZone is all that a site at lists.example.org should publish.
func goodZone() map[string][]string {
	return map[string][]string{
		"SOA lists.example.org": {"example.org"}, "A lists.example.org": {"192.0.2.10"}, "AAAA lists.example.org": {"2001:db8::10"},
		"PTR 192.0.2.10": {"Lists.example.org."}, "PTR 2001:db8::10": {"lists.example.org."},
		"MX lists.example.org": {"10 lists.example.org."}, "TXT lists.example.org": {"unrelated", "v=spf1 a -all"},
		"TXT c1._domainkey.lists.example.org": {listsKey(2048).Record()}, "TXT c2._domainkey.lists.example.org": {edKey("lists.example.org", "c2").Record()},
		"TXT _dmarc.lists.example.org": {"v=DMARC1; p=none; rua=mailto:dmarc@example.org"},
		"CNAME lists.example.org":      {"lists.example.org."},
	}
}

func goodCheck() *DNSCheck {
	return &DNSCheck{Hostname: "lists.example.org", Domains: []string{"lists.example.org"}, Way: WayDirect,
		Interfaces: []netip.Addr{netip.MustParseAddr("192.0.2.10"), netip.MustParseAddr("2001:db8::10"), netip.MustParseAddr("10.0.0.5"), netip.MustParseAddr("fe80::1")},
		Keys:       []SigningKey{listsKey(2048), edKey("lists.example.org", "c2")},
		BaseURL:    "https://lists.example.org", Certificate: issued("lists.example.org"), Now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
}

// issued is a certificate of somebody else's making, for 2026.
func issued(names ...string) *x509.Certificate {
	return &x509.Certificate{DNSNames: names, NotBefore: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC),
		RawIssuer: []byte("an authority"), RawSubject: []byte("the server")}
}

// publishedKey is what differs from one run of the tests to the next.
var publishedKey = regexp.MustCompile(`v=DKIM1; k=(rsa|ed25519); p=[^)]*[^) ]`)

// findings runs a check over a zone that has changes: a value to be there, or none to be missing. Keys that changes name replace those of the zone.
func findings(t *testing.T, c *DNSCheck, zone map[string][]string, changes map[string][]string) (lines []string) {
	t.Helper()
	zone = maps.Clone(zone)
	maps.Copy(zone, changes)
	synctest.Test(t, func(t *testing.T) {
		c.Directory = stubDirectory{newMXZone(zone)}
		for _, f := range c.Run(t.Context()) {
			lines = append(lines, string(f.Level)+" "+f.Check+" "+f.Name+": "+f.Text)
			for _, record := range f.Publish {
				lines = append(lines, "+ "+publishedKey.ReplaceAllString(record, "v=DKIM1; k=$1; ..."))
			}
		}
	})
	return lines
}

// TestGoodZone is what DNSCheck says where nothing is left to be wished for.
func TestGoodZone(t *testing.T) {
	got := findings(t, goodCheck(), goodZone(), nil)
	want := strings.Split(strings.TrimSpace(`
ok address lists.example.org: 2001:db8::10
ok address lists.example.org: 192.0.2.10
ok ptr 2001:db8::10: lists.example.org, and that leads back to it
ok ptr 192.0.2.10: lists.example.org, and that leads back to it
ok soa lists.example.org: it is in the zone example.org
ok mx lists.example.org: 10 lists.example.org is this server
ok spf lists.example.org: it lets 2001:db8::10 send: v=spf1 a -all
ok spf lists.example.org: it lets 192.0.2.10 send: v=spf1 a -all
ok dmarc lists.example.org: p=none, reports to dmarc@example.org
ok dkim c1._domainkey.lists.example.org: RSA of 2048 bits, published as it is in key_file
ok dkim c2._domainkey.lists.example.org: Ed25519, published as it is in key_file
ok tls lists.example.org: the certificate names it, until 2027-01-01
ok mta-sts lists.example.org: none, and none is needed
ok tls-rpt lists.example.org: none, and none is needed`), "\n")
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}

type dnsCase struct {
	zone  map[string][]string // changes to goodZone
	check func(*DNSCheck)     // changes to goodCheck
}

// TestFindings holds each flaw against testdata/findings.txt: all that is said of it and is not said in TestGoodZone.
func TestFindings(t *testing.T) {
	good := findings(t, goodCheck(), goodZone(), nil)
	var all strings.Builder
	for _, table := range []map[string]dnsCase{hostCases(), mxCases(), spfCases(), dkimCases(), dmarcCases(), tlsCases()} {
		for _, name := range slices.Sorted(maps.Keys(table)) {
			check := goodCheck()
			if table[name].check != nil {
				table[name].check(check)
			}
			all.WriteString("# " + name + "\n")
			for _, line := range findings(t, check, goodZone(), table[name].zone) {
				if !slices.Contains(good, line) {
					all.WriteString(line + "\n")
				}
			}
			all.WriteString("\n")
		}
	}
	const golden = "testdata/findings.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(all.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(all.String(), "\n")); diff != "" {
		t.Error(diff)
	}
}

var update = flag.Bool("update", false, "write the golden files anew")

func hostCases() map[string]dnsCase {
	return map[string]dnsCase{
		"no address of the hostname":                   {zone: map[string][]string{"A lists.example.org": nil, "AAAA lists.example.org": nil}},
		"no address anywhere":                          {zone: map[string][]string{"A lists.example.org": nil, "AAAA lists.example.org": nil}, check: func(c *DNSCheck) { c.Interfaces = nil }},
		"SERVFAIL for the hostname":                    {zone: map[string][]string{"A lists.example.org": {"SERVFAIL"}, "AAAA lists.example.org": nil}},
		"a hostname at a private address":              {zone: map[string][]string{"A lists.example.org": {"10.0.0.5"}, "AAAA lists.example.org": nil}, check: func(c *DNSCheck) { c.Interfaces = c.Interfaces[2:] }},
		"an interface that the hostname does not have": {check: func(c *DNSCheck) { c.Interfaces = append(c.Interfaces, netip.MustParseAddr("192.0.2.77")) }},
		"mail to a folder asks for nothing of the interfaces": {check: func(c *DNSCheck) {
			c.Way, c.Interfaces = WayNowhere, append(c.Interfaces, netip.MustParseAddr("192.0.2.77"))
		}},
		"an address without a name":                 {zone: map[string][]string{"PTR 2001:db8::10": nil}},
		"a name that leads elsewhere":               {zone: map[string][]string{"PTR 192.0.2.10": {"host10.isp.example."}, "A host10.isp.example": {"192.0.2.11"}}},
		"a name that leads back and is not EHLO's":  {zone: map[string][]string{"PTR 192.0.2.10": {"host10.isp.example."}, "A host10.isp.example": {"192.0.2.10"}}},
		"several names, of which one is ours":       {zone: map[string][]string{"PTR 192.0.2.10": {"host10.isp.example.", "lists.example.org."}}},
		"SERVFAIL for a PTR":                        {zone: map[string][]string{"PTR 192.0.2.10": {"SERVFAIL"}}},
		"no answer about the name that a PTR gives": {zone: map[string][]string{"PTR 192.0.2.10": {"host10.isp.example."}, "A host10.isp.example": {"HANG"}}},
		"a hostname that is no list's domain": {check: func(c *DNSCheck) { c.Hostname = "mx.example.org" }, zone: map[string][]string{
			"A mx.example.org": {"192.0.2.10"}, "AAAA mx.example.org": {"2001:db8::10"}, "PTR 192.0.2.10": {"mx.example.org."}, "PTR 2001:db8::10": {"mx.example.org."},
			"SOA mx.example.org": {"example.org"}}},
	}
}

func mxCases() map[string]dnsCase {
	return map[string]dnsCase{
		"the domain does not exist":      {zone: map[string][]string{"SOA lists.example.org": nil}},
		"a zone of its own":              {zone: map[string][]string{"SOA lists.example.org": {"lists.example.org"}}},
		"SERVFAIL for the zone":          {zone: map[string][]string{"SOA lists.example.org": {"SERVFAIL"}}},
		"no MX, and the address is ours": {zone: map[string][]string{"MX lists.example.org": nil}},
		"no MX, and the address is another's": {check: func(c *DNSCheck) {
			c.Domains = []string{"dev.example.org"}
			c.Keys = append(c.Keys, edKey("example.org", "e"))
		}, zone: map[string][]string{"A dev.example.org": {"192.0.2.99"}}},
		"neither MX nor addresses": {check: func(c *DNSCheck) { c.Domains = append(c.Domains, "dev.example.org") }, zone: map[string][]string{"SOA dev.example.org": {"example.org"}}},
		"no MX and SERVFAIL for the address": {check: func(c *DNSCheck) { c.Domains = append(c.Domains, "dev.example.org") }, zone: map[string][]string{"SOA dev.example.org": {"example.org"},
			"A dev.example.org": {"SERVFAIL"}, "TXT dev.example.org": {"v=spf1 a:lists.example.org -all"}}},
		"null MX":                             {zone: map[string][]string{"MX lists.example.org": {"0 ."}}},
		"a null MX beside another":            {zone: map[string][]string{"MX lists.example.org": {"0 .", "10 lists.example.org."}}},
		"SERVFAIL for MX":                     {zone: map[string][]string{"MX lists.example.org": {"SERVFAIL"}}},
		"MX names a stranger":                 {zone: map[string][]string{"MX lists.example.org": {"10 mx.isp.example."}, "A mx.isp.example": {"198.51.100.1"}}},
		"MX names the server before this one": {check: func(c *DNSCheck) { c.Behind = true }, zone: map[string][]string{"MX lists.example.org": {"10 mx.isp.example."}, "A mx.isp.example": {"198.51.100.1"}}},
		"a backup MX":                         {zone: map[string][]string{"MX lists.example.org": {"20 mx.isp.example.", "10 lists.example.org."}, "A mx.isp.example": {"198.51.100.1"}}},
		"MX names another name of ours":       {zone: map[string][]string{"MX lists.example.org": {"10 mail.example.org."}, "A mail.example.org": {"192.0.2.10"}}},
		"MX names an alias":                   {zone: map[string][]string{"MX lists.example.org": {"10 mail.example.org."}, "A mail.example.org": {"192.0.2.10"}, "CNAME mail.example.org": {"lists.example.org."}}},
		"MX without address":                  {zone: map[string][]string{"MX lists.example.org": {"10 gone.example.org."}}},
		"no answer about an MX":               {zone: map[string][]string{"MX lists.example.org": {"10 slow.example.org."}, "A slow.example.org": {"HANG"}}},
	}
}

func spfCases() map[string]dnsCase {
	many := "v=spf1 a"
	for _, c := range "abcdefghij" {
		many += " a:" + string(c) + ".example.org"
	}
	voids := map[string][]string{"TXT lists.example.org": {"v=spf1 a a:x.example.org mx:y.example.org include:z.example.org -all"}}
	spf := func(records ...string) map[string][]string {
		return map[string][]string{"TXT lists.example.org": records}
	}
	away := func(c *DNSCheck) { c.Way, c.Smarthost = WaySmarthost, "smtp.isp.example" }
	with := func(zone map[string][]string, more ...string) map[string][]string {
		for i := 0; i < len(more); i += 2 {
			zone[more[i]] = []string{more[i+1]}
		}
		return zone
	}
	return map[string]dnsCase{
		"no SPF record":                           {zone: spf()},
		"other TXT records alone":                 {zone: spf("unrelated")},
		"SERVFAIL for SPF":                        {zone: spf("SERVFAIL")},
		"two SPF records":                         {zone: spf("v=spf1 a ~all", "v=spf1 include:isp.example -all")},
		"a record that names another server":      {zone: spf("v=spf1 ip4:198.51.100.7 -all")},
		"a record that forgets IPv6":              {zone: spf("v=spf1 ip4:192.0.2.10 -all")},
		"a record that says nothing of us":        {zone: spf("v=spf1 ?all")},
		"a record with a mistake":                 {zone: spf("v=spf1 ipv4:192.0.2.10 -all")},
		"an include that does not exist":          {zone: spf("v=spf1 include:gone.example -all")},
		"an include that is not answered":         {zone: with(spf("v=spf1 include:sick.example -all"), "TXT sick.example", "SERVFAIL")},
		"a redirect":                              {zone: with(spf("v=spf1 redirect=_spf.example.org"), "TXT _spf.example.org", "v=spf1 a:lists.example.org -all")},
		"a redirect that forgets us":              {zone: with(spf("v=spf1 redirect=_spf.example.org"), "TXT _spf.example.org", "v=spf1 -all")},
		"more than 10 look-ups behind ours":       {zone: spf(many + " -all")},
		"more than 10 look-ups before ours":       {zone: with(spf(strings.Replace(many, "v=spf1 a", "v=spf1", 1)+" a:k.example.org a -all"), "A a.example.org", "198.51.100.1", "A b.example.org", "198.51.100.1", "A c.example.org", "198.51.100.1", "A d.example.org", "198.51.100.1", "A e.example.org", "198.51.100.1", "A f.example.org", "198.51.100.1", "A g.example.org", "198.51.100.1", "A h.example.org", "198.51.100.1", "A i.example.org", "198.51.100.1", "A j.example.org", "198.51.100.1", "A k.example.org", "198.51.100.1")},
		"more than 2 names that do not exist":     {zone: voids},
		"a smarthost that is authorised":          {check: away, zone: with(spf("v=spf1 include:isp.example -all"), "TXT isp.example", "v=spf1 ip4:198.51.100.0/24 -all", "A smtp.isp.example", "198.51.100.25")},
		"a smarthost that is not":                 {check: away, zone: with(spf("v=spf1 a -all"), "A smtp.isp.example", "198.51.100.25")},
		"a smarthost and no record":               {check: away, zone: with(spf(), "A smtp.isp.example", "198.51.100.25")},
		"a smarthost that does not exist":         {check: away},
		"a smarthost that is not answered":        {check: away, zone: map[string][]string{"A smtp.isp.example": {"HANG"}}},
		"a smarthost by its address":              {check: func(c *DNSCheck) { c.Way, c.Smarthost = WaySmarthost, "198.51.100.25" }},
		"a smarthost in the network of the house": {check: func(c *DNSCheck) { c.Way, c.Smarthost = WaySmarthost, "10.0.0.9" }},
	}
}

func dkimCases() map[string]dnsCase {
	key := func(record ...string) map[string][]string {
		return map[string][]string{"TXT c1._domainkey.lists.example.org": record}
	}
	pkcs1 := "v=DKIM1; p=" + base64.StdEncoding.EncodeToString(x509.MarshalPKCS1PublicKey(&rsaKeys()[2048].PublicKey))
	other := SigningKey{Domain: "lists.example.org", Selector: "c1", Key: ed25519.NewKeyFromSeed(make([]byte, 32))}
	good := listsKey(2048).Record()
	return map[string]dnsCase{
		"a key that is not published":        {zone: map[string][]string{"TXT c2._domainkey.lists.example.org": nil}},
		"SERVFAIL for a key":                 {zone: key("SERVFAIL")},
		"two records for a key":              {check: func(c *DNSCheck) { c.Keys = []SigningKey{edKey("lists.example.org", "c2")} }, zone: map[string][]string{"TXT c2._domainkey.lists.example.org": {"a", "b"}}},
		"the older form of an RSA key":       {zone: key(pkcs1)},
		"spaces in a key":                    {zone: key(strings.Replace(good, "p=MII", "p= MI I", 1))},
		"another Ed25519 key":                {zone: map[string][]string{"TXT c2._domainkey.lists.example.org": {other.Record()}}},
		"an RSA key for an Ed25519 one":      {zone: map[string][]string{"TXT c2._domainkey.lists.example.org": {strings.Replace(edKey("x", "y").Record(), "k=ed25519; ", "", 1)}}},
		"a key that is revoked":              {zone: map[string][]string{"TXT c2._domainkey.lists.example.org": {"v=DKIM1; k=ed25519; p="}}},
		"a key for sha1 alone":               {zone: map[string][]string{"TXT c2._domainkey.lists.example.org": {edKey("x", "y").Record() + "; h=sha1"}}},
		"a key for something else than mail": {zone: map[string][]string{"TXT c2._domainkey.lists.example.org": {edKey("x", "y").Record() + "; s=other"}}},
		"a key for mail among others":        {zone: map[string][]string{"TXT c2._domainkey.lists.example.org": {edKey("x", "y").Record() + "; s=other:email; h=sha1:sha256"}}},
		"a record cut off":                   {zone: map[string][]string{"TXT c2._domainkey.lists.example.org": {"v=DKIM1; k=ed25519; p=AAAA"}}},
		"a record that is no key":            {zone: map[string][]string{"TXT c2._domainkey.lists.example.org": {"v=spf1 -all"}}},
		"a record without a key":             {zone: map[string][]string{"TXT c2._domainkey.lists.example.org": {"v=DKIM1; k=ed25519"}}},
		"a key that is being tested":         {zone: map[string][]string{"TXT c2._domainkey.lists.example.org": {edKey("x", "y").Record() + "; t=s:y"}}},
		"a short RSA key":                    {check: func(c *DNSCheck) { c.Keys = []SigningKey{listsKey(1024)} }, zone: key(listsKey(1024).Record())},
		"Ed25519 alone":                      {check: func(c *DNSCheck) { c.Keys = c.Keys[1:] }},
		"no key at all":                      {check: func(c *DNSCheck) { c.Keys = nil }},
	}
}

func dmarcCases() map[string]dnsCase {
	record := func(texts ...string) map[string][]string {
		return map[string][]string{"TXT _dmarc.lists.example.org": texts}
	}
	return map[string]dnsCase{
		"no DMARC record":                        {zone: record()},
		"SERVFAIL for DMARC":                     {zone: record("SERVFAIL")},
		"the organisation's record":              {zone: map[string][]string{"TXT _dmarc.lists.example.org": nil, "TXT _dmarc.example.org": {"v=DMARC1; p=reject; sp=quarantine"}}},
		"SERVFAIL for the organisation's record": {zone: map[string][]string{"TXT _dmarc.lists.example.org": nil, "TXT _dmarc.example.org": {"SERVFAIL"}}},
		"two DMARC records":                      {zone: record("v=DMARC1; p=none", "v=DMARC1; p=reject")},
		"a record without a policy":              {zone: record("v=DMARC1; rua=mailto:x@example.org")},
		"a record with a mistake in the policy":  {zone: record("v=DMARC1; p=monitor")},
		"strict, and a key of the domain above": {check: func(c *DNSCheck) {
			c.Keys = []SigningKey{{Domain: "example.org", Selector: "c1", Key: rsaKeys()[2048]}}
		},
			zone: map[string][]string{"TXT c1._domainkey.example.org": {listsKey(2048).Record()}, "TXT _dmarc.lists.example.org": {"v=DMARC1; p=none; adkim=s; rua=mailto:dmarc@example.org"}}},
		"relaxed, and a key of the domain above": {check: func(c *DNSCheck) {
			c.Keys = []SigningKey{{Domain: "example.org", Selector: "c1", Key: rsaKeys()[2048]}}
		},
			zone: map[string][]string{"TXT c1._domainkey.example.org": {listsKey(2048).Record()}}},
		"reports to somebody who has not agreed":      {zone: record("v=DMARC1; p=none; rua=mailto:a@reports.example!10m, mailto:b@lists.example.org")},
		"reports to somebody who has":                 {zone: map[string][]string{"TXT _dmarc.lists.example.org": {"v=DMARC1; p=none; rua=mailto:a@reports.example"}, "TXT lists.example.org._report._dmarc.reports.example": {"v=DMARC1"}}},
		"reports to somebody who is not answered for": {zone: map[string][]string{"TXT _dmarc.lists.example.org": {"v=DMARC1; p=none; rua=mailto:a@reports.example"}, "TXT lists.example.org._report._dmarc.reports.example": {"SERVFAIL"}}},
	}
}

func tlsCases() map[string]dnsCase {
	at := func(y int, m time.Month, d int) func(*DNSCheck) {
		return func(c *DNSCheck) { c.Now = time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	}
	return map[string]dnsCase{
		"no certificate":                          {check: func(c *DNSCheck) { c.Certificate = nil }},
		"no certificate behind another server":    {check: func(c *DNSCheck) { c.Certificate, c.Behind = nil, true }},
		"a certificate that ended":                {check: at(2027, 1, 2)},
		"a certificate that is to begin":          {check: at(2025, 12, 31)},
		"a certificate that ends soon":            {check: at(2026, 12, 20)},
		"a certificate of another name":           {check: func(c *DNSCheck) { c.Certificate = issued("www.example.org", "example.org"); c.BaseURL = "" }},
		"pages under another name":                {check: func(c *DNSCheck) { c.BaseURL = "https://www.example.org" }, zone: map[string][]string{"A www.example.org": {"192.0.2.10"}}},
		"pages under a name that does not exist":  {check: func(c *DNSCheck) { c.BaseURL = "https://www.example.org"; c.Certificate = issued("*.example.org") }},
		"pages under a name that is not answered": {check: func(c *DNSCheck) { c.BaseURL = "https://www.example.org"; c.Certificate = issued("*.example.org") }, zone: map[string][]string{"A www.example.org": {"SERVFAIL"}}},
		"pages without TLS are nobody's business": {check: func(c *DNSCheck) { c.BaseURL = "http://127.0.0.1:8025" }},
		"a certificate of one's own making":       {check: func(c *DNSCheck) { c.Certificate = selfSigned() }},
		"MTA-STS and TLS-RPT":                     {zone: map[string][]string{"TXT _mta-sts.lists.example.org": {"v=STSv1; id=20260101"}, "TXT _smtp._tls.lists.example.org": {"v=TLSRPTv1; rua=mailto:tls@example.org"}}},
		"MTA-STS and TLS-RPT that cannot be read": {zone: map[string][]string{"TXT _mta-sts.lists.example.org": {"v=STSv1; id=2026-01-01"}, "TXT _smtp._tls.lists.example.org": {"v=TLSRPTv1"}}},
		"SERVFAIL for MTA-STS and TLS-RPT":        {zone: map[string][]string{"TXT _mta-sts.lists.example.org": {"SERVFAIL"}, "TXT _smtp._tls.lists.example.org": {"SERVFAIL"}}},
	}
}

func selfSigned() *x509.Certificate {
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "lists"}, DNSNames: []string{"lists.example.org"},
		NotBefore: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, signer.Public(), signer)
	if err != nil {
		panic(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return c
}
