package mailer

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"convene/list"
)

// spfZone answers as the zone data of the RFC 7208 suite says: by name, in lower case, then by type.
type spfZone struct {
	Resolver
	records map[string]map[string][]*yaml.Node
}

func (z *spfZone) ask(kind, name string) ([]*yaml.Node, error) {
	name = strings.TrimSuffix(strings.ToLower(name), ".")
	for range 10 { // CNAMEs
		types := z.records[name]
		if alias := types["CNAME"]; len(alias) == 1 {
			name = strings.ToLower(alias[0].Value)
			continue
		}
		if found := types[kind]; len(found) > 0 {
			return found, nil
		}
		if types["TIMEOUT"] != nil {
			return nil, &net.DNSError{Err: "i/o timeout", Name: name, IsTimeout: true, IsTemporary: true}
		}
		break
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (z *spfZone) LookupTXT(_ context.Context, name string) (texts []string, err error) {
	values, err := z.ask("TXT", name)
	for _, v := range values {
		text := v.Value
		for _, part := range v.Content {
			text += part.Value
		}
		texts = append(texts, text)
	}
	return texts, err
}

func (z *spfZone) LookupMX(_ context.Context, name string) (mxs []*net.MX, err error) {
	values, err := z.ask("MX", name)
	for _, v := range values {
		mxs = append(mxs, &net.MX{Host: v.Content[1].Value + "."})
	}
	return mxs, err
}

func (z *spfZone) LookupIPAddr(_ context.Context, name string) (ips []net.IPAddr, err error) {
	for _, kind := range []string{"A", "AAAA"} {
		values, fault := z.ask(kind, name)
		for _, v := range values {
			ips = append(ips, net.IPAddr{IP: net.ParseIP(v.Value)})
		}
		if err == nil || !NotFound(fault) {
			err = fault
		}
	}
	if len(ips) > 0 {
		return ips, nil
	}
	return nil, err
}

func (z *spfZone) LookupAddr(_ context.Context, address string) (names []string, err error) {
	values, err := z.ask("PTR", reverseName(netip.MustParseAddr(address)))
	for _, v := range values {
		names = append(names, v.Value+".")
	}
	return names, err
}

// reverseName is where the names of an address are.
func reverseName(ip netip.Addr) string {
	var labels []string
	if ip.Is4() {
		labels = strings.Split(ip.String(), ".")
		slices.Reverse(labels)
		return strings.Join(labels, ".") + ".in-addr.arpa"
	}
	for _, c := range strings.ReplaceAll(ip.StringExpanded(), ":", "") {
		labels = append(labels, string(c))
	}
	slices.Reverse(labels)
	return strings.Join(labels, ".") + ".ip6.arpa"
}

// readSPFZone reads zonedata. Records of type SPF are TXT records, too, unless the name has some: nobody asks for SPF any more.
func readSPFZone(n *yaml.Node) *spfZone {
	z := &spfZone{records: map[string]map[string][]*yaml.Node{}}
	entries(n, func(name string, values *yaml.Node) {
		types := map[string][]*yaml.Node{}
		for _, v := range values.Content {
			if v.Kind == yaml.ScalarNode {
				types[v.Value] = []*yaml.Node{v}
				continue
			}
			entries(v, func(kind string, value *yaml.Node) { types[kind] = append(types[kind], value) })
		}
		if len(types["TXT"]) == 0 {
			types["TXT"] = types["SPF"]
		} else if len(types["TXT"]) == 1 && types["TXT"][0].Value == "NONE" {
			delete(types, "TXT")
		}
		z.records[strings.ToLower(name)] = types
	})
	return z
}

// TestSPFSuite runs every case of the RFC 7208 suite through the check of an envelope.
func TestSPFSuite(t *testing.T) {
	cases := 0
	for _, s := range scenarios(t, "sdgathman+pyspf/test/rfc7208-tests.yml") {
		a := &Authenticator{Resolver: readSPFZone(entry(s, "zonedata"))}
		entries(entry(s, "tests"), func(name string, c *yaml.Node) {
			cases++
			var want []string
			if r := entry(c, "result"); r.Kind == yaml.SequenceNode {
				for _, v := range r.Content {
					want = append(want, v.Value)
				}
			} else {
				want = []string{r.Value}
			}
			env := list.Envelope{From: entry(c, "mailfrom").Value, Helo: entry(c, "helo").Value, IP: entry(c, "host").Value, Protocol: "ESMTP"}
			check := a.beginSPF(t.Context(), env)
			got, domain := check.result(t.Context())
			check.stop()
			if !slices.Contains(want, string(got)) {
				t.Errorf("%s: %s is %s from %s, want %s", name, domain, got, env.IP, strings.Join(want, " or "))
			}
		})
	}
	if cases < 190 {
		t.Errorf("%d cases, and there are more", cases)
	}
}
