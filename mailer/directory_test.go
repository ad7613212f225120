package mailer

import (
	"fmt"
	"net"
	"strings"
	"testing"
)

const directoryZone = `
lists.example.org.   A 192.0.2.10
lists.example.org.   AAAA 2001:db8::10
lists.example.org.   MX 10 lists.example.org.
lists.example.org.   TXT "v=spf1 " "a -all"
lists.example.org.   TXT "a \"quoted\" \\ and \200"
example.org.         SOA ns.example.org. admin.example.org. 1 2 3 4 5
localhost.           A 192.0.2.99
www.example.org.     CNAME lists.example.org.
10.2.0.192.in-addr.arpa. PTR lists.example.org.
long.example.org.    TXT "in two packets"
`

// TestDirectory asks a real name server: nothing comes from /etc/hosts, and what is there in pieces comes as one.
func TestDirectory(t *testing.T) {
	s := serveNames(t, directoryZone)
	d, err := NewDirectory(s.address)
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	for name, c := range map[string]struct {
		ask  func() (any, error)
		want string
	}{
		"a TXT record is put together and unescaped": {func() (any, error) { v, err := d.LookupTXT(ctx, "lists.example.org"); return fmt.Sprintf("%q", v), err },
			`["v=spf1 a -all" "a \"quoted\" \\ and \xc8"]`},
		"a long one comes by TCP":         {func() (any, error) { return d.LookupTXT(ctx, "long.example.org") }, "[in two packets]"},
		"no TXT record":                   {func() (any, error) { return d.LookupTXT(ctx, "www.example.org.") }, `[v=spf1 a -all a "quoted" \ and ` + "\xc8]"},
		"a name without TXT":              {func() (any, error) { return d.LookupTXT(ctx, "localhost") }, "[] not found"},
		"SERVFAIL":                        {func() (any, error) { return d.LookupTXT(ctx, "servfail.example.org") }, "[] temporary"},
		"an alias":                        {func() (any, error) { return d.LookupCNAME(ctx, "www.example.org") }, "lists.example.org."},
		"what is no alias":                {func() (any, error) { return d.LookupCNAME(ctx, "lists.example.org") }, "lists.example.org."},
		"an alias that is not answered":   {func() (any, error) { return d.LookupCNAME(ctx, "refused.example.org") }, " temporary"},
		"addresses, of both families":     {func() (any, error) { return d.LookupNetIP(ctx, "ip", "lists.example.org") }, "[2001:db8::10 192.0.2.10]"},
		"addresses for SPF":               {func() (any, error) { return d.LookupIPAddr(ctx, "lists.example.org") }, "[{2001:db8::10 } {192.0.2.10 }]"},
		"localhost is what DNS says":      {func() (any, error) { return d.LookupNetIP(ctx, "ip4", "localhost") }, "[192.0.2.99]"},
		"no IPv6 address":                 {func() (any, error) { return d.LookupNetIP(ctx, "ip6", "localhost") }, "[] not found"},
		"the name of an address":          {func() (any, error) { return d.LookupAddr(ctx, "192.0.2.10") }, "[lists.example.org.]"},
		"an address without a name":       {func() (any, error) { return d.LookupAddr(ctx, "192.0.2.11") }, "[] not found"},
		"what is no address":              {func() (any, error) { return d.LookupAddr(ctx, "lists") }, "[] temporary"},
		"the zone of an apex":             {func() (any, error) { return d.Zone(ctx, "example.org") }, "example.org"},
		"a name in no zone":               {func() (any, error) { return d.Zone(ctx, "gone.example") }, " not found"},
		"a zone that is not answered for": {func() (any, error) { return d.Zone(ctx, "servfail.example.org") }, " temporary"},
		"MX": {func() (any, error) {
			all, err := d.LookupMX(ctx, "lists.example.org")
			var b strings.Builder
			for _, mx := range all {
				fmt.Fprint(&b, *mx)
			}
			return b.String(), err
		}, "{lists.example.org. 10}"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := c.ask()
			if text := strings.TrimSpace(fmt.Sprint(got) + " " + kindOf(err)); text != strings.TrimSpace(c.want) {
				t.Errorf("%s, want %s (%v)", text, c.want, err)
			}
		})
	}
	if _, err := NewDirectory(net.JoinHostPort("127.0.0.1", "1")); err != nil {
		t.Error("a server is not asked before there is a question:", err)
	}
}
