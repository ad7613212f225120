package mailer

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"convene/mailer/mailtest"
)

// mxZone is a zone whose MX records have preferences, as in "10 mx.example", and that tells A from AAAA.
type mxZone struct{ *zone }

func newMXZone(records map[string][]string) mxZone { return mxZone{&zone{records: records}} }

func (z mxZone) LookupMX(ctx context.Context, name string) (mxs []*net.MX, err error) {
	values, err := z.ask(ctx, "MX", name)
	for _, v := range values {
		mx := &net.MX{}
		if _, err := fmt.Sscanf(v, "%d %s", &mx.Pref, &mx.Host); err != nil {
			panic(err)
		}
		mxs = append(mxs, mx)
	}
	return mxs, err
}

func (z mxZone) LookupNetIP(ctx context.Context, network, name string) (ips []netip.Addr, err error) {
	values, err := z.ask(ctx, map[string]string{"ip4": "A", "ip6": "AAAA"}[network], name)
	for _, v := range values {
		ips = append(ips, netip.MustParseAddr(v))
	}
	return ips, err
}

// exchange makes an MX transport over a zone and peers by address, port 25. Equal hosts stay in the order of the zone.
func exchange(records map[string][]string, peers mailtest.Net) *MX {
	return &MX{Hostname: "lists.example.org", Resolver: newMXZone(records), Shuffle: func(int, func(int, int)) {},
		interfaces: func() ([]net.Addr, error) {
			return []net.Addr{&net.IPNet{IP: net.ParseIP("198.51.100.7"), Mask: net.CIDRMask(24, 32)}}, nil
		},
		Connect: func(ctx context.Context, _ string, to netip.AddrPort) (net.Conn, error) {
			return peers.Connect(ctx, to.String())
		}}
}

// deliver dials a hop and sends a mail there.
func deliver(t *testing.T, tr Transport, hop string) error {
	t.Helper()
	conn, err := tr.Dial(t.Context(), hop)
	if err != nil {
		return err
	}
	defer conn.Quit()
	if v := send(t, conn, greetingMail, "bob@a.example"); v[0].Fate != Accepted {
		t.Errorf("verdict %v", v)
	}
	return nil
}

func greeting(text string) []mailtest.Rule { return []mailtest.Rule{{Verb: "CONNECT", Say: text}} }

