package web

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
)

func TestClient(t *testing.T) {
	settings := &Settings{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}}
	for name, c := range map[string]struct {
		peer      string
		forwarded []string
		want      string
	}{
		"no proxy":                                      {"192.0.2.1:1", nil, "192.0.2.1"},
		"a stranger who claims to forward":              {"192.0.2.1:1", []string{"203.0.113.9"}, "192.0.2.1"},
		"a proxy":                                       {"127.0.0.1:1", []string{"203.0.113.9"}, "203.0.113.9"},
		"a proxy that says nothing":                     {"127.0.0.1:1", nil, "127.0.0.1"},
		"two proxies":                                   {"127.0.0.1:1", []string{"203.0.113.9, 10.1.1.1"}, "203.0.113.9"},
		"two fields count as one":                       {"127.0.0.1:1", []string{"203.0.113.9", "10.1.1.1"}, "203.0.113.9"},
		"a forged hop before the true one":              {"127.0.0.1:1", []string{"198.51.100.1, 203.0.113.9"}, "203.0.113.9"},
		"a forged proxy before the true one":            {"127.0.0.1:1", []string{"10.9.9.9, 203.0.113.9"}, "203.0.113.9"},
		"nothing but proxies":                           {"127.0.0.1:1", []string{"10.2.2.2, 10.1.1.1"}, "10.2.2.2"},
		"rubbish stops the walk":                        {"127.0.0.1:1", []string{"203.0.113.9, unknown, 10.1.1.1"}, "10.1.1.1"},
		"rubbish alone":                                 {"127.0.0.1:1", []string{"<script>"}, "127.0.0.1"},
		"with ports, as some clouds write them":         {"127.0.0.1:1", []string{"203.0.113.9:443, [fd00::1]:80"}, "203.0.113.9"},
		"IPv6":                                          {"[fd00::2]:1", []string{"2001:db8::1"}, "2001:db8::1"},
		"IPv4 in IPv6 is IPv4":                          {"[::ffff:127.0.0.1]:1", []string{"::ffff:203.0.113.9"}, "203.0.113.9"},
		"a Unix socket is a proxy's":                    {"@", []string{"203.0.113.9"}, "203.0.113.9"},
		"a Unix socket that says nothing has no client": {"@", nil, "invalid IP"},
	} {
		r := &http.Request{RemoteAddr: c.peer, Header: http.Header{"X-Forwarded-For": c.forwarded}}
		if got := settings.client(r).String(); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestNeighbourhood(t *testing.T) {
	for ip, want := range map[string]string{"192.0.2.1": "192.0.2.1/32", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64"} {
		if got := neighbourhood(netip.MustParseAddr(ip)).String(); got != want {
			t.Errorf("%s: %s", ip, got)
		}
	}
	if neighbourhood(netip.Addr{}).IsValid() {
		t.Error("no address has neighbours")
	}
}

func TestLongForwardedFieldIsWalked(t *testing.T) {
	settings := &Settings{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}
	r := &http.Request{RemoteAddr: "10.0.0.1:1", Header: http.Header{"X-Forwarded-For": {"203.0.113.9," + strings.Repeat("10.0.0.2,", 1500) + "10.0.0.3"}}}
	if got := settings.client(r).String(); got != "203.0.113.9" {
		t.Error(got)
	}
}