func TestMX(t *testing.T) {
	twoHosts := map[string][]string{"MX a.example": {"20 second.example", "10 first.example"},
		"A first.example": {"192.0.2.1"}, "A second.example": {"192.0.2.2"}}
	for name, c := range map[string]struct {
		zone  map[string][]string
		hop   string // empty: a.example
		peers map[string]*mailtest.Peer
		free  bool   // AllowLoopback
		at    string // which peer gets the mail
		fails string // what the error begins with, behind the hop
		lost  bool   // the error is a NoRouteError
		never []string
	}{
		"the best host is tried first":              {zone: twoHosts, at: "192.0.2.1", never: []string{"192.0.2.2"}},
		"the next host follows one that is down":    {zone: twoHosts, peers: map[string]*mailtest.Peer{"192.0.2.1": {Refuse: true}}, at: "192.0.2.2"},
		"the next host follows one that is busy":    {zone: twoHosts, peers: map[string]*mailtest.Peer{"192.0.2.1": {Rules: greeting("421 4.3.2 busy")}}, at: "192.0.2.2"},
		"the next host follows one without mail":    {zone: twoHosts, peers: map[string]*mailtest.Peer{"192.0.2.1": {Rules: greeting("554 5.3.2 no mail here")}}, at: "192.0.2.2"},
		"the next host follows one that hangs up":   {zone: twoHosts, peers: map[string]*mailtest.Peer{"192.0.2.1": {Rules: []mailtest.Rule{{Verb: "EHLO", Then: mailtest.Close}}}}, at: "192.0.2.2"},
		"the next host follows one that is silent":  {zone: twoHosts, peers: map[string]*mailtest.Peer{"192.0.2.1": {Rules: []mailtest.Rule{{Verb: "CONNECT", Then: mailtest.Hang}}}}, at: "192.0.2.2"},
		"the next host follows one without address": {zone: map[string][]string{"MX a.example": {"1 gone.example", "2 x.example"}, "A x.example": {"192.0.2.2"}}, at: "192.0.2.2"},
		"the next host follows one that DNS cannot tell of": {zone: map[string][]string{"MX a.example": {"1 sick.example", "2 x.example"},
			"A sick.example": {"SERVFAIL"}, "A x.example": {"192.0.2.2"}}, at: "192.0.2.2"},
		"all hosts down": {zone: twoHosts, peers: map[string]*mailtest.Peer{"192.0.2.1": {Refuse: true}, "192.0.2.2": {Refuse: true}}, fails: "first.example [192.0.2.1]: 4.4.1 no connection: "},
		"no host takes mail": {zone: twoHosts, peers: map[string]*mailtest.Peer{"192.0.2.1": {Rules: greeting("521 no mail")}, "192.0.2.2": {Rules: greeting("554 no mail")}},
			fails: "first.example [192.0.2.1]: 521 no mail at greeting (and 1 more)"},
		"what a host says is told before that another is down": {zone: twoHosts, peers: map[string]*mailtest.Peer{"192.0.2.1": {Refuse: true}, "192.0.2.2": {Rules: greeting("450 4.3.2 full")}},
			fails: "second.example [192.0.2.2]: 450 4.3.2 full at greeting (and 1 more)"},
		"no host has an address": {zone: map[string][]string{"MX a.example": {"1 gone.example", "2 lost.example"}}, fails: "gone.example: 4.4.4 look-up: "},

		"IPv4 follows IPv6": {zone: map[string][]string{"MX a.example": {"1 x.example"}, "A x.example": {"192.0.2.1"}, "AAAA x.example": {"2001:db8::1"}},
			peers: map[string]*mailtest.Peer{"[2001:db8::1]": {Refuse: true}}, at: "192.0.2.1"},
		"IPv6 alone":           {zone: map[string][]string{"MX a.example": {"1 x.example"}, "AAAA x.example": {"2001:db8::1"}}, at: "[2001:db8::1]"},
		"IPv6 while A is sick": {zone: map[string][]string{"MX a.example": {"1 x.example"}, "AAAA x.example": {"2001:db8::1"}, "A x.example": {"SERVFAIL"}}, at: "[2001:db8::1]"},

		"no MX means the domain itself":          {zone: map[string][]string{"A a.example": {"192.0.2.1"}}, at: "192.0.2.1"},
		"no MX means the domain itself, by IPv6": {zone: map[string][]string{"AAAA a.example": {"2001:db8::1"}}, at: "[2001:db8::1]"},
		"null MX":                                {zone: map[string][]string{"MX a.example": {"0 ."}, "A a.example": {"192.0.2.1"}}, fails: "5.1.10 a.example takes no mail", lost: true, never: []string{"192.0.2.1"}},
		"null MX beside another is passed over":  {zone: map[string][]string{"MX a.example": {"0 .", "10 x.example"}, "A x.example": {"192.0.2.1"}}, at: "192.0.2.1"},
		"the domain does not exist":              {fails: "5.1.2 a.example does not exist", lost: true},
		"MX is SERVFAIL":                         {zone: map[string][]string{"MX a.example": {"SERVFAIL"}, "A a.example": {"192.0.2.1"}}, fails: "4.4.3 MX look-up: ", never: []string{"192.0.2.1"}},
		"MX gets no answer":                      {zone: map[string][]string{"MX a.example": {"HANG"}}, fails: "4.4.3 MX look-up: "},
		"no MX and A is SERVFAIL":                {zone: map[string][]string{"A a.example": {"SERVFAIL"}}, fails: "a.example: 4.4.3 look-up: "},
		"no MX and AAAA is SERVFAIL":             {zone: map[string][]string{"AAAA a.example": {"SERVFAIL"}}, fails: "a.example: 4.4.3 look-up: "},
		"no MX and the addresses get no answer":  {zone: map[string][]string{"A a.example": {"HANG"}}, fails: "a.example: 4.4.3 look-up: "},
		"a name that DNS cannot hold":            {hop: "b\u00fccher\u3002.example", fails: "5.1.2 b?cher?.example", lost: true},

		"an address literal":                      {hop: "[192.0.2.1]", at: "192.0.2.1"},
		"an IPv6 literal":                         {hop: "[ipv6:2001:db8::1]", at: "[2001:db8::1]"},
		"an IPv6 literal without its tag":         {hop: "[2001:db8::1]", fails: "5.1.3", lost: true},
		"an IPv4 literal with a tag":              {hop: "[ipv6:192.0.2.1]", fails: "5.1.3", lost: true},
		"a literal that is none":                  {hop: "[192.0.2]", fails: "5.1.3", lost: true},
		"a literal that does not end":             {hop: "[192.0.2.1", fails: "5.1.3", lost: true},
		"a literal of this machine":               {hop: "[127.0.0.1]", fails: "4.4.6", never: []string{"127.0.0.1"}},
		"a literal of this machine, mapped":       {hop: "[ipv6:::ffff:127.0.0.1]", fails: "4.4.6", never: []string{"127.0.0.1"}},
		"a literal of an address of ours, mapped": {hop: "[ipv6:::ffff:198.51.100.7]", fails: "4.4.6", never: []string{"198.51.100.7"}},

		"a host at a loopback address":                       {zone: map[string][]string{"MX a.example": {"1 x.example"}, "A x.example": {"127.0.0.1"}}, fails: "4.4.6 mail would come back: x.example", never: []string{"127.0.0.1"}},
		"a host at the unspecified address":                  {zone: map[string][]string{"MX a.example": {"1 x.example"}, "A x.example": {"0.0.0.0"}}, fails: "4.4.6", never: []string{"0.0.0.0"}},
		"a host at a loopback address, where that is wanted": {zone: map[string][]string{"MX a.example": {"1 x.example"}, "A x.example": {"127.0.0.1"}}, free: true, at: "127.0.0.1"},
		"a host at an address of ours":                       {zone: map[string][]string{"MX a.example": {"1 x.example"}, "A x.example": {"198.51.100.7"}}, fails: "4.4.6", never: []string{"198.51.100.7"}},
		"a host by our name drops worse ones": {zone: map[string][]string{"MX a.example": {"10 x.example", "20 Lists.Example.org.", "30 z.example"},
			"A x.example": {"192.0.2.1"}, "A z.example": {"192.0.2.3"}}, peers: map[string]*mailtest.Peer{"192.0.2.1": {Refuse: true}},
			fails: "x.example [192.0.2.1]: 4.4.1", never: []string{"192.0.2.3"}},
		"a host by our name drops equal ones": {zone: map[string][]string{"MX a.example": {"20 x.example", "20 lists.example.org"}, "A x.example": {"192.0.2.1"}},
			fails: "4.4.6 mail would come back: lists.example.org", never: []string{"192.0.2.1"}},
		"a host at our address drops equal ones": {zone: map[string][]string{"MX a.example": {"20 x.example", "20 y.example", "30 z.example"}, "A x.example": {"192.0.2.1"},
			"A y.example": {"198.51.100.7"}, "A z.example": {"192.0.2.3"}}, fails: "4.4.6 mail would come back: y.example", never: []string{"192.0.2.1", "192.0.2.3"}},
		"a host that greets by our name drops worse ones": {zone: twoHosts, peers: map[string]*mailtest.Peer{"192.0.2.1": {Greeting: "220 lists.example.org ESMTP"}},
			fails: "4.4.6 mail would come back: first.example", never: []string{"192.0.2.2"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				peers := mailtest.Net{}
				for _, ip := range append([]string{"192.0.2.1", "192.0.2.2", "[2001:db8::1]", c.at}, c.never...) {
					peers[ip+":25"] = &mailtest.Peer{Keywords: piped}
				}
				for ip, p := range c.peers {
					peers[ip+":25"] = p
				}
				m := exchange(c.zone, peers)
				m.AllowLoopback = c.free
				hop := c.hop
				if hop == "" {
					hop = "a.example"
				}
				err := deliver(t, m, hop)
				_, lost := errors.AsType[*NoRouteError](err)
				if text := strings.TrimPrefix(fmt.Sprint(err), "mailer: hop "+hop+": "); c.fails == "" && err != nil || c.fails != "" && !strings.HasPrefix(text, c.fails) || lost != c.lost {
					t.Errorf("error %q, no route %v; want %q", text, lost, c.fails)
				}
				if c.at != "" && len(peers[c.at+":25"].Mails()) != 1 {
					t.Errorf("no mail at %s", c.at)
				}
				for _, ip := range c.never {
					if n := peers[ip+":25"].Dials(); n != 0 {
						t.Errorf("%d connections to %s", n, ip)
					}
				}
			})
		})
	}
}

func TestHopIsTheDomainAsDNSKnowsIt(t *testing.T) {
	for domain, want := range map[string]string{"a.example": "a.example", "A.Example.": "a.example", "b\u00fccher.example": "xn--bcher-kva.example",
		"[192.0.2.1]": "[192.0.2.1]", "under_score.example": "under_score.example"} {
		if got := (&MX{}).Hop(domain); got != want {
			t.Errorf("%s: %s, want %s", domain, got, want)
		}
	}
}

func TestSoManyHostsAndNoMore(t *testing.T) {
	records := map[string][]string{}
	peers := mailtest.Net{}
	for i := range 1000 {
		host, ip := fmt.Sprintf("mx%d.example", i), fmt.Sprintf("192.0.%d.%d", i/250, i%250)
		records["MX many.example"] = append(records["MX many.example"], fmt.Sprintf("%d %s", i%7, host))
		records["A "+host] = []string{ip}
		records["A wide.example"] = append(records["A wide.example"], ip)
		peers[ip+":25"] = &mailtest.Peer{Refuse: true}
	}
	for hop, most := range map[string]int{"many.example": maxHosts, "wide.example": maxAddresses} {
		m := exchange(records, peers)
		m.Shuffle = nil
		before := dials(peers)
		err := deliver(t, m, hop)
		if n := dials(peers) - before; err == nil || n != most {
			t.Errorf("%s: %d connections, want %d (%v)", hop, n, most, err)
		}
	}
}

func dials(peers mailtest.Net) (n int) {
	for _, p := range peers {
		n += p.Dials()
	}
	return n
}

func TestEqualHostsShareTheLoad(t *testing.T) {
	peers := mailtest.Net{"192.0.2.1:25": {}, "192.0.2.2:25": {}, "192.0.2.3:25": {}}
	m := exchange(map[string][]string{"MX a.example": {"10 x.example", "10 y.example", "20 z.example"},
		"A x.example": {"192.0.2.1"}, "A y.example": {"192.0.2.2"}, "A z.example": {"192.0.2.3"}}, peers)
	m.Shuffle = rand.New(rand.NewPCG(1, 2)).Shuffle
	for range 100 {
		if err := deliver(t, m, "a.example"); err != nil {
			t.Fatal(err)
		}
	}
	x, y, z := peers["192.0.2.1:25"].Dials(), peers["192.0.2.2:25"].Dials(), peers["192.0.2.3:25"].Dials()
	if x < 30 || y < 30 || z != 0 {
		t.Errorf("%d, %d and %d connections", x, y, z)
	}
}

// TestDeadHostIsLeftAlone is C23 across domains: a host that serves many is tried once in a while, not once for each.
func TestDeadHostIsLeftAlone(t *testing.T) {
	for name, c := range map[string]struct {
		dead *mailtest.Peer
		rest time.Duration
	}{
		"refuses connections": {&mailtest.Peer{Refuse: true}, restDown},
		"never answers":       {&mailtest.Peer{Delay: time.Hour}, restDown},
		"never greets":        {&mailtest.Peer{Rules: []mailtest.Rule{{Verb: "CONNECT", Then: mailtest.Hang}}}, restDown},
		"is busy":             {&mailtest.Peer{Rules: greeting("421 4.3.2 busy")}, restBusy},
		"takes no mail":       {&mailtest.Peer{Rules: greeting("554 5.3.2 none")}, restNever},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				records := map[string][]string{"A dead.example": {"192.0.2.1"}, "A alive.example": {"192.0.2.2"}}
				for i := range 100 {
					records[fmt.Sprintf("MX d%d.example", i)] = []string{"10 dead.example"}
				}
				records["MX d50.example"] = []string{"10 dead.example", "20 alive.example"}
				alive := &mailtest.Peer{}
				m := exchange(records, mailtest.Net{"192.0.2.1:25": c.dead, "192.0.2.2:25": alive})
				all := func() {
					for i := range 100 {
						err := deliver(t, m, fmt.Sprintf("d%d.example", i))
						if (err == nil) != (i == 50) {
							t.Errorf("d%d: %v", i, err)
						}
					}
				}
				all()
				if c.dead.Dials() != 1 || len(alive.Mails()) != 1 {
					t.Errorf("%d connections to the dead host, %d mails to the other", c.dead.Dials(), len(alive.Mails()))
				}
				time.Sleep(c.rest - time.Second)
				all()
				if c.dead.Dials() != 1 {
					t.Errorf("%d connections within %v", c.dead.Dials(), c.rest)
				}
				time.Sleep(time.Second)
				all()
				if c.dead.Dials() != 2 {
					t.Errorf("%d connections after %v", c.dead.Dials(), c.rest)
				}
			})
		})
	}
}

func TestDialEnds(t *testing.T) {
	records := map[string][]string{}
	silent := mailtest.Net{}
	for i := range 10 {
		host, ip := fmt.Sprintf("mx%d.example", i), fmt.Sprintf("192.0.2.%d", i)
		records["MX a.example"] = append(records["MX a.example"], "10 "+host)
		records["A "+host] = []string{ip}
		silent[ip+":25"] = &mailtest.Peer{Rules: []mailtest.Rule{{Verb: "CONNECT", Then: mailtest.Hang}}}
	}
	t.Run("after ten minutes, whatever the peers do", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			err := deliver(t, exchange(records, silent), "a.example")
			if took := time.Since(began); err == nil || took != dialFor {
				t.Errorf("%v after %v", err, took)
			}
		})
	})
	deaf := mailtest.Net{}
	for address := range silent {
		deaf[address] = &mailtest.Peer{Delay: time.Hour}
	}
	for name, peers := range map[string]mailtest.Net{"hosts that do not greet": silent, "hosts that do not answer": deaf} {
		t.Run("with its context, and holds that against no host: "+name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := exchange(records, peers)
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				_, err := m.Dial(ctx, "a.example")
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%v", err)
				}
				if n := dials(peers); len(m.resting.entries) != 0 || n == 0 {
					t.Errorf("%d connections, left alone: %v", n, m.resting.entries)
				}
			})
		})
	}
}
